//! What is deployed, decided to the last detail and the same for every output.
//!
//! Renderers turn a [`Topology`] into files and decide nothing: every limit, port, address, variable and setting is
//! here already.

use crate::blueprint::operations::{BackupJob, Measure, Severity};
use crate::blueprint::service::Kind;
use crate::units::{Bytes, Cores, Span};

/// A whole deployment.
#[derive(Debug, Clone, PartialEq)]
pub struct Topology {
    /// Name of the deployment: lower-case letters, digits and hyphens.
    pub deployment: String,
    /// Name for people.
    pub title: String,
    /// Name of the blueprint.
    pub blueprint: String,
    /// Short name of the tier: `split`.
    pub tier: String,
    /// Rows the sizes come from: `S4.T1 split`, `S4.T2 larger`.
    pub rows: Vec<String>,
    /// The demand in a sentence: "120 partitions, 3.6 billion vectors, 384 dimensions".
    pub demand: String,
    /// One stack for each kind of server, in the order in which they are started.
    pub stacks: Vec<Stack>,
    /// The shared storage.
    pub storage: Option<StorageDesign>,
    /// Every secret of the deployment.
    pub secrets: Vec<SecretDesign>,
    /// Monitoring, when the tier has it.
    pub monitoring: Option<MonitoringDesign>,
    /// Backups, when the tier has them.
    pub backup: Option<BackupDesign>,
    /// The gateway that takes requests in, when the tier has one.
    pub gateway: Option<GatewayDesign>,
    /// What an operator must know, in sentences.
    pub notes: Vec<String>,
}

/// What runs on one kind of server.
#[derive(Debug, Clone, PartialEq)]
pub struct Stack {
    /// Name of the server; also the folder of its files.
    pub name: String,
    /// What it is for.
    pub title: String,
    /// How many servers run this same stack; 0 when their number follows the load, so that nobody writes their addresses
    /// down.
    pub count: u32,
    /// Cores of the server.
    pub cpu: Option<Cores>,
    /// Memory of the server.
    pub memory: Option<Bytes>,
    /// The containers, in the order in which they start.
    pub units: Vec<Unit>,
    /// Networks on this server.
    pub networks: Vec<NetworkDesign>,
    /// Named volumes on this server.
    pub volumes: Vec<VolumeDesign>,
    /// Names of the secrets that this server needs.
    pub secrets: Vec<String>,
    /// Variables an operator sets in `.env`.
    pub variables: Vec<Variable>,
    /// Whether it mounts the shared storage from another server.
    pub mounts_storage: bool,
    /// Whether it holds the storage and exports it.
    pub storage_host: bool,
    /// Stacks that must be up before this one.
    pub starts_after: Vec<String>,
}

/// One container (each instance of a replicated service is a unit of its own, so that it can be replaced alone).
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// Name in the stack: `milvus`, `api-1`.
    pub name: String,
    /// Name of the service in the blueprint.
    pub service: String,
    /// Its family.
    pub kind: Kind,
    /// What it does.
    pub title: String,
    /// The image.
    pub image: ImageRef,
    /// Command, when it differs from the image's own. Items are whole arguments.
    pub command: Vec<Value>,
    /// Environment, sorted by name.
    pub environment: Vec<(String, Value)>,
    /// Secrets mounted as files under `/run/secrets/<name>`, from [`SecretReader::file`].
    pub secret_files: Vec<String>,
    /// Secrets that the image can read from a variable only, as (variable, secret). Their values are never in a
    /// rendered file: they are in [`Unit::secret_env_file`], which is made from the secrets on the server, mode 0600.
    pub secret_env: Vec<(String, String)>,
    /// Ports published on the host.
    pub published: Vec<Published>,
    /// What it sees of volumes and files.
    pub mounts: Vec<Mount>,
    /// Health check.
    pub health: Option<HealthDesign>,
    /// Units of the same stack that must be up first.
    pub depends_on: Vec<String>,
    /// Those of `depends_on` with which it is restarted when they are replaced, because it holds a session with them
    /// that it does not renew. A gateway and the application are not in this: restarting them would drop requests.
    pub restart_with: Vec<String>,
    /// Those of `depends_on` that need only be started, not healthy: instances of which a gateway passes over those that
    /// do not answer, so that one that is broken does not keep the gateway down.
    pub started_suffices: Vec<String>,
    /// Names of networks of the stack.
    pub networks: Vec<String>,
    /// Most cores.
    pub cpu: Cores,
    /// Cores kept.
    pub cpu_reserved: Cores,
    /// Most memory.
    pub memory: Bytes,
    /// Memory kept.
    pub memory_reserved: Bytes,
    /// Most processes and threads.
    pub pids: u32,
    /// Numeric `uid:gid`; `None` leaves the image's own user, with a note why.
    pub user: Option<String>,
    /// Whether the root file system is read-only.
    pub read_only: bool,
    /// Folders held in memory.
    pub tmpfs: Vec<String>,
    /// Capabilities kept; all others are dropped.
    pub capabilities: Vec<String>,
    /// Shared memory.
    pub shm: Option<Bytes>,
    /// Time to stop.
    pub stop_grace: Span,
    /// Labels, sorted by name.
    pub labels: Vec<(String, String)>,
    /// How its log is kept.
    pub log: LogDesign,
    /// When it is started again: `unless-stopped`, `on-failure`, `no`.
    pub restart: &'static str,
}

/// How the log of a container is kept on its server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogDesign {
    /// Docker's logging driver.
    pub driver: String,
    /// Largest size of one file.
    pub max_size: Bytes,
    /// Files kept.
    pub max_files: u32,
}

/// An image reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImageRef {
    /// Name, tag and, where it is known, digest.
    Pinned {
        /// Repository.
        name: String,
        /// Tag.
        tag: String,
        /// `sha256:...`
        digest: Option<String>,
    },
    /// The user's own image, named by a required variable.
    Variable {
        /// Variable in `.env`.
        variable: String,
    },
}

/// A text that may depend on a variable of `.env`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// As it stands, whatever characters it has.
    Literal(String),
    /// Parts put together: literals and required variables.
    Parts(Vec<Part>),
}

/// A part of a [`Value`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// As it stands.
    Literal(String),
    /// The value of a required variable of `.env`.
    Variable(String),
}

/// A port published on the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// On which address.
    pub on: Address,
    /// Port on the host.
    pub host: u16,
    /// Port in the container.
    pub container: u16,
}

/// An address of the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// All of them: only the gateway.
    Any,
    /// The private address, from the variable `PRIVATE_ADDRESS`.
    Private,
    /// 127.0.0.1.
    Loopback,
}

/// Something a container sees in its file system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// What.
    pub from: MountSource,
    /// Where in the container.
    pub at: String,
    /// Whether it may only read.
    pub read_only: bool,
}

/// Where a mount comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MountSource {
    /// A named volume of the stack.
    Volume(String),
    /// A rendered file or folder, relative to the folder of the stack.
    File(String),
    /// A path of the host.
    Host(String),
}

/// A named volume.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VolumeDesign {
    /// Name.
    pub name: String,
    /// Folder of the host it is bound to; `None` for a volume that Docker keeps.
    pub path: Option<String>,
}

/// A network of a stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkDesign {
    /// Name.
    pub name: String,
    /// Whether it has no way out. A unit that publishes a port is also on one that is not internal, since Docker
    /// publishes nothing for a container that is only on internal networks.
    pub internal: bool,
}

/// A health check inside the container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthDesign {
    /// Command and arguments, without a shell unless the first item is one.
    pub command: Vec<String>,
    /// Time between checks.
    pub interval: Span,
    /// Time after which a check has failed.
    pub timeout: Span,
    /// Failures in a row before it counts as broken.
    pub retries: u32,
    /// Time to start in which failures do not count.
    pub start_period: Span,
    /// Time between checks while it starts.
    pub start_interval: Span,
}

/// A variable that an operator sets in `.env`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Name.
    pub name: String,
    /// What it is.
    pub means: String,
    /// An example, or the value to begin with.
    pub example: String,
    /// Whether only scripts and systemd units read it, and the compose file does not.
    pub outside_compose: bool,
}

/// A secret of the deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretDesign {
    /// Name: `postgres-password`; also the name of its file.
    pub name: String,
    /// What it is for.
    pub means: String,
    /// Who reads it: stack, unit, and the numeric `uid:gid` that must be able to read the file.
    pub readers: Vec<SecretReader>,
    /// Whether it can be made at random (`false` for a TLS key, an SMTP password).
    pub generated: bool,
}

/// Who reads a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretReader {
    /// Stack.
    pub stack: String,
    /// Unit (one entry for each service suffices: units of a service share the file).
    pub service: String,
    /// Owner of the copy that is mounted.
    pub owner: String,
    /// What the copy (or the variable) holds, `{secret}` standing for the secret; the secret alone when absent.
    pub format: Option<String>,
}

/// The shared storage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StorageDesign {
    /// Folder on every server.
    pub mount: String,
    /// Folder that is exported.
    pub export: String,
    /// Name of the stack that exports it; `None` when it is local to the only server or comes from outside.
    pub host: Option<String>,
    /// Mount options.
    pub options: Vec<String>,
    /// Whether it is mounted over NFS by the servers that use it.
    pub nfs: bool,
    /// The areas.
    pub areas: Vec<AreaDesign>,
}

/// A folder of the storage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaDesign {
    /// Name.
    pub name: String,
    /// Path under the mount.
    pub path: String,
    /// What is in it.
    pub holds: String,
    /// Folders made in it.
    pub folders: Vec<String>,
    /// Numeric `uid:gid`.
    pub owner: Option<String>,
    /// Stacks that use it.
    pub users: Vec<String>,
    /// Folder of the server's own disk that it is under, when it is not on the shared storage.
    pub local: Option<String>,
}

/// Monitoring.
#[derive(Debug, Clone, PartialEq)]
pub struct MonitoringDesign {
    /// Stack that it runs on.
    pub stack: String,
    /// Time between measurements.
    pub scrape_interval: Span,
    /// How long they are kept.
    pub retention: Span,
    /// Most disk they fill.
    pub retention_size: Option<Bytes>,
    /// What is measured.
    pub targets: Vec<ScrapeTarget>,
    /// The alerts.
    pub alerts: Vec<AlertDesign>,
    /// Unit that sends alerts, as `host:port` seen from the collector.
    pub alertmanager: Option<String>,
    /// The collector as dashboards reach it: `http://prometheus:9090`.
    pub collector_url: Option<String>,
    /// Where alerts go: `webhook`, or e-mail addresses.
    pub receivers: Vec<String>,
    /// How mail is sent; without it alerts go to the webhook alone.
    pub smtp: Option<SmtpDesign>,
}

/// How mail is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpDesign {
    /// Server, as `host:port`.
    pub smarthost: String,
    /// Sender.
    pub from: String,
    /// User, when the server asks for one.
    pub username: Option<String>,
    /// Name of the secret with the password of that user.
    pub password: Option<String>,
}

/// Something that is measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScrapeTarget {
    /// Job: the service name.
    pub job: String,
    /// Family of what is measured.
    pub kind: Kind,
    /// Path.
    pub path: String,
    /// Addresses on the collector's own server: names of units with ports. Empty for other servers, whose addresses an
    /// operator gives in `.env` and a script writes to `file`; there each instance is a target of its own.
    pub addresses: Vec<String>,
    /// File with the addresses (Prometheus file discovery), for targets on other servers, relative to the stack's folder.
    pub file: Option<String>,
    /// Stack it runs on.
    pub stack: String,
    /// Port on the server, or in the container when it is on the collector's own server.
    pub port: u16,
}

/// An alert.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertDesign {
    /// Name in `CamelCase`.
    pub name: String,
    /// Id of the trigger.
    pub id: String,
    /// What is watched.
    pub measure: Measure,
    /// Service it is watched on.
    pub service: Option<String>,
    /// Threshold as a plain number in the measure's base unit: shares 0.8, times in seconds, counts.
    pub threshold: Option<f64>,
    /// The threshold for people.
    pub threshold_text: String,
    /// How long it must hold.
    pub lasting: Span,
    /// How bad it is.
    pub severity: Severity,
    /// What it means.
    pub means: String,
    /// What to do.
    pub action: String,
}

/// Backups.
#[derive(Debug, Clone, PartialEq)]
pub struct BackupDesign {
    /// Hour and minute of the day.
    pub at: (u8, u8),
    /// Folder of the backups on the servers.
    pub folder: String,
    /// Daily, weekly and monthly backups kept.
    pub keep: (u32, u32, u32),
    /// What is backed up on which stack.
    pub jobs: Vec<BackupTask>,
}

/// One thing that is backed up.
#[derive(Debug, Clone, PartialEq)]
pub struct BackupTask {
    /// Stack it is run on.
    pub stack: String,
    /// Unit it concerns.
    pub unit: String,
    /// How.
    pub job: BackupJob,
    /// Folder of the data, for file backups.
    pub folder: Option<String>,
}

/// The gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayDesign {
    /// Stack it runs on.
    pub stack: String,
    /// Unit of the gateway.
    pub unit: String,
    /// Port in the container for HTTP, which only redirects.
    pub http_port: u16,
    /// Port in the container for HTTPS.
    pub https_port: u16,
    /// The instances behind it, as `name:port`.
    pub upstreams: Vec<String>,
    /// Path by which an instance says that it works.
    pub health_path: String,
    /// Names of the secrets with certificate chain and key.
    pub certificate: String,
    /// Name of the secret with the key.
    pub key: String,
    /// Blocks of addresses of a load balancer in front of it, whose word on who the client is counts.
    pub trusted: Vec<String>,
}
