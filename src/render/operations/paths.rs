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

/// Folder of an area on the server of a stack: on its own disk, under the export where the storage is, under the mount
/// elsewhere.
pub fn area(storage: &StorageDesign, stack: &Stack, area: &AreaDesign) -> String {
    let base = match &area.local {
        Some(local) => local,
        None if stack.storage_host => &storage.export,
        None => &storage.mount,
    };
    join(base, &area.path)
}

/// Folder of the backups on the server of a stack.
pub fn backups(topology: &Topology, stack: &Stack) -> Option<String> {
    let folder = &topology.backup.as_ref()?.folder;
    let storage = topology.storage.as_ref().filter(|_| stack.storage_host);
    let inside = storage.and_then(|storage| Some(join(&storage.export, below(folder, &storage.mount)?)));
    Some(inside.unwrap_or_else(|| folder.clone()))
}

/// Two parts of a path with one slash between.
pub fn join(base: &str, path: &str) -> String {
    format!("{}/{path}", base.trim_end_matches('/'))
}

/// The storage, when this stack mounts it over the network.
pub fn mounted<'a>(topology: &'a Topology, stack: &Stack) -> Option<&'a StorageDesign> {
    topology.storage.as_ref().filter(|storage| stack.mounts_storage && storage.nfs)
}

/// The rest of a path in a folder: nothing when it is not in it.
pub fn below<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    let rest = path.strip_prefix(folder.trim_end_matches('/'))?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

/// Folder on the server from which the node exporter takes measurements that scripts leave there.
pub fn textfile(stack: &Stack) -> Option<String> {
    stack.units.iter().find_map(|unit| {
        let inside = flag(unit, "--collector.textfile.directory")?;
        unit.mounts.iter().find_map(|mount| match &mount.from {
            MountSource::Host(host) => below(&inside, &mount.at).map(|rest| join(host, rest)),
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
