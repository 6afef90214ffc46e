//! One stack for each kind of server, in the order in which they are started.

use std::collections::BTreeSet;

use super::ports::Ports;
use super::scene::Scene;
use super::topology::{Stack, Unit};
use super::{networks, storage, units, variables, volumes};
use crate::blueprint::service::Kind;
use crate::error::Result;
use crate::size::plan::ServerPlan;

/// All stacks.
///
/// # Errors
/// A service cannot run in a container.
pub fn all(scene: &Scene<'_>, ports: &Ports, notes: &mut Vec<String>) -> Result<Vec<Stack>> {
    let servers: Vec<&ServerPlan> = scene.plan.servers.iter().collect();
    let first: Vec<BTreeSet<&str>> = servers.iter().map(|server| starts_after(scene, server)).collect();
    let names: Vec<&str> = servers.iter().map(|server| server.name.as_str()).collect();
    let mut out = Vec::new();
    for i in in_order(&names, &first) {
        out.push(stack(scene, ports, servers[i], &first[i], notes)?);
    }
    Ok(out)
}

fn stack(
    scene: &Scene<'_>,
    ports: &Ports,
    server: &ServerPlan,
    first: &BTreeSet<&str>,
    notes: &mut Vec<String>,
) -> Result<Stack> {
    let mut found = Vec::new();
    for placed in scene.everything().filter(|placed| placed.server.name == server.name) {
        found.extend(units::of(scene, ports, &placed, notes)?);
    }
    let units = start_order(found);
    let secrets = units.iter().flat_map(|u| u.secret_files.iter().chain(u.secret_env.iter().map(|(_, name)| name)));
    let secrets: BTreeSet<String> = secrets.cloned().collect();
    Ok(Stack {
        name: server.name.clone(),
        title: server.title.clone(),
        count: server.count,
        cpu: server.cpu,
        memory: server.memory,
        networks: networks::used(scene, units.iter().map(|unit| unit.networks.as_slice())),
        volumes: volumes::named(scene, server),
        secrets: secrets.into_iter().collect(),
        variables: variables::of(scene, server, &units),
        mounts_storage: storage::mounts(scene, server),
        storage_host: server.storage_host,
        starts_after: first.iter().map(|name| (*name).to_owned()).collect(),
        units,
    })
}

/// Servers that must be up first: the storage, and those whose services are called from here. What measures the others
/// waits for nobody.
fn starts_after<'a>(scene: &Scene<'a>, server: &ServerPlan) -> BTreeSet<&'a str> {
    let here = scene.everything().filter(|p| p.server.name == server.name && p.service.kind != Kind::Monitoring);
    let called = here.flat_map(|placed| placed.service.connects.keys().chain(&placed.service.depends_on));
    let targets = called.filter_map(|service| scene.nearest(server, service)).map(|target| target.server.name.as_str());
    let storage = scene.storage_host().filter(|_| storage::mounts(scene, server)).map(|host| host.name.as_str());
    targets.chain(storage).filter(|name| *name != server.name).collect()
}

fn start_order(units: Vec<Unit>) -> Vec<Unit> {
    let names: Vec<&str> = units.iter().map(|unit| unit.name.as_str()).collect();
    let first: Vec<BTreeSet<&str>> =
        units.iter().map(|unit| unit.depends_on.iter().map(String::as_str).collect()).collect();
    let order = in_order(&names, &first);
    let mut units: Vec<Option<Unit>> = units.into_iter().map(Some).collect();
    order.into_iter().filter_map(|i| units[i].take()).collect()
}

/// Positions such that each comes after those it waits for, otherwise in the order given; what waits for itself in a
/// circle keeps the order given.
fn in_order(names: &[&str], first: &[BTreeSet<&str>]) -> Vec<usize> {
    let mut out: Vec<usize> = Vec::new();
    let mut left: Vec<usize> = (0..names.len()).collect();
    while !left.is_empty() {
        let waits = |i: &usize| left.iter().any(|other| other != i && first[*i].contains(names[*other]));
        let next = left.iter().position(|i| !waits(i)).unwrap_or(0);
        out.push(left.remove(next));
    }
    out
}
