//! Boundaries of the table and triggers of the blueprint on a growing demand.

use super::timeline::{Table, Timeline};
use super::{Crossing, CrossingSpread};
use crate::blueprint::Blueprint;
use crate::blueprint::operations::{Measure, Trigger};
use crate::blueprint::tier::{Input, Tier};
use crate::demand::Demand;
use crate::units::{CalendarMonth, Count, Share};

/// What is watched of a demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// An input of the table.
    Input(Input),
    /// Concurrent users.
    ConcurrentUsers,
}

impl Of {
    /// Its value today, in its base unit.
    pub fn base(self, demand: &Demand) -> u64 {
        match self {
            Self::Input(input) => demand.base(input),
            Self::ConcurrentUsers => demand.concurrent_users.as_ref().map_or(0, |users| users.value.0),
        }
    }
}

/// A threshold that calls for action when growth passes it.
#[derive(Debug, Clone)]
pub(super) struct Watched {
    /// What is watched.
    pub of: Of,
    /// It fires above this, in the base unit.
    pub above: u64,
    id: String,
    what: String,
    action: String,
}

/// The triggers and scale-outs of a blueprint that are a matter of demand.
pub(super) fn watched(blueprint: &Blueprint, demand: &Demand) -> Vec<Watched> {
    let tiers: Vec<&Tier> = blueprint.tiers.iter().collect();
    let mut watched: Vec<Watched> =
        blueprint.triggers.iter().flat_map(|trigger| of_trigger(trigger, &tiers, demand)).collect();
    watched.extend(blueprint.scale_out.iter().filter_map(|step| {
        // "300 concurrent users" holds at 300, and a threshold is passed above it.
        let above = step.concurrent_users?.0.saturating_sub(1);
        let what = format!("{} scales out at {}", step.service, step.when);
        Some(Watched { of: Of::ConcurrentUsers, above, id: step.id.clone(), what, action: step.action.clone() })
    }));
    watched.retain(|watched| watched.of.base(demand) > 0);
    watched
}

/// A trigger on a share of what a tier bears is one threshold for each tier.
fn of_trigger(trigger: &Trigger, tiers: &[&Tier], demand: &Demand) -> Vec<Watched> {
    let (input, counted) = match trigger.measure {
        Measure::Partitions => (Input::Partitions, Of::Input(Input::Partitions)),
        Measure::ConcurrentUsers => (Input::Users, Of::ConcurrentUsers),
        _ => return Vec::new(),
    };
    let above = trigger.above.as_deref().unwrap_or_default();
    let watch = |of, above, what| Watched { of, above, id: trigger.id.clone(), what, action: trigger.action.clone() };
    if let Ok(Count(count)) = above.parse() {
        return vec![watch(counted, count, format!("{}: more than {}", trigger.alert, Count(count)))];
    }
    let Ok(share) = above.parse::<Share>() else { return Vec::new() };
    let usable = tiers.iter().filter(|tier| tier.environments.contains(&demand.environment.value));
    usable
        .filter_map(|tier| {
            let bound = tier.up_to.base(input)?;
            let count = u64::try_from(u128::from(bound) * u128::from(share.0) / 1_000_000).unwrap_or(u64::MAX);
            let what = format!(
                "{}: more than {} ({share} of the {} of {})",
                trigger.alert,
                input.phrase(count),
                input.show(bound),
                tier.id
            );
            Some(watch(Of::Input(input), count, what))
        })
        .collect()
}

/// What lies ahead, in the order of its months; what is passed today already is not told.
pub(super) fn crossings(
    table: &Table<'_>,
    watched: &[Watched],
    middle: &Timeline,
    worlds: &[Timeline],
    start: Option<CalendarMonth>,
) -> Vec<Crossing> {
    let row = |at: usize| {
        let (id, what) = match table.rows.get(at) {
            Some((tier, Some(set))) if tier.sizes.len() > 1 => (set.id.clone(), format!("{} {}", tier.name, set.name)),
            Some((tier, _)) => (tier.id.clone(), tier.name.clone()),
            None => ("beyond the table".to_owned(), "a larger tier than the table has".to_owned()),
        };
        let of = |line: &Timeline| line.reaches[at];
        crossing(id, format!("{what} is needed"), None, of(middle), worlds.iter().map(of), start)
    };
    let threshold = |(at, what): (usize, &Watched)| {
        let of = |line: &Timeline| line.passes[at];
        crossing(
            what.id.clone(),
            what.what.clone(),
            Some(what.action.clone()),
            of(middle),
            worlds.iter().map(of),
            start,
        )
    };
    // Rows that are passed over on the way to a larger one are never needed.
    let passed_over = |at: usize| {
        let same = |line: &Timeline| line.reaches[at] == line.reaches.get(at + 1).copied().flatten();
        same(middle) && worlds.iter().all(same)
    };
    let mut found: Vec<Crossing> = (0..=table.rows.len()).filter(|at| !passed_over(*at)).map(row).collect();
    found.extend(watched.iter().enumerate().map(threshold));
    in_order(found)
}

/// What lies ahead in the order of its months, without what is passed today already.
pub(super) fn in_order(mut found: Vec<Crossing>) -> Vec<Crossing> {
    let ahead = |crossing: &Crossing| match &crossing.spread {
        Some(spread) => spread.p95 != Some(0) && (spread.p5.is_some() || crossing.month.is_some()),
        None => crossing.month.is_some_and(|month| month > 0),
    };
    found.retain(ahead);
    let place = |crossing: &Crossing| {
        let month = crossing.spread.map_or(crossing.month, |spread| spread.p50);
        (month.unwrap_or(u32::MAX), crossing.spread.and_then(|spread| spread.p5).unwrap_or(u32::MAX))
    };
    found.sort_by_key(place);
    found
}

/// A threshold with the month in which the middle passes it, and those of the worlds.
pub(super) fn crossing(
    id: String,
    what: String,
    action: Option<String>,
    month: Option<u32>,
    worlds: impl Iterator<Item = Option<u32>>,
    start: Option<CalendarMonth>,
) -> Crossing {
    let mut months: Vec<u32> = worlds.map(|month| month.unwrap_or(u32::MAX)).collect();
    months.sort_unstable();
    let at = |percent| crate::size::worlds::percentile(&months, percent).filter(|month| *month < u32::MAX);
    let spread = (!months.is_empty()).then(|| CrossingSpread { p5: at(5), p50: at(50), p95: at(95) });
    let calendar = start.zip(month).map(|(start, month)| start.plus(month));
    Crossing { id, what, month, calendar, spread, action }
}
