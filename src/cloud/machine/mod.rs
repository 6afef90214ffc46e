//! Machines that are not of a group: a service with data runs on one, and its disk and its address move from the machine of
//! the old version to that of the new one. The same on every cloud.

mod call;
mod reconcile;
mod standing;

pub use call::{Call, apply};
pub use reconcile::{Did, Now, next, unwanted};
pub use standing::standing;

use serde::{Deserialize, Serialize};

use super::resource::{Address, Fields, Kind, Tags};
use crate::units::{Span, millis};

/// The kinds of resources that machines are made from.
pub trait Parts: Kind {
    /// What they are started from.
    const TEMPLATE: Self;
    /// Their disks with data.
    const DISK: Self;
}

/// A service on one machine that keeps its disk when the machine is replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(serialize = "K: Kind", deserialize = "K: Kind"))]
pub struct Single<K> {
    /// Hash of all that the machine is started from, in 8 hexadecimal digits.
    pub version: String,
    /// The version for people.
    pub label: String,
    /// Fields of the template.
    pub template: Fields<K>,
    /// Name of the disk with its data, when it has any.
    pub volume: Option<String>,
    /// The address by which others reach it: it moves with the disk from machine to machine.
    #[serde(default)]
    pub address: Option<Address<K>>,
    /// What the machine costs an hour, in millionths of a dollar, where a price is known.
    pub hourly: Option<u64>,
    /// Whether the interruption of a replacement was agreed to.
    pub may_interrupt: bool,
    /// How long a replacement usually interrupts the service; an assumption until it was measured.
    #[serde(with = "millis")]
    pub interruption: Span,
}

impl<K: Parts> Single<K> {
    /// What moves from machine to machine, in this order.
    pub fn parts(&self) -> impl Iterator<Item = Address<K>> + '_ {
        let volume = self.volume.iter().map(|name| Address::new(K::DISK, name.clone()));
        volume.chain(self.address.clone())
    }
}

/// A machine that is not of a group: a database, a store, a way out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(serialize = "K: Kind", deserialize = "K: Kind"))]
pub struct Machine<K> {
    /// Its id.
    pub id: String,
    /// Service that it runs.
    pub service: String,
    /// Version that it runs.
    pub version: String,
    /// How far it is.
    pub state: Power,
    /// Whether its service answers.
    pub healthy: bool,
    /// The disk with its data, when it is attached.
    pub volume: Option<String>,
    /// The address by which others reach it, when it has it.
    #[serde(default)]
    pub address: Option<Address<K>>,
    /// Its tags.
    pub tags: Tags,
}

/// How far a machine is, in the words of EC2 (`InstanceStateName`). On Google Cloud (`Instance.status`, Compute Engine API v1)
/// these are PROVISIONING and STAGING, RUNNING, STOPPING, TERMINATED, and STOPPING on the way to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Power {
    /// It boots.
    Pending,
    /// It runs.
    Running,
    /// It shuts down, and is kept.
    Stopping,
    /// It is shut down, and is kept.
    Stopped,
    /// It shuts down for good.
    ShuttingDown,
}

impl<K: Parts> Machine<K> {
    /// Whether it has a part that moves from machine to machine.
    pub fn has(&self, part: &Address<K>) -> bool {
        match part.kind == K::DISK {
            true => self.volume.as_ref() == Some(&part.name),
            false => self.address.as_ref() == Some(part),
        }
    }

    /// The parts that it has.
    pub fn parts(&self) -> impl Iterator<Item = Address<K>> + '_ {
        let volume = self.volume.iter().map(|name| Address::new(K::DISK, name.clone()));
        volume.chain(self.address.clone())
    }
}
