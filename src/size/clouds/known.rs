//! Placements that were found before, for very many sizes that differ in a few services.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::catalog::Machine;
use crate::error::Result;
use crate::size::placement::{Host, Lot, Placement, Proof, Rules, place};
use crate::units::Usd;

/// Placements by what was placed where. Each is a function of its lots alone, so that it does not matter who asks first.
#[derive(Debug, Default)]
pub struct Known {
    found: Mutex<BTreeMap<String, Result<Placement>>>,
}

impl Known {
    /// Places lots of one site. Roles that share no machine are placed one by one, which gives the same machines.
    ///
    /// # Errors
    /// The lots of the first role that no machine holds.
    pub(super) fn place(&self, lots: &[Lot], machines: &[&Machine], rules: &Rules) -> Result<Placement> {
        if !rules.separate_roles {
            return self.once(lots, machines, rules);
        }
        let mut roles: BTreeMap<&str, Vec<Lot>> = BTreeMap::new();
        for lot in lots {
            roles.entry(&lot.role).or_default().push(lot.clone());
        }
        let parts: Vec<Placement> =
            roles.values().map(|lots| self.once(lots, machines, rules)).collect::<Result<_>>()?;
        let hosts: Vec<Host> = parts.iter().flat_map(|part| part.hosts.iter().cloned()).collect();
        let first = machines.first();
        Ok(Placement {
            provider: first.map_or(crate::blueprint::platform::Provider::BareMetal, |machine| machine.provider),
            region: first.map(|machine| machine.region.clone()).unwrap_or_default(),
            purchase: rules.purchase,
            hosts,
            monthly_usd: Usd(parts.iter().fold(0, |sum, part| sum.saturating_add(part.monthly_usd.0))),
            proof: Proof::Optimal,
            runners_up: Vec::new(),
            rejected: Vec::new(),
        })
    }

    fn once(&self, lots: &[Lot], machines: &[&Machine], rules: &Rules) -> Result<Placement> {
        let site = machines.first().map(|machine| (machine.provider, &machine.region));
        let key = format!("{site:?} {lots:?}");
        let before = self.found.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(before) = before {
            return before;
        }
        // Not under the lock: others go on, and who comes second finds the same.
        let mut placed = place(lots, machines, rules);
        if let Ok(placement) = &mut placed {
            placement.rejected.clear();
        }
        self.found.lock().unwrap_or_else(PoisonError::into_inner).insert(key, placed.clone());
        placed
    }
}
