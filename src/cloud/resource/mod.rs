//! Resources that are made, changed and deleted one by one: networks, rules, templates, disks.
//!
//! What all of them have in common is decided here once: what must be there first, what can be changed in place, what
//! must not be deleted while something refers to it. Groups of machines, which take part in releases, are not among them.

mod address;
mod effect;
mod graph;
mod holds_data;
mod inventory;
mod kinds;
mod next;
mod value;

pub use address::{Address, Kind, KindInfo};
pub use effect::{apply, settle};
pub use graph::Graph;
pub use holds_data::holding_data;
pub use inventory::Inventory;
pub(crate) use kinds::kinds;
pub use next::{Change, Rules, Want, next, next_among, next_lasting, shrinks};
pub use value::{Fields, Value};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Names and values that a resource bears for people and for rapplan.
pub type Tags = BTreeMap<String, String>;

/// A resource as it is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(serialize = "K: Kind", deserialize = "K: Kind"))]
pub struct Wanted<K> {
    /// Its fields. Those that refer to another resource make it wait for that one.
    pub fields: Fields<K>,
    /// Its tags, beside those that every resource of the deployment bears.
    pub tags: Tags,
    /// Why it is wanted, for people.
    pub because: String,
}

/// A resource as it was observed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(serialize = "K: Kind", deserialize = "K: Kind"))]
pub struct Found<K> {
    /// The provider's id.
    pub id: String,
    /// Its fields; ids of resources of the deployment are told as references to them.
    pub fields: Fields<K>,
    /// Its tags.
    pub tags: Tags,
    /// How far it is.
    pub state: State,
}

/// How far a resource is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It is being made.
    Pending,
    /// It can be used.
    Ready,
    /// It is being deleted.
    Deleting,
    /// It could not be made.
    Failed,
}
