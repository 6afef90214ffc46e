//! What can be done on AWS: one variant for each call that changes something.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use super::Kind;
use super::world::Process;
use crate::cloud::load::Scaling;
use crate::cloud::machine::Call;
use crate::cloud::resource::{Address, Change, Tags};
use crate::cloud::{Class, LeaseChange};

/// One call that changes something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Make, change or delete a resource.
    Resource(Change<Kind>),
    /// Make a group, with its tags, template and target group in the same call.
    CreateGroup(NewGroup),
    /// Set the sizes of a group.
    Resize {
        /// Group.
        group: String,
        /// Fewest instances.
        min: u32,
        /// Most instances.
        max: u32,
        /// Instances wanted; `None` leaves them as they are, within the bounds, so that what the group does by itself meanwhile
        /// is not undone.
        desired: Option<u32>,
    },
    /// Write tags on a group.
    TagGroup {
        /// Group.
        group: String,
        /// The tags as they are to be.
        set: Tags,
        /// Tags to remove.
        remove: BTreeSet<String>,
    },
    /// Keep a group from doing something by itself.
    Suspend {
        /// Group.
        group: String,
        /// What it must not do.
        processes: BTreeSet<Process>,
    },
    /// Let it again.
    Resume {
        /// Group.
        group: String,
        /// What it may do.
        processes: BTreeSet<Process>,
    },
    /// Give a group its scaling policy, or take it away.
    PutPolicy {
        /// Group.
        group: String,
        /// What it keeps by itself; nothing where it does not scale.
        scaling: Option<Scaling>,
    },
    /// Share requests among target groups; this replaces the former sharing as a whole.
    Share {
        /// Service.
        service: String,
        /// Weight of each target group.
        weights: BTreeMap<String, u16>,
        /// Tags of the rule, which is made with them where there is none yet.
        tags: Tags,
    },
    /// Take the route of a service away.
    DropRoute {
        /// Service.
        service: String,
    },
    /// Delete a group that has no instances any more.
    DeleteGroup {
        /// Group.
        group: String,
    },
    /// Start a machine.
    StartMachine {
        /// Its name.
        machine: String,
        /// Service.
        service: String,
        /// Version.
        version: String,
        /// Launch template.
        template: String,
        /// Its tags.
        tags: Tags,
    },
    /// Shut a machine down and keep it.
    StopMachine {
        /// Its name.
        machine: String,
    },
    /// Start a machine that was stopped.
    PowerOn {
        /// Its name.
        machine: String,
    },
    /// Delete a machine; its data disk stays.
    DeleteMachine {
        /// Its name.
        machine: String,
    },
    /// Take a disk or an address from a machine.
    Detach {
        /// Machine.
        machine: String,
        /// What is taken.
        part: Address<Kind>,
    },
    /// Give a disk or an address to a machine.
    Attach {
        /// Machine.
        machine: String,
        /// What is given.
        part: Address<Kind>,
    },
    /// Take, renew or give back the lease.
    Lease(LeaseChange),
}

/// A group that is to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewGroup {
    /// Its name.
    pub name: String,
    /// Service.
    pub service: String,
    /// Version.
    pub version: String,
    /// Launch template.
    pub template: String,
    /// Target group.
    pub target_group: String,
    /// Fewest instances, and how many are wanted.
    pub min: u32,
    /// Most instances.
    pub max: u32,
    /// Zones.
    pub zones: Vec<String>,
    /// Its tags.
    pub tags: Tags,
}

/// EC2 calls that change something: 50 at once, 5 a second (EC2 API request throttling, read 2026-11-21).
const EC2: Class = Class { name: "ec2-mutating", burst: 50, per_second_milli: 5_000 };
/// Starting machines: 5 at once, 2 a second (the same).
const RUN: Class = Class { name: "ec2-run-instances", burst: 5, per_second_milli: 2_000 };
/// Auto Scaling publishes no limits. One call a second is an assumption that stays below what was seen throttled.
const GROUPS: Class = Class { name: "autoscaling", burst: 10, per_second_milli: 2_000 };
/// Elastic Load Balancing publishes no limits either; an assumption.
const BALANCER: Class = Class { name: "elasticloadbalancing", burst: 10, per_second_milli: 2_000 };

impl Action {
    /// What it changes: while one is on its way, no other of the same subject is sent.
    pub fn subject(&self) -> String {
        match self {
            Self::Resource(change) => change.address().to_string(),
            Self::CreateGroup(NewGroup { name: group, .. })
            | Self::Resize { group, .. }
            | Self::TagGroup { group, .. }
            | Self::Suspend { group, .. }
            | Self::Resume { group, .. }
            | Self::PutPolicy { group, .. }
            | Self::DeleteGroup { group } => format!("group/{group}"),
            Self::Share { service, .. } | Self::DropRoute { service } => format!("route/{service}"),
            Self::StartMachine { machine, .. }
            | Self::StopMachine { machine }
            | Self::PowerOn { machine }
            | Self::DeleteMachine { machine }
            | Self::Detach { machine, .. }
            | Self::Attach { machine, .. } => format!("machine/{machine}"),
            Self::Lease(_) => "lease".to_owned(),
        }
    }

    /// Which limit it counts against.
    pub fn class(&self) -> Class {
        match self {
            Self::Resource(change) => match change.address().kind {
                Kind::LoadBalancer | Kind::Listener | Kind::TargetGroup => BALANCER,
                _ => EC2,
            },
            Self::Share { .. } | Self::DropRoute { .. } => BALANCER,
            Self::StartMachine { .. } | Self::PowerOn { .. } => RUN,
            Self::StopMachine { .. } | Self::DeleteMachine { .. } | Self::Detach { .. } | Self::Attach { .. } => EC2,
            Self::Lease(_) => EC2,
            _ => GROUPS,
        }
    }
}

/// A line of a timeline.
impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Resource(Change::Create { address, .. }) => write!(f, "create {address}"),
            Self::Resource(Change::Update { address, .. }) => write!(f, "change {address}"),
            Self::Resource(Change::Delete { address }) => write!(f, "delete {address}"),
            Self::CreateGroup(new) => write!(f, "create group {} with {} instances", new.name, new.min),
            Self::Resize { group, min, max, desired: None } => write!(f, "keep group {group} between {min} and {max}"),
            Self::Resize { group, min, max, desired: Some(desired) } => {
                write!(f, "size group {group} to {desired}, between {min} and {max}")
            }
            Self::TagGroup { group, .. } => write!(f, "tag group {group}"),
            Self::Suspend { group, .. } => write!(f, "suspend rebalancing and schedules of group {group}"),
            Self::Resume { group, .. } => write!(f, "resume rebalancing and schedules of group {group}"),
            Self::PutPolicy { group, scaling: Some(scaling) } => {
                write!(f, "let group {group} scale at {} % of its processors", scaling.cpu_percent)
            }
            Self::PutPolicy { group, scaling: None } => write!(f, "let group {group} keep its size"),
            Self::Share { service, weights, .. } => {
                write!(f, "share requests of {service}:")?;
                for (name, weight) in weights {
                    write!(f, " {name} {weight}")?;
                }
                Ok(())
            }
            Self::DropRoute { service } => write!(f, "remove the route of {service}"),
            Self::DeleteGroup { group } => write!(f, "delete group {group}"),
            Self::StartMachine { machine, .. } => write!(f, "start machine {machine}"),
            Self::StopMachine { machine } => write!(f, "stop machine {machine}"),
            Self::PowerOn { machine } => write!(f, "start machine {machine} again"),
            Self::DeleteMachine { machine } => write!(f, "delete machine {machine}"),
            Self::Detach { machine, part } => write!(f, "detach {part} from {machine}"),
            Self::Attach { machine, part } => write!(f, "attach {part} to {machine}"),
            Self::Lease(LeaseChange::Take(_)) => f.write_str("take the lease"),
            Self::Lease(LeaseChange::Release { .. }) => f.write_str("give the lease back"),
        }
    }
}

impl From<Call<Kind>> for Action {
    fn from(call: Call<Kind>) -> Self {
        match call {
            Call::Start { machine, service, version, template, tags } => {
                Self::StartMachine { machine, service, version, template, tags }
            }
            Call::Stop { machine } => Self::StopMachine { machine },
            Call::PowerOn { machine } => Self::PowerOn { machine },
            Call::Delete { machine } => Self::DeleteMachine { machine },
            Call::Detach { machine, part } => Self::Detach { machine, part },
            Call::Attach { machine, part } => Self::Attach { machine, part },
        }
    }
}
