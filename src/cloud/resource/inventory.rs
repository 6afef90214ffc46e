//! The resources that were observed.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::graph::Known;
use super::{Address, Found, Graph, Kind, Tags};

/// The resources that were observed.
///
/// A world is copied with every look at it and with every rehearsal, and most of its resources stay as they are: copies share
/// them until one of the copies is changed, and with them what was found out about them.
pub struct Inventory<K>(Arc<Shared<K>>);

struct Shared<K> {
    found: BTreeMap<Address<K>, Found<K>>,
    /// Which resources refer to each, in the order of their addresses.
    users: OnceLock<BTreeMap<Address<K>, Vec<Address<K>>>>,
    /// A graph for which nothing is left to do here, and the tags of its deployment.
    settled: OnceLock<(Known<K>, Tags)>,
}

impl<K> Shared<K> {
    fn new(found: BTreeMap<Address<K>, Found<K>>) -> Self {
        Self { found, users: OnceLock::new(), settled: OnceLock::new() }
    }
}

/// What was found out stays behind: a copy is made to be changed.
impl<K: Clone> Clone for Shared<K> {
    fn clone(&self) -> Self {
        Self::new(self.found.clone())
    }
}

impl<K: Kind> Inventory<K> {
    /// Those of one kind, in the order of their names.
    pub fn of_kind(&self, kind: K) -> impl Iterator<Item = (&Address<K>, &Found<K>)> {
        self.0.found.range(Address::new(kind, "")..).take_while(move |(address, _)| address.kind == kind)
    }

    /// The resources that refer to one, in the order of their addresses; one that does so twice is there twice.
    pub(super) fn users(&self, of: &Address<K>) -> &[Address<K>] {
        let users = self.0.users.get_or_init(|| {
            let mut users: BTreeMap<Address<K>, Vec<Address<K>>> = BTreeMap::new();
            for (address, there) in &self.0.found {
                for value in there.fields.values() {
                    value.each_reference(&mut |of| users.entry(of.clone()).or_default().push(address.clone()));
                }
            }
            users
        });
        users.get(of).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether it is known that nothing is left to do for a graph.
    pub(super) fn is_settled(&self, wanted: &Graph<K>, ours: &Tags) -> bool {
        self.0.settled.get().is_some_and(|(known, tags)| wanted.is(known) && tags == ours)
    }

    /// Takes note that nothing is left to do for a graph, until something is changed. The first one is kept in mind.
    pub(super) fn settled(&self, wanted: &Graph<K>, ours: &Tags) {
        // Another one may be known already, which costs time and nothing else.
        let _first = self.0.settled.set((wanted.known(), ours.clone()));
    }
}

/// What was found out does not belong to what was observed: it differs from run to run.
impl<K: fmt::Debug> fmt::Debug for Inventory<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Inventory").field(&self.0.found).finish()
    }
}

impl<K> Clone for Inventory<K> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K> Default for Inventory<K> {
    fn default() -> Self {
        Self(Arc::new(Shared::new(BTreeMap::new())))
    }
}

impl<K: PartialEq> PartialEq for Inventory<K> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.found == other.0.found
    }
}

impl<K: Eq> Eq for Inventory<K> {}

impl<K> Deref for Inventory<K> {
    type Target = BTreeMap<Address<K>, Found<K>>;

    fn deref(&self) -> &Self::Target {
        &self.0.found
    }
}

/// To change it makes it a copy of its own where it is shared.
impl<K: Clone> DerefMut for Inventory<K> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        let shared = Arc::make_mut(&mut self.0);
        (shared.users, shared.settled) = (OnceLock::new(), OnceLock::new());
        &mut shared.found
    }
}

impl<K: Ord> FromIterator<(Address<K>, Found<K>)> for Inventory<K> {
    fn from_iter<I: IntoIterator<Item = (Address<K>, Found<K>)>>(found: I) -> Self {
        Self(Arc::new(Shared::new(found.into_iter().collect())))
    }
}

impl<'a, K> IntoIterator for &'a Inventory<K> {
    type Item = (&'a Address<K>, &'a Found<K>);
    type IntoIter = std::collections::btree_map::Iter<'a, Address<K>, Found<K>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.found.iter()
    }
}

impl<K: Kind> Serialize for Inventory<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.found.serialize(serializer)
    }
}

impl<'de, K: Kind> Deserialize<'de> for Inventory<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        BTreeMap::deserialize(deserializer).map(|found| Self(Arc::new(Shared::new(found))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::aws::Kind as OfAws;
    use crate::cloud::resource::{State, Value};

    fn found(fields: &[(&str, Value<OfAws>)]) -> Found<OfAws> {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        Found { id: "id".to_owned(), fields, tags: Tags::new(), state: State::Ready }
    }

    #[test]
    fn what_was_found_out_ends_with_a_change() {
        let (vpc, subnet) = (Address::new(OfAws::Vpc, "a"), Address::new(OfAws::Subnet, "b"));
        let mut all: Inventory<OfAws> = [(vpc.clone(), found(&[]))].into_iter().collect();
        let (mut wanted, ours) = (Graph::new(), Tags::new());
        assert!(all.users(&vpc).is_empty() && !all.is_settled(&wanted, &ours));
        all.settled(&wanted, &ours);
        assert!(all.is_settled(&wanted, &ours) && all.clone().is_settled(&wanted.clone(), &ours));
        assert!(!all.is_settled(&wanted, &Tags::from([("a".to_owned(), "b".to_owned())])));
        assert!(!all.is_settled(&Graph::new(), &ours));
        let before = all.clone();
        all.insert(subnet.clone(), found(&[("vpc", Value::Of(vpc.clone()))]));
        assert_eq!(all.users(&vpc), std::slice::from_ref(&subnet));
        assert!(!all.is_settled(&wanted, &ours) && before.is_settled(&wanted, &ours));
        // Nobody shares these any more: they are changed where they are.
        all.settled(&wanted, &ours);
        all.remove(&subnet);
        assert!(all.users(&vpc).is_empty() && !all.is_settled(&wanted, &ours));
        wanted.clear();
        assert!(!before.is_settled(&wanted, &ours));
    }
}
