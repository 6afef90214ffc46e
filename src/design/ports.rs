//! Which ports are published on a server, and on which of its addresses.

use std::collections::{BTreeMap, BTreeSet};

use super::scene::{Placed, Scene};
use super::topology::{Address, Published};
use crate::blueprint::service::{Exposure, Kind, Port};
use crate::error::{Code, Error, Problem, Result};
use crate::size::plan::ServerPlan;

/// Published ports by server and unit.
#[derive(Debug, Default)]
pub struct Ports {
    units: BTreeMap<(String, String), Vec<Published>>,
    /// What an operator must know.
    pub notes: Vec<String>,
}

impl Ports {
    /// What a unit publishes.
    pub fn of(&self, server: &str, unit: &str) -> &[Published] {
        self.units.get(&(server.to_owned(), unit.to_owned())).map_or(&[], Vec::as_slice)
    }

    /// The port of the server behind which a port of a unit is found.
    pub fn host_port(&self, server: &str, unit: &str, container: u16) -> Option<u16> {
        self.of(server, unit).iter().find(|port| port.container == container).map(|port| port.host)
    }
}

/// Decides every published port.
///
/// # Errors
/// A service is called from another server on a port that is internal, or its instances run out of port numbers.
pub fn decide(scene: &Scene<'_>) -> Result<Ports> {
    let mut ports = Ports::default();
    let mut problems = Vec::new();
    for server in &scene.plan.servers {
        let mut wanted = Vec::new();
        for placed in scene.on(server) {
            for port in listed(scene, &placed) {
                match address(scene, &placed, &port, &mut ports.notes) {
                    Ok(Some(on)) => wanted.push((placed, port, on)),
                    Ok(None) => {}
                    Err(error) => problems.extend_from_slice(error.problems()),
                }
            }
        }
        if let Err(error) = assign(server, &wanted, &mut ports) {
            problems.extend_from_slice(error.problems());
        }
    }
    Error::check(problems)?;
    Ok(ports)
}

/// The ports of a service, and that of its measurements when it is not among them.
fn listed(scene: &Scene<'_>, placed: &Placed<'_>) -> Vec<Port> {
    let mut ports = placed.service.ports.clone();
    if let Some(metrics) = &placed.service.metrics {
        let known = ports.iter().any(|port| port.port == metrics.port);
        if !known && scraped_from_elsewhere(scene, placed, metrics.port) {
            let (port, exposure) = (metrics.port, Exposure::Private);
            ports.push(Port { name: "metrics".to_owned(), port, host_port: None, exposure });
        }
    }
    ports
}

fn address(scene: &Scene<'_>, placed: &Placed<'_>, port: &Port, notes: &mut Vec<String>) -> Result<Option<Address>> {
    let caller = caller_elsewhere(scene, placed, port);
    Ok(match placed.exposure(scene, port) {
        Exposure::Public if placed.service.kind == Kind::Gateway => Some(Address::Any),
        Exposure::Public => {
            notes.push(format!(
                "Port {} of `{}` is public in the blueprint, but only a gateway is published to the world: it is on the \
                 private address of `{}`.",
                port.port, placed.name, placed.server.name
            ));
            Some(Address::Private)
        }
        Exposure::Private => caller.map(|_| Address::Private),
        Exposure::Local => Some(Address::Loopback),
        Exposure::Internal => match caller {
            None => None,
            Some(caller) => {
                let what = format!(
                    "`{caller}` calls port `{}` of `{}` from another server, but the port is internal",
                    port.name, placed.name
                );
                return Err(Problem::new(Code::BadField, what)
                    .hint(format!(
                        "set `exposure = \"private\"` for port `{}` of `services.{}`, or run both on one server",
                        port.name, placed.name
                    ))
                    .into());
            }
        },
    })
}

/// Somebody on another server who uses this port.
fn caller_elsewhere<'a>(scene: &Scene<'a>, placed: &Placed<'_>, port: &Port) -> Option<&'a str> {
    if scraped_from_elsewhere(scene, placed, port.port) {
        return scene.collector().map(|collector| collector.name);
    }
    let calls = |other: &Placed<'_>| {
        let connect = other.service.connects.get(placed.name)?;
        let target = scene.nearest(other.server, placed.name)?;
        let meant = target.port(connect)?.port == port.port;
        Some(meant && target.server.name == placed.server.name && other.server.name != placed.server.name)
    };
    scene.everything().find(|other| calls(other) == Some(true)).map(|other| other.name)
}

fn scraped_from_elsewhere(scene: &Scene<'_>, placed: &Placed<'_>, port: u16) -> bool {
    let measured = placed.service.metrics.as_ref().is_some_and(|metrics| metrics.port == port);
    measured && scene.collector().is_some_and(|collector| collector.server.name != placed.server.name)
}

/// Numbers on the host: the first instance gets the port's own, each further one the next that is free.
fn assign(server: &ServerPlan, wanted: &[(Placed<'_>, Port, Address)], ports: &mut Ports) -> Result<()> {
    let fixed: BTreeSet<u16> = wanted.iter().map(|(_, port, _)| port.host_port.unwrap_or(port.port)).collect();
    let mut taken = BTreeSet::new();
    for (placed, port, on) in wanted {
        let first = port.host_port.unwrap_or(port.port);
        for (i, unit) in placed.unit_names().into_iter().enumerate() {
            let free = |host: &u16| !taken.contains(host) && (*host == first || !fixed.contains(host));
            let host = if i == 0 { Some(first) } else { (first..=u16::MAX).find(free) };
            let Some(host) = host else {
                let what = format!("`{}` on `{}` has more instances than there are ports", placed.name, server.name);
                return Err(Problem::new(Code::PortTwice, what).into());
            };
            taken.insert(host);
            let published = Published { on: on.clone(), host, container: port.port };
            ports.units.entry((server.name.clone(), unit)).or_default().push(published);
        }
    }
    Ok(())
}
