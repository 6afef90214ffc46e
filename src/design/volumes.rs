//! What units see of disks, and where that is on the server.

use super::scene::{Placed, Scene};
use super::topology::{Mount, MountSource, VolumeDesign};
use crate::blueprint::operations::{Area, Storage};
use crate::blueprint::service::VolumeUse;
use crate::size::plan::ServerPlan;

/// Folder of an area on a server: on its own disk, under the export where the storage is, under the mount elsewhere.
pub fn folder(storage: &Storage, area: &Area, server: &ServerPlan) -> String {
    let base = match &storage.local {
        Some(local) if area.local => local,
        _ if server.storage_host => &storage.export,
        _ => &storage.mount,
    };
    format!("{}/{}", base.trim_end_matches('/'), area.path)
}

/// The volumes that a service uses in this environment.
pub fn uses<'a>(scene: &Scene<'a>, placed: &Placed<'a>) -> impl Iterator<Item = &'a VolumeUse> {
    let extra = placed.service.environments.get(scene.environment());
    placed.service.volumes.iter().chain(extra.into_iter().flat_map(|over| &over.volumes))
}

/// What its units see.
pub fn mounts(scene: &Scene<'_>, placed: &Placed<'_>) -> Vec<Mount> {
    let mount = |usage: &VolumeUse| {
        let from = match usage {
            VolumeUse { area: Some(name), .. } | VolumeUse { volume: Some(name), .. } => {
                MountSource::Volume(name.clone())
            }
            VolumeUse { host_path: Some(path), .. } => match path.strip_prefix("./") {
                Some(file) => MountSource::File(file.to_owned()),
                None => MountSource::Host(path.clone()),
            },
            _ => return None,
        };
        Some(Mount { from, at: usage.at.clone(), read_only: usage.read_only })
    };
    uses(scene, placed).filter_map(mount).collect()
}

/// The named volumes of a server, sorted by name.
pub fn named(scene: &Scene<'_>, server: &ServerPlan) -> Vec<VolumeDesign> {
    let storage = scene.blueprint.storage.as_ref();
    let mut out = Vec::new();
    for placed in scene.everything().filter(|placed| placed.server.name == server.name) {
        for usage in uses(scene, &placed) {
            let path = |area: &String| storage.and_then(|s| s.areas.get(area).map(|a| folder(s, a, server)));
            match usage {
                VolumeUse { area: Some(area), .. } => out.push(VolumeDesign { name: area.clone(), path: path(area) }),
                VolumeUse { volume: Some(name), .. } => out.push(VolumeDesign { name: name.clone(), path: None }),
                _ => {}
            }
        }
    }
    out.sort_by(|a, b| a.name.cmp(&b.name));
    out.dedup_by(|a, b| a.name == b.name);
    out
}
