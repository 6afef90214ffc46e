//! Who may change a deployment: one run at a time, and a newer one shuts out an older one that wakes up again.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::Moment;

/// The right to change a deployment for a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Lease {
    /// Who: user, machine, process.
    pub owner: String,
    /// What runs: `rapplan apply`.
    pub command: String,
    /// Raised by each run that takes it; calls of a lower generation are refused.
    pub generation: u64,
    /// Since when.
    pub since: Moment,
    /// Until when, unless it is renewed. A moment that has passed frees it.
    pub expires: Moment,
}

impl Lease {
    /// Whether it still holds.
    pub fn holds(&self, now: Moment) -> bool {
        now < self.expires
    }
}

/// A change of the lease.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum LeaseChange {
    /// Take it, or renew it where the generation is that of the one in force.
    Take(Lease),
    /// Give it back; the generation stays known.
    Release {
        /// Of which run.
        generation: u64,
    },
}
