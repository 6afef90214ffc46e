//! The shared storage: what its server exports, and the unit that mounts it on the others.

use serde_json::json;

use super::{Scene, paths, systemd};
use crate::design::topology::StorageDesign;
use crate::error::Result;
use crate::render::tree::Tree;

/// Whether this server exports the storage to others.
pub fn exports<'a>(scene: &Scene<'a>) -> Option<&'a StorageDesign> {
    scene.topology.storage.as_ref().filter(|storage| storage.nfs && scene.stack.storage_host)
}

/// Exports on the server that holds the storage, the mount on those that use it.
pub fn files(scene: Scene<'_>) -> Result<Tree> {
    let mut tree = Tree::default();
    let deployment = &scene.topology.deployment;
    if let Some(storage) = exports(&scene) {
        let mut areas = Vec::new();
        for area in storage.areas.iter().filter(|area| area.local.is_none()) {
            let path = paths::area(storage, scene.stack, area);
            let owner = area.owner.clone().unwrap_or_default();
            areas.push(json!({ "path": path, "owner": owner }));
            areas.extend(
                area.folders.iter().map(|folder| json!({ "path": paths::join(&path, folder), "owner": owner })),
            );
        }
        let values = json!({ "deployment": deployment, "export": storage.export, "areas": areas });
        tree.add(scene.path("storage/exports"), scene.text("exports", &values)?);
        tree.add_script(scene.path("prepare-storage.sh"), scene.text("prepare-storage.sh", &values)?);
    }
    if let Some(storage) = paths::mounted(scene.topology, scene.stack) {
        let values = json!({
            "deployment": deployment,
            "export": storage.export,
            "mount": storage.mount,
            "options": options(storage),
        });
        let unit = systemd::mount_unit(&storage.mount);
        tree.add(scene.path(&format!("systemd/{unit}")), scene.text("storage.mount", &values)?);
        tree.add(
            scene.path(&format!("systemd/docker.service.d/{deployment}-storage.conf")),
            scene.text("docker-storage.conf", &values)?,
        );
    }
    Ok(tree)
}

fn options(storage: &StorageDesign) -> String {
    if storage.options.is_empty() { "hard,_netdev".to_owned() } else { storage.options.join(",") }
}
