//! The answer of sizing: which tier, on which servers, at what cost, and why.

use schemars::JsonSchema;
use serde::Serialize;

use super::clouds::CloudPlan;
use super::component::Reckoning;
use super::forecast::Forecast;
use super::services::{Finding, ServiceSize};
use super::vectors::MemoryCheck;
use super::vectors::cells::Cells;
use super::worlds::Uncertainty;
use crate::blueprint::service::Kind;
use crate::blueprint::tier::{Bounds, BytesRange, Component, CountRange, Disk, Extent, Input, Platform, UsdRange};
use crate::demand::Demand;
use crate::units::{Bytes, Cores, Share, Usd};

/// A sized deployment.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Plan {
    /// Name of the blueprint.
    pub blueprint: String,
    /// What must be borne, each figure with where it comes from.
    pub demand: Demand,
    /// The tier chosen and what decided it; absent where the blueprint has no tier table.
    pub tier: Option<TierChoice>,
    /// Smaller tiers and what each lacked.
    pub rejected: Vec<Rejected>,
    /// The server set chosen within the tier; absent for clusters.
    pub set: Option<SetChoice>,
    /// The servers, in the order in which they are started.
    pub servers: Vec<ServerPlan>,
    /// Components of a clustered tier.
    pub components: Vec<ComponentPlan>,
    /// Cost a month.
    pub cost: Cost,
    /// How far each input is from where the next tier or server set begins.
    pub headroom: Vec<Room>,
    /// Which tier is needed from which month on; one entry without growth.
    pub path: Vec<Milestone>,
    /// Whether the vectors fit into the memory that the table gives them.
    pub vectors: Option<MemoryCheck>,
    /// What the reader must know, loudest first.
    pub warnings: Vec<Warning>,
    /// Commands to run next.
    pub next: Vec<String>,
    /// The services, where the blueprint has no tier table.
    pub services: Vec<ServiceSize>,
    /// What load tests, playbooks and conditions say at this load, where the blueprint has any.
    pub findings: Vec<Finding>,
    /// Machines and costs, cloud by cloud, where one was named or the blueprint names its own.
    pub clouds: Vec<CloudPlan>,
    /// How every figure was reckoned: formula, inputs, source.
    pub why: Vec<Reckoning>,
    /// What the ranges of inputs do to the plan; absent where every input is known.
    pub uncertainty: Option<Uncertainty>,
    /// Month by month to the horizon; absent without growth.
    pub forecast: Option<Forecast>,
    /// The clusters of the vector database that bear the vectors side by side; absent where it is no cluster.
    pub cells: Option<Cells>,
}

/// A tier with the reason for it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct TierChoice {
    /// Id of the table row.
    pub id: String,
    /// Short name.
    pub name: String,
    /// Name for people.
    pub title: String,
    /// How it is deployed.
    pub platform: Platform,
    /// What forced this tier and not a smaller one, strongest first.
    pub drivers: Vec<Driver>,
    /// True when the user named the tier.
    pub forced: bool,
    /// Whether it goes on when a server fails.
    pub high_availability: Extent,
    /// Whether it scales by itself.
    pub auto_scaling: Extent,
    /// What the tier bears.
    pub up_to: Bounds,
    /// Servers that the table names for the whole tier.
    pub servers: CountRange,
    /// Cores that the table names.
    pub cpu: Option<CountRange>,
    /// Memory that the table names.
    pub memory: Option<BytesRange>,
    /// Storage that the table names.
    pub storage: Option<BytesRange>,
    /// When the tier is used.
    pub when: String,
    /// Complexity of running it.
    pub complexity: String,
}

/// What forced a tier.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Driver {
    /// `partitions`, `rps`, `environment`, `require`, ...
    pub what: String,
    /// A sentence: "120 partitions are more than the 50 of S4.T1 single".
    pub because: String,
}

/// A smaller tier that does not do.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Rejected {
    /// Id of the table row.
    pub id: String,
    /// Short name.
    pub name: String,
    /// What it lacks, sentence by sentence.
    pub lacks: Vec<String>,
}

/// A server set with the reason for it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct SetChoice {
    /// Id of the table row.
    pub id: String,
    /// Short name.
    pub name: String,
    /// Why this one.
    pub because: String,
}

/// One kind of server.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ServerPlan {
    /// Short name.
    pub name: String,
    /// What it is for.
    pub title: String,
    /// How many.
    pub count: u32,
    /// Most of them that the source names.
    pub count_max: Option<u32>,
    /// Cores of each.
    pub cpu: Option<Cores>,
    /// Memory of each, in bytes.
    #[serde(rename = "memory_bytes")]
    pub memory: Option<Bytes>,
    /// Most memory that the source names for such a server, in bytes.
    #[serde(rename = "memory_max_bytes")]
    pub memory_max: Option<Bytes>,
    /// Memory kept for the operating system and the page cache it needs, in bytes.
    #[serde(rename = "system_memory_bytes")]
    pub system_memory: Bytes,
    /// Disks of each.
    pub disks: Vec<Disk>,
    /// Network speed.
    pub network: Option<String>,
    /// Whether it holds the storage areas and exports them.
    pub storage_host: bool,
    /// What runs on it.
    pub services: Vec<ServicePlan>,
    /// The row that says so.
    pub because: String,
}

/// One service on one kind of server.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ServicePlan {
    /// Name of the service in the blueprint.
    pub service: String,
    /// Its family.
    pub kind: Kind,
    /// Instances on each server.
    pub replicas: u32,
    /// Most cores of each instance.
    pub cpu: Cores,
    /// Cores kept for each instance.
    pub cpu_reserved: Cores,
    /// Most memory of each instance, in bytes.
    #[serde(rename = "memory_bytes")]
    pub memory: Bytes,
    /// Memory kept for each instance, in bytes.
    #[serde(rename = "memory_reserved_bytes")]
    pub memory_reserved: Bytes,
    /// Disk that its data takes, in bytes, when it can be told.
    #[serde(rename = "disk_bytes")]
    pub disk: Option<Bytes>,
    /// Ports it listens on.
    pub ports: Vec<u16>,
    /// Settings that follow from the size: PostgreSQL parameters, etcd quota, API workers.
    pub settings: Vec<Setting>,
    /// Where the figures come from.
    pub because: String,
}

/// A setting of a service that follows from its size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Setting {
    /// Name as the service knows it: `shared_buffers`, `quota-backend-bytes`.
    pub name: String,
    /// Value as the service reads it.
    pub value: String,
    /// Formula and source.
    pub because: String,
}

/// A component of a cluster.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ComponentPlan {
    /// Name.
    pub name: String,
    /// How many.
    pub component: Component,
}

/// What it costs.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Cost {
    /// Range a month in US dollars.
    pub monthly_usd: UsdRange,
    /// The one figure of the comparison table.
    pub typical_usd: Option<Usd>,
    /// The row, and what is not in it.
    pub because: String,
}

/// How far an input is from a boundary.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Room {
    /// The input.
    pub input: Input,
    /// Its value now, for people.
    pub now: String,
    /// Its value at the horizon with headroom, for people; what the tier was chosen by.
    pub planned: String,
    /// The boundary, for people.
    pub bound: String,
    /// What lies behind the boundary: a tier or a server set.
    pub then: String,
    /// Part of the boundary that the planned value takes.
    pub used: Share,
    /// Month in which growth passes the boundary; absent without growth or beyond 120 months.
    pub passed_in_month: Option<u32>,
    /// The row of the boundary.
    pub because: String,
}

/// A month from which a tier is needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Milestone {
    /// Month from now; 0 is today.
    pub month: u32,
    /// Tier.
    pub tier: String,
    /// Server set, where the tier has several.
    pub set: Option<String>,
    /// The demand at that month, for people.
    pub demand: String,
}

/// What the reader must know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Warning {
    /// Stable name: `vectors-do-not-fit`.
    pub id: String,
    /// True when ignoring it breaks the deployment.
    pub severe: bool,
    /// What is the matter.
    pub text: String,
    /// What to do about it.
    pub hint: Option<String>,
}
