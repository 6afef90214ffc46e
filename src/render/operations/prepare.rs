//! Making a server ready: what it must have, folders with owners, copies of secrets.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use super::{Scene, backup, paths, systemd};
use crate::design::topology::{MountSource, Stack, Unit};
use crate::error::Result;
use crate::render::tree::Tree;

/// First Compose that reads `env_file` with `format: raw` (release notes of 2.30.0).
const COMPOSE: &str = "2.30.0";
/// First Docker Engine with a start interval of health checks (API 1.44, release notes of 25.0).
const ENGINE: &str = "25.0.0";

/// The script.
pub fn files(scene: Scene<'_>) -> Result<Tree> {
    let mut tree = Tree::default();
    let stack = scene.stack;
    let mounted = paths::mounted(scene.topology, stack);
    let needs_rsync = backup::tasks(&scene).iter().any(|task| {
        let unit = stack.units.iter().find(|unit| unit.name == task.unit);
        unit.is_some_and(|unit| backup::method(task, unit).is_ok_and(|method| method == "copy"))
    });
    let variables: Vec<_> = stack.variables.iter().map(|variable| &variable.name).collect();
    let values = json!({
        "stack": stack.name,
        "title": stack.title,
        "units": stack.units.len(),
        "compose_version": COMPOSE,
        "engine_version": ENGINE,
        "needs_rsync": needs_rsync,
        "mount": mounted.map(|storage| &storage.mount),
        "mount_unit": mounted.map(|storage| systemd::mount_unit(&storage.mount)),
        "variables": variables,
        "secrets": stack.secrets,
        "folders": folders(&scene),
        "textfile": paths::textfile(stack),
        "configs": configs(stack),
        "copies": copies(&scene),
        "env_files": env_files(&scene),
        "targets": has_targets(&scene),
    });
    tree.add_script(scene.path("prepare.sh"), scene.text("prepare.sh", &values)?);
    Ok(tree)
}

/// Whether the collector runs here and looks up other servers in files that a script beside it makes from `.env`.
fn has_targets(scene: &Scene<'_>) -> bool {
    scene.topology.monitoring.as_ref().is_some_and(|monitoring| {
        monitoring.stack == scene.stack.name
            && monitoring.targets.iter().any(|target| {
                let counted = scene.topology.stack(&target.stack).is_some_and(|stack| stack.count > 0);
                target.file.is_some() && counted
            })
    })
}

/// Folders beside the Compose file that containers read.
fn configs(stack: &Stack) -> BTreeSet<&str> {
    let mounts = stack.units.iter().flat_map(|unit| &unit.mounts);
    mounts
        .filter_map(|mount| match &mount.from {
            MountSource::File(folder) => Some(folder.as_str()),
            _ => None,
        })
        .collect()
}

/// Folders that must be there: the areas of this server, and what its volumes are bound to.
fn folders(scene: &Scene<'_>) -> Vec<Json> {
    let mut found: Vec<(String, String)> = Vec::new();
    if let Some(storage) = &scene.topology.storage {
        let here = |users: &[String]| users.contains(&scene.stack.name);
        for area in storage.areas.iter().filter(|area| here(&area.users)) {
            let path = paths::area(storage, scene.stack, area);
            let owner = area.owner.clone().unwrap_or_default();
            found.push((path.clone(), owner.clone()));
            found.extend(area.folders.iter().map(|folder| (paths::join(&path, folder), owner.clone())));
        }
    }
    for volume in &scene.stack.volumes {
        let Some(path) = &volume.path else { continue };
        if found.iter().any(|(other, _)| other == path) {
            continue;
        }
        let user = scene.stack.units.iter().find(|unit| mounts(unit, &volume.name)).and_then(|unit| unit.user.clone());
        found.push((path.clone(), user.unwrap_or_default()));
    }
    found.into_iter().map(|(path, owner)| json!({ "path": path, "owner": owner })).collect()
}

fn mounts(unit: &Unit, volume: &str) -> bool {
    unit.mounts.iter().any(|mount| matches!(&mount.from, MountSource::Volume(name) if name == volume))
}

/// The copy of each secret for each service that reads it as a file.
fn copies(scene: &Scene<'_>) -> Vec<Json> {
    let mut copies = Vec::new();
    let mut seen = BTreeSet::new();
    for secret in &scene.topology.secrets {
        for reader in secret.readers.iter().filter(|reader| reader.stack == scene.stack.name) {
            let as_file = scene.stack.units_of(&reader.service).any(|unit| unit.secret_files.contains(&secret.name));
            let file = reader.file(&secret.name);
            if !as_file || !seen.insert(file.clone()) {
                continue;
            }
            let (before, after) = around(reader.format.as_deref());
            copies.push(json!({
                "secret": format!("secrets/{}", secret.name),
                "file": file,
                "owner": reader.owner,
                "plain": before.is_empty() && after.is_empty(),
                "before": before,
                "after": after,
            }));
        }
    }
    copies
}

/// The files of variables for images that read secrets from nowhere else.
fn env_files(scene: &Scene<'_>) -> Vec<Json> {
    let mut files = Vec::new();
    let mut seen = BTreeSet::new();
    for unit in &scene.stack.units {
        let Some(file) = unit.secret_env_file().filter(|file| seen.insert(file.clone())) else { continue };
        let lines: Vec<Json> = unit
            .secret_env
            .iter()
            .map(|(variable, secret)| {
                let (before, after) = around(format_of(scene, unit, secret));
                json!({ "variable": variable, "secret": format!("secrets/{secret}"), "before": before, "after": after })
            })
            .collect();
        files.push(json!({ "file": file, "lines": lines }));
    }
    files
}

fn format_of<'a>(scene: &Scene<'a>, unit: &Unit, secret: &str) -> Option<&'a str> {
    let secret = scene.topology.secrets.iter().find(|design| design.name == secret)?;
    let is_ours = |reader: &&crate::design::topology::SecretReader| {
        reader.stack == scene.stack.name && reader.service == unit.service
    };
    secret.readers.iter().find(is_ours)?.format.as_deref()
}

/// What stands before and after the secret.
fn around(format: Option<&str>) -> (&str, &str) {
    format.and_then(|format| format.split_once("{secret}")).unwrap_or_default()
}
