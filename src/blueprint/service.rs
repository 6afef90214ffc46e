//! What one service is and how it runs.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::Model;
use crate::units::{Bytes, Cores, Span};

/// The family a service belongs to; sizing models and rendered settings are chosen by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Stateless HTTP application.
    Web,
    /// Reverse proxy or load balancer.
    Gateway,
    /// Vector database (Milvus, Qdrant, Chroma).
    Vectors,
    /// Full-text search (Elasticsearch).
    Search,
    /// Graph database (Neo4j).
    Graph,
    /// Relational database (PostgreSQL, MySQL).
    Sql,
    /// Document database (MongoDB).
    Document,
    /// In-memory store (Redis).
    Cache,
    /// Object storage (MinIO).
    Objects,
    /// Coordination and metadata store (etcd).
    Coordination,
    /// Language model inference (vLLM).
    Llm,
    /// Administration page for people.
    Admin,
    /// Collects, stores or shows measurements.
    Monitoring,
}

/// Where a service is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Runtime {
    /// In a container.
    Container,
    /// Directly on the host.
    Host,
}

/// Processor architecture of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Arch {
    /// x86-64.
    Amd64,
    /// 64-bit ARM.
    Arm64,
}

impl Arch {
    /// The word for it, as container images write it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Amd64 => "amd64",
            Self::Arm64 => "arm64",
        }
    }
}

/// One service of the application.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// What it does, for people.
    pub title: String,
    /// The family it belongs to.
    pub kind: Kind,
    /// The image it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
    /// How its image is built, when it is the user's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub build: Option<Build>,
    /// Command and arguments, when they differ from the image's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<String>,
    /// Ports it listens on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<Port>,
    /// Environment variables without secrets.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub env: IndexMap<String, String>,
    /// Secrets it needs; their values are never in a blueprint.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<SecretUse>,
    /// Services it calls, and the variables through which it learns their addresses.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub connects: IndexMap<String, Connect>,
    /// Storage areas it uses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub volumes: Vec<VolumeUse>,
    /// How it is known to work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub health: Option<Health>,
    /// Services that must be up before it starts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<String>,
    /// Networks it is a member of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub networks: Vec<String>,
    /// Where its measurements are read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metrics: Option<Metrics>,
    /// What it may do on its machine.
    #[serde(default)]
    pub security: Security,
    /// How long it may take to stop before it is killed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop_grace: Option<Span>,
    /// Where it runs: in a container or on the host; `container` unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runtime: Option<RuntimeChoice>,
    /// What it needs, for blueprints without a tier table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs: Option<Needs>,
    /// Where it is placed, for blueprints that fix it per service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placement: Option<Placement>,
    /// What differs in one environment (`dev`, `prod`).
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub environments: IndexMap<String, Override>,
    /// The Helm chart that installs it on Kubernetes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chart: Option<Chart>,
    /// How it is scaled out and replicated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scaling: Option<Scaling>,
    /// Adapters and limits of a language model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<Model>,
}

/// A container image.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Image {
    /// Repository with registry, without tag: `docker.io/library/postgres`.
    pub name: String,
    /// Pinned tag; never `latest`.
    pub tag: String,
    /// Digest of the multi-architecture index, `sha256:...`; empty when it is not known yet.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub digest: String,
    /// Architectures the image exists for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arch: Vec<Arch>,
    /// True when the user builds and pushes this image: rendered files then take it from a variable.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own: bool,
}

/// How an image is built.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Build {
    /// Folder of the sources.
    pub context: String,
    /// Dockerfile in it.
    pub dockerfile: String,
    /// Base image it starts from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Image>,
    /// Image of the build stage, for builds in more than one stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub builder: Option<Image>,
    /// Entry point or command that the Dockerfile sets; `command` of the service is only for what differs from it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub run: Vec<String>,
}

/// Who may reach a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Exposure {
    /// Only services on the same network; nothing is published on the host.
    Internal,
    /// Other servers of the deployment: published on the server's private address.
    Private,
    /// Only people on the server itself (through a tunnel): published on 127.0.0.1.
    Local,
    /// The world.
    Public,
}

/// A port a service listens on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Port {
    /// What it is for, such as `http` or `grpc`.
    pub name: String,
    /// Port inside the container.
    pub port: u16,
    /// Port on the host when it differs. Where several instances are published on one server, the first has this one and
    /// each further one the next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_port: Option<u16>,
    /// Who may reach it.
    pub exposure: Exposure,
}

/// A secret a service needs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecretUse {
    /// Name of the secret, shared by all services that name it: `postgres-password`.
    pub name: String,
    /// Variable that tells the service the file with the secret: `POSTGRES_PASSWORD_FILE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_env: Option<String>,
    /// Variable that must hold the secret itself, for images that can read it from nowhere else. With neither variable the
    /// secret is a file in `/run/secrets` under its name, and the command or a configuration file reads it there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub env: Option<String>,
    /// What the variable or file holds, `{secret}` standing for the secret: `neo4j/{secret}`; the secret alone unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// True for what the user brings, such as a certificate: it is never made at random.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub provided: bool,
}

/// Variables through which a service learns the address of another.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Connect {
    /// Name of the port at the other end; its first one unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<String>,
    /// Variable for the host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_env: Option<String>,
    /// Host that the application itself falls back to when that variable is not set: `localhost`. Informs; nothing is made from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_host: Option<String>,
    /// Variable for the port.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port_env: Option<String>,
    /// Variable for `host:port`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint_env: Option<String>,
    /// Variable for a URL; `{endpoint}` in `url` stands for `host:port`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url_env: Option<String>,
    /// Form of that URL: `bolt://{endpoint}`; `http://{endpoint}` unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A storage area or host folder that a service sees.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VolumeUse {
    /// Name of the area in `storage.areas`, when the data is on the shared storage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// Name of a plain named volume, when the data stays on the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volume: Option<String>,
    /// Host path, when it is neither.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_path: Option<String>,
    /// Where the service sees it.
    pub at: String,
    /// Whether it may only read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub read_only: bool,
}

/// How a service is known to work. Give `http` or `command`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Health {
    /// Path that answers 2xx when it works.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http: Option<String>,
    /// Port of that path, by number; the first port unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// Command that ends with 0 when it works, run inside the container. Given beside `http` when load balancers use one and the container the other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<String>,
    /// Time between checks.
    pub interval: Span,
    /// Time after which a check has failed.
    pub timeout: Span,
    /// Failures in a row before it counts as broken.
    pub retries: u32,
    /// Time to start in which failures do not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_period: Option<Span>,
}

/// Where measurements are read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    /// Port inside the container.
    pub port: u16,
    /// Path; `/metrics` unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// What a service may do on its machine. What is not listed is forbidden.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Security {
    /// Numeric `uid:gid` to run as; without it the image's own user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Whether the image works with a read-only root file system.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub read_only: bool,
    /// Folders that must be writable, held in memory.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tmpfs: Vec<String>,
    /// Linux capabilities it needs; all others are dropped.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub capabilities: Vec<String>,
    /// Limit of processes and threads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pids: Option<u32>,
    /// Shared memory (`/dev/shm`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shm: Option<Bytes>,
}

/// Container or host, per environment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuntimeChoice {
    /// In development.
    pub dev: Runtime,
    /// In production.
    pub prod: Runtime,
}

/// What a service needs where no tier table says it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Needs {
    /// Cores.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu: Option<Cores>,
    /// Memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<Bytes>,
    /// Disk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage: Option<Bytes>,
    /// Instances.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicas: Option<u32>,
    /// GPU memory; the machine is picked by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gpu_memory: Option<Bytes>,
    /// Table that says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// Where a service is placed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Placement {
    /// Cloud, by its name in `clouds`.
    pub cloud: String,
    /// Role whose subnet and security group it is in.
    pub role: String,
    /// Machine type that the source names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<String>,
    /// Architecture that the source names for it; it is checked against the machine and the image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arch: Option<Arch>,
    /// GPU that the source names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gpu: Option<String>,
}

/// What differs in one environment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// Environment variables, over those of the service.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub env: IndexMap<String, String>,
    /// Secrets, in addition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<SecretUse>,
    /// Whether the application watches its sources and restarts by itself when they change.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reload: bool,
    /// Command, in place of the service's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<String>,
    /// Volumes, in addition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub volumes: Vec<VolumeUse>,
}

/// A Helm chart.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Chart {
    /// Chart name.
    pub name: String,
    /// Repository that holds it.
    pub repository: String,
    /// Version, when the source pins one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Release name; the service's name unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// Whether it is installed unless switched off.
    pub enabled: bool,
    /// Variable that switches it on (`true`) and off (`false`): `ENABLE_REDIS`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub switch: Option<String>,
    /// Values for the chart, as they are.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub values: IndexMap<String, serde_json::Value>,
}

/// When an instance that has ended is started again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Restart {
    /// Never.
    No,
    /// When it ended with an error.
    OnFailure,
    /// Always.
    Always,
}

/// How a service is scaled out and replicated.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scaling {
    /// Fewest instances.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<u32>,
    /// Most instances.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<u32>,
    /// Members by role when it is scaled out: `{ master = 1, data = 2 }`.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub members: IndexMap<String, u32>,
    /// Instances replaced at once in a rolling update.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update_parallelism: Option<u32>,
    /// Pause between them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update_delay: Option<Span>,
    /// When an instance that has ended is started again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restart: Option<Restart>,
}
