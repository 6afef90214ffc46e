//! Possible worlds of an application that is sized by a tier table.

use super::model::{Candidate, Gauge, Kind, Model, Shape, Show};
use crate::blueprint::Blueprint;
use crate::blueprint::service::Kind as Family;
use crate::blueprint::tier::{Input, ServerSet, Tier, UsdRange};
use crate::demand::{Ask, Demand, derive_unexplained};
use crate::error::Result;
use crate::size::choose::{server_set_of, smallest};
use crate::size::outlook::Outlook;
use crate::size::servers::servers;
use crate::size::vector_memory::{bears, check};
use crate::size::vectors::{Index, MemoryCheck, Row};

/// A tier and a server set of it, as places in the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Place of the tier.
    pub tier: u32,
    /// Place of the server set; 0 where there is none.
    pub set: u32,
}

/// The tier table as a way of sizing.
pub struct Tiers<'a, 'd> {
    blueprint: &'a Blueprint,
    /// The demand with every range at its middle.
    middle: &'d Demand,
    index: Option<Index>,
    /// The tier that the user named.
    fixed: Option<usize>,
    /// The largest tier that may be used.
    largest: usize,
    /// For each tier, how many server sets come before its first.
    before: Vec<u64>,
    /// The way of searching that the plan for the middle leads to, by which all plans are compared.
    label: Option<String>,
}

impl<'a, 'd> Tiers<'a, 'd> {
    /// For a blueprint, the middle of its demand, the index and the tier that the user named.
    pub fn new(blueprint: &'a Blueprint, middle: &'d Demand, index: Option<Index>, fixed: Option<usize>) -> Self {
        let usable = |tier: &Tier| tier.environments.contains(&middle.environment.value);
        let largest = blueprint.tiers.iter().rposition(usable).unwrap_or(blueprint.tiers.len().saturating_sub(1));
        let sets = blueprint.tiers.iter().scan(0, |before, tier| {
            let here = *before;
            *before += tier.sizes.len().max(1) as u64;
            Some(here)
        });
        let model = Self { blueprint, middle, index, fixed, largest, before: sets.collect(), label: None };
        let label = model.holds(model.best(middle).0).map(|(_, row)| row.label);
        Self { label, ..model }
    }

    /// The memory that a plan gives the vectors, and the index that they are searched with.
    fn holds(&self, key: Key) -> Option<(MemoryCheck, Row)> {
        let (tier, set) = self.of(key);
        let check = check(tier, &servers(self.blueprint, set?), self.middle, self.index)?;
        let same = check.rows.iter().find(|row| Some(&row.label) == self.label.as_ref());
        let row = same.or(check.best.as_ref()).or(check.asked.as_ref()).or(check.otherwise.first()).cloned()?;
        Some((check, row))
    }

    /// The plan that is best for a demand, and whether it bears it.
    pub fn best(&self, demand: &Demand) -> (Key, bool) {
        let tiers = &self.blueprint.tiers;
        let outlook = Outlook::planned(demand);
        let found = self.fixed.or_else(|| smallest(tiers, demand, &outlook));
        let tier = found.unwrap_or(self.largest);
        let set = tiers.get(tier).and_then(|tier| server_set_of(tier, &outlook)).map_or(0, |(at, _)| at);
        (Key { tier: tier as u32, set: set as u32 }, found.is_some())
    }

    /// The tier and the server set of a key.
    pub fn of(&self, key: Key) -> (&'a Tier, Option<&'a ServerSet>) {
        let tier = &self.blueprint.tiers[key.tier as usize];
        (tier, tier.sizes.get(key.set as usize))
    }

    fn rank(&self, key: Key) -> u64 {
        self.before.get(key.tier as usize).copied().unwrap_or_default() + u64::from(key.set)
    }

    /// The first service of a family, else what it is called here.
    fn service(&self, family: Family, otherwise: &str) -> String {
        let found = self.blueprint.services.iter().find(|(_, service)| service.kind == family);
        found.map_or_else(|| otherwise.to_owned(), |(name, _)| name.clone())
    }
}

impl Model for Tiers<'_, '_> {
    type Key = Key;

    fn gauges(&self) -> Vec<Gauge> {
        let gauge = |service: String, what: &str, of, show: fn(u64) -> String| {
            let show = Show::Amount(show);
            Gauge { service, what: what.to_owned(), of, show }
        };
        let rank = |rank: u64| format!("size {}", rank + 1);
        vec![
            gauge("the table".to_owned(), "tier and server set", Kind::Rank, rank),
            gauge(self.service(Family::Vectors, "vectors"), "vectors held", Kind::Memory, |n| Input::Vectors.approx(n)),
            gauge(self.service(Family::Web, "api"), "requests per second", Kind::Requests, |n| Input::Rps.approx(n)),
            gauge("storage".to_owned(), "data on disk", Kind::Disk, |n| Input::Data.approx(n)),
        ]
    }

    fn world(&self, ask: &Ask, needs: &mut [u64]) -> Result<Shape<Key>> {
        let demand = derive_unexplained(self.blueprint, ask)?;
        let (key, borne) = self.best(&demand);
        let outlook = Outlook::planned(&demand);
        // What is only usual for a place of the table needs nothing of its own.
        let need = |input: Input| if demand.because(input).binds() { outlook.value(input) } else { 0 };
        let found = [self.rank(key) + u64::from(!borne), need(Input::Vectors), need(Input::Rps), need(Input::Data)];
        needs.iter_mut().zip(found).for_each(|(place, need)| *place = need);
        Ok(Shape { key, beyond: !borne })
    }

    fn plan(&self, key: &Key) -> Candidate {
        let (tier, set) = self.of(*key);
        let row = set.map_or(&tier.id, |set| &set.id);
        let plans = set.map(|set| servers(self.blueprint, set)).unwrap_or_default();
        let index = self.holds(*key);
        let vectors = index.as_ref().map(|(check, held)| bears(held, check));
        let disks = |server: &crate::size::plan::ServerPlan| {
            let each = server.disks.iter().fold(0u64, |sum, disk| sum.saturating_add(disk.size.0));
            each.saturating_mul(server.count.into())
        };
        let stored = plans.iter().filter(|server| server.storage_host).map(disks);
        let storage = Some(stored.fold(0, u64::saturating_add)).filter(|storage| *storage > 0);
        Candidate {
            tier: tier.name.clone(),
            set: set.filter(|_| tier.sizes.len() > 1).map(|set| set.name.clone()),
            cents: cents(tier, set),
            // Twice the memory is taken to cost another plan.
            prices: vec![cents(tier, set); 4],
            capacities: vec![Some(self.rank(*key)), vectors, tier.up_to.base(Input::Rps), storage],
            because: vec![
                format!("{row} against the row that the table chooses for the world"),
                match &index {
                    None => format!("{row}: a cluster grows"),
                    Some((check, held)) => {
                        format!("{row}: what {} holds in {}", held.label, check.available_memory.approx())
                    }
                },
                format!("upper bound of {}", tier.id),
                format!("disks of the storage servers of {row}"),
            ],
        }
    }
}

/// The one figure that stands for the cost of a row where worlds are compared: what the comparison table says where the
/// tier has no choice of servers, else the middle of the range; the lower end where there is no upper one.
pub fn cents(tier: &Tier, set: Option<&ServerSet>) -> u64 {
    let typical = tier.totals.typical_cost.0;
    let (UsdRange { min, max }, one) = match set {
        Some(set) => (set.cost, tier.sizes.len() == 1),
        None => (tier.totals.cost, true),
    };
    match max {
        _ if one && typical > 0 => typical,
        Some(max) => min.0 / 2 + max.0 / 2 + (min.0 % 2 + max.0 % 2) / 2,
        None => min.0,
    }
}
