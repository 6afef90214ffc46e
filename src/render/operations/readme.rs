//! The page that says what to run where, in which order.

use serde_json::{Value as Json, json};

use super::{Scene, backup, firewall, paths, storage, systemd};
use crate::design::topology::{Stack, Topology};
use crate::error::Result;
use crate::render::templates::Templates;

/// What runs containers, in the versions that `prepare.sh` asks for.
const DOCKER: &str = "Docker Engine 25.0 or later with Compose 2.30 or later (a distribution's own may be older: docs.docker.com/engine/install)";

/// The page.
pub fn page(topology: &Topology, templates: &Templates) -> Result<String> {
    let scene = |stack| Scene { topology, stack, templates };
    let stacks: Vec<Json> = topology.stacks.iter().map(|stack| section(&scene(stack))).collect();
    let secrets: Vec<Json> = topology
        .secrets
        .iter()
        .map(|secret| {
            let stacks: std::collections::BTreeSet<&str> =
                secret.readers.iter().map(|reader| reader.stack.as_str()).collect();
            let stacks = stacks.into_iter().collect::<Vec<_>>().join(", ");
            json!({ "name": secret.name, "means": secret.means, "stacks": stacks, "generated": secret.generated })
        })
        .collect();
    let jobs: Vec<Json> = topology
        .stacks
        .iter()
        .map(|stack| jobs(&scene(stack)))
        .collect::<Result<Vec<_>>>()?
        .into_iter()
        .flatten()
        .collect();
    let backup = topology.backup.as_ref().filter(|_| !jobs.is_empty()).map(|backup| {
        let (hour, minute) = backup.at;
        let (daily, weekly, monthly) = backup.keep;
        json!({
            "time": format!("{hour:02}:{minute:02}"),
            "folders": backup_folders(topology),
            "daily": daily.max(1),
            "weekly": weekly,
            "monthly": monthly,
            "jobs": jobs,
        })
    });
    let values = json!({
        "title": topology.title,
        "deployment": topology.deployment,
        "tier": topology.tier,
        "rows": topology.rows.join(", "),
        "demand": topology.demand,
        "root_folder": paths::root(topology),
        "root": paths::join(&paths::root(topology), ""),
        "stacks": stacks,
        "secrets": secrets,
        "firewall": firewall::rules(topology),
        "backup": backup,
        "notes": topology.notes,
    });
    templates.render("operations/README.md.tera", &values)
}

/// Where backups go: the folder has another path on the server that holds the storage.
fn backup_folders(topology: &Topology) -> String {
    let with_jobs = |stack: &&Stack| {
        let jobs = topology.backup.iter().flat_map(|backup| &backup.jobs);
        jobs.clone().any(|job| job.stack == stack.name)
    };
    let folders: std::collections::BTreeSet<String> =
        topology.stacks.iter().filter(with_jobs).filter_map(|stack| paths::backups(topology, stack)).collect();
    folders.into_iter().collect::<Vec<_>>().join(", ")
}

fn section(scene: &Scene<'_>) -> Json {
    let stack = scene.stack;
    let variables: Vec<Json> = stack
        .variables
        .iter()
        .map(|variable| json!({ "name": variable.name, "means": variable.means, "example": variable.example }))
        .collect();
    json!({
        "name": stack.name,
        "title": stack.title,
        "count": stack.count,
        "cpu": stack.cpu.map_or_else(|| "-".to_owned(), |cpu| cpu.to_string()),
        "memory": stack.memory.map_or_else(|| "-".to_owned(), |memory| memory.to_string()),
        "after": if stack.starts_after.is_empty() { "-".to_owned() } else { stack.starts_after.join(", ") },
        "folder": paths::folder(scene.topology, stack),
        "steps": steps(scene),
        "variables": variables,
        "programs": programs(scene, stack),
    })
}

fn steps(scene: &Scene<'_>) -> Vec<Json> {
    let mut steps = Vec::new();
    let mut step = |command: String, why: &str| steps.push(json!({ "command": command, "why": why }));
    let mounted = paths::mounted(scene.topology, scene.stack).is_some();
    if storage::exports(scene).is_some() {
        step(
            "./prepare-storage.sh".into(),
            "makes the folders of the storage and exports them, once its disks are mounted",
        );
    }
    let has_units = !scene.stack.units.is_empty();
    let timer = !backup::tasks(scene).is_empty();
    if mounted || has_units || timer {
        step(
            "./install.sh".into(),
            if mounted {
                "puts the systemd units in place and mounts the storage"
            } else {
                "puts the systemd units in place"
            },
        );
    }
    step("./prepare.sh".into(), "checks the server, makes folders and copies of secrets");
    if has_units {
        step(
            format!("systemctl start {}", systemd::name(scene, ".service")),
            "starts the services and waits until they are healthy",
        );
    }
    step("./status.sh".into(), "says how the server is");
    steps
}

fn programs(scene: &Scene<'_>, stack: &Stack) -> String {
    let mut programs = Vec::new();
    if !stack.units.is_empty() {
        programs.push(DOCKER.to_owned());
    }
    if storage::exports(scene).is_some() {
        programs.push("an NFS server (nfs-kernel-server or nfs-utils)".to_owned());
    } else if paths::mounted(scene.topology, stack).is_some() {
        programs.push("an NFS client (nfs-common or nfs-utils)".to_owned());
    }
    if scene.topology.gateway.as_ref().is_some_and(|gateway| gateway.stack == stack.name) {
        programs.push("curl".to_owned());
    }
    if jobs(scene).is_ok_and(|jobs| jobs.iter().any(|job| job["method"] == "copy")) {
        programs.push("rsync".to_owned());
    }
    programs.join(", ")
}

fn jobs(scene: &Scene<'_>) -> Result<Vec<Json>> {
    let mut rows = Vec::new();
    for task in backup::tasks(scene) {
        let Some(unit) = scene.stack.units.iter().find(|unit| unit.name == task.unit) else { continue };
        let method = backup::method(task, unit)?;
        let mut how = match method {
            "postgres" => "pg_dump in custom format, read back with pg_restore --list".to_owned(),
            "etcd" => "etcdctl snapshot, checked with etcdutl".to_owned(),
            "copy" => "copy of the files, with hard links to the day before where nothing changed".to_owned(),
            _ => "archive of the files".to_owned(),
        };
        how.push_str(if task.job.stops { "; the service is stopped meanwhile" } else { "" });
        if let Some(note) = &task.job.note {
            how.push_str(". ");
            how.push_str(note);
        }
        rows.push(json!({ "stack": task.stack, "unit": task.unit, "method": method, "how": how }));
    }
    Ok(rows)
}
