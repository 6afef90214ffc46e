//! What an operator sets in `.env` on each server.

use std::collections::BTreeMap;

use super::addresses::host_variable;
use super::scene::Scene;
use super::topology::{Address, ImageRef, Unit, Variable};
use super::topology_names::{PRIVATE_ADDRESS, STORAGE_CLIENTS, hosts_variable};
use super::{images, storage};
use crate::size::plan::ServerPlan;

/// The variable that names the storage server where none of the plan's servers is it.
const STORAGE_HOST: &str = "STORAGE_HOST";

/// The variables of a server, sorted by name.
pub fn of(scene: &Scene<'_>, server: &ServerPlan, units: &[Unit]) -> Vec<Variable> {
    let mut all: BTreeMap<String, Variable> = BTreeMap::new();
    if units.iter().flat_map(|unit| &unit.published).any(|port| port.on == Address::Private) {
        let means =
            "address of this server on the private network; never 0.0.0.0, which would publish stores to the world";
        add(&mut all, PRIVATE_ADDRESS, means, &example(scene, &server.name), false);
    }
    for unit in units {
        if let (ImageRef::Variable { .. }, Some(service)) = (&unit.image, scene.blueprint.services.get(&unit.service)) {
            let variable = images::explain(&unit.service, service);
            all.insert(variable.name.clone(), variable);
        }
        let used: Vec<&str> = unit.environment.iter().flat_map(|(_, value)| value.variables()).collect();
        for other in scene.plan.servers.iter().filter(|other| used.contains(&host_variable(&other.name).as_str())) {
            add_server(scene, &mut all, &other.name, &other.title, false);
        }
    }
    if storage::mounts(scene, server) {
        match scene.storage_host() {
            Some(host) => add_server(scene, &mut all, &host.name, &host.title, true),
            None => {
                let means = "name or private IPv4 address of the storage server";
                add(&mut all, STORAGE_HOST, means, "storage.internal.example", true);
            }
        }
    }
    if server.storage_host && storage::is_over_nfs(scene) {
        let clients = scene.plan.servers.iter().filter(|other| storage::mounts(scene, other));
        let examples: Vec<String> = clients.map(|other| example(scene, &other.name)).collect();
        let means =
            "private addresses of all servers that mount the storage, with spaces between; no other may mount it";
        add(&mut all, STORAGE_CLIENTS, means, &examples.join(" "), true);
    }
    for other in measured_from(scene, server) {
        add_servers(scene, &mut all, other);
    }
    all.into_values().collect()
}

/// The other servers that the collector measures, when it runs on this one.
fn measured_from<'a>(scene: &Scene<'a>, server: &ServerPlan) -> Vec<&'a ServerPlan> {
    let here = scene.collector().is_some_and(|collector| collector.server.name == server.name);
    let measured = |other: &&ServerPlan| scene.on(other).any(|placed| placed.service.metrics.is_some());
    let others = scene.plan.servers.iter().filter(|other| here && other.name != server.name);
    others.filter(measured).collect()
}

/// The addresses of all servers of a stack, for the script that tells the collector.
fn add_servers(scene: &Scene<'_>, all: &mut BTreeMap<String, Variable>, other: &ServerPlan) {
    let name = hosts_variable(&other.name, other.count);
    if all.contains_key(&name) {
        return;
    }
    if other.count <= 1 {
        return add_server(scene, all, &other.name, &other.title, true);
    }
    let (n, title) = (other.count, &other.title);
    let means = format!("names or private addresses of the {n} servers `{}` ({title}), apart by commas", other.name);
    let example: Vec<String> = (1..=n).map(|i| format!("{}-{i}.internal.example", other.name)).collect();
    add(all, &name, &means, &example.join(","), true);
}

/// The variable through which a server finds the storage.
pub fn storage_host(scene: &Scene<'_>) -> String {
    scene.storage_host().map_or_else(|| STORAGE_HOST.to_owned(), |host| host_variable(&host.name))
}

fn add_server(scene: &Scene<'_>, all: &mut BTreeMap<String, Variable>, name: &str, title: &str, outside: bool) {
    let means = format!("name or private IPv4 address of the server `{name}` ({title})");
    // A variable that the compose file reads stays one, though the storage mount reads it too.
    let outside = outside && all.get(&host_variable(name)).is_none_or(|known| known.outside_compose);
    add(all, &host_variable(name), &means, &example(scene, name), outside);
}

fn add(all: &mut BTreeMap<String, Variable>, name: &str, means: &str, example: &str, outside_compose: bool) {
    let (name, means, example) = (name.to_owned(), means.to_owned(), example.to_owned());
    all.insert(name.clone(), Variable { name, means, example, outside_compose });
}

/// An example address in a private range: the servers in order, from 10.0.0.11.
fn example(scene: &Scene<'_>, server: &str) -> String {
    let place = scene.plan.servers.iter().position(|other| other.name == server).unwrap_or(0);
    format!("10.0.0.{}", (11 + place).min(254))
}
