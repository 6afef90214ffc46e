//! Which networks a unit is on, so that it reaches what it must and nothing else.

use super::scene::{Placed, Scene};
use super::topology::NetworkDesign;

/// Network that units join when they publish a port and the blueprint names none for it.
const PUBLISHED: &str = "published";
/// Network that units join when they only call other servers and the blueprint names none for it.
const OUTBOUND: &str = "outbound";

/// The networks of a service's units on a server.
pub fn of(scene: &Scene<'_>, placed: &Placed<'_>, publishes: bool) -> Vec<String> {
    let known = &scene.blueprint.networks;
    let mut own: Vec<String> =
        placed.service.networks.iter().filter(|name| known.contains_key(*name)).cloned().collect();
    let open = own.iter().any(|name| known.get(name).is_some_and(|network| !network.internal));
    // Docker publishes nothing for a container that is on internal networks alone, and gives it no way out either.
    if !open && (publishes || calls_out(scene, placed) || own.is_empty()) {
        let named = known.iter().find(|(_, network)| network.publishes && !network.internal);
        let fallback = if publishes || own.is_empty() { PUBLISHED } else { OUTBOUND };
        own.push(named.map_or(fallback, |(name, _)| name.as_str()).to_owned());
    }
    own
}

/// Whether it speaks to other servers: a store elsewhere, what it measures there, or whoever takes its alerts.
fn calls_out(scene: &Scene<'_>, placed: &Placed<'_>) -> bool {
    let elsewhere = |service: &String| {
        scene.nearest(placed.server, service).is_some_and(|target| target.server.name != placed.server.name)
    };
    let monitoring = scene.blueprint.monitoring.as_ref();
    let collects = monitoring.is_some_and(|m| m.collector == placed.name)
        && scene.everything().any(|o| o.service.metrics.is_some() && o.server.name != placed.server.name);
    let alerts = monitoring.is_some_and(|m| m.alerts.as_deref() == Some(placed.name) && !m.receivers.is_empty());
    placed.service.connects.keys().any(elsewhere) || collects || alerts
}

/// The networks that units of a server use, in the order of the blueprint.
pub fn used<'u>(scene: &Scene<'_>, units: impl Iterator<Item = &'u [String]>) -> Vec<NetworkDesign> {
    let names: std::collections::BTreeSet<&str> = units.flatten().map(String::as_str).collect();
    let known = scene.blueprint.networks.iter().filter(|(name, _)| names.contains(name.as_str()));
    let known = known.map(|(name, network)| NetworkDesign { name: name.clone(), internal: network.internal });
    let added = [PUBLISHED, OUTBOUND].into_iter();
    let added = added.filter(|name| names.contains(name) && !scene.blueprint.networks.contains_key(*name));
    known.chain(added.map(|name| NetworkDesign { name: name.to_owned(), internal: false })).collect()
}
