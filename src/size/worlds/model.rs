//! What a way of sizing must tell so that it can be tried in possible worlds.

use schemars::JsonSchema;
use serde::Serialize;

use crate::demand::Ask;
use crate::error::Result;

/// A way of sizing, without words and fast: the tier table, services on machines, ...
pub trait Model: Sync {
    /// What tells one plan from another; the order of keys decides between plans that are regretted alike.
    type Key: Ord + Clone + Send + Sync;

    /// The services whose need is known, and what is needed of each.
    fn gauges(&self) -> Vec<Gauge>;

    /// The plan that is best in a world, and what each service needs there; `needs` has a place for each gauge.
    ///
    /// # Errors
    /// When there cannot be such a world: its figures contradict each other, or are more than can be counted.
    fn world(&self, ask: &Ask, needs: &mut [u64]) -> Result<Shape<Self::Key>>;

    /// What a plan costs and bears.
    fn plan(&self, key: &Self::Key) -> Candidate;
}

/// The best plan of a world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape<K> {
    /// Which.
    pub key: K,
    /// True when not even this plan, the largest there is, bears the world.
    pub beyond: bool,
}

/// What is needed of a service.
#[derive(Debug, Clone)]
pub struct Gauge {
    /// The service, or the server.
    pub service: String,
    /// What is needed of it: `memory for the vectors`.
    pub what: String,
    /// What kind of thing that is.
    pub of: Kind,
    /// An amount, for people.
    pub show: fn(u64) -> String,
}

/// What runs short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Memory: running out of it often is an outage.
    Memory,
    /// Disk.
    Disk,
    /// Requests.
    Requests,
    /// The place in an order of sizes, of which no amount can be bought.
    Rank,
}

/// A plan that may be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Tier, or another name for the kind of plan.
    pub tier: String,
    /// Server set.
    pub set: Option<String>,
    /// Cost a month, in cents.
    pub cents: u64,
    /// What it bears, gauge by gauge; `None` is as much as is wanted.
    pub capacities: Vec<Option<u64>>,
    /// How the capacities were found, gauge by gauge.
    pub because: Vec<String>,
}
