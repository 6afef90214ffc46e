//! The script that puts units of systemd in place.

use serde_json::json;

use super::{Scene, backup, paths, systemd};
use crate::design::topology_names::STORAGE_ADDRESS;
use crate::error::Result;
use crate::render::tree::Tree;

/// The script, for a stack that has units.
pub fn files(scene: Scene<'_>) -> Result<Tree> {
    let mut tree = Tree::default();
    let mut units = Vec::new();
    let mut enable_now = Vec::new();
    let mut enable = Vec::new();
    let mounted = paths::mounted(scene.topology, scene.stack);
    if let Some(storage) = mounted {
        let unit = systemd::mount_unit(&storage.mount);
        units.push(unit.clone());
        units.push(format!("docker.service.d/{}-storage.conf", scene.topology.deployment));
        enable_now.push(unit);
    }
    if !scene.stack.units.is_empty() {
        units.push(systemd::name(&scene, ".service"));
        // It is started by hand, when prepare.sh is content.
        enable.push(systemd::name(&scene, ".service"));
    }
    if !backup::tasks(&scene).is_empty() {
        units.push(systemd::name(&scene, "-backup.service"));
        units.push(systemd::name(&scene, "-backup.timer"));
        enable_now.push(systemd::name(&scene, "-backup.timer"));
    }
    if units.is_empty() {
        return Ok(tree);
    }
    let values = json!({
        "folder": paths::folder(scene.topology, scene.stack),
        "address_variable": mounted.map(|_| STORAGE_ADDRESS),
        "units": units,
        "enable_now": enable_now,
        "enable": enable,
    });
    tree.add_script(scene.path("install.sh"), scene.text("install.sh", &values)?);
    Ok(tree)
}
