//! The same placement many times over: equal clusters, each on machines of its own.

use super::types::{Alternative, Host, Placement, Proof};
use crate::units::Usd;

impl Placement {
    /// So many times these machines, at so many times the cost, held at the largest amounts there are; the cost of one was
    /// rounded to a cent. What is the cheapest for one is the cheapest for all, as they share no machine.
    #[must_use]
    pub fn times(self, times: u64) -> Self {
        if times == 1 {
            return self;
        }
        let usd = |one: Usd| Usd(one.0.saturating_mul(times));
        let count = |one: u32| u32::try_from(u64::from(one).saturating_mul(times)).unwrap_or(u32::MAX);
        let host = |one: Host| Host {
            count: count(one.count),
            per_zone: one.per_zone.into_iter().map(count).collect(),
            monthly_usd: usd(one.monthly_usd),
            ..one
        };
        let hosts = |all: Vec<Host>| all.into_iter().map(host).collect();
        let other = |one: Alternative| Alternative {
            hosts: hosts(one.hosts),
            monthly_usd: usd(one.monthly_usd),
            differs: format!("in each of {times} clusters {}", one.differs),
        };
        Self {
            hosts: hosts(self.hosts),
            monthly_usd: usd(self.monthly_usd),
            proof: match self.proof {
                Proof::Optimal => Proof::Optimal,
                Proof::AtLeast { bound_usd } => Proof::AtLeast { bound_usd: usd(bound_usd) },
            },
            runners_up: self.runners_up.into_iter().map(other).collect(),
            ..self
        }
    }
}
