//! Possible worlds of an application that is sized service by service.
//!
//! A size of a service is a step function of the loads that it depends on, so only the steps are sized; machines are
//! looked for once for every plan that is worth trying, and a world only looks up its place.

mod grid;
mod label;
mod menu;

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::draw::{Law, uniform};
use super::model::{Candidate, Gauge, Model, Shape, Show};
use crate::blueprint::service::Service;
use crate::demand::{Ask, Demand, derive_unexplained};
use crate::error::Result;
use crate::size::services::load::{Bare, Loads, Sizer};
pub use grid::{Chain, Grid, Place};
pub use label::{Differs, labels};
pub use menu::{Market, Menu, Sized, price};

/// Most plans that are priced, and most of them that are tried in every world.
const MOST_PLANS: usize = 512;
const MOST_TRIED: usize = 64;

/// Services on machines as a way of sizing.
pub struct Services<'a, 's> {
    sizer: &'s Sizer<'a>,
    menu: Menu,
    labels: Vec<String>,
    /// Which plans are tried in every world.
    tried: Vec<bool>,
    /// Service and load of each gauge, as places.
    gauges: Vec<(usize, usize)>,
    middle: u32,
}

/// The loads of the worlds of an ask, counted to three digits, each with how often it occurs. Worlds that cannot be are
/// left out.
pub fn loads_of_worlds(sizer: &Sizer<'_>, ask: &Ask) -> BTreeMap<Loads, u32> {
    let laws: Vec<Law> = ask.ranges.iter().map(Law::of).collect();
    let base = ask.clone().unexplained();
    let empty = || (base.clone(), BTreeMap::<Loads, u32>::new());
    let draw = |(mut world_ask, mut found): (Ask, BTreeMap<Loads, u32>), world: u32| {
        for law in &laws {
            world_ask.set(law.variable, law.value(uniform(ask.worlds.seed, law.variable, world)), "");
        }
        if let Ok(demand) = derive_unexplained(sizer.blueprint(), &world_ask) {
            *found.entry(Loads::planned(sizer.blueprint(), &demand).counted()).or_default() += 1;
        }
        (world_ask, found)
    };
    let join = |mut all: BTreeMap<Loads, u32>, more: BTreeMap<Loads, u32>| {
        more.into_iter().for_each(|(loads, count)| *all.entry(loads).or_default() += count);
        all
    };
    let parts = (0..ask.worlds.count).into_par_iter().with_min_len(256).fold(empty, draw).map(|(_, found)| found);
    parts.reduce(BTreeMap::new, join)
}

impl<'a, 's> Services<'a, 's> {
    /// For the worlds of an ask and the demand in the middle of its ranges.
    ///
    /// # Errors
    /// When no machines hold the plan for the middle.
    pub fn new(sizer: &'s Sizer<'a>, ask: &Ask, demand: &Demand, market: Market<'_>) -> Result<Self> {
        let points = loads_of_worlds(sizer, ask);
        let keep = Loads::planned(sizer.blueprint(), demand).counted();
        let menu = Menu::of(sizer, Grid::of(sizer, &points, keep, MOST_PLANS), &points, market);
        let middle = match menu.own(&keep) {
            Some(middle) => middle as u32,
            // It failed once, and says now why.
            None => return Err(price(sizer, keep, market).err().unwrap_or_else(unplaced)),
        };
        let plans: Vec<&[_]> = menu.plans.iter().map(|plan| plan.services.as_slice()).collect();
        let labels = labels(&plans);
        let mut gauges: Vec<(usize, usize)> = Vec::new();
        for (at, chain) in menu.grid.chains.iter().enumerate() {
            gauges.extend(chain.services.iter().map(|service| (*service, at)));
        }
        gauges.sort_unstable();
        let tried = menu.grid.coarse(&menu.places, MOST_TRIED);
        Ok(Self { sizer, menu, labels, tried, gauges, middle })
    }

    /// The plan for the middle of all ranges.
    pub fn middle(&self) -> u32 {
        self.middle
    }

    /// A plan, as it is told.
    pub fn candidate(&self, key: u32) -> Candidate {
        self.plan(&key)
    }

    /// The loads that a plan is made for.
    pub fn loads(&self, key: u32) -> Loads {
        self.menu.plans.get(key as usize).map(|plan| plan.loads).unwrap_or_default()
    }

    fn service(&self, at: usize) -> Option<(&'a String, &'a Service)> {
        self.sizer.blueprint().services.get_index(at)
    }

    /// The sizes that a service has along a load, each with the most that it bears.
    fn sizes(&self, gauge: (usize, usize)) -> Vec<(u64, &Bare)> {
        let (service, chain) = (gauge.0, &self.menu.grid.chains[gauge.1]);
        let Some(at) = chain.services.iter().position(|other| *other == service) else { return Vec::new() };
        chain.ends.iter().copied().zip(chain.sizes.iter().map(|sizes| &sizes[at])).collect()
    }

    /// The most of a load that the size of a service bears: its own step, and those after it that need no more.
    fn capacity(&self, plan: &Sized, gauge: (usize, usize)) -> u64 {
        let chain = &self.menu.grid.chains[gauge.1];
        let step = chain.step(plan.loads.get(chain.load));
        let size = plan.services.get(gauge.0).map(Bare::of);
        let sizes = self.sizes(gauge);
        let after = sizes.iter().skip(step + 1);
        let borne = after.take_while(|(_, need)| size.as_ref().is_some_and(|size| size.holds(need)));
        borne.last().or(sizes.get(step)).map_or(0, |(most, _)| *most)
    }
}

fn unplaced() -> crate::error::Error {
    crate::error::Problem::new(crate::error::Code::Internal, "the plan for the middle of the ranges was not placed")
        .into()
}

impl Model for Services<'_, '_> {
    type Key = u32;

    fn gauges(&self) -> Vec<Gauge> {
        let gauge = |gauge: &(usize, usize)| {
            let sizes = self.sizes(*gauge);
            let differs = Differs::among(sizes.iter().map(|(_, size)| *size));
            let (name, service) = self.service(gauge.0)?;
            Some(Gauge {
                service: name.clone(),
                what: differs.what(self.menu.grid.chains[gauge.1].load),
                of: differs.kind(service.kind),
                show: Show::Size(sizes.iter().map(|(most, size)| (*most, differs.size(size))).collect()),
            })
        };
        self.gauges.iter().filter_map(gauge).collect()
    }

    fn world(&self, ask: &Ask, needs: &mut [u64]) -> Result<Shape<u32>> {
        let demand = derive_unexplained(self.sizer.blueprint(), ask)?;
        let loads = Loads::planned(self.sizer.blueprint(), &demand).counted();
        for (need, (_, chain)) in needs.iter_mut().zip(&self.gauges) {
            *need = loads.0[*chain];
        }
        let best = self.menu.best(&loads);
        // Where no machines hold what is needed, the dearest plan is the most that there is.
        let key = best.unwrap_or(self.menu.plans.len().saturating_sub(1));
        Ok(Shape { key: key as u32, beyond: best.is_none() })
    }

    fn tried(&self, key: &u32) -> bool {
        self.tried.get(*key as usize).copied().unwrap_or_default()
    }

    fn plan(&self, key: &u32) -> Candidate {
        let plan = &self.menu.plans[*key as usize];
        let because = |(service, _): &(usize, usize)| {
            let size = &plan.services[*service];
            let each = crate::size::services::reckon::show(&size.each);
            format!("{} x {each}: {}", size.instances, size.because)
        };
        Candidate {
            tier: self.labels[*key as usize].clone(),
            set: None,
            cents: plan.cents,
            capacities: self.gauges.iter().map(|gauge| Some(self.capacity(plan, *gauge))).collect(),
            prices: self.gauges.iter().map(|(service, _)| plan.parts[*service]).collect(),
            because: self.gauges.iter().map(because).collect(),
        }
    }
}
