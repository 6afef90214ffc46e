//! The tier table: which shape bears how much, on which servers, at what price.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::service::Exposure;
use crate::units::{Bytes, Cores, Count, Rate, Span, Usd};

/// How far a tier has a quality.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Extent {
    /// Not at all.
    No,
    /// For some of its parts; does not satisfy a requirement.
    Partly,
    /// Fully.
    Yes,
}

/// What a deployment is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Environment {
    /// Development and test.
    Dev,
    /// Production.
    Prod,
}

/// How it is deployed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Platform {
    /// Docker Compose on each server.
    Compose,
    /// Docker Swarm.
    Swarm,
    /// Kubernetes.
    Kubernetes,
}

/// One row of the tier table. The smallest tier whose every upper bound holds is chosen; bounds are inclusive.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// Id of the row that results cite: `S4.T1 split`.
    pub id: String,
    /// Short name: `split`.
    pub name: String,
    /// Name for people.
    pub title: String,
    /// How it is deployed.
    pub platform: Platform,
    /// Environments it may be used in.
    pub environments: Vec<Environment>,
    /// Smallest demand the source recommends it for. Informs; only upper bounds decide.
    #[serde(default)]
    pub from: Bounds,
    /// Largest demand it bears, inclusive; what is absent is unlimited.
    #[serde(default)]
    pub up_to: Bounds,
    /// Inputs in which the source leaves a hole below `from` that this tier is meant to cover.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bridges: Vec<Input>,
    /// Whether it goes on when a server fails.
    pub high_availability: Extent,
    /// Whether it scales by itself.
    pub auto_scaling: Extent,
    /// Search latency that the source names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency: Option<SpanRange>,
    /// What the table says of the whole tier.
    pub totals: Totals,
    /// Complexity of running it, in a word.
    pub complexity: String,
    /// When it is used: `launch, 3-12 months`.
    pub when: String,
    /// The server sets the tier comes in, smallest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sizes: Vec<ServerSet>,
    /// Replicas by component, for tiers that are clusters.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub components: IndexMap<String, Component>,
    /// Remarks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// An input of demand that a table can bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Input {
    /// Partitions.
    Partitions,
    /// Vectors.
    Vectors,
    /// Data on disk.
    Data,
    /// Requests per second.
    Rps,
    /// Users served.
    Users,
}

/// Demand, input by input.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// Partitions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partitions: Option<Count>,
    /// Vectors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vectors: Option<Count>,
    /// Data on disk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Bytes>,
    /// Requests per second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rps: Option<Rate>,
    /// Users served.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub users: Option<Count>,
}

/// What the table says of a tier as a whole; `null`-free, so what is unlimited is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Totals {
    /// Servers.
    pub servers: CountRange,
    /// Cores.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu: Option<CountRange>,
    /// Memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<BytesRange>,
    /// Storage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage: Option<BytesRange>,
    /// Cost a month.
    pub cost: UsdRange,
    /// The one figure the comparison table gives for the cost.
    pub typical_cost: Usd,
}

/// A set of servers that carries a tier.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServerSet {
    /// Id of the row that results cite: `S4.T2 larger`.
    pub id: String,
    /// Short name: `larger`.
    pub name: String,
    /// Largest demand it bears, inclusive; what is absent is as far as the tier goes.
    #[serde(default)]
    pub up_to: Bounds,
    /// Cost a month.
    pub cost: UsdRange,
    /// The servers.
    pub servers: Vec<Server>,
}

/// A kind of server in a set.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Short name, used for folders and variables: `milvus`.
    pub name: String,
    /// What it is for.
    pub title: String,
    /// How many of them.
    pub count: u32,
    /// Most of them that the source names, when it gives a range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count_max: Option<u32>,
    /// Cores of each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu: Option<Cores>,
    /// Most cores that the source names for such a server, when it gives a range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_max: Option<Cores>,
    /// Memory of each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<Bytes>,
    /// Most memory that the source names for such a server, when it gives a range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_max: Option<Bytes>,
    /// Disks of each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disks: Vec<Disk>,
    /// Network speed, such as `10 Gbps`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// True for the server that holds the storage areas and exports them to the others.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub storage_host: bool,
    /// What runs on it.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub services: IndexMap<String, Share>,
}

/// What one service gets of one server.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// Instances on each server; 1 unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicas: Option<u32>,
    /// Most cores of each instance; all of the server's unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu: Option<Cores>,
    /// Most memory of each instance. One service of a server may leave it out and gets what is left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<Bytes>,
    /// Disk that it fills on the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disk: Option<Bytes>,
    /// Who may reach its ports here, by port name, where that differs from the service's own exposure.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub expose: IndexMap<String, Exposure>,
}

/// A disk of a server.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Disk {
    /// What it is for: `system and cache`.
    pub purpose: String,
    /// Kind: `NVMe`, `SSD`, `RAID 6/10`.
    pub kind: String,
    /// Size.
    pub size: Bytes,
    /// Largest size that the source names, when it gives a range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_max: Option<Bytes>,
}

/// A component of a clustered tier.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// Fewest instances.
    pub min: u32,
    /// Most instances, when it scales.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<u32>,
    /// What it is.
    pub title: String,
}

macro_rules! range {
    ($(#[$doc:meta] $name:ident of $unit:ty;)*) => {$(
        #[$doc]
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// Lower end.
            pub min: $unit,
            /// Upper end; absent when there is none.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub max: Option<$unit>,
        }
    )*};
}

range! {
    /// A range of whole numbers.
    CountRange of Count;
    /// A range of amounts of memory or disk.
    BytesRange of Bytes;
    /// A range of costs a month.
    UsdRange of Usd;
    /// A range of times.
    SpanRange of Span;
}
