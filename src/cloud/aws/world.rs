//! What can be observed on AWS of a deployment.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Kind;
use crate::cloud::Lease;
use crate::cloud::load::Scaling;
pub use crate::cloud::machine::Power;
use crate::cloud::resource::{Inventory, Tags};
use crate::units::Moment;

/// Everything that was observed, at about one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct World {
    /// Networks, rules, templates, target groups, disks.
    pub resources: Inventory<Kind>,
    /// Auto Scaling Groups, by name.
    pub groups: BTreeMap<String, Group>,
    /// Health of targets, by the name of the target group.
    pub targets: BTreeMap<String, Targets>,
    /// How requests are shared, by service.
    pub routes: BTreeMap<String, Route>,
    /// Machines without a group, by name.
    pub machines: BTreeMap<String, Machine>,
    /// Alarms that gate a release, by name, and whether each is in alarm.
    pub alarms: BTreeMap<String, bool>,
    /// Who works on the deployment.
    pub lease: Option<Lease>,
}

/// Targets of a group, by instance.
pub type Targets = BTreeMap<String, Health>;

/// What a load balancer tells of a target (`TargetHealth`, Elastic Load Balancing v2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Health {
    /// Registered, not yet checked as often as it takes.
    Initial,
    /// It answers.
    Healthy,
    /// It does not answer as it should.
    Unhealthy,
    /// It is being taken out; shown until the delay is over, even when nothing is in flight.
    Draining,
    /// No rule sends anything to its group, so that it is never checked (`Target.NotInUse`).
    Unused,
}

/// An Auto Scaling Group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Service that it runs, by its tag.
    pub service: String,
    /// Version that it runs, by its tag: the hash of what it is started from.
    pub version: String,
    /// Launch template.
    pub template: String,
    /// Target group that its instances are registered with.
    pub target_group: Option<String>,
    /// Fewest instances.
    pub min: u32,
    /// Most instances.
    pub max: u32,
    /// Instances wanted now.
    pub desired: u32,
    /// Its instances.
    pub instances: Vec<Instance>,
    /// Processes that are suspended.
    pub suspended: BTreeSet<Process>,
    /// Its scaling policy, when it has one.
    pub scaling: Option<Scaling>,
    /// Why it could not start an instance lately, where it could not.
    pub trouble: Option<String>,
    /// Its tags.
    pub tags: Tags,
    /// Whether it is being deleted.
    pub deleting: bool,
}

/// An instance of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instance {
    /// Its id.
    pub id: String,
    /// Its zone.
    pub zone: String,
    /// How far it is.
    pub state: Lifecycle,
    /// When it was started.
    pub launched: Moment,
}

/// How far an instance is (`LifecycleState`, EC2 Auto Scaling).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lifecycle {
    /// It boots.
    Pending,
    /// It runs; that its application works is not said by this.
    InService,
    /// It is being taken out of its target group and shut down.
    Terminating,
}

/// What a group does by itself, and can be told not to (`SuspendProcesses`, EC2 Auto Scaling).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub enum Process {
    /// It moves instances from zone to zone.
    AzRebalance,
    /// It changes its size by the clock.
    ScheduledActions,
}

/// How requests of a service are shared among target groups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// Weight of each target group; 0 gets none, but is checked.
    pub weights: BTreeMap<String, u16>,
    /// Its tags.
    pub tags: Tags,
}

/// A machine that is not of a group: a database, a store, a way out.
pub type Machine = crate::cloud::machine::Machine<Kind>;

impl World {
    /// Healthy targets of a group's instances that are in service: what can be relied on. What the group itself tells of
    /// health is no evidence, since instances start as healthy.
    pub fn healthy(&self, group: &Group) -> u32 {
        self.healthy_by_zone(group).values().copied().fold(0, u32::saturating_add)
    }

    /// The same for each zone that has any instance of the group.
    pub fn healthy_by_zone<'a>(&self, group: &'a Group) -> BTreeMap<&'a str, u32> {
        let mut zones: Vec<(&str, u32)> = Vec::new();
        let targets = group.target_group.as_ref().and_then(|name| self.targets.get(name));
        // Instances are mostly in the order of their ids, as targets are: walking beside them saves a search for each.
        let mut beside = targets.map(BTreeMap::iter).into_iter().flatten().peekable();
        for instance in &group.instances {
            while beside.next_if(|(id, _)| id.as_str() < instance.id.as_str()).is_some() {}
            let health = match beside.peek() {
                Some((id, health)) if **id == instance.id => Some(*health),
                _ => targets.and_then(|targets| targets.get(&instance.id)),
            };
            let counts = instance.state == Lifecycle::InService && health == Some(&Health::Healthy);
            match zones.iter_mut().find(|(zone, _)| *zone == instance.zone) {
                Some((_, healthy)) => *healthy += u32::from(counts),
                None => zones.push((&instance.zone, u32::from(counts))),
            }
        }
        zones.into_iter().collect()
    }

    /// The weight that a group has in the route of its service.
    pub fn weight(&self, group: &Group) -> u16 {
        let route = self.routes.get(&group.service);
        let weight = |name: &String| route.and_then(|route| route.weights.get(name)).copied();
        group.target_group.as_ref().and_then(weight).unwrap_or_default()
    }
}
