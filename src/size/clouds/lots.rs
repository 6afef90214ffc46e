//! What is placed: services of a blueprint without tiers, and servers of a set.

use crate::blueprint::tier::Environment;
use crate::catalog::Purchase;
use crate::size::component::Resources;
use crate::size::placement::{Lot, Rules, Spread};
use crate::size::plan::{ServerPlan, ServicePlan};
use crate::size::services::{SYSTEM_MEMORY, ServiceSize, keeps_data};
use crate::units::{Bytes, Cores};

/// Zones that copies are spread over in production. Every region of the catalogue has at least three.
const ZONES: u32 = 3;

/// How many runner-up plans are wanted.
const RUNNERS_UP: usize = 2;

/// A lot of a service; no machine is fixed yet.
pub(super) fn of_service(service: &ServiceSize, environment: Environment) -> Lot {
    let production = environment == Environment::Prod;
    Lot {
        name: service.service.clone(),
        role: service.role.clone(),
        copies: service.instances,
        each: service.each,
        arch: service.arch.clone(),
        spread: if production && service.instances > 1 { Spread::Zones } else { Spread::None },
        steady: production && keeps_data(service.kind),
        machine: None,
    }
}

/// A lot of a server of a set. Servers hold stores and what is busy all day, so throttled machines do not do. What the
/// source says nothing of is what its services take.
pub(super) fn of_server(server: &ServerPlan, environment: Environment) -> Lot {
    let services = || server.services.iter();
    let all = |of: fn(&ServicePlan) -> u64| {
        services().map(|service| of(service).saturating_mul(service.replicas.into())).fold(0, u64::saturating_add)
    };
    let cpu = server.cpu.unwrap_or_else(|| Cores(all(|service| service.cpu.0)));
    let memory =
        server.memory.unwrap_or_else(|| Bytes(all(|service| service.memory.0).saturating_add(SYSTEM_MEMORY.0)));
    let disk = server.disks.iter().map(|disk| disk.size.0).fold(0, u64::saturating_add);
    Lot {
        name: server.name.clone(),
        role: server.name.clone(),
        copies: server.count,
        each: Resources { cpu, memory, disk: Bytes(disk), gpu_memory: Bytes(0) },
        arch: Vec::new(),
        spread: if environment == Environment::Prod { Spread::Zones } else { Spread::None },
        steady: environment == Environment::Prod,
        machine: None,
    }
}

/// The rules of an environment: in development everything may share a machine of one zone.
pub(super) fn rules(
    environment: Environment,
    separate_roles: bool,
    purchase: Purchase,
    max_machines: Option<u32>,
    system_memory: Bytes,
) -> Rules {
    let zones = if environment == Environment::Prod { ZONES } else { 1 };
    Rules { separate_roles, max_machines, zones, purchase, system_memory, runners_up: RUNNERS_UP }
}
