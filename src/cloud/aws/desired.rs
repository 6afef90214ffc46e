//! The complete wanted state of a deployment on AWS.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Kind;
pub use crate::cloud::load::{Load, Scaling, Size};
use crate::cloud::resource::{Fields, Graph, Tags};
use crate::units::{Span, millis};

/// What is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Desired {
    /// Name of the deployment.
    pub deployment: String,
    /// Tags of every resource of the deployment.
    pub tags: Tags,
    /// What lasts over releases: network, rules, load balancer, disks, registries.
    pub resources: Graph<Kind>,
    /// Services that are released Blue/Green, by name.
    pub fleets: BTreeMap<String, Fleet>,
    /// Services that are one machine with data, by name.
    pub singles: BTreeMap<String, Single>,
    /// Whether what holds data may be deleted.
    pub allow_data_loss: bool,
}

impl Desired {
    /// The same, for going back to it: in one step, without watching, whatever alarm fires.
    #[must_use]
    pub fn going_back(mut self) -> Self {
        for fleet in self.fleets.values_mut() {
            let release = &mut fleet.release;
            (release.steps, release.alarms) = (vec![100], Vec::new());
            (release.step_bake, release.bake, release.steady) = (Span(0), Span(0), Span(0));
        }
        for single in self.singles.values_mut() {
            single.may_interrupt = true;
        }
        self
    }
}

/// A service on a group of machines behind the load balancer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fleet {
    /// Hash of all that a machine is started from, in 8 hexadecimal digits.
    pub version: String,
    /// The version for people: an image with its digest.
    pub label: String,
    /// Fields of the launch template.
    pub template: Fields<Kind>,
    /// Fields of the target group.
    pub targets: Fields<Kind>,
    /// Load on the service and what an instance bears.
    pub load: Load,
    /// Sizes of the group.
    pub size: Size,
    /// What an instance costs an hour, in millionths of a dollar, where a price is known.
    pub hourly: Option<u64>,
    /// Names of the zones that it is spread over.
    pub zones: Vec<String>,
    /// How a release goes.
    pub release: Release,
}

/// How a release goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// Shares of the traffic that the new version gets, one after the other; the last is 100.
    pub steps: Vec<u16>,
    /// How long each step before the last is watched.
    #[serde(with = "millis")]
    pub step_bake: Span,
    /// How long the old version is kept whole after the last step.
    #[serde(with = "millis")]
    pub bake: Span,
    /// How long the new version must be healthy without a break before it gets traffic.
    #[serde(with = "millis")]
    pub steady: Span,
    /// How long nothing may get better before the release counts as failed.
    #[serde(with = "millis")]
    pub patience: Span,
    /// Time between two health checks of the load balancer.
    #[serde(with = "millis")]
    pub interval: Span,
    /// How long a target that is taken out may finish its requests.
    #[serde(with = "millis")]
    pub drain: Span,
    /// Alarms that stop it.
    pub alarms: Vec<String>,
}

/// A service on one machine that keeps its disk when the machine is replaced.
pub type Single = crate::cloud::machine::Single<Kind>;
