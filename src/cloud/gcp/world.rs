//! What can be observed on Google Cloud of a deployment.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Kind;
use crate::cloud::Lease;
pub use crate::cloud::machine::Power;
use crate::cloud::resource::{Address, Fields, Inventory, Tags, Value};
use crate::units::Moment;

/// Everything that was observed, at about one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct World {
    /// Networks, firewalls, templates, checks, disks.
    pub resources: Inventory<Kind>,
    /// Regional managed instance groups, by name.
    pub groups: BTreeMap<String, Group>,
    /// Machines without a group, by name.
    #[serde(default)]
    pub machines: BTreeMap<String, Machine>,
    /// Alarms that gate a release, by name, and whether each fires.
    pub alarms: BTreeMap<String, bool>,
    /// Who works on the deployment.
    pub lease: Option<Lease>,
}

/// A machine that is not of a group: a database, a store.
pub type Machine = crate::cloud::machine::Machine<Kind>;

/// A regional managed instance group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Service that it runs.
    pub service: String,
    /// Zones that it is spread over, as the group itself tells them: how many there are differs by region.
    pub zones: Vec<String>,
    /// Instances wanted, without surge.
    pub target_size: u32,
    /// What it is set to beside versions and size.
    #[serde(default)]
    pub settings: Fields<Kind>,
    /// Versions that are wanted, the one that takes what the others leave last.
    pub versions: Vec<Version>,
    /// Instances above the size while an update runs; 0 or at least as many as there are zones.
    pub max_surge: u32,
    /// Its instances.
    pub instances: Vec<Instance>,
    /// Changes with every write, by whomever; a write must name the one that was read.
    pub fingerprint: u64,
    /// Whether nothing is under way (`status.isStable`); true as well before the updater has woken.
    pub is_stable: bool,
    /// Whether the versions are as wanted (`status.versionTarget.isReached`).
    pub is_reached: bool,
    /// Its autoscaler, when it has one.
    pub autoscaler: Option<Autoscaler>,
    /// Why an instance could not be made lately; a group tries again for ever.
    pub trouble: Option<String>,
    /// What its description and labels tell.
    pub tags: Tags,
    /// Whether it is being deleted.
    pub deleting: bool,
}

/// A version of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Instance template.
    pub template: String,
    /// How many instances run it; `None` for the one that takes the rest.
    pub size: Option<u32>,
}

/// An autoscaler.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Autoscaler {
    /// What it may do.
    pub mode: Mode,
    /// Fewest instances.
    pub min: u32,
    /// Most instances.
    pub max: u32,
    /// Share of the processor, in percent, that it keeps.
    #[serde(default)]
    pub cpu_percent: Option<u32>,
    /// What it did before a release held it, where one does.
    pub restore: Option<Mode>,
}

/// What an autoscaler may do (`AutoscalingPolicy.mode`, Compute Engine API v1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Mode {
    /// Make the group larger and smaller.
    On,
    /// Make it larger only.
    OnlyScaleOut,
    /// Nothing.
    Off,
}

/// An instance of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instance {
    /// Its name.
    pub name: String,
    /// Its zone.
    pub zone: String,
    /// Template that it was made from.
    pub template: String,
    /// What is being done with it.
    pub action: Doing,
    /// What its health check says now (`detailedHealthState`); `None` before the first answer. That the group calls an instance
    /// available says only that it was healthy once.
    pub healthy: Option<bool>,
    /// When it was made.
    pub made: Moment,
}

/// What is being done with an instance (`currentAction`, Compute Engine API v1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Doing {
    /// It is being made.
    Creating,
    /// It runs and is checked for the first time.
    Verifying,
    /// Nothing.
    None,
    /// It is being deleted.
    Deleting,
}

impl Group {
    /// Whether it cannot be without a resource: a version names a template, an instance was made from it, which may still be
    /// going while the versions no longer name it, or it heals by a check.
    pub fn uses(&self, address: &Address<Kind>) -> bool {
        let template = address.kind == Kind::InstanceTemplate
            && (self.versions.iter().any(|version| version.template == address.name)
                || self.instances.iter().any(|instance| instance.template == address.name));
        template || self.settings.values().flat_map(Value::references).any(|of| of == address)
    }

    /// Healthy instances that take requests, whatever they run.
    pub fn healthy(&self) -> u32 {
        count(self.instances.iter().filter(|instance| instance.serves()))
    }

    /// Whether it runs nothing but a template, with every instance healthy and nothing under way. `is_stable` alone is true
    /// before the updater has woken, and `is_reached` says nothing of health now.
    pub fn is_settled(&self, template: &str) -> bool {
        self.is_stable && self.is_reached && self.healthy_of(template) >= self.target_size
    }

    /// Healthy instances that take requests and run a template.
    pub fn healthy_of(&self, template: &str) -> u32 {
        count(self.instances.iter().filter(|instance| instance.serves() && instance.template == template))
    }
}

impl Instance {
    /// Whether requests reach it and it answers them.
    pub fn serves(&self) -> bool {
        self.healthy == Some(true) && self.action != Doing::Deleting
    }
}

/// How many there are.
pub fn count<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}
