//! The sizes of all services that are worth trying, each with its machines and what they cost.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::grid::{Grid, Place};
use crate::blueprint::tier::Environment;
use crate::catalog::Catalog;
use crate::error::{Code, Error, Problem, Result};
use crate::size::clouds::{CloudChoice, CloudPlan, Known, briefly};
use crate::size::component::{Bottleneck, Resources};
use crate::size::placement::Host;
use crate::size::services::ServiceSize;
use crate::size::services::load::{Loads, Sizer};

/// Sizes of all services for certain loads.
#[derive(Debug, Clone)]
pub struct Sized {
    /// The loads.
    pub loads: Loads,
    /// The services.
    pub services: Vec<ServiceSize>,
    /// Cost a month of the chosen clouds, in cents.
    pub cents: u64,
    /// What each service's part of the machines and its disks cost of that, in cents.
    pub parts: Vec<u64>,
    /// Machines.
    pub machines: u64,
}

/// All that is worth trying.
#[derive(Debug)]
pub struct Menu {
    /// Where the loads make a difference.
    pub grid: Grid,
    /// What is worth trying, cheapest first.
    pub plans: Vec<Sized>,
    /// The place of each of them.
    pub places: Vec<Place>,
    /// For each place its own plan; none where no machines hold it.
    own: BTreeMap<Place, Option<usize>>,
    /// For each place the cheapest plan that bears it; none where nothing does.
    best: BTreeMap<Place, Option<usize>>,
}

/// Where and for what machines are taken.
#[derive(Debug, Clone, Copy)]
pub struct Market<'a> {
    /// Development or production.
    pub environment: Environment,
    /// Which machines and prices the user wants.
    pub choice: &'a CloudChoice,
    /// The machines and prices.
    pub catalog: &'a Catalog,
    /// What was placed before.
    pub known: &'a Known,
}

impl Menu {
    /// Sizes and prices each place of a grid that occurs.
    pub fn of(sizer: &Sizer<'_>, grid: Grid, points: &BTreeMap<Loads, u32>, market: Market<'_>) -> Self {
        let places: Vec<Place> = grid.places(points).into_iter().collect();
        let priced: Vec<Option<Sized>> =
            places.par_iter().map(|place| price(sizer, grid.loads(place), market).ok()).collect();
        let mut found: Vec<(Place, Sized)> =
            places.iter().copied().zip(priced).filter_map(|(place, plan)| Some((place, plan?))).collect();
        // Of plans that cost the same, the one that bears more.
        found.sort_by_key(|(place, plan)| (plan.cents, std::cmp::Reverse(*place)));
        let bears = |plan: &Place, place: &Place| plan.iter().zip(place).all(|(plan, place)| plan >= place);
        let own = |place: &Place| found.iter().position(|(plan, _)| plan == place);
        let best = |place: &Place| found.iter().position(|(plan, _)| bears(plan, place));
        Self {
            own: places.iter().map(|place| (*place, own(place))).collect(),
            best: places.iter().map(|place| (*place, best(place))).collect(),
            places: found.iter().map(|(place, _)| *place).collect(),
            plans: found.into_iter().map(|(_, plan)| plan).collect(),
            grid,
        }
    }

    /// The plan that is made for these loads, as a place in `plans`.
    pub fn own(&self, loads: &Loads) -> Option<usize> {
        self.own.get(&self.grid.place(loads)).copied().flatten()
    }

    /// The cheapest plan that bears these loads; none when no machines hold what it takes.
    pub fn best(&self, loads: &Loads) -> Option<usize> {
        self.best.get(&self.grid.place(loads)).copied().flatten()
    }
}

/// Sizes all services for these loads and puts them on machines.
///
/// # Errors
/// When no machines hold them, or more would be needed than are allowed.
pub fn price(sizer: &Sizer<'_>, loads: Loads, market: Market<'_>) -> Result<Sized> {
    let services = sizer.all(&loads);
    let Market { environment, choice, catalog, known } = market;
    let clouds = briefly(sizer.blueprint(), &services, environment, choice, catalog, known)?;
    let chosen: Vec<&CloudPlan> = clouds.iter().filter(|cloud| cloud.chosen).collect();
    if chosen.is_empty() {
        return Err(Error::from(Problem::new(Code::NoMachine, "no cloud was chosen")));
    }
    let parts = services.iter().map(|service| part_of(service, &chosen)).collect();
    let hosts = chosen.iter().flat_map(|cloud| &cloud.placement.hosts);
    Ok(Sized {
        loads,
        cents: chosen.iter().fold(0, |sum, cloud| sum.saturating_add(cloud.monthly_usd.0)),
        parts,
        machines: hosts.map(|host| u64::from(host.count)).sum(),
        services,
    })
}

/// What a service costs of the whole: its part of each machine, and its own disks.
fn part_of(service: &ServiceSize, clouds: &[&CloudPlan]) -> u64 {
    let disks = format!("disks of {} ", service.service);
    let mut sum = 0u64;
    for cloud in clouds {
        let lines = cloud.lines.iter().filter(|line| line.what.starts_with(&disks)).filter_map(|line| line.monthly_usd);
        sum = lines.fold(sum, |sum, usd| sum.saturating_add(usd.0));
        for host in &cloud.placement.hosts {
            sum = sum.saturating_add(part_of_host(service, host));
        }
    }
    sum
}

/// The part of what runs out first on the machine, since that is what makes it as large as it is.
fn part_of_host(service: &ServiceSize, host: &Host) -> u64 {
    let held = host.holds.iter().find(|(lot, _)| *lot == service.service);
    let copies = held.map_or(0, |(_, copies)| u128::from(*copies));
    let amount = |of: &Resources| match host.tightest {
        Bottleneck::Memory => of.memory.0,
        Bottleneck::Gpu | Bottleneck::GpuMemory => of.gpu_memory.0,
        _ => of.cpu.0,
    };
    let (own, all) = (u128::from(amount(&service.each)) * copies, u128::from(amount(&host.used)));
    let part = u128::from(host.monthly_usd.0) * own.min(all) / all.max(1);
    u64::try_from(part).unwrap_or(u64::MAX)
}
