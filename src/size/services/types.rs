//! A service of a blueprint without a tier table, sized; and what the evidence says at this load.

use schemars::JsonSchema;
use serde::Serialize;

use crate::blueprint::service::{Arch, Kind, Runtime};
use crate::size::component::{Reckoning, Resources};
use crate::size::plan::Setting;

/// A sized service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ServiceSize {
    /// Name of the service in the blueprint.
    pub service: String,
    /// Its family.
    pub kind: Kind,
    /// Role; services of different roles share no machine in production. The service's own name where none is given.
    pub role: String,
    /// Name of the cloud that the blueprint puts it on.
    pub cloud: Option<String>,
    /// In a container or on the host.
    pub runtime: Runtime,
    /// Instances.
    pub instances: u32,
    /// What each of them takes.
    pub each: Resources,
    /// Architectures that its image exists for; empty when nothing says it.
    pub arch: Vec<Arch>,
    /// Machine type that the source names for it.
    pub machine: Option<String>,
    /// What decided the number of instances and their size, in a sentence.
    pub because: String,
    /// Settings that follow from the size.
    pub settings: Vec<Setting>,
    /// How every figure was reckoned.
    pub why: Vec<Reckoning>,
}

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// How many concurrent users follow from what was said.
    Users,
    /// What was measured to be borne.
    Capacity,
    /// What gave way first, or is suspected to.
    Bottleneck,
    /// What the source does to a service at this load.
    Playbook,
    /// A condition of scaling out that holds at this load.
    ScaleOut,
    /// A trigger that this load would set off.
    Trigger,
}

impl Topic {
    /// The word for a table.
    pub fn word(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Capacity => "capacity",
            Self::Bottleneck => "bottleneck",
            Self::Playbook => "playbook",
            Self::ScaleOut => "scale out",
            Self::Trigger => "trigger",
        }
    }
}

/// What the blueprint's evidence says at this load.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Finding {
    /// What it is about.
    pub topic: Topic,
    /// Service.
    pub service: Option<String>,
    /// What is found, with its figures.
    pub text: String,
    /// What to do.
    pub action: Option<String>,
    /// The row that says so.
    pub source: String,
}
