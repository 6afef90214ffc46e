//! One unit as a Compose service.

use indexmap::IndexMap;

use super::model::{
    Bind, Dependency, Deploy, EnvFile, Health, Limits, Logging, Membership, Mount, Port, Resources, SecretMount,
    Service,
};
use super::text;
use crate::design::topology::{
    Address, HealthDesign, ImageRef, LogDesign, Mount as MountDesign, MountSource, Published, Stack, Unit,
};
use crate::design::topology_names::PRIVATE_ADDRESS;
use crate::units::Bytes;

/// The service of a unit.
pub fn of(stack: &Stack, unit: &Unit) -> Service {
    let literals = |list: &[String]| list.iter().map(|text| text::literal(text)).collect::<Vec<_>>();
    let env_file = unit.secret_env_file().map(|path| EnvFile { path: format!("./{path}"), format: "raw".to_owned() });
    Service {
        image: image(stack, unit),
        command: unit.command.iter().map(|value| text::value(stack, value)).collect(),
        environment: unit.environment.iter().map(|(name, value)| (name.clone(), text::value(stack, value))).collect(),
        env_file: env_file.into_iter().collect(),
        secrets: unit.secret_files.iter().map(|name| secret(unit, name)).collect(),
        ports: unit.published.iter().map(|published| port(stack, published)).collect(),
        volumes: unit.mounts.iter().map(mount).collect(),
        tmpfs: literals(&unit.tmpfs),
        networks: unit.networks.iter().map(|name| (name.clone(), membership(unit))).collect(),
        depends_on: unit.depends_on.iter().map(|name| (name.clone(), dependency(stack, unit, name))).collect(),
        healthcheck: unit.health.as_ref().map(health),
        deploy: deploy(unit),
        shm_size: unit.shm.map(size),
        user: unit.user.clone(),
        read_only: unit.read_only,
        cap_drop: vec!["ALL".to_owned()],
        cap_add: unit.capabilities.clone(),
        security_opt: vec!["no-new-privileges:true".to_owned()],
        init: true,
        restart: unit.restart.to_owned(),
        stop_grace_period: unit.stop_grace.to_string(),
        logging: logging(&unit.log),
        labels: unit.labels.iter().map(|(name, value)| (name.clone(), text::literal(value))).collect(),
    }
}

/// Name under which a service's copy of a secret is known in the file.
pub fn secret_name(unit: &Unit, secret: &str) -> String {
    format!("{}-{secret}", unit.service)
}

fn image(stack: &Stack, unit: &Unit) -> String {
    match &unit.image {
        ImageRef::Variable { variable } => text::variable(stack, variable),
        ImageRef::Pinned { name, tag, digest } => {
            let digest = digest.as_ref().map(|digest| format!("@{digest}")).unwrap_or_default();
            text::literal(&format!("{name}:{tag}{digest}"))
        }
    }
}

fn secret(unit: &Unit, name: &str) -> SecretMount {
    SecretMount { source: secret_name(unit, name), target: name.to_owned() }
}

fn port(stack: &Stack, published: &Published) -> Port {
    let host_ip = match published.on {
        Address::Any => None,
        Address::Private => Some(text::variable(stack, PRIVATE_ADDRESS)),
        Address::Loopback => Some("127.0.0.1".to_owned()),
    };
    Port { target: published.container, published: published.host.to_string(), host_ip, protocol: "tcp".to_owned() }
}

fn mount(mount: &MountDesign) -> Mount {
    let (kind, source) = match &mount.from {
        MountSource::Volume(name) => ("volume", name.clone()),
        MountSource::File(path) => ("bind", text::literal(&format!("./{path}"))),
        MountSource::Host(path) => ("bind", text::literal(path)),
    };
    Mount {
        kind: kind.to_owned(),
        source,
        target: text::literal(&mount.at),
        read_only: mount.read_only,
        bind: (kind == "bind").then_some(Bind { create_host_path: false }),
    }
}

/// Instances share the name of their service.
fn membership(unit: &Unit) -> Membership {
    let aliases = if unit.name == unit.service { Vec::new() } else { vec![unit.service.clone()] };
    Membership { aliases }
}

fn dependency(stack: &Stack, unit: &Unit, name: &String) -> Dependency {
    let checked = stack.units.iter().any(|other| other.name == *name && other.health.is_some());
    let condition =
        if checked && !unit.started_suffices.contains(name) { "service_healthy" } else { "service_started" };
    Dependency { condition: condition.to_owned(), restart: unit.restart_with.contains(name) }
}

fn health(health: &HealthDesign) -> Health {
    let command = health.command.iter().map(|item| text::literal(item));
    Health {
        test: std::iter::once("CMD".to_owned()).chain(command).collect(),
        interval: health.interval.to_string(),
        timeout: health.timeout.to_string(),
        retries: health.retries,
        start_period: health.start_period.to_string(),
        start_interval: health.start_interval.to_string(),
    }
}

fn deploy(unit: &Unit) -> Deploy {
    let limits = Limits { cpus: unit.cpu.to_string(), memory: size(unit.memory), pids: Some(unit.pids) };
    let reservations = Limits { cpus: unit.cpu_reserved.to_string(), memory: size(unit.memory_reserved), pids: None };
    Deploy { resources: Resources { limits, reservations } }
}

/// An amount of memory. Compose counts `k`, `m` and `g` in powers of 1024.
fn size(bytes: Bytes) -> String {
    let units = [("g", 30), ("m", 20), ("k", 10)].into_iter();
    let whole = units.map(|(unit, bits)| (unit, 1u64 << bits)).find(|(_, n)| bytes.0 > 0 && bytes.0.is_multiple_of(*n));
    whole.map_or_else(|| format!("{}b", bytes.0), |(unit, n)| format!("{}{unit}", bytes.0 / n))
}

/// Docker counts the size of a log file in powers of 1000, unlike memory.
fn logging(log: &LogDesign) -> Logging {
    let units = [("m", 1_000_000u64), ("k", 1000)].into_iter();
    let whole = units.into_iter().find(|(_, n)| log.max_size.0.is_multiple_of(*n));
    let max_size =
        whole.map_or_else(|| log.max_size.0.to_string(), |(unit, n)| format!("{}{unit}", log.max_size.0 / n));
    let options = [("max-size", max_size), ("max-file", log.max_files.to_string())];
    let options: IndexMap<_, _> = options.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Logging { driver: log.driver.clone(), options }
}
