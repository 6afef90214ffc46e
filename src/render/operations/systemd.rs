//! Units of systemd: the stack itself, and the timer of its backup.

use serde_json::{Value as Json, json};

use super::{Scene, backup, paths};
use crate::design::topology::Unit;
use crate::error::Result;
use crate::render::tree::Tree;
use crate::units::Span;

/// Longest that pulling images takes, in seconds; an assumption: 10 GB at 100 Mbit/s take 13 minutes.
const PULL_SECONDS: u64 = 1800;

/// Name of the unit that mounts `path`, escaped as `systemd-escape --path --suffix=mount` does.
///
/// Slashes become hyphens; every other byte than letters, digits and `:_.` becomes `\x` and two hexadecimal digits, and
/// so does a dot at the start (`systemd.unit(5)`, "String escaping for inclusion in unit names").
pub fn mount_unit(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let joined = parts.join("/");
    let mut name = String::new();
    for (i, byte) in joined.bytes().enumerate() {
        match byte {
            b'/' => name.push('-'),
            b'.' if i == 0 => name.push_str("\\x2e"),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b':' | b'_' | b'.' => name.push(char::from(byte)),
            _ => name.push_str(&format!("\\x{byte:02x}")),
        }
    }
    format!("{}.mount", if name.is_empty() { "-" } else { &name })
}

/// Name of a unit of this stack.
pub fn name(scene: &Scene<'_>, suffix: &str) -> String {
    format!("{}-{}{suffix}", scene.topology.deployment, scene.stack.name)
}

/// The units of a stack.
pub fn files(scene: Scene<'_>) -> Result<Tree> {
    let mut tree = Tree::default();
    let mut add = |name: String, template: &str, values: &Json| -> Result<()> {
        tree.add(scene.path(&format!("systemd/{name}")), scene.text(template, values)?);
        Ok(())
    };
    let folder = paths::folder(scene.topology, scene.stack);
    let mounted = paths::mounted(scene.topology, scene.stack).map(|storage| storage.mount.clone());
    if !scene.stack.units.is_empty() {
        let values = json!({
            "deployment": scene.topology.deployment,
            "title": scene.stack.title,
            "folder": folder,
            "mounts_for": mounted.iter().collect::<Vec<_>>(),
            "start_seconds": PULL_SECONDS + scene.stack.units.iter().map(start_seconds).sum::<u64>(),
            "stop_seconds": 60 + scene.stack.units.iter().map(|unit| seconds(unit.stop_grace)).sum::<u64>(),
        });
        add(name(&scene, ".service"), "stack.service", &values)?;
    }
    let tasks = backup::tasks(&scene);
    if let Some(backup) = scene.topology.backup.as_ref().filter(|_| !tasks.is_empty()) {
        let backups = paths::backups(scene.topology, scene.stack).unwrap_or_default();
        let mut writes = vec![backups.clone()];
        // prepare.sh makes this folder; a unit must not fail where it is missing.
        writes.extend(paths::textfile(scene.stack).map(|folder| format!("-{folder}")));
        // The snapshot of etcd is taken into its data folder and removed from there.
        writes.extend(scene.stack.volumes.iter().filter_map(|volume| volume.path.clone()).filter(|path| {
            tasks.iter().any(|task| {
                task.job.method == crate::blueprint::operations::BackupMethod::EtcdSnapshot
                    && scene.stack.units.iter().any(|unit| unit.name == task.unit && holds(&scene, unit, path))
            })
        }));
        let (hour, minute) = backup.at;
        let values = json!({
            "deployment": scene.topology.deployment,
            "stack": scene.stack.name,
            "title": scene.stack.title,
            "folder": folder,
            "script": format!("{folder}/backup.sh"),
            "mounts_for": [backups],
            "writes": writes,
            "time": format!("{hour:02}:{minute:02}:00"),
        });
        add(name(&scene, "-backup.service"), "backup.service", &values)?;
        add(name(&scene, "-backup.timer"), "backup.timer", &values)?;
    }
    Ok(tree)
}

fn holds(scene: &Scene<'_>, unit: &Unit, path: &str) -> bool {
    use crate::design::topology::MountSource;
    unit.mounts.iter().any(|mount| match &mount.from {
        MountSource::Volume(name) => {
            scene.stack.volumes.iter().any(|volume| volume.name == *name && volume.path.as_deref() == Some(path))
        }
        _ => false,
    })
}

/// Longest that a unit takes until it is healthy or has failed, in seconds.
pub fn start_seconds(unit: &Unit) -> u64 {
    unit.health.as_ref().map_or(10, |health| {
        let each = seconds(health.interval) + seconds(health.timeout);
        seconds(health.start_period) + each * u64::from(health.retries + 1)
    })
}

fn seconds(span: Span) -> u64 {
    span.0.div_ceil(1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_as_systemd_does() {
        assert_eq!(mount_unit("/mnt/storage/rag-data"), "mnt-storage-rag\\x2ddata.mount");
        assert_eq!(mount_unit("/"), "-.mount");
        assert_eq!(mount_unit("//a//b/"), "a-b.mount");
        assert_eq!(mount_unit("/.x/.y"), "\\x2ex-.y.mount");
        assert_eq!(mount_unit("/ä b"), "\\xc3\\xa4\\x20b.mount");
    }
}
