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

impl Input {
    /// All of them, in the order in which tables show them.
    pub const ALL: [Self; 5] = [Self::Partitions, Self::Vectors, Self::Data, Self::Rps, Self::Users];

    /// The word for it in messages, keys and flags: `partitions`, `rps`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Partitions => "partitions",
            Self::Vectors => "vectors",
            Self::Data => "data",
            Self::Rps => "rps",
            Self::Users => "users",
        }
    }

    /// The word for it after a number: `requests per second`.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Data => "bytes of data",
            Self::Rps => "requests per second",
            other => other.word(),
        }
    }

    /// A value in the base unit, for people: `3.6B`, `6 TB`, `800/s`.
    pub fn show(self, base: u64) -> String {
        match self {
            Self::Data => Bytes(base).short(),
            Self::Rps => Rate(base).to_string(),
            Self::Partitions | Self::Vectors | Self::Users => Count(base).to_string(),
        }
    }

    /// A calculated value with at most four digits, rounded to the nearest, for people: `3.022B`, `101`, `5.04 TB`.
    pub fn approx(self, base: u64) -> String {
        let nearest = |value: u64, step: u64| value.saturating_add(step / 2) / step * step;
        match self {
            Self::Data => Bytes(base).short(),
            Self::Rps => Rate(nearest(base, 1000)).to_string(),
            Self::Partitions | Self::Vectors | Self::Users => {
                let step = 10u64.saturating_pow(base.checked_ilog10().unwrap_or(0).saturating_sub(3));
                Count(nearest(base, step)).to_string()
            }
        }
    }

    /// The same with its noun: `101 partitions`.
    pub fn approx_phrase(self, base: u64) -> String {
        match self {
            Self::Data => format!("{} of data", self.approx(base)),
            Self::Rps => format!("{} requests per second", self.approx(base).trim_end_matches("/s")),
            Self::Partitions | Self::Vectors | Self::Users => format!("{} {}", self.approx(base), self.word()),
        }
    }

    /// A value with its noun: `120 partitions`, `6 TB of data`, `800 requests per second`.
    pub fn phrase(self, base: u64) -> String {
        match self {
            Self::Data => format!("{} of data", Bytes(base).short()),
            Self::Rps => format!("{} requests per second", Rate(base).to_string().trim_end_matches("/s")),
            Self::Partitions | Self::Vectors | Self::Users if base == 1 => {
                format!("1 {}", self.word().trim_end_matches('s'))
            }
            Self::Partitions | Self::Vectors | Self::Users => format!("{} {}", Count(base), self.word()),
        }
    }
}

impl Bounds {
    /// The bound of one input in its base unit (counts, bytes, thousandths of a request per second).
    pub fn base(&self, input: Input) -> Option<u64> {
        match input {
            Input::Partitions => self.partitions.map(|v| v.0),
            Input::Vectors => self.vectors.map(|v| v.0),
            Input::Data => self.data.map(|v| v.0),
            Input::Rps => self.rps.map(|v| v.0),
            Input::Users => self.users.map(|v| v.0),
        }
    }
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
    /// True for the nodes that hold the vectors and search them, whose number is checked against what an index takes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub holds_vectors: bool,
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
