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

    /// Whether a plan is worth trying in all worlds; where there are very many plans, some stand for those near them.
    fn tried(&self, _key: &Self::Key) -> bool {
        true
    }

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
    pub show: Show,
}

/// How an amount is told.
#[derive(Debug, Clone)]
pub enum Show {
    /// By itself.
    Amount(fn(u64) -> String),
    /// By what bears it: the most that each size bears, in order, with the size.
    Size(Vec<(u64, String)>),
}

impl Show {
    /// An amount, for people.
    pub fn of(&self, amount: u64) -> String {
        match self {
            Self::Amount(show) => show(amount),
            Self::Size(sizes) => {
                let found = sizes.iter().find(|(most, _)| amount <= *most).or(sizes.last());
                found.map(|(_, size)| size.clone()).unwrap_or_default()
            }
        }
    }
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
    /// Tier, or what tells this plan from others.
    pub tier: String,
    /// Server set.
    pub set: Option<String>,
    /// Cost a month, in cents.
    pub cents: u64,
    /// What it bears, gauge by gauge; `None` is as much as is wanted.
    pub capacities: Vec<Option<u64>>,
    /// What as much again as the capacity costs a month, gauge by gauge, in cents.
    pub prices: Vec<u64>,
    /// How the capacities were found, gauge by gauge.
    pub because: Vec<String>,
}
