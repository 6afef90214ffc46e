//! What an operator sets in `.env` on each server.

use std::collections::BTreeMap;

use super::addresses::host_variable;
use super::scene::Scene;
use super::topology::{Address, ImageRef, Unit, Variable};
use super::topology_names::{PRIVATE_ADDRESS, STORAGE_ADDRESS, STORAGE_CLIENTS, hosts_variable};
use super::{images, storage};
use crate::size::plan::ServerPlan;

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
    storage_variables(scene, server, &mut all);
    for other in measured_from(scene, server) {
        if other.count > 1 {
            let means = format!(
                "names or private IPv4 addresses of the {} servers `{}` ({}), apart by commas; Prometheus measures each",
                other.count, other.name, other.title
            );
            let name = hosts_variable(&other.name, other.count);
            add(&mut all, &name, &means, &examples(scene, other).join(", "), true);
        } else {
            add_server(scene, &mut all, &other.name, &other.title, true);
        }
    }
    all.into_values().collect()
}

/// Other servers with something that is measured from this one.
fn measured_from<'a>(scene: &Scene<'a>, server: &ServerPlan) -> Vec<&'a ServerPlan> {
    if scene.collector().is_none_or(|collector| collector.server.name != server.name) {
        return Vec::new();
    }
    let measured = |other: &&ServerPlan| scene.on(other).any(|placed| placed.service.metrics.is_some());
    scene.plan.servers.iter().filter(|other| other.name != server.name).filter(measured).collect()
}

/// Where the storage is, for those who mount it, and who may mount it, for the one who exports it.
fn storage_variables(scene: &Scene<'_>, server: &ServerPlan, all: &mut BTreeMap<String, Variable>) {
    if storage::mounts(scene, server) {
        let host = scene.storage_host().map(|host| host.name.as_str());
        let means = host.map_or_else(
            || "name or private address of the storage server".to_owned(),
            |host| format!("name or private address of the server `{host}`, which exports the storage"),
        );
        let example = host.map_or_else(|| "storage.internal.example".to_owned(), |host| example(scene, host));
        add(all, STORAGE_ADDRESS, &means, &example, true);
    }
    let clients: Vec<String> = storage::clients(scene).flat_map(|client| examples(scene, client)).collect();
    if server.storage_host && !clients.is_empty() {
        let means = "private addresses of the servers that mount the storage, apart by spaces; nobody else may";
        add(all, STORAGE_CLIENTS, means, &clients.join(" "), true);
    }
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

fn example(scene: &Scene<'_>, server: &str) -> String {
    let found = scene.plan.servers.iter().find(|other| other.name == server);
    found.and_then(|server| examples(scene, server).into_iter().next()).unwrap_or_default()
}

/// Example addresses in a private range: every server has its own, in order, from 10.0.0.11.
fn examples(scene: &Scene<'_>, server: &ServerPlan) -> Vec<String> {
    let before = scene.plan.servers.iter().take_while(|other| other.name != server.name);
    let first: u32 = 11 + before.map(|other| other.count).sum::<u32>();
    (first..first + server.count.max(1)).map(|last| format!("10.0.{}.{}", last / 256, last % 256)).collect()
}
