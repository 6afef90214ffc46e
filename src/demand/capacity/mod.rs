//! The load that measured machines bear at an objective.
//!
//! Every measure is taken as never falling with load: a smaller figure at a higher load does not take back a larger one
//! before it. Between two points it is a straight line. So the capacity is the largest load up to which every measure
//! keeps its limit, and a stricter limit can never raise it. Nothing is said beyond the largest load measured.

mod crossing;
mod judge;
mod measured;
mod objective;

pub use judge::{Crossed, Judged, advice, judge};
pub use measured::{Measured, measured_of};
pub use objective::{Limit, Metric, Objective};

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;

use self::crossing::{Crossing, crossing};
use super::Reckoning;
use crate::blueprint::evidence::LoadTest;
use crate::units::{Count, Rate};

/// Where the formula comes from, for reckonings.
const SOURCE: &str =
    "interpolation between measured points, each measure never falling with load (rapplan, docs/guides/load-tests.md)";

/// How the capacity lies to what was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Bound {
    /// The objective holds at every point: the capacity is at least the largest load measured.
    AtLeast,
    /// It holds at one point and not at a larger one.
    Between,
    /// It does not hold at the smallest load measured.
    Below,
    /// Nothing was measured that the objective speaks of.
    Unknown,
}

/// A load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Load {
    /// Users at the same moment, where they are known.
    pub users: Option<Count>,
    /// Requests per second, where they are known.
    pub rate: Option<Rate>,
}

/// The limit that sets the capacity, and the point that breaks it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Limiting {
    /// Id of the first point at which the limit is broken.
    pub row: String,
    /// What is measured.
    pub metric: Metric,
    /// What it was at that point.
    pub measured: String,
    /// The limit.
    pub at_most: String,
    /// Where the limit comes from: a flag, a row of the blueprint.
    pub source: String,
}

/// The capacity of the machines that were measured, under one scenario and one objective.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Capacity {
    /// The scenario.
    pub scenario: String,
    /// How it lies to what was measured.
    pub bound: Bound,
    /// The largest load measured at which the objective held; what a size should be counted by.
    pub measured: Option<Load>,
    /// The largest load at which it holds between the points.
    pub reached: Option<Load>,
    /// For a capacity below all that was measured: the smallest load measured.
    pub below: Option<Load>,
    /// What sets it; absent when every point holds.
    pub limiting: Option<Limiting>,
    /// Machines that it was measured on, by role: one set of instances.
    pub machines: IndexMap<String, String>,
    /// Services that took no part in the measuring.
    pub excludes: Vec<String>,
    /// The points, by load.
    pub rows: Vec<String>,
    /// How it was reckoned.
    pub why: Vec<Reckoning>,
    /// What must be known beside the figures.
    pub warnings: Vec<String>,
}

/// The capacity that the load tests of a scenario give; `None` when the scenario was never tested.
pub fn of(tests: &[LoadTest], scenario: &str, objective: &Objective) -> Option<Capacity> {
    let tests: Vec<&LoadTest> = tests.iter().filter(|test| test.scenario == scenario).collect();
    // What other machines bore says nothing of these; the latest test names the machines.
    let machines = &tests.iter().max_by(|a, b| a.date.cmp(&b.date))?.machines;
    let (same, other): (Vec<&LoadTest>, Vec<&LoadTest>) = tests.iter().partition(|test| test.machines == *machines);
    let points: Vec<Measured> = same.iter().map(|test| Measured::from(*test)).collect();
    let mut capacity = at(scenario, &points, objective);
    capacity.machines = machines.clone();
    for test in &same {
        for service in &test.excludes {
            if !capacity.excludes.contains(service) {
                capacity.excludes.push(service.clone());
            }
        }
    }
    if !other.is_empty() {
        let ids: Vec<&str> = other.iter().map(|test| test.id.as_str()).collect();
        capacity.warnings.push(format!("left out, since it ran on other machines: {}", ids.join(", ")));
    }
    let dates: std::collections::BTreeSet<&str> = same.iter().map(|test| test.date.as_str()).collect();
    if dates.len() > 1 {
        let days: Vec<&str> = dates.into_iter().collect();
        capacity.warnings.push(format!("the points are of different days: {}", days.join(", ")));
    }
    Some(capacity)
}

/// The capacity that points give.
pub fn at(scenario: &str, points: &[Measured], objective: &Objective) -> Capacity {
    let (points, mut warnings) = measured::by_load(points);
    let mut found: Vec<(&Limit, Crossing)> = Vec::new();
    for limit in &objective.limits {
        match crossing(&points, limit) {
            Some(crossing) => found.push((limit, crossing)),
            None => warnings.push(format!("no point tells {}, so its limit is not judged", limit.metric.words())),
        }
    }
    let mut capacity = Capacity {
        scenario: scenario.to_owned(),
        bound: Bound::Unknown,
        measured: None,
        reached: None,
        below: None,
        limiting: None,
        machines: IndexMap::new(),
        excludes: Vec::new(),
        rows: points.iter().map(|point| point.id.clone()).collect(),
        why: Vec::new(),
        warnings,
    };
    let judged = found.len() == objective.limits.len();
    let Some((limit, tightest)) =
        found.iter().min_by_key(|(_, crossing)| (crossing.reached, crossing.broken.is_none()))
    else {
        // No limit at all: what was measured is borne, whatever it was like.
        if judged && let Some(last) = points.last() {
            (capacity.bound, capacity.measured, capacity.reached) =
                (Bound::AtLeast, Some(last.load()), Some(last.load()));
        }
        return capacity;
    };
    if !judged {
        return capacity;
    }
    capacity.why.extend(found.iter().map(|(limit, crossing)| reckoning(limit, crossing, &points)));
    capacity.limiting = tightest.broken.map(|i| limiting(limit, &points[i]));
    let Some(reached) = tightest.reached else {
        capacity.bound = Bound::Below;
        capacity.below = points.first().map(Measured::load);
        return capacity;
    };
    capacity.bound = if tightest.broken.is_some() { Bound::Between } else { Bound::AtLeast };
    capacity.measured = points.iter().rev().find(|point| point.key() <= reached).map(Measured::load);
    capacity.reached = Some(measured::load_at(&points, reached));
    capacity
}

fn limiting(limit: &Limit, point: &Measured) -> Limiting {
    Limiting {
        row: point.id.clone(),
        metric: limit.metric,
        measured: limit.metric.show(point.value(limit.metric).unwrap_or_default()),
        at_most: limit.metric.show(limit.at_most),
        source: limit.source.clone(),
    }
}

fn reckoning(limit: &Limit, crossing: &Crossing, points: &[Measured]) -> Reckoning {
    let show = |load: Load| measured::show(load);
    let point = |i: usize| {
        let value = points[i].value(limit.metric).map(|value| limit.metric.show(value)).unwrap_or_default();
        (points[i].id.clone(), format!("{} at {}", value, show(points[i].load())))
    };
    let mut inputs = vec![(
        format!("{} at most", limit.metric.words()),
        format!("{} ({})", limit.metric.show(limit.at_most), limit.source),
    )];
    inputs.extend(crossing.held.into_iter().chain(crossing.broken).map(point));
    let (value, formula) = match (crossing.reached, crossing.broken) {
        (None, _) => ("below the smallest load measured".to_owned(), "broken at the smallest load measured"),
        (Some(key), None) => {
            (format!("at least {}", show(measured::load_at(points, key))), "kept at every load measured")
        }
        (Some(key), Some(_)) => (
            show(measured::load_at(points, key)),
            "load kept + (load broken - load kept) x (limit - value kept) / (value broken - value kept)",
        ),
    };
    Reckoning {
        figure: format!("load at which {} reaches its limit", limit.metric.words()),
        value,
        formula: formula.to_owned(),
        inputs,
        source: SOURCE.to_owned(),
    }
}

#[cfg(test)]
mod tests;
