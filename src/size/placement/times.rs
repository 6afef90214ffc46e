//! The same placement many times over: equal clusters, each on machines of its own.

use super::report::sum;
use super::types::{Alternative, Host, Placement, Proof};
use crate::catalog::Machine;
use crate::units::{Count, Usd};

impl Placement {
    /// So many times these machines at their prices among `machines`, held at the largest amounts there are. What is the
    /// cheapest for one is the cheapest for all, as they share no machine.
    #[must_use]
    pub fn times(self, times: u64, machines: &[&Machine]) -> Self {
        if times == 1 {
            return self;
        }
        let usd = |one: Usd| Usd(one.0.saturating_mul(times));
        let count = |one: u32| u32::try_from(u64::from(one).saturating_mul(times)).unwrap_or(u32::MAX);
        let host = |one: Host| {
            let count_of_all = count(one.count);
            Host {
                count: count_of_all,
                per_zone: one.per_zone.iter().copied().map(count).collect(),
                // The price of an hour counts, not what one was rounded to.
                monthly_usd: cost(&one, count_of_all, machines).unwrap_or(usd(one.monthly_usd)),
                ..one
            }
        };
        let hosts = |all: Vec<Host>| all.into_iter().map(host).collect::<Vec<_>>();
        let chosen = hosts(self.hosts);
        let monthly_usd = sum(&chosen);
        let other = |one: Alternative| {
            let hosts = hosts(one.hosts);
            Alternative {
                monthly_usd: sum(&hosts).max(monthly_usd),
                hosts,
                differs: format!("in each of {} clusters {}", Count(times), one.differs),
            }
        };
        Self {
            proof: match self.proof {
                Proof::Optimal => Proof::Optimal,
                Proof::AtLeast { bound_usd } => Proof::AtLeast { bound_usd: usd(bound_usd).min(monthly_usd) },
            },
            runners_up: self.runners_up.into_iter().map(other).collect(),
            hosts: chosen,
            monthly_usd,
            ..self
        }
    }
}

/// What so many machines cost a month; `None` when the machine or its price is not among these.
fn cost(host: &Host, count: u32, machines: &[&Machine]) -> Option<Usd> {
    let machine = machines.iter().find(|machine| machine.name == host.machine)?;
    let hours = u64::from(count).saturating_mul(crate::units::HOURS_A_MONTH);
    Some(machine.prices.of(host.purchase)?.price.times(hours))
}
