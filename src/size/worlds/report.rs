//! What uncertainty does to a plan, as it is told.

use schemars::JsonSchema;
use serde::Serialize;

use super::model::Kind;
use crate::demand::Variable;
use crate::units::{Share, Usd};

/// What was found in the possible worlds.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Uncertainty {
    /// Worlds that were imagined.
    pub worlds: u32,
    /// Seed they were made from; the same seed gives the same worlds.
    pub seed: u32,
    /// Worlds left out since their figures contradict each other.
    pub impossible: u32,
    /// The inputs of which a range was given.
    pub inputs: Vec<UncertainInput>,
    /// The plan that is regretted least: the one that is explained.
    pub least_regret: PlanOdds,
    /// True when it also is the plan for the middle of all ranges.
    pub also_of_the_middle: bool,
    /// Cost a month of the plan that would be best, in US dollars.
    pub best_monthly_usd: UsdSpread,
    /// For each service whose need is known, the chance that it is undersized.
    pub undersized: Vec<ServiceRisk>,
    /// How often each tier and server set is best, smallest first.
    pub tiers: Vec<TierChance>,
    /// Part of the worlds that not even the largest tier bears, or that no machines hold.
    pub beyond: Share,
    /// Other plans, least regretted first.
    pub runners_up: Vec<PlanOdds>,
    /// What to measure first: the inputs, the one worth most first.
    pub measure_first: Vec<Worth>,
}

/// An input of which a range was given.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct UncertainInput {
    /// Which.
    pub variable: Variable,
    /// The range as it may be given again: `500..2000@90%`.
    pub range: String,
    /// Its middle, for people: as many times the lower end as the upper end is its.
    pub middle: String,
    /// By which means it was given.
    pub origin: String,
}

/// A plan with what it costs and how it does in the possible worlds.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PlanOdds {
    /// Tier; where services are sized one by one, what tells them from those of other plans.
    pub tier: String,
    /// Server set, where the tier has several.
    pub set: Option<String>,
    /// Cost a month in US dollars, in one figure.
    pub monthly_usd: Usd,
    /// Regret as US dollars a month: what, misspent in every world, would be regretted as much.
    pub regret_usd: Usd,
    /// Part of the worlds in which it is the best plan.
    pub best: Share,
    /// Part of the worlds in which something is undersized.
    pub undersized: Share,
}

/// An amount over all worlds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct UsdSpread {
    /// One world in twenty has at most this.
    pub p5: Usd,
    /// Half of the worlds have at most this.
    pub p50: Usd,
    /// All worlds but one in twenty have at most this.
    pub p95: Usd,
}

/// An amount over all worlds, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TextSpread {
    /// One world in twenty has at most this.
    pub p5: String,
    /// Half of the worlds have at most this.
    pub p50: String,
    /// All worlds but one in twenty have at most this.
    pub p95: String,
}

/// The chance that a service is undersized.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ServiceRisk {
    /// The service, or the server.
    pub service: String,
    /// What is needed of it.
    pub what: String,
    /// What kind of thing that is.
    pub of: Kind,
    /// Part of the worlds in which more is needed than the plan gives.
    pub chance: Share,
    /// What the plan gives, for people; absent when it grows with the need.
    pub gives: Option<String>,
    /// What is needed, for people.
    pub needs: TextSpread,
    /// How it was found what the plan gives.
    pub because: String,
}

/// How often a tier and server set is best.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct TierChance {
    /// Tier; where services are sized one by one, what tells them from those of other plans.
    pub tier: String,
    /// Server set, where the tier has several.
    pub set: Option<String>,
    /// Part of the worlds.
    pub chance: Share,
}

/// What an input is worth to know.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Worth {
    /// The input.
    pub variable: Variable,
    /// US dollars a month by which regret falls when it is known: the most that measuring it is worth.
    pub value_usd: Usd,
    /// A sentence.
    pub because: String,
}
