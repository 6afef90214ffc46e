//! Backup and restore of a stack.

use serde_json::{Value as Json, json};

use super::{Scene, paths};
use crate::blueprint::operations::BackupMethod;
use crate::blueprint::service::Kind;
use crate::design::topology::{BackupDesign, BackupTask, MountSource, Unit};
use crate::error::{Code, Problem, Result};
use crate::render::tree::Tree;

/// Where the data of a unit lies.
struct Data {
    /// Folder in the container.
    inside: String,
    /// Folder on the server.
    folder: Option<String>,
    /// Volume that Docker keeps, by its full name.
    volume: Option<String>,
}

/// The tasks of a stack in the order in which they run: what points to other data before that data, so that a snapshot of
/// etcd names no object that the copy of the objects does not have.
pub fn tasks<'a>(scene: &Scene<'a>) -> Vec<&'a BackupTask> {
    let Some(backup) = &scene.topology.backup else { return Vec::new() };
    let mut tasks: Vec<_> = backup.jobs.iter().filter(|task| task.stack == scene.stack.name).collect();
    tasks.sort_by_key(|task| match task.job.method {
        BackupMethod::EtcdSnapshot => 0,
        BackupMethod::PgDump | BackupMethod::MysqlBinlog => 1,
        BackupMethod::Files | BackupMethod::VolumeSnapshot => 2,
    });
    tasks
}

/// Scripts of a stack that has anything to back up.
pub fn files(scene: Scene<'_>) -> Result<Tree> {
    let mut tree = Tree::default();
    let tasks = tasks(&scene);
    let Some(backup) = scene.topology.backup.as_ref().filter(|_| !tasks.is_empty()) else { return Ok(tree) };
    let jobs: Vec<Json> = tasks.iter().map(|task| job(&scene, task)).collect::<Result<_>>()?;
    let values = values(&scene, backup, &jobs);
    tree.add_script(scene.path("backup.sh"), scene.text("backup.sh", &values)?);
    tree.add_script(scene.path("restore.sh"), scene.text("restore.sh", &values)?);
    Ok(tree)
}

fn values(scene: &Scene<'_>, backup: &BackupDesign, jobs: &[Json]) -> Json {
    let has = |method: &str| jobs.iter().any(|job| job["method"] == method);
    let users: Vec<_> = scene
        .topology
        .stacks
        .iter()
        .filter(|other| other.starts_after.contains(&scene.stack.name))
        .map(|other| &other.name)
        .collect();
    let (daily, weekly, monthly) = backup.keep;
    json!({
        "stack": scene.stack.name,
        "title": scene.stack.title,
        "backups": paths::backups(scene.topology, scene.stack),
        "textfile": paths::textfile(scene.stack),
        "mount": paths::mounted(scene.topology, scene.stack).map(|storage| &storage.mount),
        "jobs": jobs,
        "users": users,
        "has_postgres": has("postgres"),
        "has_etcd": has("etcd"),
        "has_copy": has("copy"),
        "has_archive": has("archive"),
        "has_stop": jobs.iter().any(|job| job["stops"] == true),
        "needs_volume_folder": jobs.iter().any(|job| !job["volume"].is_null()),
        // The backup just made is never removed again.
        "keep_daily": daily.max(1),
        "keep_weekly": weekly,
        "keep_monthly": monthly,
    })
}

fn job(scene: &Scene<'_>, task: &BackupTask) -> Result<Json> {
    let unit = scene.stack.units.iter().find(|unit| unit.name == task.unit);
    let Some(unit) = unit else { return Err(unfit(task, "there is no such unit on this server")) };
    let method = method(task, unit)?;
    let data = if method == "postgres" { None } else { Some(data(scene, task, unit)?) };
    if method == "postgres" && (task.job.database.is_none() || task.job.user.is_none()) {
        return Err(unfit(task, "a dump needs a database and a user"));
    }
    Ok(json!({
        "unit": task.unit,
        "method": method,
        "stops": task.job.stops,
        "live": u8::from(!task.job.stops),
        "database": task.job.database,
        "user": task.job.user,
        "inside": data.as_ref().map(|data| &data.inside),
        "folder": data.as_ref().and_then(|data| data.folder.as_ref()),
        "volume": data.as_ref().and_then(|data| data.volume.as_ref()),
        "flags": member_flags(unit),
    }))
}

/// The way as the scripts name it.
pub fn method(task: &BackupTask, unit: &Unit) -> Result<&'static str> {
    match task.job.method {
        BackupMethod::PgDump => Ok("postgres"),
        BackupMethod::EtcdSnapshot => Ok("etcd"),
        // Objects are never altered and fill terabytes: unaltered ones are shared between the copies.
        BackupMethod::Files if unit.kind == Kind::Objects => Ok("copy"),
        BackupMethod::Files => Ok("archive"),
        BackupMethod::VolumeSnapshot | BackupMethod::MysqlBinlog => {
            Err(unfit(task, "snapshots of volumes and binary logs of MySQL are not rendered for Compose yet"))
        }
    }
}

fn data(scene: &Scene<'_>, task: &BackupTask, unit: &Unit) -> Result<Data> {
    let volume_of = |name: &str| scene.stack.volumes.iter().find(|volume| volume.name == name);
    let mounts = unit.mounts.iter().filter_map(|mount| match &mount.from {
        MountSource::Volume(name) => Some((mount, name)),
        _ => None,
    });
    let mut found: Option<Data> = None;
    for (mount, name) in mounts {
        let folder = volume_of(name).and_then(|volume| volume.path.clone());
        let named = task.job.volume.as_ref() == Some(name);
        let wanted = task.folder.is_some() && folder == task.folder;
        let volume = folder.is_none().then(|| format!("{}_{name}", scene.topology.project(scene.stack)));
        let data = Data { inside: mount.at.clone(), folder, volume };
        if named || wanted {
            return Ok(data);
        }
        found.get_or_insert(data);
    }
    match (&task.folder, found) {
        (Some(folder), found) => {
            let inside = found.map(|data| data.inside).unwrap_or_default();
            Ok(Data { inside, folder: Some(folder.clone()), volume: None })
        }
        (None, Some(data)) => Ok(data),
        (None, None) => Err(unfit(task, "the unit has no volume that could be backed up")),
    }
}

/// What a member of etcd was told of itself; a restored one must be told the same.
fn member_flags(unit: &Unit) -> Vec<String> {
    ["--name", "--initial-cluster", "--initial-cluster-token", "--initial-advertise-peer-urls"]
        .iter()
        .filter_map(|name| paths::flag(unit, name).map(|value| format!("{name}={value}")))
        .collect()
}

fn unfit(task: &BackupTask, why: &str) -> crate::error::Error {
    Problem::new(Code::NotRendered, format!("the backup of `{}` on `{}` cannot be rendered", task.unit, task.stack))
        .because(why)
        .hint("change its entry under [backup.jobs] of the blueprint: pg-dump, etcd-snapshot and files are rendered")
        .into()
}
