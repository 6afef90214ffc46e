//! When a growing demand reaches each place of the table and each threshold that is watched.

use rayon::prelude::*;

use super::MOST_WORLDS;
use super::crossing::Watched;
use crate::blueprint::Blueprint;
use crate::blueprint::tier::{Input, ServerSet, Tier};
use crate::demand::{Ask, Demand, derive_unexplained};
use crate::size::choose::{server_set_of, smallest};
use crate::size::outlook::{FARTHEST, Outlook, grown};
use crate::size::worlds::{Law, uniform};

/// The rows of the table in the order of their size: tiers with their server sets.
pub(super) struct Table<'a> {
    tiers: &'a [Tier],
    named: Option<usize>,
    /// Each row.
    pub rows: Vec<(&'a Tier, Option<&'a ServerSet>)>,
    /// For each tier, the place of its first row.
    first: Vec<usize>,
}

impl<'a> Table<'a> {
    /// The table of a blueprint; `named` is the tier that the user named.
    pub fn new(blueprint: &'a Blueprint, named: Option<usize>) -> Self {
        let (mut rows, mut first) = (Vec::new(), Vec::new());
        for tier in &blueprint.tiers {
            first.push(rows.len());
            rows.extend(tier.sizes.iter().map(|set| (tier, Some(set))));
            if tier.sizes.is_empty() {
                rows.push((tier, None));
            }
        }
        Self { tiers: &blueprint.tiers, named, rows, first }
    }

    /// The row that a demand takes; one beyond the last when none bears it.
    fn row(&self, demand: &Demand, factor: f64) -> usize {
        let outlook = Outlook::by(demand, factor);
        let Some(tier) = self.named.or_else(|| smallest(self.tiers, demand, &outlook)) else {
            return self.rows.len();
        };
        self.first[tier] + server_set_of(&self.tiers[tier], &outlook).map_or(0, |(set, _)| set)
    }
}

/// What one world becomes.
pub(super) struct Timeline {
    /// What the demand of each month is multiplied by.
    factors: Vec<f64>,
    /// The value today of the input that is told.
    base: u64,
    /// For each row of the table and the place beyond, the first month that takes it or a larger one.
    pub reaches: Vec<Option<u32>>,
    /// For each threshold that is watched, the first month above it.
    pub passes: Vec<Option<u32>>,
}

impl Timeline {
    /// Follows a demand for ten years.
    pub fn of(table: &Table<'_>, demand: &Demand, watched: &[Watched]) -> Self {
        let reserve = 1.0 + demand.headroom.value.as_f64();
        let growth = 1.0 + demand.growth.value.0.as_f64();
        // Repeated multiplication, as `Growth::factor` does it, so that both see the same month.
        let grown_by = std::iter::successors(Some(1.0), |factor| Some(factor * growth));
        let factors: Vec<f64> = grown_by.take(FARTHEST as usize + 1).map(|factor| factor * reserve).collect();
        let first = |reached: &dyn Fn(f64) -> bool| {
            let month = factors.partition_point(|factor| !reached(*factor));
            (month < factors.len()).then_some(month as u32)
        };
        let reaches = (0..=table.rows.len()).map(|row| first(&|factor| table.row(demand, factor) >= row)).collect();
        let passes = watched.iter().map(|what| first(&|factor| grown(what.of.base(demand), factor) > what.above));
        Self { passes: passes.collect(), reaches, base: told(demand).map_or(0, |input| demand.base(input)), factors }
    }

    /// The place in the table at a month.
    pub fn row(&self, month: u32) -> usize {
        self.reaches.iter().rposition(|reached| reached.is_some_and(|from| from <= month)).unwrap_or_default()
    }

    /// The demand that is told, at a month.
    pub fn told(&self, month: u32) -> u64 {
        self.factors.get(month as usize).map_or(self.base, |factor| grown(self.base, *factor))
    }
}

/// The input that a forecast tells: the first that was said.
pub(super) fn told(demand: &Demand) -> Option<Input> {
    Input::ALL.into_iter().find(|input| demand.because(*input).is_given())
}

/// The first worlds of an ask with ranges; none without.
pub(super) fn timelines(blueprint: &Blueprint, ask: &Ask, table: &Table<'_>, watched: &[Watched]) -> Vec<Timeline> {
    let laws: Vec<Law> = ask.ranges.iter().filter(|ranged| !ranged.range.is_certain()).map(Law::of).collect();
    if laws.is_empty() {
        return Vec::new();
    }
    let base = ask.clone().unexplained();
    let world = |world: u32| {
        let mut at = base.clone();
        laws.iter().for_each(|law| at.set(law.variable, law.value(uniform(ask.worlds.seed, law.variable, world)), ""));
        // What contradicts itself was told of where the plan was chosen.
        derive_unexplained(blueprint, &at).ok().map(|demand| Timeline::of(table, &demand, watched))
    };
    let found: Vec<Option<Timeline>> =
        (0..ask.worlds.count.min(MOST_WORLDS)).into_par_iter().with_min_len(32).map(world).collect();
    found.into_iter().flatten().collect()
}
