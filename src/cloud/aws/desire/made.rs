//! The graph while it is put together.

use std::collections::BTreeMap;

use crate::cloud::aws::Kind;
use crate::cloud::names::{NAME, ROLE, bounded};
use crate::cloud::resource::{Address, Fields, Graph, Kind as _, Value, Wanted};

/// The graph while it is put together.
pub(super) struct Made<'a> {
    deployment: &'a str,
    /// What is wanted so far.
    pub graph: Graph<Kind>,
}

impl<'a> Made<'a> {
    pub(super) fn new(deployment: &'a str) -> Self {
        Self { deployment, graph: Graph::new() }
    }

    /// The address of a resource of the deployment, by the parts of its name.
    pub(super) fn address(&self, kind: Kind, parts: &[&str]) -> Address<Kind> {
        let parts: Vec<&str> = std::iter::once(self.deployment).chain(parts.iter().copied()).collect();
        Address::new(kind, bounded(&parts, kind.info().longest_name))
    }

    /// Wants a resource, and gives its address.
    pub(super) fn add(
        &mut self,
        kind: Kind,
        parts: &[&str],
        role: &str,
        fields: Fields<Kind>,
        because: impl Into<String>,
    ) -> Address<Kind> {
        let address = self.address(kind, parts);
        self.put(address, role, fields, because)
    }

    /// Wants a resource under a name of its own.
    pub(super) fn add_named(
        &mut self,
        kind: Kind,
        name: String,
        role: &str,
        fields: Fields<Kind>,
        because: impl Into<String>,
    ) -> Address<Kind> {
        self.put(Address::new(kind, name), role, fields, because)
    }

    fn put(
        &mut self,
        address: Address<Kind>,
        role: &str,
        fields: Fields<Kind>,
        because: impl Into<String>,
    ) -> Address<Kind> {
        let mut tags = BTreeMap::from([(NAME.to_owned(), address.name.clone())]);
        if !role.is_empty() {
            tags.insert(ROLE.to_owned(), role.to_owned());
        }
        self.graph.insert(address.clone(), Wanted { fields, tags, because: because.into() });
        address
    }
}

/// Fields by name.
pub(super) fn fields<const N: usize>(pairs: [(&str, Value<Kind>); N]) -> Fields<Kind> {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Fields in a field.
pub(super) fn map<const N: usize>(pairs: [(&str, Value<Kind>); N]) -> Value<Kind> {
    Value::Map(fields(pairs))
}
