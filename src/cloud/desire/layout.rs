//! What runs where: the stacks as machines with roles, and what takes their requests in.

use std::collections::{BTreeMap, BTreeSet};

use super::calls;
use super::machine::MachineChoice;
use crate::blueprint::Blueprint;
use crate::blueprint::platform::{Cloud, Provider};
use crate::design;
use crate::design::topology::{Published, Stack, Topology, Unit};
use crate::design::topology_names::hosts_variable;
use crate::error::{Code, Error, Problem, Result};
use crate::size::plan::{Plan, ServerPlan};
use crate::units::Bytes;

/// The role of the load balancer.
pub(in crate::cloud) const BALANCER: &str = "alb";
/// The role of what translates addresses.
pub(in crate::cloud) const NAT: &str = "nat";

/// What a cloud brings in beside blueprint and size.
#[derive(Clone, Copy)]
pub(in crate::cloud) struct Terms<'a> {
    /// Who has it.
    pub provider: Provider,
    /// Its name for people: `AWS`.
    pub cloud: &'static str,
    /// Name of the deployment.
    pub deployment: &'a str,
    /// Images of the user's own services, by service.
    pub images: &'a BTreeMap<String, String>,
    /// Machines, by stack.
    pub machines: &'a BTreeMap<String, MachineChoice>,
    /// How many zones machines are spread over.
    pub zones: usize,
    /// Whether what keeps nothing and is called from another cloud is a group of machines as well, with an address inside
    /// the network.
    pub inner_fronts: bool,
}

/// What the wanted state is made from, on any cloud.
pub(in crate::cloud) struct Layout<'a> {
    pub blueprint: &'a Blueprint,
    pub plan: &'a Plan,
    pub terms: Terms<'a>,
    pub topology: Topology,
    /// A server for each stack, in the same order.
    pub servers: Vec<Server>,
    /// Who calls whom.
    pub calls: Vec<calls::Call>,
}

/// The machines of a stack.
#[derive(Debug, Clone)]
pub(in crate::cloud) struct Server {
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
pub(in crate::cloud) struct Front {
    /// Port on the server.
    pub port: u16,
    /// `HTTP` or `HTTPS`.
    pub protocol: &'static str,
    /// Service of the blueprint that answers there.
    pub service: String,
    /// Path that says that it works, where the blueprint names one.
    pub path: Option<String>,
    /// Whether the world reaches it.
    pub public: bool,
}

/// A disk with data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cloud) struct DataDisk {
    /// Its size.
    pub size: Bytes,
    /// Folder where it is mounted.
    pub mount: String,
}

/// Size of a data disk where nothing says how much is kept; an assumption.
const UNKNOWN_DISK: Bytes = Bytes::gib(20);
/// Folder of data where the blueprint names none.
pub(in crate::cloud) const DATA: &str = "/var/lib/rapplan/data";

impl<'a> Layout<'a> {
    pub(in crate::cloud) fn new(blueprint: &'a Blueprint, plan: &'a Plan, terms: Terms<'a>) -> Result<Self> {
        let mut topology = topology(blueprint, plan, &terms)?;
        let servers = servers(blueprint, plan, &terms, &mut topology)?;
        let calls = calls::of(blueprint, terms.provider, &topology, &servers)?;
        Ok(Self { blueprint, plan, terms, topology, servers, calls })
    }

    /// The stack of a server.
    pub(in crate::cloud) fn stack(&self, server: &Server) -> Option<&Stack> {
        self.topology.stack(&server.stack)
    }

    /// Whether anything is called by a load balancer that the world reaches.
    pub(in crate::cloud) fn has_balancer(&self) -> bool {
        self.servers.iter().any(|server| server.front.as_ref().is_some_and(|front| front.public))
    }
}

/// The part of the blueprint that is on a cloud, where it names clouds of its own.
pub(in crate::cloud) fn cloud(blueprint: &Blueprint, provider: Provider) -> Option<(&String, &Cloud)> {
    blueprint.clouds.iter().find(|(_, cloud)| cloud.provider == provider)
}

fn topology(blueprint: &Blueprint, plan: &Plan, terms: &Terms<'_>) -> Result<Topology> {
    if plan.tier.is_some() {
        let blueprint = with_own_disks(blueprint, plan);
        return design::build(&blueprint, plan, terms.deployment);
    }
    let own = cloud(blueprint, terms.provider);
    let here = |size: &&crate::size::services::ServiceSize| match (&size.cloud, own) {
        (Some(cloud), Some((name, _))) => cloud == name,
        (Some(_), None) => false,
        (None, _) => true,
    };
    let services: BTreeSet<String> = plan.services.iter().filter(here).map(|size| size.service.clone()).collect();
    let fronts =
        services.iter().filter(|service| fronts(blueprint, terms, &services, service).is_some()).cloned().collect();
    design::build_services(blueprint, plan, &services, &fronts, terms.deployment)
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

/// Whether a load balancer is before a service, and whether the world reaches it: it is where the role of the service lets it
/// call; where that is asked for, also where only roles that are not `here` are let in, which are on another cloud.
fn fronts(blueprint: &Blueprint, terms: &Terms<'_>, here: &BTreeSet<String>, service: &str) -> Option<bool> {
    let role = |service: &str| Some(blueprint.services.get(service)?.placement.as_ref()?.role.as_str());
    let subnet = cloud(blueprint, terms.provider)?.1.private.get(role(service)?)?;
    if subnet.admits.iter().any(|caller| caller == BALANCER) {
        return Some(true);
    }
    let elsewhere = |caller: &String| !here.iter().any(|service| role(service) == Some(caller));
    (terms.inner_fronts && subnet.admits.iter().any(elsewhere)).then_some(false)
}

fn servers(blueprint: &Blueprint, plan: &Plan, terms: &Terms<'_>, topology: &mut Topology) -> Result<Vec<Server>> {
    let mut problems = Vec::new();
    let mut servers = Vec::new();
    for stack in &topology.stacks {
        let front = front(blueprint, terms, topology, stack);
        let keeps = !stack.volumes.is_empty() || stack.storage_host || stack.mounts_storage;
        let is_fleet = !keeps && front.is_some();
        let Some(machine) = terms.machines.get(&stack.name) else {
            problems.push(no_machine(terms, &stack.name));
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

fn no_machine(terms: &Terms<'_>, stack: &str) -> Problem {
    let cloud = terms.cloud;
    Problem::new(Code::NoMachine, format!("no machine type of {cloud} is known for `{stack}`"))
        .hint(format!("size it for {cloud}, so that one is picked: --cloud {}", terms.provider.word()))
}

/// The role in the network: what the blueprint says, else the stack is a role of its own.
fn role(blueprint: &Blueprint, stack: &Stack) -> String {
    let services = stack.units.iter().filter_map(|unit| blueprint.services.get(&unit.service));
    let said = services.filter_map(|service| service.placement.as_ref()).map(|placement| placement.role.clone()).next();
    said.unwrap_or_else(|| stack.name.clone())
}

fn front(blueprint: &Blueprint, terms: &Terms<'_>, topology: &Topology, stack: &Stack) -> Option<Front> {
    if let Some(gateway) = topology.gateway.as_ref().filter(|gateway| gateway.stack == stack.name) {
        let unit = stack.units.iter().find(|unit| unit.name == gateway.unit)?;
        let first = gateway.upstreams.first()?.split(':').next()?;
        let behind = stack.units.iter().find(|unit| unit.name == first)?;
        return Some(Front {
            port: published(&unit.published, gateway.https_port)?,
            protocol: "HTTPS",
            service: behind.service.clone(),
            path: Some(gateway.health_path.clone()),
            public: true,
        });
    }
    let here: BTreeSet<String> =
        topology.stacks.iter().flat_map(|stack| &stack.units).map(|unit| unit.service.clone()).collect();
    let fronted = |unit: &&Unit| fronts(blueprint, terms, &here, &unit.service);
    let (unit, public) = stack.units.iter().find_map(|unit| Some((unit, fronted(&unit)?)))?;
    let service = blueprint.services.get(&unit.service)?;
    Some(Front {
        port: published(&unit.published, service.ports.first()?.port)?,
        protocol: "HTTP",
        service: unit.service.clone(),
        path: service.health.as_ref().and_then(|health| health.http.clone()),
        public,
    })
}

/// The port on the server behind which a port of a container is.
pub(in crate::cloud) fn published(ports: &[Published], container: u16) -> Option<u16> {
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
