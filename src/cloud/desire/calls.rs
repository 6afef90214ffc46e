//! Who may call whom, and on which port: nothing else passes.

use std::collections::BTreeSet;
use std::fmt;

use super::layout::{BALANCER, NAT, Server, published};
use crate::blueprint::Blueprint;
use crate::blueprint::platform::Provider;
use crate::blueprint::service::Connect;
use crate::design::topology::{Stack, Topology};
use crate::error::{Code, Error, Problem, Result};

/// NFS version 4 needs no other port (RFC 7530, section 3.1).
const NFS: u16 = 2049;
/// HTTPS: images, secrets and what the provider runs on machines come by it.
pub(in crate::cloud) const HTTPS: u16 = 443;

/// An end of a call.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::cloud) enum Party {
    /// Machines of a role, the load balancer, or what translates addresses.
    Role(String),
    /// Anybody on the internet.
    World,
}

/// A call that is allowed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::cloud) struct Call {
    /// Who calls.
    pub from: Party,
    /// Who is called.
    pub to: Party,
    /// The port, over TCP.
    pub port: u16,
    /// What for.
    pub why: String,
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Role(role) => f.write_str(role),
            Self::World => f.write_str("internet"),
        }
    }
}

fn call(from: &str, to: &str, port: u16, why: impl Into<String>) -> Call {
    Call { from: Party::Role(from.to_owned()), to: Party::Role(to.to_owned()), port, why: why.into() }
}

/// Every call between roles, and to the internet. What comes in from there is added with the load balancer.
pub(in crate::cloud) fn of(
    blueprint: &Blueprint,
    provider: Provider,
    topology: &Topology,
    servers: &[Server],
) -> Result<Vec<Call>> {
    let mut calls = BTreeSet::new();
    let mut problems = Vec::new();
    for server in servers {
        let Some(stack) = topology.stack(&server.stack) else { continue };
        if let Some(front) = &server.front {
            calls.insert(call(BALANCER, &server.role, front.port, format!("requests for {}", front.service)));
        }
        connects((blueprint, provider), topology, servers, (server, stack), &mut calls, &mut problems);
        if stack.mounts_storage {
            let hosts = servers.iter().filter(|other| topology.stack(&other.stack).is_some_and(|s| s.storage_host));
            calls.extend(hosts.map(|host| call(&server.role, &host.role, NFS, "the shared storage")));
        }
        let out = |port: u16, why: &str| Call {
            from: Party::Role(server.role.clone()),
            to: Party::World,
            port,
            why: why.to_owned(),
        };
        calls.insert(out(HTTPS, "images, secrets, remote hands"));
        if let Some(port) = mail(topology, stack) {
            calls.insert(out(port, "alerts by mail"));
        }
    }
    measures(topology, servers, &mut calls);
    Error::check(problems)?;
    // One rule for each pair and port, whatever it is for.
    let mut seen = BTreeSet::new();
    Ok(calls.into_iter().filter(|call| seen.insert((call.from.clone(), call.to.clone(), call.port))).collect())
}

/// What the services of a stack call elsewhere, as the blueprint has it.
fn connects(
    (blueprint, provider): (&Blueprint, Provider),
    topology: &Topology,
    servers: &[Server],
    (server, stack): (&Server, &Stack),
    calls: &mut BTreeSet<Call>,
    problems: &mut Vec<Problem>,
) {
    let services: BTreeSet<&str> = stack.units.iter().map(|unit| unit.service.as_str()).collect();
    let said = services.iter().filter_map(|name| Some((*name, blueprint.services.get(*name)?)));
    for (caller, target, connect) in said.flat_map(|(name, s)| s.connects.iter().map(move |(t, c)| (name, t, c))) {
        if services.contains(target.as_str()) {
            continue;
        }
        // What is on no machine here is on another cloud: how it is reached is not said.
        let Some((other, port)) = called(blueprint, topology, servers, target, connect) else { continue };
        match admits(blueprint, provider, &other.role, &server.role) {
            true => drop(calls.insert(call(&server.role, &other.role, port, format!("{caller} calls {target}")))),
            false => problems.push(not_admitted(caller, target, &server.role, &other.role)),
        }
    }
}

fn called<'a>(
    blueprint: &Blueprint,
    topology: &Topology,
    servers: &'a [Server],
    target: &str,
    connect: &Connect,
) -> Option<(&'a Server, u16)> {
    let ports = &blueprint.services.get(target)?.ports;
    let port = match &connect.port {
        Some(name) => ports.iter().find(|port| port.name == *name)?,
        None => ports.first()?,
    };
    servers.iter().find_map(|server| {
        let unit = topology.stack(&server.stack)?.units.iter().find(|unit| unit.service == target)?;
        Some((server, published(&unit.published, port.port)?))
    })
}

/// Whether a role lets another call it; roles that the blueprint says nothing of do.
pub(in crate::cloud) fn admits(blueprint: &Blueprint, provider: Provider, role: &str, caller: &str) -> bool {
    let cloud = super::layout::cloud(blueprint, provider);
    let subnet = cloud.and_then(|(_, cloud)| cloud.private.get(role));
    subnet.is_none_or(|subnet| role == caller || subnet.admits.iter().any(|admitted| admitted == caller))
}

fn not_admitted(caller: &str, target: &str, from: &str, to: &str) -> Problem {
    Problem::new(
        Code::Contradiction,
        format!("`{caller}` calls `{target}`, and the subnets of `{to}` admit no `{from}`"),
    )
    .hint(format!(
        "add `{from}` to `clouds.<name>.private.{to}.admits`, or take the call out of `services.{caller}.connects`"
    ))
}

/// The collector of measurements asks every other stack.
fn measures(topology: &Topology, servers: &[Server], calls: &mut BTreeSet<Call>) {
    let Some(monitoring) = &topology.monitoring else { return };
    let role = |stack: &str| servers.iter().find(|server| server.stack == stack).map(|server| server.role.as_str());
    let Some(collector) = role(&monitoring.stack) else { return };
    for target in monitoring.targets.iter().filter(|target| target.stack != monitoring.stack) {
        if let Some(to) = role(&target.stack) {
            calls.insert(call(collector, to, target.port, "measurements"));
        }
    }
}

/// The port of the server that takes mail, for the stack that sends alerts.
fn mail(topology: &Topology, stack: &Stack) -> Option<u16> {
    let monitoring = topology.monitoring.as_ref().filter(|monitoring| monitoring.stack == stack.name)?;
    monitoring.smtp.as_ref()?.smarthost.rsplit_once(':')?.1.parse().ok()
}

/// What a NAT instance passes on and what the world asks the load balancer, beside the calls between roles.
pub(in crate::cloud) fn around(calls: &[Call], nat_instance: bool, public_ports: &[u16]) -> Vec<Call> {
    let mut around: Vec<Call> = public_ports
        .iter()
        .map(|port| Call {
            from: Party::World,
            to: Party::Role(BALANCER.to_owned()),
            port: *port,
            why: "requests of users".to_owned(),
        })
        .collect();
    if nat_instance {
        let out = calls.iter().filter(|call| call.to == Party::World);
        for call in out.clone() {
            around.push(Call { to: Party::Role(NAT.to_owned()), ..call.clone() });
        }
        let ports: BTreeSet<u16> = out.map(|call| call.port).collect();
        around.extend(ports.into_iter().map(|port| Call {
            from: Party::Role(NAT.to_owned()),
            to: Party::World,
            port,
            why: "what private machines ask of the internet".to_owned(),
        }));
    }
    around
}
