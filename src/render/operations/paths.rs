//! Folders on the servers that several files name.

use crate::design::topology::{AreaDesign, MountSource, Part, Stack, StorageDesign, Topology, Unit, Value};

/// Folder of a deployment on every server; an assumption that `install.sh` corrects when it is run elsewhere.
pub fn root(topology: &Topology) -> String {
    format!("/opt/{}", topology.deployment)
}

/// Folder of a stack on its server.
pub fn folder(topology: &Topology, stack: &Stack) -> String {
    format!("{}/{}", root(topology), stack.name)
}

/// Folder of an area under `base`; an area with an absolute path lies on a disk of its own.
pub fn area(base: &str, area: &AreaDesign) -> String {
    if area.path.starts_with('/') { area.path.clone() } else { join(base, &area.path) }
}

/// Two parts of a path with one slash between.
pub fn join(base: &str, path: &str) -> String {
    format!("{}/{path}", base.trim_end_matches('/'))
}

/// The storage, when this stack mounts it (over the network, or the exported folder of its own server).
pub fn mounted<'a>(topology: &'a Topology, stack: &Stack) -> Option<&'a StorageDesign> {
    let storage = topology.storage.as_ref()?;
    let own = stack.storage_host && storage.mount != storage.export && uses_mount(stack, storage);
    ((stack.mounts_storage && storage.nfs) || (own && storage.nfs)).then_some(storage)
}

fn uses_mount(stack: &Stack, storage: &StorageDesign) -> bool {
    stack.volumes.iter().filter_map(|volume| volume.path.as_deref()).any(|path| below(path, &storage.mount))
}

/// Whether a path is a folder or lies in it.
pub fn below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder.trim_end_matches('/')).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Folder on the server from which the node exporter takes measurements that scripts leave there.
pub fn textfile(stack: &Stack) -> Option<String> {
    stack.units.iter().find_map(|unit| {
        let inside = flag(unit, "--collector.textfile.directory")?;
        unit.mounts.iter().find_map(|mount| match &mount.from {
            MountSource::Host(host) if below(&inside, &mount.at) => {
                Some(join(host, inside[mount.at.trim_end_matches('/').len()..].trim_start_matches('/')))
            }
            _ => None,
        })
    })
}

/// The value of `--name=value` in the command of a unit, when it depends on no variable.
pub fn flag(unit: &Unit, name: &str) -> Option<String> {
    let prefix = format!("{name}=");
    unit.command.iter().find_map(|item| text(item)?.strip_prefix(&prefix).map(str::to_owned))
}

/// A value as text, when it depends on no variable.
pub fn text(value: &Value) -> Option<String> {
    match value {
        Value::Literal(text) => Some(text.clone()),
        Value::Parts(parts) => parts
            .iter()
            .map(|part| match part {
                Part::Literal(text) => Some(text.as_str()),
                Part::Variable(_) => None,
            })
            .collect(),
    }
}
