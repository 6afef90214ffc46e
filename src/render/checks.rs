//! What `docker-compose config` does not see: checked on the design and the Compose data before anything is written.

use std::collections::{BTreeMap, BTreeSet};

use super::compose::compose;
use super::compose::model::Compose;
use crate::design::topology::Address;
use crate::design::topology::{ImageRef, Part, Stack, Topology, Unit, Value};
use crate::design::topology_names::PRIVATE_ADDRESS;
use crate::error::{Code, Error, Problem, Result};
use crate::units::Bytes;

/// Checks every stack of a topology.
///
/// # Errors
/// All that is wrong, each with its stack and unit.
pub fn check(topology: &Topology) -> Result<()> {
    let mut found = Vec::new();
    twice(topology.stacks.iter().map(|stack| stack.name.as_str()), |name| {
        found.push(format!("two stacks are `{name}`"))
    });
    for stack in &topology.stacks {
        let mut on_stack = Vec::new();
        units(stack, &mut on_stack);
        names(stack, &mut on_stack);
        memory(stack, &mut on_stack);
        variables(stack, &mut on_stack);
        references(&compose(topology, stack), &mut on_stack);
        found.extend(on_stack.into_iter().map(|what| format!("stack `{}`: {what}", stack.name)));
    }
    Error::check(found.into_iter().map(|what| Problem::new(Code::BadOutput, what)).collect())
}

/// Calls `say` for each name that is there more than once.
fn twice<'a>(names: impl Iterator<Item = &'a str>, mut say: impl FnMut(&str)) {
    let mut seen = BTreeSet::new();
    names.filter(|name| !seen.insert(*name)).for_each(&mut say);
}

/// What a unit says of itself.
fn units(stack: &Stack, found: &mut Vec<String>) {
    for unit in &stack.units {
        let name = &unit.name;
        let mut say = |what: String| found.push(format!("`{name}` {what}"));
        if unit.cpu_reserved > unit.cpu {
            say(format!("is limited to {} cores and reserves {}", unit.cpu, unit.cpu_reserved));
        }
        if unit.memory_reserved > unit.memory {
            say(format!("is limited to {} of memory and reserves {}", unit.memory, unit.memory_reserved));
        }
        if unit.cpu.0 == 0 || unit.memory.0 == 0 || unit.pids == 0 {
            say("has a limit of nothing, which Docker takes for no limit".to_owned());
        }
        if stack.cpu.is_some_and(|cpu| unit.cpu > cpu) {
            say(format!("may use {} cores, more than the server has", unit.cpu));
        }
        if let ImageRef::Pinned { name, tag, digest } = &unit.image
            && let Some(what) = bad_image(name, tag, digest.as_deref())
        {
            say(what);
        }
        if let Some(health) = &unit.health
            && (health.command.is_empty() || health.interval.0 == 0 || health.timeout.0 == 0 || health.retries == 0)
        {
            say("has a health check without a command, an interval, a timeout or a retry".to_owned());
        }
        if unit.user.as_deref().is_some_and(|user| !is_numeric_user(user)) {
            say("has a user that is not numeric, as in `10001:10001`".to_owned());
        }
        let targets =
            unit.mounts.iter().map(|mount| mount.at.as_str()).chain(unit.tmpfs.iter().map(|path| folder(path)));
        twice(targets, |at| say(format!("sees two things at {at}")));
        twice(unit.environment.iter().map(|(name, _)| name.as_str()), |name| {
            say(format!("has two variables `{name}`"))
        });
    }
}

/// A folder in memory without its options.
fn folder(tmpfs: &str) -> &str {
    tmpfs.split(':').next().unwrap_or(tmpfs)
}

fn is_numeric_user(user: &str) -> bool {
    user.split(':').count() <= 2 && user.split(':').all(|id| id.parse::<u32>().is_ok())
}

/// What is wrong with an image reference, by the grammar of `distribution/reference`.
fn bad_image(name: &str, tag: &str, digest: Option<&str>) -> Option<String> {
    let part = |part: &str| {
        let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c);
        !part.is_empty()
            && part.chars().all(inner)
            && !part.starts_with(['.', '_', '-'])
            && !part.ends_with(['.', '_', '-'])
    };
    let mut parts: Vec<&str> = name.split('/').collect();
    let host = parts.len() > 1 && (parts[0].contains(['.', ':']) || parts[0] == "localhost");
    if host {
        let host = parts.remove(0);
        let (domain, port) = host.split_once(':').unwrap_or((host, "1"));
        if port.parse::<u16>().is_err() || !domain.chars().all(|c| c.is_ascii_alphanumeric() || ".-".contains(c)) {
            return Some(format!("has an image from `{host}`, which is no registry"));
        }
    }
    let tag_ok = (1..=128).contains(&tag.len())
        && tag.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
        && !tag.starts_with(['.', '-']);
    let hex = |digest: &str| {
        digest
            .strip_prefix("sha256:")
            .is_some_and(|hex| hex.len() == 64 && hex.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c)))
    };
    if !parts.iter().all(|p| part(p)) {
        Some(format!("has the image `{name}`, which is no image name"))
    } else if !tag_ok {
        Some(format!("has the image tag `{tag}`, which is none"))
    } else if tag == "latest" {
        Some("has the image tag `latest`, which moves".to_owned())
    } else {
        digest.filter(|digest| !hex(digest)).map(|digest| format!("has the image digest `{digest}`, which is none"))
    }
}

/// Names and ports that must be there once.
fn names(stack: &Stack, found: &mut Vec<String>) {
    twice(stack.units.iter().map(|unit| unit.name.as_str()), |name| found.push(format!("two units are `{name}`")));
    twice(stack.volumes.iter().map(|v| v.name.as_str()), |name| found.push(format!("two volumes are `{name}`")));
    twice(stack.networks.iter().map(|n| n.name.as_str()), |name| found.push(format!("two networks are `{name}`")));
    let mut ports: BTreeMap<u16, &str> = BTreeMap::new();
    for unit in &stack.units {
        for port in &unit.published {
            if let Some(other) = ports.insert(port.host, &unit.name) {
                found.push(format!(
                    "port {} of the server is published for `{other}` and for `{}`",
                    port.host, unit.name
                ));
            }
        }
    }
    let internal: BTreeSet<&str> = stack.networks.iter().filter(|n| n.internal).map(|n| n.name.as_str()).collect();
    for unit in &stack.units {
        if !unit.published.is_empty() && unit.networks.iter().all(|name| internal.contains(name.as_str())) {
            found.push(format!("`{}` publishes a port and is on internal networks only", unit.name));
        }
        for other in stack.units.iter().filter(|other| unit.depends_on.contains(&other.name)) {
            if !unit.networks.iter().any(|name| other.networks.contains(name)) {
                found.push(format!("`{}` needs `{}` and shares no network with it", unit.name, other.name));
            }
        }
    }
}

fn memory(stack: &Stack, found: &mut Vec<String>) {
    let Some(memory) = stack.memory else { return };
    let sum: u64 = stack.units.iter().fold(0, |sum, unit| sum.saturating_add(unit.memory.0));
    if sum > memory.0 {
        found.push(format!("units may use {} of memory, and the server has {memory}", Bytes(sum)));
    }
    let kept: u64 = stack.units.iter().map(|unit| unit.cpu_reserved.0).sum();
    if stack.cpu.is_some_and(|cpu| kept > cpu.0) {
        found.push(format!("units reserve {} thousandths of a core, more than the server has", kept));
    }
}

/// Variables that are used must be listed in `.env.example`, and those that are listed must be used.
fn variables(stack: &Stack, found: &mut Vec<String>) {
    let mut used: BTreeSet<&str> = BTreeSet::new();
    for unit in &stack.units {
        used.extend(unit_variables(unit));
        if unit.published.iter().any(|port| port.on == Address::Private) {
            used.insert(PRIVATE_ADDRESS);
        }
    }
    let listed: BTreeSet<&str> = stack.variables.iter().map(|variable| variable.name.as_str()).collect();
    for name in used.difference(&listed) {
        found.push(format!("the variable {name} is used and not listed"));
    }
    for variable in stack.variables.iter().filter(|v| !v.outside_compose && !used.contains(v.name.as_str())) {
        found.push(format!("the variable {} is listed and not used", variable.name));
    }
    twice(stack.variables.iter().map(|v| v.name.as_str()), |name| found.push(format!("{name} is listed twice")));
    for name in stack.variables.iter().map(|variable| &variable.name) {
        let good = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if name.is_empty() || !name.chars().all(good) || name.starts_with(|c: char| c.is_ascii_digit()) {
            found.push(format!("`{name}` is no name of a variable"));
        }
    }
}

fn unit_variables(unit: &Unit) -> impl Iterator<Item = &str> {
    let values = unit.command.iter().chain(unit.environment.iter().map(|(_, value)| value));
    let parts = values.flat_map(|value| match value {
        Value::Literal(_) => &[][..],
        Value::Parts(parts) => parts,
    });
    let used = parts.filter_map(|part| match part {
        Part::Variable(name) => Some(name.as_str()),
        Part::Literal(_) => None,
    });
    let image = match &unit.image {
        ImageRef::Variable { variable } => Some(variable.as_str()),
        ImageRef::Pinned { .. } => None,
    };
    used.chain(image)
}

/// What services name must be there, and what is there must be named.
fn references(compose: &Compose, found: &mut Vec<String>) {
    let mut used: BTreeSet<(&str, &str)> = BTreeSet::new();
    for (name, service) in &compose.services {
        let networks = service.networks.keys().map(|name| ("network", name.as_str()));
        let volumes = service.volumes.iter().filter(|mount| mount.kind == "volume");
        let volumes = volumes.map(|mount| ("volume", mount.source.as_str()));
        let secrets = service.secrets.iter().map(|secret| ("secret", secret.source.as_str()));
        let first = service.depends_on.keys().map(|name| ("service", name.as_str()));
        for (kind, wanted) in networks.chain(volumes).chain(secrets).chain(first) {
            used.insert((kind, wanted));
            let there = match kind {
                "network" => compose.networks.contains_key(wanted),
                "volume" => compose.volumes.contains_key(wanted),
                "secret" => compose.secrets.contains_key(wanted),
                _ => compose.services.contains_key(wanted),
            };
            if !there {
                found.push(format!("`{name}` names the {kind} `{wanted}`, which is not there"));
            }
        }
        if service.networks.is_empty() {
            found.push(format!("`{name}` is on no network"));
        }
    }
    let there = compose.networks.keys().map(|name| ("network", name));
    let there = there.chain(compose.volumes.keys().map(|name| ("volume", name)));
    let there = there.chain(compose.secrets.keys().map(|name| ("secret", name)));
    for (kind, name) in there.filter(|(kind, name)| !used.contains(&(*kind, name.as_str()))) {
        found.push(format!("the {kind} `{name}` is used by nothing"));
    }
}
