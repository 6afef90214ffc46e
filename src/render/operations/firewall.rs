//! Which port of which server is open to whom.

use std::collections::BTreeSet;

use serde::Serialize;

use super::paths;
use crate::design::topology::{Address, Part, Stack, Topology, Value};

/// Port of NFS version 4.
const NFS: u16 = 2049;

/// One row of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Server.
    pub stack: String,
    /// Port on the server, over TCP.
    pub port: u16,
    /// What listens.
    pub what: String,
    /// Who may reach it.
    pub from: String,
}

/// Every open port, server by server.
pub fn rules(topology: &Topology) -> Vec<Rule> {
    let mut rules = Vec::new();
    for stack in &topology.stacks {
        for unit in &stack.units {
            for port in &unit.published {
                let from = match port.on {
                    Address::Any => "everybody".to_owned(),
                    Address::Loopback => "nobody: 127.0.0.1 only".to_owned(),
                    Address::Private => callers(topology, stack, port.host),
                };
                let what = unit.title.clone();
                rules.push(Rule { stack: stack.name.clone(), port: port.host, what, from });
            }
        }
        let clients: Vec<_> = topology
            .stacks
            .iter()
            .filter(|other| !other.storage_host && paths::mounted(topology, other).is_some())
            .map(|other| other.name.as_str())
            .collect();
        let exports = topology.storage.as_ref().is_some_and(|storage| storage.nfs && stack.storage_host);
        if exports && !clients.is_empty() {
            let what = "NFS version 4".to_owned();
            rules.push(Rule { stack: stack.name.clone(), port: NFS, what, from: clients.join(", ") });
        }
    }
    rules
}

/// The servers that reach a private port: the collector of measurements, and those whose settings name the port.
fn callers(topology: &Topology, stack: &Stack, port: u16) -> String {
    let mut callers = BTreeSet::new();
    if let Some(monitoring) = &topology.monitoring {
        let measured = monitoring.targets.iter().any(|target| {
            let ports = target.addresses.iter().filter_map(|address| address.rsplit_once(':')?.1.parse().ok());
            target.stack == stack.name && ports.chain([target.port]).any(|other: u16| other == port)
        });
        if measured && monitoring.stack != stack.name {
            callers.insert(monitoring.stack.as_str());
        }
    }
    for other in topology.stacks.iter().filter(|other| other.name != stack.name) {
        let mut settings = other.units.iter().flat_map(|unit| unit.environment.iter().map(|(_, value)| value));
        if other.starts_after.contains(&stack.name) && settings.any(|value| names(value, port)) {
            callers.insert(other.name.as_str());
        }
    }
    if callers.is_empty() {
        let after = topology.stacks.iter().filter(|other| other.starts_after.contains(&stack.name));
        callers.extend(after.map(|other| other.name.as_str()));
    }
    if callers.is_empty() { "the other servers".to_owned() } else { callers.into_iter().collect::<Vec<_>>().join(", ") }
}

/// Whether a setting is this port, or an address with it.
fn names(value: &Value, port: u16) -> bool {
    let number = port.to_string();
    let in_text = |text: &str| {
        text == number || text.split(|c: char| !c.is_ascii_digit() && c != ':').any(|part| part == format!(":{number}"))
    };
    match value {
        Value::Literal(text) => in_text(text),
        Value::Parts(parts) => parts.iter().any(|part| matches!(part, Part::Literal(text) if in_text(text))),
    }
}
