//! Who may change a deployment: one run at a time, and a newer one shuts out an older one that wakes up again.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Failure, Trouble};
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

/// The lease after a change of it; a change that comes too late changes nothing.
pub fn after(held: Option<Lease>, change: &LeaseChange, now: Moment) -> Option<Lease> {
    match (held, change) {
        (Some(held), LeaseChange::Take(new)) if held.generation > new.generation => Some(held),
        (_, LeaseChange::Take(new)) => Some(new.clone()),
        (Some(held), LeaseChange::Release { generation }) if held.generation == *generation => {
            Some(Lease { expires: now, ..held })
        }
        (held, LeaseChange::Release { .. }) => held,
    }
}

/// What a cloud with conditional writes says to a call: those of a run that another one has followed are refused, and the
/// lease is taken only when it is free or one's own.
///
/// # Errors
/// [`Trouble::Fenced`] or [`Trouble::Conflict`].
pub fn fence(
    held: Option<&Lease>,
    change: Option<&LeaseChange>,
    generation: Option<u64>,
    now: Moment,
) -> Result<(), Failure> {
    let newest = held.map_or(0, |lease| lease.generation);
    let said = match change {
        Some(LeaseChange::Release { .. }) => return Ok(()),
        Some(LeaseChange::Take(lease)) => Some(lease.generation),
        None => generation,
    };
    if let Some(said) = said.filter(|said| *said < newest) {
        let message = format!("generation {newest} works here now, and this call is of generation {said}");
        return Err(Failure::new(Trouble::Fenced, message));
    }
    match (held, change) {
        (Some(held), Some(LeaseChange::Take(lease)))
            if held.owner != lease.owner && (held.holds(now) || held.generation == lease.generation) =>
        {
            Err(Failure::new(Trouble::Conflict, format!("{} holds the lease", held.owner)))
        }
        _ => Ok(()),
    }
}
