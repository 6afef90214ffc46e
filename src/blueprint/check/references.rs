//! Names that must be those of something in the blueprint.

use super::Checker;
use crate::blueprint::document::{FieldPath, Part};
use crate::blueprint::service::{Metrics, Service, VolumeUse};
use crate::error::{Code, Problem};
use crate::path;

/// The names that a service refers to.
pub(super) fn services(c: &mut Checker<'_>) {
    let b = c.blueprint;
    let known: Vec<&str> = b.services.keys().map(String::as_str).collect();
    let networks: Vec<&str> = b.networks.keys().map(String::as_str).collect();
    for (_, service, at) in c.services() {
        for (i, name) in service.depends_on.iter().enumerate() {
            c.refer(&at.join("depends_on").join(i), Part::Value, name, "service", &known);
        }
        for (i, name) in service.networks.iter().enumerate() {
            c.refer(&at.join("networks").join(i), Part::Value, name, "network", &networks);
        }
        for (other, connect) in &service.connects {
            let at = at.join("connects").join(other);
            c.refer(&at, Part::Key, other, "service", &known);
            if let (Some(port), Some(other)) = (&connect.port, b.services.get(other)) {
                let ports: Vec<&str> = other.ports.iter().map(|port| port.name.as_str()).collect();
                c.refer(&at.join("port"), Part::Value, port, "port", &ports);
            }
        }
        areas(c, &at.join("volumes"), &service.volumes);
        for (name, differing) in &service.environments {
            areas(c, &at.join("environments").join(name).join("volumes"), &differing.volumes);
        }
        if let Some(used) = &service.metrics {
            metrics(c, &at.join("metrics").join("port"), used, service);
        }
        placement(c, &at.join("placement"), service);
    }
}

fn areas(c: &mut Checker<'_>, list: &FieldPath, volumes: &[VolumeUse]) {
    for (i, volume) in volumes.iter().enumerate() {
        if let Some(name) = &volume.area {
            area(c, &list.join(i).join("area"), name);
        }
    }
}

fn area(c: &mut Checker<'_>, at: &FieldPath, name: &str) {
    let known: Vec<&str> =
        c.blueprint.storage.iter().flat_map(|storage| storage.areas.keys()).map(String::as_str).collect();
    c.refer(at, Part::Value, name, "storage area", &known);
}

/// Measurements are read over the network, so their port is one that the service lists with who may reach it.
fn metrics(c: &mut Checker<'_>, at: &FieldPath, metrics: &Metrics, service: &Service) {
    if service.ports.iter().all(|port| port.port != metrics.port) {
        let problem = Problem::new(Code::Dangling, format!("the service has no port {}", metrics.port))
            .because("measurements are read over the network, so who may reach their port must be known")
            .hint("add it to `ports`, with its `exposure`");
        c.at_value(at, "not among `ports`", problem);
    }
}

fn placement(c: &mut Checker<'_>, at: &FieldPath, service: &Service) {
    let Some(placement) = &service.placement else { return };
    let clouds: Vec<&str> = c.blueprint.clouds.keys().map(String::as_str).collect();
    c.refer(&at.join("cloud"), Part::Value, &placement.cloud, "cloud", &clouds);
    let Some(cloud) = c.blueprint.clouds.get(&placement.cloud) else { return };
    let roles: Vec<&str> = cloud.private.keys().chain(&cloud.public).map(String::as_str).collect();
    // A cloud whose subnets are not described has no roles to compare with.
    if !roles.is_empty() {
        c.refer(&at.join("role"), Part::Value, &placement.role, "role", &roles);
    }
}

/// The names that everything but a service refers to.
pub(super) fn others(c: &mut Checker<'_>) {
    let b = c.blueprint;
    for (at, part, name) in service_names(c) {
        let known: Vec<&str> = b.services.keys().map(String::as_str).collect();
        c.refer(&at, part, name, "service", &known);
    }
    let tiers: Vec<&str> = b.tiers.iter().map(|tier| tier.name.as_str()).collect();
    for (i, step) in b.migration.iter().enumerate() {
        c.refer(&path!["migration", i, "from"], Part::Value, &step.from, "tier", &tiers);
        c.refer(&path!["migration", i, "to"], Part::Value, &step.to, "tier", &tiers);
    }
    backup(c);
    let mut roles = vec!["alb", "bastion"];
    roles.extend(b.clouds.values().flat_map(|cloud| cloud.private.keys().chain(&cloud.public)).map(String::as_str));
    for (name, cloud) in &b.clouds {
        for (role, subnet) in &cloud.private {
            for (i, admitted) in subnet.admits.iter().enumerate() {
                let at = path!["clouds", name, "private", role, "admits", i];
                c.refer(&at, Part::Value, admitted, "role", &roles);
            }
        }
    }
}

fn backup(c: &mut Checker<'_>) {
    let Some(backup) = &c.blueprint.backup else { return };
    area(c, &path!["backup", "area"], &backup.area);
    for (service, job) in &backup.jobs {
        let at = path!["backup", "jobs", service];
        if let Some(name) = &job.area {
            area(c, &at.join("area"), name);
        }
        if let (Some(volume), Some(service)) = (&job.volume, c.blueprint.services.get(service)) {
            let known: Vec<&str> = service.volumes.iter().filter_map(|volume| volume.volume.as_deref()).collect();
            c.refer(&at.join("volume"), Part::Value, volume, "volume", &known);
        }
    }
}

/// Every place outside `services` that names a service.
fn service_names<'a>(c: &Checker<'a>) -> Vec<(FieldPath, Part, &'a str)> {
    let b = c.blueprint;
    let mut names: Vec<(FieldPath, Part, &'a str)> = Vec::new();
    for (i, tier) in b.tiers.iter().enumerate() {
        for (j, set) in tier.sizes.iter().enumerate() {
            for (k, server) in set.servers.iter().enumerate() {
                let at = path!["tiers", i, "sizes", j, "servers", k, "services"];
                names.extend(server.services.keys().map(|name| (at.join(name), Part::Key, name.as_str())));
            }
        }
    }
    let mut value = |path: FieldPath, name: Option<&'a String>| {
        names.extend(name.map(|name| (path, Part::Value, name.as_str())));
    };
    if let Some(monitoring) = &b.monitoring {
        value(path!["monitoring", "collector"], Some(&monitoring.collector));
        value(path!["monitoring", "dashboards"], monitoring.dashboards.as_ref());
        value(path!["monitoring", "alerts"], monitoring.alerts.as_ref());
    }
    for (i, row) in b.triggers.iter().enumerate() {
        value(path!["triggers", i, "service"], row.service.as_ref());
    }
    for (i, row) in b.verdicts.iter().enumerate() {
        value(path!["verdicts", i, "service"], row.service.as_ref());
    }
    for (i, row) in b.scale_out.iter().enumerate() {
        value(path!["scale_out", i, "service"], Some(&row.service));
    }
    for (i, row) in b.playbooks.iter().enumerate() {
        value(path!["playbooks", i, "service"], Some(&row.service));
    }
    for (key, budget) in &b.memory_budgets {
        value(path!["memory_budgets", key, "service"], Some(&budget.service));
    }
    let jobs = b.backup.iter().flat_map(|backup| backup.jobs.keys());
    names.extend(jobs.map(|name| (path!["backup", "jobs", name], Part::Key, name.as_str())));
    let strategies = b.release.iter().flat_map(|release| release.strategies.keys());
    names.extend(strategies.map(|name| (path!["release", "strategies", name], Part::Key, name.as_str())));
    names
}
