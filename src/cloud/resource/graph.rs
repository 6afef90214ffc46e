//! The resources that are wanted.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Weak};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Address, Kind, Wanted};

/// The resources that are wanted.
///
/// They are copied for every run and every rehearsal, and hardly ever changed: copies share them until one of them is. What
/// was found out for one of them holds for all that share with it.
#[derive(Debug, PartialEq, Eq)]
pub struct Graph<K>(Arc<BTreeMap<Address<K>, Wanted<K>>>);

/// A graph as it was at some moment, without keeping it: known again as long as it is not changed.
pub(super) type Known<K> = Weak<BTreeMap<Address<K>, Wanted<K>>>;

impl<K> Graph<K> {
    /// Nothing is wanted.
    pub fn new() -> Self {
        Self::default()
    }

    /// By what it is known again. Its place in memory is not given to another one while this lasts, and a change of it, even
    /// where nobody shares it, moves it to another place.
    pub(super) fn known(&self) -> Known<K> {
        Arc::downgrade(&self.0)
    }

    /// Whether it is that one, unchanged.
    pub(super) fn is(&self, known: &Known<K>) -> bool {
        std::ptr::eq(Arc::as_ptr(&self.0), known.as_ptr())
    }
}

impl<K> Clone for Graph<K> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K> Default for Graph<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K> Deref for Graph<K> {
    type Target = BTreeMap<Address<K>, Wanted<K>>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

/// To change it makes it a copy of its own where it is shared.
impl<K: Clone> DerefMut for Graph<K> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        Arc::make_mut(&mut self.0)
    }
}

impl<K> From<BTreeMap<Address<K>, Wanted<K>>> for Graph<K> {
    fn from(wanted: BTreeMap<Address<K>, Wanted<K>>) -> Self {
        Self(Arc::new(wanted))
    }
}

impl<'a, K> IntoIterator for &'a Graph<K> {
    type Item = (&'a Address<K>, &'a Wanted<K>);
    type IntoIter = std::collections::btree_map::Iter<'a, Address<K>, Wanted<K>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<K: Kind> Serialize for Graph<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (*self.0).serialize(serializer)
    }
}

impl<'de, K: Kind> Deserialize<'de> for Graph<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        BTreeMap::deserialize(deserializer).map(Self::from)
    }
}
