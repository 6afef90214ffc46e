//! The complete wanted state of a deployment on Google Cloud.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Kind;
use crate::cloud::load::Load;
use crate::cloud::resource::{Fields, Graph, Tags};
use crate::units::{Span, millis};

/// What is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Desired {
    /// Name of the deployment.
    pub deployment: String,
    /// Tags of every resource of the deployment, as labels or in its description.
    pub tags: Tags,
    /// What lasts over releases: network, firewalls, checks, disks, registries.
    pub resources: Graph<Kind>,
    /// Services that are released by rolling updates, by name.
    pub fleets: BTreeMap<String, Fleet>,
    /// Services that are one machine with data, by name.
    #[serde(default)]
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
            (release.steps, release.alarms, release.step_bake) = (vec![100], Vec::new(), Span(0));
        }
        for single in self.singles.values_mut() {
            single.may_interrupt = true;
        }
        self
    }
}

/// A service on a managed instance group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fleet {
    /// Hash of all that a machine is started from, in 8 hexadecimal digits.
    pub version: String,
    /// The version for people: an image with its digest.
    pub label: String,
    /// Fields of the instance template.
    pub template: Fields<Kind>,
    /// What the group is set to beside versions and size: how it heals by itself, names of ports, shape over the zones. It is
    /// changed in place.
    #[serde(default)]
    pub settings: Fields<Kind>,
    /// Load on the service and what an instance bears.
    pub load: Load,
    /// Fewest instances.
    pub min: u32,
    /// Most instances.
    pub max: u32,
    /// Whether it scales by itself between them.
    pub scales: bool,
    /// Share of the processor, in percent, that it scales to keep; absent where it follows something else, or nothing.
    #[serde(default)]
    pub cpu_percent: Option<u32>,
    /// What an instance costs an hour, in millionths of a dollar, where a price is known.
    pub hourly: Option<u64>,
    /// Zones.
    pub zones: Vec<String>,
    /// How a release goes.
    pub release: Release,
}

/// A service on one machine that keeps its disk when the machine is replaced.
pub type Single = crate::cloud::machine::Single<Kind>;

/// How a release goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// Instances above the size while it runs.
    pub surge: u32,
    /// Shares of the instances that run the new version, one after the other; the last is 100.
    pub steps: Vec<u16>,
    /// How long each step before the last is watched.
    #[serde(with = "millis")]
    pub step_bake: Span,
    /// How long nothing may get better before it counts as failed.
    #[serde(with = "millis")]
    pub patience: Span,
    /// Alarms that stop it.
    pub alarms: Vec<String>,
}
