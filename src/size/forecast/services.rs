//! The forecast of an application that is sized service by service.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::bears::Reach;
use super::crossing::{crossing, in_order};
use super::{Forecast, ForecastMonth, MOST_WORLDS, MonthSpread, ServiceOfMonth};
use crate::blueprint::Blueprint;
use crate::blueprint::operations::Measure;
use crate::blueprint::tier::{CountRange, UsdRange};
use crate::demand::{Ask, Demand, derive_unexplained};
use crate::error::Result;
use crate::size::outlook::FARTHEST;
use crate::size::services::load::{Load, Loads, Sizer};
use crate::size::worlds::services::{Grid, Market, Menu, Sized, labels};
use crate::size::worlds::{Law, TextSpread, UsdSpread, percentile, uniform};
use crate::units::{CalendarMonth, Count, Usd};

/// Most plans that the months of all worlds are priced with.
const MOST_PLANS: usize = 256;

/// The loads of each month from today to the farthest.
struct Months(Vec<Loads>);

impl Months {
    /// What a demand grows to, with its reserve.
    fn of(blueprint: &Blueprint, demand: &Demand) -> Self {
        let reserve = 1.0 + demand.headroom.value.as_f64();
        let growth = 1.0 + demand.growth.value.0.as_f64();
        // Repeated multiplication, as `Growth::factor` does it, so that both see the same month.
        let factors = std::iter::successors(Some(1.0), |factor| Some(factor * growth));
        let factors = factors.take(FARTHEST as usize + 1);
        Self(factors.map(|factor| Loads::at(blueprint, demand, factor * reserve)).collect())
    }

    fn at(&self, month: u32) -> Loads {
        self.0.get(month as usize).copied().unwrap_or_default()
    }

    /// The first month above a threshold.
    fn passes(&self, what: &Watched) -> Option<u32> {
        let month = self.0.partition_point(|loads| loads.get(what.load) <= what.above);
        (month < self.0.len()).then_some(month as u32)
    }
}

/// A threshold that calls for action when growth passes it.
struct Watched {
    load: Load,
    /// It is passed above this, in the base unit.
    above: u64,
    id: String,
    what: String,
    action: Option<String>,
}

/// The forecast of a demand that grows.
///
/// # Errors
/// When the middle of the ranges cannot be derived.
pub fn of_services(sizer: &Sizer<'_>, ask: &Ask, demand: &Demand, market: Market<'_>) -> Result<Option<Forecast>> {
    let blueprint = sizer.blueprint();
    let horizon = demand.horizon_months.value.0.min(FARTHEST);
    if demand.growth.value.0.0 == 0 || horizon == 0 {
        return Ok(None);
    }
    let middle = Months::of(blueprint, demand);
    let own: BTreeMap<Loads, u32> = (0..=horizon).map(|month| (middle.at(month), 1)).collect();
    let menu = Menu::of(sizer, Grid::of(sizer, &own, middle.at(horizon), usize::MAX), &own, market);
    let mut watched = said(blueprint);
    watched.extend(steps(sizer, &middle, horizon));
    watched.retain(|what| middle.at(0).get(what.load) > 0);
    let worlds = worlds(blueprint, ask);
    let start = ask.start.as_ref().map(|start| start.value);
    let found = watched.iter().map(|what| {
        let (month, worlds) = (middle.passes(what), worlds.iter().map(|world| world.passes(what)));
        crossing(what.id.clone(), what.what.clone(), what.action.clone(), month, worlds, start)
    });
    let crossings = in_order(found.collect());
    let spreads = spreads(sizer, demand, &worlds, horizon, market);
    let months = (0..=horizon).zip(spreads).map(|(month, spread)| {
        let fired = crossings.iter().filter(|crossing| crossing.month == Some(month));
        let fired = fired.map(|crossing| crossing.what.clone()).collect();
        let reach = Reach::of(sizer, &middle.at(month), told(demand));
        ForecastMonth {
            spread,
            triggers: fired,
            bears: reach.shown(),
            reach: Some(reach),
            ..of_month(&menu, demand, middle.at(month), month, start)
        }
    });
    let mut months: Vec<ForecastMonth> = months.collect();
    tell_apart(&menu, &middle, &mut months);
    let worlds = Some(worlds.len() as u32).filter(|worlds| *worlds > 0);
    Ok(Some(Forecast { worlds, months, crossings }))
}

/// The load that a forecast tells: the first that was said, else the first there is.
fn told(demand: &Demand) -> Load {
    let said = |load: &Load| match load {
        Load::Users => {
            let said = |users: &Option<crate::demand::Figure<Count>>| {
                users.as_ref().is_some_and(|users| users.because.is_given())
            };
            said(&demand.concurrent_users) || said(&demand.monthly_users)
        }
        Load::Rps => demand.rps.is_some(),
        Load::Vectors => demand.vectors.is_some(),
        Load::Data => demand.data.is_some(),
        Load::ModelRequests => demand.model_requests.is_some(),
    };
    Load::ALL.into_iter().find(said).unwrap_or(Load::Users)
}

/// A month without what is passed in it.
fn of_month(menu: &Menu, demand: &Demand, loads: Loads, month: u32, start: Option<CalendarMonth>) -> ForecastMonth {
    let plan = menu.own(&loads).and_then(|plan| menu.plans.get(plan));
    let load = told(demand);
    let services = |plan: &Sized| {
        let one = |size: &crate::size::services::ServiceSize| ServiceOfMonth {
            service: size.service.clone(),
            instances: size.instances,
            each: size.each,
        };
        plan.services.iter().map(one).collect()
    };
    ForecastMonth {
        month,
        calendar: start.map(|start| start.plus(month)),
        demand: load.phrase(loads.get(load)),
        tier: None,
        set: None,
        services: plan.map(services).unwrap_or_default(),
        differs: None,
        bears: None,
        reach: None,
        servers: plan.map(|plan| CountRange { min: Count(plan.machines), max: Some(Count(plan.machines)) }),
        monthly_usd: plan.map(|plan| UsdRange { min: Usd(plan.cents), max: Some(Usd(plan.cents)) }),
        triggers: Vec::new(),
        spread: None,
    }
}

/// Gives each month that can be had a few words on what tells its services from those of other months.
fn tell_apart(menu: &Menu, middle: &Months, months: &mut [ForecastMonth]) {
    let labels = labels(&menu.plans.iter().map(|plan| plan.services.as_slice()).collect::<Vec<_>>());
    for month in months {
        month.differs = menu.own(&middle.at(month.month)).and_then(|plan| labels.get(plan).cloned());
    }
}

/// Triggers, conditions of scaling out and bands of playbooks that are a matter of concurrent users.
fn said(blueprint: &Blueprint) -> Vec<Watched> {
    let users = |above, id: &str, what, action: &str| Watched {
        load: Load::Users,
        above,
        id: id.to_owned(),
        what,
        action: Some(action.to_owned()),
    };
    let mut watched: Vec<Watched> = Vec::new();
    for trigger in blueprint.triggers.iter().filter(|trigger| trigger.measure == Measure::ConcurrentUsers) {
        if let Some(Ok(Count(above))) = trigger.above.as_ref().map(|above| above.parse()) {
            let what = format!("{}: more than {} concurrent users", trigger.alert, Count(above));
            watched.push(users(above, &trigger.id, what, &trigger.action));
        }
    }
    // "300 concurrent users" holds at 300, and a threshold is passed above it.
    for row in &blueprint.scale_out {
        if let Some(from) = row.concurrent_users {
            let what = format!("{} scales out at {}", row.service, row.when);
            watched.push(users(from.0.saturating_sub(1), &row.id, what, &row.action));
        }
    }
    for band in &blueprint.playbooks {
        let symptom = band.symptom.as_ref().map(|symptom| format!(": {symptom}")).unwrap_or_default();
        let what = format!("{} from {} concurrent users{symptom}", band.service, band.from);
        watched.push(users(band.from.0.saturating_sub(1), &band.id, what, &band.action));
    }
    watched
}

/// The loads up to the horizon above which a service needs more instances than the month before.
fn steps(sizer: &Sizer<'_>, middle: &Months, horizon: u32) -> Vec<Watched> {
    let mut found = Vec::new();
    let mut before = sizer.all(&middle.at(0));
    for month in 1..=horizon {
        let now = sizer.all(&middle.at(month));
        let grown = before.iter().zip(&now).enumerate().filter(|(_, (before, now))| now.instances > before.instances);
        for (service, (_, now)) in grown {
            let (from, to) = (middle.at(month - 1), middle.at(month));
            let Some((load, above)) = threshold(sizer, service, now.instances, &from, &to) else { continue };
            let what = format!("{}: {} instances are needed", now.service, Count(now.instances.into()));
            found.push(Watched { load, above, id: now.service.clone(), what, action: None });
        }
        before = now;
    }
    found
}

/// The load that makes a service need so many instances, and the largest value of it at which it does not yet.
fn threshold(sizer: &Sizer<'_>, service: usize, instances: u32, from: &Loads, to: &Loads) -> Option<(Load, u64)> {
    let enough = |loads: &Loads| sizer.sizes(&[service], loads).first().is_some_and(|size| size.instances >= instances);
    let load = Load::ALL.into_iter().find(|load| enough(&from.with(*load, to.get(*load))))?;
    let (mut below, mut at) = (from.get(load), to.get(load));
    while at - below > 1 {
        let middle = below + (at - below) / 2;
        if enough(&from.with(load, middle)) {
            at = middle;
        } else {
            below = middle;
        }
    }
    Some((load, below))
}

/// The first worlds of an ask with ranges; none without.
fn worlds(blueprint: &Blueprint, ask: &Ask) -> Vec<Months> {
    let laws: Vec<Law> = ask.ranges.iter().filter(|ranged| !ranged.range.is_certain()).map(Law::of).collect();
    if laws.is_empty() {
        return Vec::new();
    }
    let base = ask.clone().unexplained();
    let world = |world: u32| {
        let mut at = base.clone();
        laws.iter().for_each(|law| at.set(law.variable, law.value(uniform(ask.worlds.seed, law.variable, world)), ""));
        derive_unexplained(blueprint, &at).ok().map(|demand| Months::of(blueprint, &demand))
    };
    let found: Vec<Option<Months>> =
        (0..ask.worlds.count.min(MOST_WORLDS)).into_par_iter().with_min_len(32).map(world).collect();
    found.into_iter().flatten().collect()
}

/// Demand and cost of each month over the worlds; nothing for each month without them.
fn spreads(
    sizer: &Sizer<'_>,
    demand: &Demand,
    worlds: &[Months],
    horizon: u32,
    market: Market<'_>,
) -> Vec<Option<MonthSpread>> {
    if worlds.is_empty() {
        return vec![None; horizon as usize + 1];
    }
    let mut points: BTreeMap<Loads, u32> = BTreeMap::new();
    for month in 0..=horizon {
        worlds.iter().for_each(|world| *points.entry(world.at(month).counted()).or_default() += 1);
    }
    let keep = points.keys().next().copied().unwrap_or_default();
    let menu = Menu::of(sizer, Grid::of(sizer, &points, keep, MOST_PLANS), &points, market);
    let load = told(demand);
    let spread = |month: u32| {
        let mut values: Vec<u64> = worlds.iter().map(|world| world.at(month).get(load)).collect();
        values.sort_unstable();
        let show = |percent| percentile(&values, percent).map(|value| load.brief(value)).unwrap_or_default();
        // Where no machines hold the demand, the dearest plan is the least that it costs.
        let cost = |world: &Months| {
            let plan = menu.best(&world.at(month).counted()).and_then(|plan| menu.plans.get(plan));
            plan.or(menu.plans.last()).map_or(0, |plan| plan.cents)
        };
        let mut costs: Vec<u64> = worlds.iter().map(cost).collect();
        costs.sort_unstable();
        let usd = |percent| Usd(percentile(&costs, percent).unwrap_or_default());
        Some(MonthSpread {
            demand: TextSpread { p5: show(5), p50: show(50), p95: show(95) },
            monthly_usd: UsdSpread { p5: usd(5), p50: usd(50), p95: usd(95) },
        })
    };
    (0..=horizon).map(spread).collect()
}
