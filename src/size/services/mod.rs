//! Services of a blueprint without a tier table: how many instances of each, and what each of them takes.
//!
//! Each service gets the larger of what its source states (`needs`), what its heap settings make of it, what the model
//! of its family makes of the demand, and what load tests, scale-out rows and playbooks say of the concurrent users.

mod bands;
mod evidence;
mod family;
mod heaps;
mod language;
pub mod load;
mod measured;
pub mod reckon;
mod stated;
mod stores;
mod tested;
pub mod types;
mod users;

pub use bands::SYSTEM_MEMORY;
pub(super) use family::DIMS;
pub use types::{Finding, ServiceSize, Topic};

use super::component::{Need, Reckoning};
use super::plan::Warning;
use crate::blueprint::Blueprint;
use crate::blueprint::platform::Provider;
use crate::blueprint::service::{Arch, Kind, Runtime, Service};
use crate::blueprint::tier::Environment;
use crate::catalog::{Catalog, Machine};
use crate::demand::{Demand, Requirement};
use crate::error::Result;
use measured::Measured;
use reckon::{larger, reckon};

/// The services of a blueprint, sized.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sizing {
    /// The services, in the order of the blueprint.
    pub services: Vec<ServiceSize>,
    /// What the evidence says at this load.
    pub findings: Vec<Finding>,
    /// What must be known beside the figures.
    pub warnings: Vec<Warning>,
    /// How the concurrent users and their capacity were reckoned.
    pub why: Vec<Reckoning>,
}

/// What the sizes of all services are made from.
pub(super) struct Facts<'a> {
    pub blueprint: &'a Blueprint,
    pub demand: &'a Demand,
    pub catalog: &'a Catalog,
    /// Concurrent users planned for, when anything says them.
    pub users: Option<u64>,
    measured: Option<&'a Measured<'a>>,
    /// The provider and region that the user named.
    pub named: Option<(Provider, String)>,
}

impl Facts<'_> {
    /// What it is for.
    pub fn environment(&self) -> Environment {
        self.demand.environment.value
    }

    /// The provider and region that a service is meant for: the one the user named, else the blueprint's, else the usual one.
    pub fn place(&self, service: &Service) -> (Provider, String) {
        let own = service.placement.as_ref().and_then(|placement| self.blueprint.clouds.get(&placement.cloud));
        let own = own.map(|cloud| (cloud.provider, cloud.region.clone()));
        self.named.clone().or(own).unwrap_or_else(|| (Provider::Aws, "us-east-1".to_owned()))
    }

    /// A machine of the catalogue by its name, in whatever region: its cores and memory are the same in all of them.
    pub fn machine(&self, name: &str) -> Option<Machine> {
        let regions = self.catalog.regions();
        regions.iter().find_map(|(provider, region)| self.catalog.machine(*provider, region, name)).cloned()
    }
}

/// Sizes every service of a blueprint.
///
/// # Errors
/// When the demand names a mix that no load test has.
pub fn size(
    blueprint: &Blueprint,
    demand: &Demand,
    named: Option<(Provider, String)>,
    catalog: &Catalog,
) -> Result<Sizing> {
    let users = users::planned(blueprint, demand);
    let measured = measured::measured(blueprint, demand)?;
    let facts = Facts {
        blueprint,
        demand,
        catalog,
        users: users.as_ref().map(|users| users.count),
        measured: measured.as_ref(),
        named,
    };
    let mut sizing = Sizing::default();
    for (name, service) in &blueprint.services {
        let (one, warnings) = service_size(&facts, name, service);
        sizing.services.push(one);
        sizing.warnings.extend(warnings);
    }
    if let Some(users) = users {
        sizing.findings.extend(users.findings);
        sizing.why.extend(users.why);
    }
    sizing.why.extend(facts.measured.iter().flat_map(|measured| measured.why.clone()));
    sizing.findings.extend(evidence::findings(&facts, &sizing.services));
    sizing.warnings.extend(evidence::warnings(&facts, &sizing.services));
    Ok(sizing)
}

/// What the services must bear together, and what was measured of one instance of each that took part in the load tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearing {
    /// Concurrent users planned for.
    pub users: u64,
    /// Concurrent users that one instance bears.
    pub each: u64,
    /// The services that took part.
    pub services: Vec<String>,
    /// The load test.
    pub source: String,
}

/// What must be borne and what one instance bears, where both are known.
///
/// # Errors
/// When the demand names a mix that no load test has.
pub fn bearing(blueprint: &Blueprint, demand: &Demand) -> Result<Option<Bearing>> {
    let (Some(users), Some(measured)) = (users::planned(blueprint, demand), measured::measured(blueprint, demand)?)
    else {
        return Ok(None);
    };
    let Some(test) = measured.borne.or(measured.broken.as_ref().map(|(test, _)| *test)) else { return Ok(None) };
    Ok(Some(Bearing {
        users: users.count,
        each: measured.users,
        services: test.machines.keys().cloned().collect(),
        source: test.id.clone(),
    }))
}

/// Whether a blueprint says enough to size its services from.
pub fn says_enough(blueprint: &Blueprint) -> bool {
    blueprint.services.values().any(|service| service.needs.is_some()) || !blueprint.load_tests.is_empty() || {
        let heaps = |service: &Service| heaps::has_heap(service);
        blueprint.services.values().any(heaps)
    }
}

fn service_size(facts: &Facts<'_>, name: &str, service: &Service) -> (ServiceSize, Vec<Warning>) {
    let mut need = Need { instances: 1, ..Need::default() };
    let mut because: Vec<String> = Vec::new();
    let mut machine = service.placement.as_ref().and_then(|placement| placement.machine.clone());
    let (by_bands, pinned) = tested::bands(facts, name, service.kind).unzip();
    machine = pinned.flatten().or(machine);
    let parts = [
        stated::need(service).map(|need| (need, service.needs.as_ref().and_then(|needs| needs.source.clone()))),
        family::need(facts, name, service).map(|need| (need, None)),
        tested::need(facts, name, service.kind).map(|(need, test)| (need, Some(test))),
        by_bands.map(|need: Need| (need, None)),
    ];
    for (part, source) in parts.into_iter().flatten() {
        let source = source.or_else(|| part.why.last().map(|why| why.source.clone())).unwrap_or_default();
        let merged = larger(need.clone(), part);
        if (merged.instances, merged.each) != (need.instances, need.each) {
            because.push(source);
        }
        need = merged;
    }
    let warnings = std::mem::take(&mut need.warnings);
    if facts.environment() == Environment::Dev && need.instances > 1 {
        need.why.push(reckon(
            "instances",
            "1".to_owned(),
            "one copy of each in development",
            &[],
            "ruling of this program",
        ));
        need.instances = 1;
        because = vec!["one copy of each in development".to_owned()];
    } else if facts.demand.require.iter().any(|required| required.value == Requirement::Ha) && need.instances < 2 {
        need.why.push(reckon("instances", "2".to_owned(), "one goes on when the other fails", &[], "--require ha"));
        need.instances = 2;
        because = vec!["high availability was required".to_owned()];
    }
    let size = ServiceSize {
        service: name.to_owned(),
        kind: service.kind,
        role: service.placement.as_ref().map_or_else(|| name.to_owned(), |placement| placement.role.clone()),
        cloud: service.placement.as_ref().map(|placement| placement.cloud.clone()),
        runtime: runtime(service, facts.environment()),
        instances: need.instances,
        each: need.each,
        arch: arch(service),
        machine,
        because: because.join("; "),
        settings: need.settings,
        why: need.why,
    };
    (size, warnings)
}

/// Where a service runs: in a container unless the blueprint says otherwise for this environment.
fn runtime(service: &Service, environment: Environment) -> Runtime {
    service.runtime.as_ref().map_or(Runtime::Container, |choice| match environment {
        Environment::Dev => choice.dev,
        Environment::Prod => choice.prod,
    })
}

/// Architectures of the image, or of the image that an own one is built on.
fn arch(service: &Service) -> Vec<Arch> {
    let base = || service.build.as_ref().and_then(|build| build.base.as_ref());
    service.image.as_ref().or_else(base).map(|image| image.arch.clone()).unwrap_or_default()
}

/// Whether a service keeps data, so that it must run on steady machines and its copies are not all alike.
pub fn keeps_data(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Vectors
            | Kind::Search
            | Kind::Graph
            | Kind::Sql
            | Kind::Document
            | Kind::Cache
            | Kind::Objects
            | Kind::Coordination
    )
}
