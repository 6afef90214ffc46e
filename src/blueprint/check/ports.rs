//! Ports that are used twice.

use std::collections::BTreeMap;

use super::Checker;
use crate::blueprint::document::{FieldPath, Part};
use crate::blueprint::service::{Exposure, Port};
use crate::error::{Code, Problem};

pub(super) fn check(c: &mut Checker<'_>) {
    for (name, service, at) in c.services() {
        let mut seen: BTreeMap<u16, &str> = BTreeMap::new();
        for (i, port) in service.ports.iter().enumerate() {
            let at = at.join("ports").join(i).join("port");
            if port.port == 0 || port.host_port == Some(0) {
                c.bad_value(&at, "0 is not a port", "must be from 1 to 65535");
            }
            if let Some(first) = seen.insert(port.port, &port.name) {
                let problem = Problem::new(Code::PortTwice, format!("`{name}` listens on port {} twice", port.port))
                    .because(format!("its port `{first}` is the same"))
                    .hint("remove one of them, or correct its number");
                c.at_value(&at, "used before", problem);
            }
        }
    }
    for (where_to, services) in hosts(c) {
        on_one_host(c, &where_to, &services);
    }
}

/// The services that share a host, for each host there is.
fn hosts(c: &Checker<'_>) -> Vec<(String, Vec<String>)> {
    let b = c.blueprint;
    let mut hosts = Vec::new();
    for tier in &b.tiers {
        for set in &tier.sizes {
            for server in &set.servers {
                let services = server.services.keys().cloned().collect();
                hosts.push((format!("server `{}` of `{}`", server.name, set.id), services));
            }
        }
    }
    // Without a table, and unless something else places them, all services are on one machine.
    if b.tiers.is_empty() && b.kubernetes.is_none() {
        let unplaced = b.services.iter().filter(|(_, service)| service.placement.is_none());
        hosts.push(("the one machine".to_owned(), unplaced.map(|(name, _)| name.clone()).collect()));
    }
    hosts
}

/// The port that is published on the host, if one is.
fn published(port: &Port) -> Option<u16> {
    (port.exposure != Exposure::Internal).then(|| port.host_port.unwrap_or(port.port))
}

fn on_one_host(c: &mut Checker<'_>, host: &str, services: &[String]) {
    let mut seen: BTreeMap<u16, &str> = BTreeMap::new();
    for (name, service, at) in c.services().filter(|(name, ..)| services.iter().any(|one| one == name)) {
        for (i, port) in service.ports.iter().enumerate() {
            let Some(number) = published(port) else { continue };
            match seen.get(&number) {
                Some(other) if *other != name => {
                    let at = at.join("ports").join(i);
                    report(c, &at, port, number, &format!("{host} publishes `{other}` on it too"));
                }
                Some(_) => {}
                None => drop(seen.insert(number, name)),
            }
        }
    }
}

fn report(c: &mut Checker<'_>, at: &FieldPath, port: &Port, number: u16, cause: &str) {
    let field = at.join(if port.host_port.is_some() { "host_port" } else { "port" });
    let place = c.document.locate(&field, Part::Value, "taken");
    // The same pair of services meets on the servers of several sets; one complaint is enough.
    let told = |problem: &Problem| problem.code == Code::PortTwice && problem.place.as_deref() == Some(&place);
    if c.problems.iter().any(told) {
        return;
    }
    let problem = Problem::new(Code::PortTwice, format!("port {number} is published twice on one host"))
        .because(cause)
        .hint("give one of them another `host_port`, or make it `internal`");
    c.problems.push(problem.at(place));
}
