//! The parts of the Compose file format that are written, in the order in which they are written.

use indexmap::IndexMap;
use serde::Serialize;

/// A Compose file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Compose {
    /// Project; there is no `version`, which is obsolete and makes Compose warn.
    pub name: String,
    /// Containers.
    pub services: IndexMap<String, Service>,
    /// Networks.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub networks: IndexMap<String, Network>,
    /// Named volumes.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub volumes: IndexMap<String, Volume>,
    /// Secrets as files.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub secrets: IndexMap<String, SecretFile>,
}

/// A container.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Service {
    /// Image with tag and digest, or a variable.
    pub image: String,
    /// Arguments; the image's own when empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<String>,
    /// Environment.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub environment: IndexMap<String, String>,
    /// Files with variables that must not stand here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub env_file: Vec<EnvFile>,
    /// Secrets mounted as files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<SecretMount>,
    /// Published ports.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<Port>,
    /// Mounts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub volumes: Vec<Mount>,
    /// Folders in memory.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tmpfs: Vec<String>,
    /// Networks.
    pub networks: IndexMap<String, Membership>,
    /// What must be up first.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub depends_on: IndexMap<String, Dependency>,
    /// Health check.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub healthcheck: Option<Health>,
    /// Limits.
    pub deploy: Deploy,
    /// Shared memory in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shm_size: Option<String>,
    /// Numeric `uid:gid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Root file system.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub read_only: bool,
    /// Capabilities dropped.
    pub cap_drop: Vec<String>,
    /// Capabilities kept.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cap_add: Vec<String>,
    /// `no-new-privileges:true`.
    pub security_opt: Vec<String>,
    /// A process that reaps orphans and passes signals on.
    pub init: bool,
    /// Restart policy.
    pub restart: String,
    /// Time to stop.
    pub stop_grace_period: String,
    /// Log.
    pub logging: Logging,
    /// Labels.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub labels: IndexMap<String, String>,
}

/// A file with variables.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EnvFile {
    /// Path.
    pub path: String,
    /// `raw`: nothing in a value is quoted or replaced.
    pub format: String,
}

/// A secret in a container.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SecretMount {
    /// Name in the file.
    pub source: String,
    /// Name under `/run/secrets`.
    pub target: String,
}

/// A published port.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Port {
    /// Port in the container.
    pub target: u16,
    /// Port on the host, as a text since Compose also takes ranges.
    pub published: String,
    /// Address on the host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host_ip: Option<String>,
    /// `tcp`.
    pub protocol: String,
}

/// A mount.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mount {
    /// `volume` or `bind`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Volume or path.
    pub source: String,
    /// Where in the container.
    pub target: String,
    /// Whether it may only read.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub read_only: bool,
    /// How a path is bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bind: Option<Bind>,
}

/// How a path of the host is bound.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bind {
    /// False: a path that is missing is an error, not an empty folder of root.
    pub create_host_path: bool,
}

/// Membership in a network.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Membership {
    /// Further names on it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
}

/// Something that must be up first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Dependency {
    /// `service_healthy` or `service_started`.
    pub condition: String,
    /// Whether it is restarted when the other is replaced.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub restart: bool,
}

/// Health check.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Health {
    /// `CMD` and the command.
    pub test: Vec<String>,
    /// Time between checks.
    pub interval: String,
    /// Time after which a check has failed.
    pub timeout: String,
    /// Failures before it counts as broken.
    pub retries: u32,
    /// Time to start.
    pub start_period: String,
    /// Time between checks meanwhile.
    pub start_interval: String,
}

/// Limits and reservations.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Deploy {
    /// Both.
    pub resources: Resources,
}

/// Limits and reservations.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Resources {
    /// Most.
    pub limits: Limits,
    /// Kept.
    pub reservations: Limits,
}

/// Cores, memory and processes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Limits {
    /// Cores.
    pub cpus: String,
    /// Memory.
    pub memory: String,
    /// Processes and threads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pids: Option<u32>,
}

/// Log.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Logging {
    /// Driver.
    pub driver: String,
    /// Bounds.
    pub options: IndexMap<String, String>,
}

/// A network.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Network {
    /// Whether it has no way out.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub internal: bool,
}

/// A named volume.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Volume {
    /// Options of the `local` driver.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub driver_opts: IndexMap<String, String>,
}

/// A secret.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SecretFile {
    /// File relative to the Compose file.
    pub file: String,
}
