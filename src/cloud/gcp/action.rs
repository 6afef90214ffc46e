//! What can be done on Google Cloud: one variant for each call that changes something.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Kind;
use super::world::{Mode, Version};
use crate::cloud::machine::Call;
use crate::cloud::resource::{Change, Fields, Tags};
use crate::cloud::{Class, LeaseChange};

/// One call that changes something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Make, change or delete a resource.
    Resource(Change<Kind>),
    /// Make a group.
    CreateGroup(NewGroup),
    /// Give a group an autoscaler.
    CreateAutoscaler {
        /// Group.
        group: String,
        /// Fewest instances.
        min: u32,
        /// Most instances.
        max: u32,
        /// Share of the processor, in percent, that it keeps.
        cpu_percent: Option<u32>,
    },
    /// Say what an autoscaler may do, and record what it did before.
    PatchAutoscaler {
        /// Group.
        group: String,
        /// What it may do.
        mode: Mode,
        /// What to put back later.
        restore: Option<Mode>,
        /// Fewest instances.
        min: u32,
        /// Most instances.
        max: u32,
        /// Share of the processor, in percent, that it keeps.
        cpu_percent: Option<u32>,
    },
    /// Say what a group is set to beside versions and size.
    PatchSettings {
        /// Group.
        group: String,
        /// The settings.
        settings: Fields<Kind>,
        /// The fingerprint that was read; a stale one is refused.
        fingerprint: u64,
    },
    /// Say which versions a group runs, and how it may go about it.
    PatchVersions {
        /// Group.
        group: String,
        /// The versions.
        versions: Vec<Version>,
        /// Instances above the size meanwhile.
        max_surge: u32,
        /// The fingerprint that was read; a stale one is refused.
        fingerprint: u64,
    },
    /// Say how many instances a group has.
    Resize {
        /// Group.
        group: String,
        /// How many.
        size: u32,
    },
    /// Delete a group with its instances.
    DeleteGroup {
        /// Group.
        group: String,
    },
    /// Do something with a machine without a group.
    Machine(Call<Kind>),
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
    /// Instance template.
    pub template: String,
    /// Instances.
    pub size: u32,
    /// Zones.
    pub zones: Vec<String>,
    /// What it is set to beside versions and size.
    pub settings: Fields<Kind>,
    /// What its description tells.
    pub tags: Tags,
}

/// Mutations of a project: 1,500 a minute (cloud.google.com/compute/api-quota, read 2026-11-21); filled at the start of each
/// minute there, evenly here.
const MUTATIONS: Class = Class { name: "gce-mutations", burst: 100, per_second_milli: 20_000 };

impl Action {
    /// What it changes: while one is on its way, no other of the same subject is sent.
    pub fn subject(&self) -> String {
        match self {
            Self::Resource(change) => change.address().to_string(),
            Self::CreateGroup(NewGroup { name: group, .. })
            | Self::PatchVersions { group, .. }
            | Self::PatchSettings { group, .. }
            | Self::Resize { group, .. }
            | Self::DeleteGroup { group } => format!("group/{group}"),
            Self::CreateAutoscaler { group, .. } | Self::PatchAutoscaler { group, .. } => format!("autoscaler/{group}"),
            Self::Machine(call) => format!("machine/{}", call.machine()),
            Self::Lease(_) => "lease".to_owned(),
        }
    }

    /// Which limit it counts against.
    pub fn class(&self) -> Class {
        MUTATIONS
    }
}

/// A line of a timeline.
impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Resource(Change::Create { address, .. }) => write!(f, "create {address}"),
            Self::Resource(Change::Update { address, .. }) => write!(f, "change {address}"),
            Self::Resource(Change::Delete { address }) => write!(f, "delete {address}"),
            Self::CreateGroup(new) => write!(f, "create group {} with {} instances", new.name, new.size),
            Self::CreateAutoscaler { group, min, max, .. } => write!(f, "let group {group} scale from {min} to {max}"),
            Self::PatchAutoscaler { group, mode: Mode::On, .. } => {
                write!(f, "let the autoscaler of {group} do both again")
            }
            Self::PatchAutoscaler { group, mode: Mode::OnlyScaleOut, .. } => {
                write!(f, "let the autoscaler of {group} make it larger only")
            }
            Self::PatchAutoscaler { group, mode: Mode::Off, .. } => write!(f, "switch the autoscaler of {group} off"),
            Self::PatchVersions { group, versions, max_surge, .. } => {
                write!(f, "run on group {group}, with {max_surge} more meanwhile:")?;
                for version in versions {
                    match version.size {
                        Some(size) => write!(f, " {} {}", version.template, size)?,
                        None => write!(f, " {} the rest", version.template)?,
                    }
                }
                Ok(())
            }
            Self::PatchSettings { group, .. } => write!(f, "set group {group}"),
            Self::Machine(call) => call.fmt(f),
            Self::Resize { group, size } => write!(f, "size group {group} to {size}"),
            Self::DeleteGroup { group } => write!(f, "delete group {group}"),
            Self::Lease(LeaseChange::Take(_)) => f.write_str("take the lease"),
            Self::Lease(LeaseChange::Release { .. }) => f.write_str("give the lease back"),
        }
    }
}
