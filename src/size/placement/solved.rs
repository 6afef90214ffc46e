//! What solving a group gives.

use std::collections::BTreeMap;

/// Items with their copies on one machine; each item at most once, in order.
pub(super) type Bundle = Vec<(usize, u64)>;

/// Machines of a group: offer and bundle, with how many there are in each zone.
pub(super) type Machines = BTreeMap<(usize, Bundle), Vec<u64>>;

/// A plan's worth, the better the less: cost, then machines, then preference of their types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Worth {
    /// Millionths of a dollar an hour.
    pub cost: u128,
    pub machines: u128,
    pub rank: u128,
}

impl Worth {
    pub fn plus(self, other: Self) -> Self {
        Self {
            cost: self.cost.saturating_add(other.cost),
            machines: self.machines.saturating_add(other.machines),
            rank: self.rank.saturating_add(other.rank),
        }
    }

    pub fn times(self, n: u64) -> Self {
        let times = |amount: u128| amount.saturating_mul(n.into());
        Self { cost: times(self.cost), machines: times(self.machines), rank: times(self.rank) }
    }
}

/// A plan of one group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plan {
    pub worth: Worth,
    pub machines: Machines,
}

/// Plans of one group and what any plan of it costs at least.
#[derive(Debug, Clone)]
pub(super) struct Solved {
    /// Each with fewer machines than the next and a higher cost; the last is the cheapest. Never empty.
    pub plans: Vec<Plan>,
    /// What any plan costs at least, in millionths of a dollar an hour.
    pub bound: u128,
    /// Whether the front is complete: no plan with as many machines costs less than the one here.
    pub complete: bool,
    /// Fewest machines of any plan that was found.
    pub least_machines: u128,
    /// What a copy of each item was found to be worth; empty for small groups.
    pub values: Vec<u64>,
}

/// Whether only the best plan is wanted, or the best for each number of machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Keep {
    Best,
    Front,
}
