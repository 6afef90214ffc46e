//! Services without a tier table: each kind on machines of its own, designed as the servers of a tier are.

use std::collections::BTreeSet;

use super::assemble;
use super::scene::Scene;
use super::topology::{Address, Published, Stack, Topology, Variable};
use super::topology_names::PRIVATE_ADDRESS;
use crate::blueprint::Blueprint;
use crate::blueprint::service::Service;
use crate::blueprint::tier::{Bounds, CountRange, Extent, Platform};
use crate::error::{Code, Problem, Result};
use crate::size::plan::{Plan, ServerPlan, ServicePlan, TierChoice};
use crate::size::services::{SYSTEM_MEMORY, ServiceSize};

/// What stands for a tier where there is none.
const WITHOUT_TIER: &str = "services";

/// Decides what is deployed for services that are sized one by one: a stack for each of those named, with as many servers
/// as it has instances. Those of `fronts` are called by a load balancer, and publish their first port for it.
///
/// All of them run in containers: a machine that does nothing else runs one database as well as a container as on its
/// host, and is made anew in the same way as every other.
///
/// # Errors
/// As [`super::build`]; and when no service is named that has a size.
pub fn build_services(
    blueprint: &Blueprint,
    plan: &Plan,
    services: &BTreeSet<String>,
    fronts: &BTreeSet<String>,
    deployment: &str,
) -> Result<Topology> {
    let blueprint = in_containers(blueprint, services);
    let named = |size: &&ServiceSize| services.contains(&size.service);
    let sizes: Vec<&ServiceSize> = plan.services.iter().filter(named).collect();
    if sizes.is_empty() {
        let what = format!("nothing of the blueprint `{}` is placed on this cloud", blueprint.name);
        return Err(Problem::new(Code::NotRendered, what).hint("name another cloud: --cloud").into());
    }
    let servers = sizes.iter().filter_map(|size| Some(server(size, blueprint.services.get(&size.service)?)));
    let plan = Plan { servers: servers.collect(), ..plan.clone() };
    let tier = tier(&blueprint);
    let scene = Scene::new(&blueprint, &plan, &tier, deployment)?;
    let mut topology = assemble(&scene)?;
    topology.rows = sizes.iter().map(|size| size.because.clone()).filter(|row| !row.is_empty()).collect();
    topology.rows.dedup();
    for stack in topology.stacks.iter_mut().filter(|stack| fronts.contains(&stack.name)) {
        publish(&blueprint, stack);
    }
    Ok(topology)
}

/// The blueprint with every named service in a container.
fn in_containers(blueprint: &Blueprint, services: &BTreeSet<String>) -> Blueprint {
    let mut blueprint = blueprint.clone();
    for (_, service) in blueprint.services.iter_mut().filter(|(name, _)| services.contains(*name)) {
        service.runtime = None;
    }
    blueprint
}

fn server(size: &ServiceSize, service: &Service) -> ServerPlan {
    let share = ServicePlan {
        service: size.service.clone(),
        kind: size.kind,
        replicas: 1,
        cpu: size.each.cpu,
        cpu_reserved: size.each.cpu,
        memory: size.each.memory,
        memory_reserved: size.each.memory,
        disk: Some(size.each.disk).filter(|disk| disk.0 > 0),
        ports: service.ports.iter().map(|port| port.port).collect(),
        settings: size.settings.clone(),
        because: size.because.clone(),
    };
    ServerPlan {
        name: size.service.clone(),
        title: service.title.clone(),
        count: size.instances,
        count_max: None,
        cpu: Some(size.each.cpu),
        memory: Some(size.each.memory),
        memory_max: None,
        system_memory: SYSTEM_MEMORY,
        disks: Vec::new(),
        network: None,
        storage_host: false,
        services: vec![share],
        because: size.because.clone(),
    }
}

fn tier(blueprint: &Blueprint) -> TierChoice {
    TierChoice {
        id: WITHOUT_TIER.to_owned(),
        name: WITHOUT_TIER.to_owned(),
        title: blueprint.title.clone(),
        platform: Platform::Compose,
        drivers: Vec::new(),
        forced: false,
        high_availability: Extent::Partly,
        auto_scaling: Extent::Partly,
        up_to: Bounds::default(),
        servers: CountRange::default(),
        cpu: None,
        memory: None,
        storage: None,
        when: String::new(),
        complexity: String::new(),
    }
}

/// Publishes the first port of each unit on the private address, where it is not yet.
fn publish(blueprint: &Blueprint, stack: &mut Stack) {
    for unit in &mut stack.units {
        let first = blueprint.services.get(&unit.service).and_then(|service| service.ports.first());
        let Some(port) = first.filter(|_| unit.published.is_empty()) else { continue };
        let host = port.host_port.unwrap_or(port.port);
        unit.published.push(Published { on: Address::Private, host, container: port.port });
    }
    if stack.variables.iter().all(|variable| variable.name != PRIVATE_ADDRESS) {
        stack.variables.push(Variable {
            name: PRIVATE_ADDRESS.to_owned(),
            means: "address of this server on the private network".to_owned(),
            example: "10.0.0.11".to_owned(),
            outside_compose: false,
        });
        stack.variables.sort_by(|a, b| a.name.cmp(&b.name));
    }
}
