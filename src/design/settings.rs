//! Settings that follow from the size, in the form in which each program takes them.

use super::scene::{Placed, Scene};
use super::topology::Value;
use super::topology_names::variable_name;
use crate::blueprint::service::Kind;
use crate::size::plan::Setting;

/// Command and environment with the settings in them.
#[derive(Debug, Default)]
pub struct Settings {
    /// The whole command; empty when the image's own is used.
    pub command: Vec<String>,
    /// Variables.
    pub environment: Vec<(String, Value)>,
    /// Settings that rapplan cannot set itself.
    pub notes: Vec<String>,
}

/// The settings of a service on a server.
pub fn of(scene: &Scene<'_>, placed: &Placed<'_>) -> Settings {
    let over = placed.service.environments.get(scene.environment()).filter(|over| !over.command.is_empty());
    let command = over.map_or(&placed.service.command, |over| &over.command).clone();
    let mut out = Settings { command, ..Settings::default() };
    for setting in &placed.share.settings {
        apply(placed, setting, &mut out);
    }
    if scene.blueprint.monitoring.as_ref().is_some_and(|m| m.collector == placed.name) {
        retention(scene, &mut out);
    }
    out
}

fn apply(placed: &Placed<'_>, setting: &Setting, out: &mut Settings) {
    let Setting { name, value, because } = setting;
    let is_variable = name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    let image = placed.service.image.as_ref().map_or("", |image| image.name.as_str());
    let mut variable = |name: String| out.environment.push((name, Value::literal(value.clone())));
    match placed.service.kind {
        _ if is_variable => variable(name.clone()),
        Kind::Sql if image.contains("mysql") || image.contains("mariadb") => argument(out, "mysqld", name, value),
        Kind::Sql => {
            if out.command.is_empty() {
                out.command.push("postgres".to_owned());
            }
            out.command.extend(["-c".to_owned(), format!("{name}={value}")]);
        }
        // Every flag of etcd is also a variable, which holds whatever the command is.
        Kind::Coordination => variable(format!("ETCD_{}", variable_name(name))),
        // Milvus reads `queryNode.mmap.vectorField` from QUERYNODE_MMAP_VECTORFIELD.
        Kind::Vectors => variable(variable_name(name)),
        Kind::Monitoring => argument(out, "", name, value),
        _ => out.notes.push(format!("Set `{name}` to {value} in `{}`: {because}.", placed.name)),
    }
}

/// `--name=value`, unless the command has it already.
fn argument(out: &mut Settings, program: &str, name: &str, value: &str) {
    let flag = format!("--{}=", name.trim_start_matches('-'));
    if out.command.is_empty() && !program.is_empty() {
        out.command.push(program.to_owned());
    }
    if !out.command.iter().any(|item| item.starts_with(&flag)) {
        out.command.push(format!("{flag}{value}"));
    }
}

/// How long and how much Prometheus keeps.
fn retention(scene: &Scene<'_>, out: &mut Settings) {
    let Some(monitoring) = &scene.blueprint.monitoring else { return };
    if out.command.is_empty() {
        // What the image would be given otherwise; a command replaces it as a whole.
        out.command = ["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus"]
            .map(str::to_owned)
            .to_vec();
    }
    argument(out, "", "storage.tsdb.retention.time", &monitoring.retention.to_string());
    if let Some(size) = monitoring.retention_size {
        // Plain bytes, since Prometheus reads GB as a power of 1024.
        argument(out, "", "storage.tsdb.retention.size", &format!("{}B", size.0));
    }
}
