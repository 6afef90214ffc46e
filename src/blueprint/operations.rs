//! How the application is kept running: storage, backup, monitoring, triggers, migration.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{Bytes, Span};

/// Where data lives on disk.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Storage {
    /// Folder on every server under which all areas are found.
    pub mount: String,
    /// Folder that the storage server exports.
    pub export: String,
    /// How it reaches the servers.
    pub protocol: StorageProtocol,
    /// Folder on each server's own disk for the areas that are `local`; the mount unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local: Option<String>,
    /// Mount options.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// The areas, by name.
    pub areas: IndexMap<String, Area>,
}

/// How storage reaches the servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StorageProtocol {
    /// NFS version 4.
    Nfs,
    /// A local file system.
    Local,
}

/// A folder of the storage.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// Path under the mount.
    pub path: String,
    /// What is in it.
    pub holds: String,
    /// Folders made in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub folders: Vec<String>,
    /// Numeric `uid:gid` that owns it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Whether it is kept on each server's own disk, under `storage.local`: caches.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub local: bool,
    /// Why this area should not be on network storage, if it should not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_advised: Option<String>,
}

/// A plain named volume that stays on its server.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Volume {
    /// What is in it.
    pub holds: String,
    /// How it is backed up and restored, where the source names a way but no time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backup: Option<BackupMethod>,
    /// Remarks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// How the logs of every container are kept on its server.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LogRotation {
    /// Docker logging driver: `json-file`.
    pub driver: String,
    /// Largest size of one file.
    pub max_size: Bytes,
    /// Files that are kept.
    pub max_files: u32,
}

/// What is backed up, when, and how long it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Backup {
    /// Time of day, `HH:MM`.
    pub at: String,
    /// Storage area that takes the backups.
    pub area: String,
    /// Daily backups kept.
    pub keep_daily: u32,
    /// Weekly backups kept.
    pub keep_weekly: u32,
    /// Monthly backups kept.
    pub keep_monthly: u32,
    /// What is backed up, by service.
    pub jobs: IndexMap<String, BackupJob>,
}

/// How one service is backed up.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BackupJob {
    /// How.
    pub method: BackupMethod,
    /// Database name, for dumps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
    /// User, for dumps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Area that is archived, for files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// Volume that is archived, for files on plain volumes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volume: Option<String>,
    /// Whether the service is stopped meanwhile.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stops: bool,
    /// Remarks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A way to back up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BackupMethod {
    /// `pg_dump` in custom format.
    PgDump,
    /// `etcdctl snapshot save`.
    EtcdSnapshot,
    /// An archive of the files.
    Files,
    /// A snapshot of the volume by the storage system (EBS, CSI).
    VolumeSnapshot,
    /// Dump and binary logs of MySQL.
    MysqlBinlog,
}

/// What to measure and where to look at it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Monitoring {
    /// Time between measurements.
    pub scrape_interval: Span,
    /// How long measurements are kept.
    pub retention: Span,
    /// Most disk that they may fill.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention_size: Option<Bytes>,
    /// Service that collects.
    pub collector: String,
    /// Service that shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dashboards: Option<String>,
    /// Service that sends alerts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alerts: Option<String>,
    /// Where alerts go: an e-mail address or webhook is named by a variable in the rendered `.env.example`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub receivers: Vec<String>,
}

/// A measurement that triggers can watch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Share of the processor in use.
    Cpu,
    /// Share of the memory in use.
    Memory,
    /// Share of the disk in use.
    Disk,
    /// Share of the database connections in use.
    Connections,
    /// 95th percentile of the response time.
    P95,
    /// Share of requests that fail.
    Errors,
    /// Requests that wait.
    Queue,
    /// The service does not answer.
    Down,
    /// The last good backup is older than this.
    BackupAge,
    /// Share of the partitions that the tier bears.
    Partitions,
    /// Concurrent users.
    ConcurrentUsers,
    /// Share of the quota of the metadata store in use.
    Quota,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// To be known.
    Info,
    /// To be looked at in working hours.
    Warning,
    /// Somebody must get up.
    Critical,
}

/// A condition that calls for action.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// Id that results cite.
    pub id: String,
    /// Name of the alert, in `CamelCase`.
    pub alert: String,
    /// What is watched.
    pub measure: Measure,
    /// Service it is watched on; every one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// Threshold: a share (`80%`), a time (`500ms`) or a number (`10`), as the measure has it; absent for `down`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<String>,
    /// How long it must hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lasting: Option<Span>,
    /// How bad it is.
    pub severity: Severity,
    /// What it means.
    pub means: String,
    /// What to do.
    pub action: String,
    /// Table or page that says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// One step from a tier to the next.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MigrationStep {
    /// Tier one comes from.
    pub from: String,
    /// Tier one goes to.
    pub to: String,
    /// When it is time.
    pub when: String,
    /// What is done, in order.
    pub steps: Vec<String>,
}
