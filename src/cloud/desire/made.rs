//! The graph while it is put together.

use std::collections::BTreeMap;

use crate::cloud::names::{NAME, ROLE, bounded};
use crate::cloud::resource::{Address, Fields, Graph, Kind, Value, Wanted};

/// The graph while it is put together.
pub(in crate::cloud) struct Made<'a, K> {
    deployment: &'a str,
    /// Whether a tag tells the name, where the provider has none.
    tells_names: bool,
    /// What is wanted so far.
    pub graph: Graph<K>,
}

impl<'a, K: Kind> Made<'a, K> {
    pub(in crate::cloud) fn new(deployment: &'a str) -> Self {
        Self { deployment, tells_names: false, graph: Graph::new() }
    }

    /// Whose resources have no names but in a tag.
    pub(in crate::cloud) fn nameless(deployment: &'a str) -> Self {
        Self { tells_names: true, ..Self::new(deployment) }
    }

    /// The address of a resource of the deployment, by the parts of its name.
    pub(in crate::cloud) fn address(&self, kind: K, parts: &[&str]) -> Address<K> {
        let parts: Vec<&str> = std::iter::once(self.deployment).chain(parts.iter().copied()).collect();
        Address::new(kind, bounded(&parts, kind.info().longest_name))
    }

    /// Wants a resource, and gives its address.
    pub(in crate::cloud) fn add(
        &mut self,
        kind: K,
        parts: &[&str],
        role: &str,
        fields: Fields<K>,
        because: impl Into<String>,
    ) -> Address<K> {
        let address = self.address(kind, parts);
        self.put(address, role, fields, because)
    }

    /// Wants a resource under a name of its own.
    pub(in crate::cloud) fn add_named(
        &mut self,
        kind: K,
        name: String,
        role: &str,
        fields: Fields<K>,
        because: impl Into<String>,
    ) -> Address<K> {
        self.put(Address::new(kind, name), role, fields, because)
    }

    fn put(&mut self, address: Address<K>, role: &str, fields: Fields<K>, because: impl Into<String>) -> Address<K> {
        let mut tags = BTreeMap::new();
        if self.tells_names {
            tags.insert(NAME.to_owned(), address.name.clone());
        }
        if !role.is_empty() {
            tags.insert(ROLE.to_owned(), role.to_owned());
        }
        self.graph.insert(address.clone(), Wanted { fields, tags, because: because.into() });
        address
    }
}

/// Fields by name.
pub(in crate::cloud) fn fields<K, const N: usize>(pairs: [(&str, Value<K>); N]) -> Fields<K> {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Fields in a field.
pub(in crate::cloud) fn map<K, const N: usize>(pairs: [(&str, Value<K>); N]) -> Value<K> {
    Value::Map(fields(pairs))
}
