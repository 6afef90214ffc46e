//! What runs where: the stacks as machines with roles, and what takes their requests in.

use std::collections::BTreeSet;

use super::options::{MachineChoice, Options};
use super::{calls, places};
use crate::blueprint::Blueprint;
use crate::blueprint::platform::{Cloud, Provider};
use crate::design;
use crate::design::topology::{Published, Stack, Topology};
use crate::design::topology_names::hosts_variable;
use crate::error::{Code, Error, Problem, Result};
use crate::size::plan::{Plan, ServerPlan};
use crate::units::Bytes;

/// The role of the load balancer.
pub(super) const BALANCER: &str = "alb";
/// The role of what translates addresses.
pub(super) const NAT: &str = "nat";

/// Everything that the wanted state is made from.
pub(super) struct Layout<'a> {
    pub blueprint: &'a Blueprint,
    pub plan: &'a Plan,
    pub options: &'a Options,
    pub topology: Topology,
    /// A server for each stack, in the same order.
    pub servers: Vec<Server>,
    /// Roles with their subnets.
    pub places: Vec<places::Place>,
    /// Who calls whom.
    pub calls: Vec<calls::Call>,
}

/// The machines of a stack.
#[derive(Debug, Clone)]
pub(super) struct Server {
    /// Name of the stack.
    pub stack: String,
    /// Its role.
    pub role: String,
    /// Whether it keeps nothing, so that it is a group of machines.
    pub is_fleet: bool,
    /// What the load balancer calls, when it calls it.
    pub front: Option<Front>,
    /// The disk with its data, when it keeps any.
    pub disk: Option<DataDisk>,
    /// How many of them the size has.
    pub count: u32,
    /// The machine.
    pub machine: MachineChoice,
}

/// What the load balancer calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Front {
    /// Port on the server.
    pub port: u16,
    /// `HTTP` or `HTTPS`.
    pub protocol: &'static str,
    /// Service of the blueprint that answers there.
    pub service: String,
    /// Path that says that it works, where the blueprint names one.
    pub path: Option<String>,
}

/// A disk with data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DataDisk {
    /// Its size.
    pub size: Bytes,
    /// Folder where it is mounted.
    pub mount: String,
}

/// Size of a data disk where nothing says how much is kept; an assumption.
const UNKNOWN_DISK: Bytes = Bytes::gib(20);
/// Folder of data where the blueprint names none.
pub(super) const DATA: &str = "/var/lib/rapplan/data";

impl<'a> Layout<'a> {
    pub(super) fn new(blueprint: &'a Blueprint, plan: &'a Plan, options: &'a Options) -> Result<Self> {
        let mut topology = topology(blueprint, plan, options)?;
        let servers = servers(blueprint, plan, options, &mut topology)?;
        let calls = calls::of(blueprint, &topology, &servers)?;
        let places = places::of(&servers, options)?;
        Ok(Self { blueprint, plan, options, topology, servers, places, calls })
    }

    /// The stack of a server.
    pub(super) fn stack(&self, server: &Server) -> Option<&Stack> {
        self.topology.stack(&server.stack)
    }

    /// The place of a role.
    pub(super) fn place(&self, role: &str) -> Option<&places::Place> {
        self.places.iter().find(|place| place.role == role)
    }

    /// Whether anything is called by the load balancer.
    pub(super) fn has_balancer(&self) -> bool {
        self.servers.iter().any(|server| server.front.is_some())
    }
}

/// The part of the blueprint that is on AWS, where it names clouds of its own.
pub(super) fn cloud(blueprint: &Blueprint) -> Option<(&String, &Cloud)> {
    blueprint.clouds.iter().find(|(_, cloud)| cloud.provider == Provider::Aws)
}

fn topology(blueprint: &Blueprint, plan: &Plan, options: &Options) -> Result<Topology> {
    if plan.tier.is_some() {
        let blueprint = with_own_disks(blueprint, plan);
        return design::build(&blueprint, plan, &options.deployment);
    }
    let own = cloud(blueprint);
    let here = |size: &&crate::size::services::ServiceSize| match (&size.cloud, own) {
        (Some(cloud), Some((name, _))) => cloud == name,
        (Some(_), None) => false,
        (None, _) => true,
    };
    let services: BTreeSet<String> = plan.services.iter().filter(here).map(|size| size.service.clone()).collect();
    let fronts = services.iter().filter(|service| admits_balancer(blueprint, service)).cloned().collect();
    design::build_services(blueprint, plan, &services, &fronts, &options.deployment)
}

/// Areas that should not be on network storage, put on the disk of the only server that uses them where it has one for data.
fn with_own_disks(blueprint: &Blueprint, plan: &Plan) -> Blueprint {
    let mut blueprint = blueprint.clone();
    let Some(storage) = &mut blueprint.storage else { return blueprint };
    let services = &blueprint.services;
    let uses = |server: &ServerPlan, area: &str| {
        let of = server.services.iter().filter_map(|share| services.get(&share.service));
        of.flat_map(|service| &service.volumes).any(|usage| usage.area.as_deref() == Some(area))
    };
    for (name, area) in storage.areas.iter_mut().filter(|(_, area)| area.local_advised.is_some()) {
        let users: Vec<&ServerPlan> = plan.servers.iter().filter(|server| uses(server, name)).collect();
        if let [only] = users.as_slice() {
            area.local |= !only.storage_host && only.disks.iter().any(|disk| disk.purpose == "database");
        }
    }
    blueprint
}

/// Whether the role of a service lets the load balancer call it.
fn admits_balancer(blueprint: &Blueprint, service: &str) -> bool {
    let placement = blueprint.services.get(service).and_then(|service| service.placement.as_ref());
    let role = placement.map(|placement| placement.role.as_str());
    let subnet = role.and_then(|role| cloud(blueprint)?.1.private.get(role));
    subnet.is_some_and(|subnet| subnet.admits.iter().any(|caller| caller == BALANCER))
}

fn servers(blueprint: &Blueprint, plan: &Plan, options: &Options, topology: &mut Topology) -> Result<Vec<Server>> {
    let mut problems = Vec::new();
    let mut servers = Vec::new();
    for stack in &topology.stacks {
        let front = front(blueprint, topology, stack);
        let keeps = !stack.volumes.is_empty() || stack.storage_host || stack.mounts_storage;
        let is_fleet = !keeps && front.is_some();
        let Some(machine) = options.machines.get(&stack.name) else {
            problems.push(no_machine(&stack.name));
            continue;
        };
        servers.push(Server {
            stack: stack.name.clone(),
            role: role(blueprint, stack),
            is_fleet,
            front,
            disk: keeps.then(|| disk(blueprint, plan, stack)),
            count: stack.count,
            machine: machine.clone(),
        });
    }
    Error::check(problems)?;
    for (stack, server) in topology.stacks.iter_mut().zip(&servers) {
        // What Docker would keep on the system's disk is kept on the one with data.
        for volume in stack.volumes.iter_mut().filter(|volume| volume.path.is_none()) {
            let mount = server.disk.as_ref().map_or(DATA, |disk| disk.mount.as_str());
            volume.path = Some(format!("{mount}/{}", volume.name));
        }
    }
    follow_the_load(topology, &servers);
    Ok(servers)
}

/// The number of machines of a group and the demand are not in what its machines are started from: they change without a
/// release. Who measures them asks for their addresses.
fn follow_the_load(topology: &mut Topology, servers: &[Server]) {
    topology.demand = "the demand of the plan".to_owned();
    for server in servers.iter().filter(|server| server.is_fleet) {
        let variables = [1, 2].map(|count| hosts_variable(&server.stack, count));
        for stack in &mut topology.stacks {
            if stack.name == server.stack {
                stack.count = 0;
            }
            stack.variables.retain(|variable| !variable.outside_compose || !variables.contains(&variable.name));
        }
    }
}

fn no_machine(stack: &str) -> Problem {
    Problem::new(Code::NoMachine, format!("no machine type of AWS is known for `{stack}`"))
        .hint("size it for AWS, so that one is picked: --cloud aws")
}

/// The role in the network: what the blueprint says, else the stack is a role of its own.
fn role(blueprint: &Blueprint, stack: &Stack) -> String {
    let services = stack.units.iter().filter_map(|unit| blueprint.services.get(&unit.service));
    let said = services.filter_map(|service| service.placement.as_ref()).map(|placement| placement.role.clone()).next();
    said.unwrap_or_else(|| stack.name.clone())
}

fn front(blueprint: &Blueprint, topology: &Topology, stack: &Stack) -> Option<Front> {
    if let Some(gateway) = topology.gateway.as_ref().filter(|gateway| gateway.stack == stack.name) {
        let unit = stack.units.iter().find(|unit| unit.name == gateway.unit)?;
        let first = gateway.upstreams.first()?.split(':').next()?;
        let behind = stack.units.iter().find(|unit| unit.name == first)?;
        return Some(Front {
            port: published(&unit.published, gateway.https_port)?,
            protocol: "HTTPS",
            service: behind.service.clone(),
            path: Some(gateway.health_path.clone()),
        });
    }
    let unit = stack.units.iter().find(|unit| admits_balancer(blueprint, &unit.service))?;
    let service = blueprint.services.get(&unit.service)?;
    Some(Front {
        port: published(&unit.published, service.ports.first()?.port)?,
        protocol: "HTTP",
        service: unit.service.clone(),
        path: service.health.as_ref().and_then(|health| health.http.clone()),
    })
}

/// The port on the server behind which a port of a container is.
pub(super) fn published(ports: &[Published], container: u16) -> Option<u16> {
    ports.iter().find(|port| port.container == container).map(|port| port.host)
}

/// Where the data of a stack is, and how much of it: the disk of the plan, else what its services take.
fn disk(blueprint: &Blueprint, plan: &Plan, stack: &Stack) -> DataDisk {
    let server = plan.servers.iter().find(|server| server.name == stack.name);
    let planned = server.and_then(|server| server.disks.first()).map(|disk| disk.size);
    let sized = plan.services.iter().find(|size| size.service == stack.name).map(|size| size.each.disk);
    let storage = blueprint.storage.as_ref();
    let mount = match storage {
        Some(storage) if stack.storage_host => storage.export.clone(),
        Some(storage) => storage.local.clone().unwrap_or_else(|| DATA.to_owned()),
        None => DATA.to_owned(),
    };
    let size = planned.or(sized).filter(|size| size.0 > 0).unwrap_or(UNKNOWN_DISK);
    DataDisk { size, mount }
}
