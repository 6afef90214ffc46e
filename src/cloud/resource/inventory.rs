//! The resources that were observed.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Address, Found, Kind};

/// The resources that were observed.
///
/// A world is copied with every look at it and with every rehearsal, and most of its resources stay as they are: copies share
/// them until one of the copies is changed.
#[derive(Debug, PartialEq, Eq)]
pub struct Inventory<K>(Arc<BTreeMap<Address<K>, Found<K>>>);

impl<K: Kind> Inventory<K> {
    /// Those of one kind, in the order of their names.
    pub fn of_kind(&self, kind: K) -> impl Iterator<Item = (&Address<K>, &Found<K>)> {
        self.0.range(Address::new(kind, "")..).take_while(move |(address, _)| address.kind == kind)
    }
}

impl<K> Clone for Inventory<K> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K> Default for Inventory<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K> Deref for Inventory<K> {
    type Target = BTreeMap<Address<K>, Found<K>>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

/// To change it makes it a copy of its own where it is shared.
impl<K: Clone> DerefMut for Inventory<K> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        Arc::make_mut(&mut self.0)
    }
}

impl<K: Ord> FromIterator<(Address<K>, Found<K>)> for Inventory<K> {
    fn from_iter<I: IntoIterator<Item = (Address<K>, Found<K>)>>(found: I) -> Self {
        Self(Arc::new(found.into_iter().collect()))
    }
}

impl<'a, K> IntoIterator for &'a Inventory<K> {
    type Item = (&'a Address<K>, &'a Found<K>);
    type IntoIter = std::collections::btree_map::Iter<'a, Address<K>, Found<K>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<K: Kind> Serialize for Inventory<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (*self.0).serialize(serializer)
    }
}

impl<'de, K: Kind> Deserialize<'de> for Inventory<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        BTreeMap::deserialize(deserializer).map(|found| Self(Arc::new(found)))
    }
}
