//! The script that says how a server is.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use super::{Scene, backup, paths, storage};
use crate::blueprint::operations::Measure;
use crate::design::topology::Address;
use crate::error::Result;
use crate::render::tree::Tree;

/// Share of a disk in percent, and age of a backup in hours, that count as wrong where no alert says otherwise:
/// assumptions.
const DISK_PERCENT: u64 = 90;
const BACKUP_HOURS: u64 = 26;

/// The script.
pub fn files(scene: Scene<'_>) -> Result<Tree> {
    let mut tree = Tree::default();
    let stack = scene.stack;
    let mounted = paths::mounted(scene.topology, stack).map(|storage| storage.mount.as_str());
    let backup = scene.topology.backup.as_ref().filter(|_| !backup::tasks(&scene).is_empty());
    let units: Vec<_> = stack.units.iter().map(|unit| &unit.name).collect();
    let endpoints = endpoints(&scene);
    let any = |test: fn(&Json) -> bool| endpoints.iter().any(test);
    let values = json!({
        "stack": stack.name,
        "title": stack.title,
        "units": units,
        "mount": mounted,
        "exported": storage::exports(&scene).map(|_| format!("/etc/exports.d/{}.exports", scene.topology.deployment)),
        "disks": disks(&scene, mounted),
        "disk_percent": threshold(&scene, Measure::Disk, 100.0).unwrap_or(DISK_PERCENT),
        "backups": backup.and_then(|_| paths::backups(scene.topology, scene.stack)),
        "backup_hours": threshold(&scene, Measure::BackupAge, 1.0 / 3600.0).unwrap_or(BACKUP_HOURS),
        "has_gateway": any(|endpoint| endpoint["url"].is_string()),
        "has_ports": any(|endpoint| endpoint["url"].is_null()),
        "has_private": any(|endpoint| endpoint["private"] == true),
        "endpoints": endpoints,
    });
    tree.add_script(scene.path("status.sh"), scene.text("status.sh", &values)?);
    Ok(tree)
}

/// The threshold of the alert on a measure, in another unit.
fn threshold(scene: &Scene<'_>, measure: Measure, factor: f64) -> Option<u64> {
    let alerts = &scene.topology.monitoring.as_ref()?.alerts;
    let threshold = alerts.iter().find(|alert| alert.measure == measure)?.threshold?;
    // Thresholds are small positive numbers.
    Some((threshold * factor).round().clamp(1.0, 1e9) as u64)
}

fn disks(scene: &Scene<'_>, mounted: Option<&str>) -> Vec<String> {
    let mut disks = vec!["/".to_owned()];
    disks.extend(mounted.map(str::to_owned));
    disks.extend(storage::exports(scene).map(|storage| storage.export.clone()));
    let local = scene.stack.volumes.iter().filter_map(|volume| volume.path.clone());
    disks.extend(local.filter(|path| mounted.is_none_or(|mount| paths::below(path, mount).is_none())));
    let mut seen = BTreeSet::new();
    disks.retain(|path| seen.insert(path.clone()));
    disks
}

fn endpoints(scene: &Scene<'_>) -> Vec<Json> {
    let gateway = scene.topology.gateway.as_ref().filter(|gateway| gateway.stack == scene.stack.name);
    let mut endpoints = Vec::new();
    for unit in &scene.stack.units {
        for port in &unit.published {
            let front = gateway.filter(|gateway| gateway.unit == unit.name);
            let url = front
                .filter(|gateway| gateway.https_port == port.container)
                .map(|gateway| format!("https://127.0.0.1:{}{}", port.host, gateway.health_path));
            endpoints.push(json!({
                "unit": unit.name,
                "port": port.host,
                "private": port.on == Address::Private,
                "url": url,
            }));
        }
    }
    endpoints
}
