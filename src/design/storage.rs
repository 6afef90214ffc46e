//! The shared storage and who uses it.

use super::scene::Scene;
use super::topology::{AreaDesign, StorageDesign};
use super::volumes;
use crate::blueprint::operations::{Storage, StorageProtocol};
use crate::size::plan::ServerPlan;

/// The storage of a deployment.
pub fn design(scene: &Scene<'_>) -> Option<StorageDesign> {
    let storage = scene.blueprint.storage.as_ref()?;
    let areas = storage.areas.iter().map(|(name, area)| {
        let uses = |server: &&ServerPlan| uses_area(scene, server, name);
        AreaDesign {
            name: name.clone(),
            path: area.path.clone(),
            holds: area.holds.clone(),
            folders: area.folders.clone(),
            owner: area.owner.clone(),
            users: scene.plan.servers.iter().filter(uses).map(|server| server.name.clone()).collect(),
            local: storage.local.clone().filter(|_| area.local),
        }
    });
    let nfs = is_shared(scene, storage);
    Some(StorageDesign {
        mount: storage.mount.clone(),
        export: storage.export.clone(),
        host: scene.storage_host().filter(|_| nfs).map(|server| server.name.clone()),
        options: storage.options.clone(),
        nfs,
        areas: areas.collect(),
    })
}

/// Whether a server mounts the storage from elsewhere.
pub fn mounts(scene: &Scene<'_>, server: &ServerPlan) -> bool {
    let Some(storage) = &scene.blueprint.storage else { return false };
    let shared = storage.areas.iter().any(|(name, area)| {
        let local = area.local && storage.local.is_some();
        !local && uses_area(scene, server, name)
    });
    is_shared(scene, storage) && !server.storage_host && shared
}

/// Servers that mount the storage from another.
pub fn clients<'a>(scene: &Scene<'a>) -> impl Iterator<Item = &'a ServerPlan> {
    scene.plan.servers.iter().filter(|server| mounts(scene, server))
}

/// A single server keeps its data on its own disks, whatever the protocol between servers would be.
fn is_shared(scene: &Scene<'_>, storage: &Storage) -> bool {
    let servers: u32 = scene.plan.servers.iter().map(|server| server.count).sum();
    storage.protocol == StorageProtocol::Nfs && servers > 1
}

/// Whether a service of the server keeps data in the area, or its backups go there.
fn uses_area(scene: &Scene<'_>, server: &ServerPlan, area: &str) -> bool {
    let here = || scene.everything().filter(|placed| placed.server.name == server.name);
    let backup = scene.blueprint.backup.as_ref();
    here().any(|placed| volumes::uses(scene, &placed).any(|usage| usage.area.as_deref() == Some(area)))
        || backup.is_some_and(|b| b.area == area && here().any(|placed| b.jobs.contains_key(placed.name)))
}
