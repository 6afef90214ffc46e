//! Many runs of the same thing, each with another seed: how long it takes, what it costs, how low the capacity falls.

use rayon::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::goal::{Goal, foresee};
use super::{DesiredOf, Story};
use crate::cloud::Cloud;
use crate::cloud::shown::Playable;
use crate::cloud::sim::Faults;
use crate::engine::Ending;
use crate::units::{Price, Span, Usd};

/// The lowest capacity of a service in a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Lowest {
    /// Service.
    pub service: String,
    /// What is borne for each 1,000 of what must be.
    pub permille: u64,
    /// When, in milliseconds from the beginning.
    pub at_ms: u64,
    /// The group that is worst off.
    pub part: String,
    /// Its healthy instances at that moment.
    pub healthy: u32,
    /// Instances that its share of the demand takes, in thousandths.
    pub takes_permille: u64,
    /// What was borne for each 1,000 when it began; absent where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<u64>,
    /// The lowest that would have been borne for each 1,000, had a zone been lost; absent where the design does not promise to
    /// bear that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone_lost: Option<u64>,
    /// When that was, in milliseconds from the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone_at_ms: Option<u64>,
    /// What would have been borne when it began, had a zone been lost then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone_before: Option<u64>,
}

/// One run with one seed.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Trial {
    /// The seed.
    pub seed: u64,
    /// How it ended.
    pub outcome: Outcome,
    /// Why, where it did not end as wanted.
    pub why: Option<String>,
    /// How long it took.
    pub took_ms: u64,
    /// Calls that were sent.
    pub calls: u32,
    /// What it costs beside what runs before and after, in dollars.
    pub extra_usd: Usd,
    /// The lowest capacity of each service.
    pub lowest: Vec<Lowest>,
}

/// How a run ended, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It has begun, and nothing more is known: it is at work, or it died.
    Started,
    /// Everything is as it was wanted.
    Done,
    /// The release failed, and everything is as it was before.
    RolledBack,
    /// It stopped part-way.
    Stopped,
    /// What is wanted cannot be had.
    Refused,
    /// It cannot go on.
    Failed,
    /// Another run holds the lease.
    Locked,
}

impl Outcome {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Done => "done",
            Self::RolledBack => "rolled back",
            Self::Stopped => "stopped",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Locked => "locked",
        }
    }

    /// Of an ending, with the reason; none means that the run died or took too long.
    pub fn of(ending: Option<&Ending>) -> (Self, Option<String>) {
        match ending {
            None => (Self::Stopped, Some("it died, or came to no end in six hours".to_owned())),
            Some(Ending::Converged { .. }) => (Self::Done, None),
            Some(Ending::RolledBack { why }) => (Self::RolledBack, Some(why.clone())),
            Some(Ending::Stopped { safe: true }) => (Self::Stopped, Some("it was interrupted".to_owned())),
            Some(Ending::Stopped { safe: false }) => {
                (Self::Stopped, Some("it was interrupted in the middle of a call".to_owned()))
            }
            Some(Ending::Refused { why, .. }) => (Self::Refused, Some(why.clone())),
            Some(Ending::Failed { why, .. }) => (Self::Failed, Some(why.clone())),
            Some(Ending::Locked(lease)) => (Self::Locked, Some(format!("{} holds the lease", lease.owner))),
            Some(Ending::Fenced) => (Self::Stopped, Some("a newer run has taken over".to_owned())),
        }
    }
}

impl Trial {
    /// What a run came to.
    pub fn of<S: Playable>(seed: u64, story: &Story<S>, rates: &Rates) -> Self {
        let (outcome, why) = Outcome::of(story.ending.as_ref());
        let took = story.ended.since(story.began);
        Self {
            seed,
            outcome,
            why,
            took_ms: took.0,
            calls: story.calls,
            extra_usd: rates.extra(story.spent.usd(), took),
            lowest: lowest::<S>(story),
        }
    }

    /// Whether it ended as wanted and bore the demand all the while.
    pub fn is_good(&self) -> bool {
        self.outcome == Outcome::Done && self.lowest.iter().all(|low| low.permille >= 1000)
    }
}

/// The lowest capacity of each service that has a demand.
pub fn lowest<S: Playable>(story: &Story<S>) -> Vec<Lowest> {
    let low = |(at, low): &(crate::units::Moment, crate::cloud::Serving)| {
        let zone = story.lowest_zone.iter().find(|(_, other)| other.service == low.service);
        Some(Lowest {
            service: low.service.clone(),
            permille: low.permille?,
            at_ms: at.since(story.began).0,
            part: low.part.clone(),
            healthy: low.part_healthy,
            takes_permille: low.needs.saturating_mul(1000).checked_div(low.each).unwrap_or_default(),
            before: None,
            zone_lost: zone.and_then(|(_, zone)| zone.zone_lost),
            zone_at_ms: zone.map(|(at, _)| at.since(story.began).0),
            zone_before: None,
        })
    };
    story.lowest.iter().filter_map(low).collect()
}

/// What the machines cost an hour, before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// Before.
    pub before: Price,
    /// After.
    pub after: Price,
}

impl Rates {
    /// In a world as it is and as it becomes. What is there now is priced by the former wanted state, where it is known.
    pub fn of<S: Playable>(goal: &Goal<DesiredOf<S>>, before: &S, after: &S) -> Self {
        let known = goal.fallback.as_ref().unwrap_or(&goal.desired);
        Self { before: S::Cloud::hourly(known, before.truth()), after: S::Cloud::hourly(&goal.desired, after.truth()) }
    }

    /// What a run costs beside the dearer of before and after.
    pub fn extra(&self, spent: Usd, took: Span) -> Usd {
        let hourly = u128::from(self.before.0.max(self.after.0));
        let usual = hourly * u128::from(took.0) / (3_600_000 * 10_000);
        Usd(spent.0.saturating_sub(u64::try_from(usual).unwrap_or(u64::MAX)))
    }
}

/// Runs each seed of a range in a copy of the world; the answer is the same on any number of threads.
pub fn trials<S: Playable>(
    world: &S,
    goal: &Goal<DesiredOf<S>>,
    seeds: std::ops::Range<u64>,
    faults: Option<&Faults>,
    rates: &Rates,
) -> Vec<Trial> {
    let one = |seed: u64| Trial::of::<S>(seed, &foresee(disturbed(world, seed, faults), goal, false).1, rates);
    seeds.into_par_iter().map(one).collect()
}

/// A copy of a world in which chance goes on from a seed.
pub fn disturbed<S: Playable>(world: &S, seed: u64, faults: Option<&Faults>) -> S {
    let copy = world.clone().reseeded(seed);
    match faults {
        Some(faults) => copy.disturbed(faults.clone()),
        None => copy,
    }
}

/// The value that this share of 100 values does not exceed (nearest rank); 0 of none.
pub fn percentile(values: impl IntoIterator<Item = u64>, percent: usize) -> u64 {
    let mut values: Vec<u64> = values.into_iter().collect();
    values.sort_unstable();
    let rank = (values.len() * percent).div_ceil(100).max(1);
    values.get(rank - 1).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_rank() {
        assert_eq!(percentile([], 95), 0);
        assert_eq!(percentile([7], 50), 7);
        assert_eq!((percentile(1..=20, 50), percentile(1..=20, 95), percentile(1..=20, 100)), (10, 19, 20));
    }

    #[test]
    fn extra_is_what_neither_side_would_cost() {
        let rates = Rates { before: Price(1_000_000), after: Price(2_000_000) };
        assert_eq!(rates.extra(Usd(300), Span::seconds(3600)), Usd(100));
        assert_eq!(rates.extra(Usd(100), Span::seconds(3600)), Usd(0));
    }
}
