//! What differs between two worlds, as people have names for it: resources, and services with all that is made for their
//! versions.

use std::collections::{BTreeMap, BTreeSet};

use super::names::hash;
use super::resource::{Address, Fields, Found, Inventory, Kind, Value};
use super::shown::{Change, Field, Verb};

/// Values longer than this are shown by their hash: startup scripts, policies.
const LONGEST: usize = 60;

/// A service in a world: what runs it, by name, and all that is shown of it.
#[derive(Default)]
pub(in crate::cloud) struct Side {
    pub groups: BTreeSet<String>,
    pub machines: BTreeSet<String>,
    /// What its machines run, where that alone tells two versions apart.
    pub version: Option<String>,
    /// Engine subjects and addresses that belong to it.
    pub of: BTreeSet<String>,
    /// What its template and what else is made for its version refer to.
    pub needs: BTreeSet<String>,
    pub fields: BTreeMap<String, String>,
    /// Its disk with data: the kind and the name.
    pub volume: Option<String>,
}

/// A world: its resources, and its services by name.
pub(in crate::cloud) type Sides<'a, K> = (&'a Inventory<K>, BTreeMap<String, Side>);

/// All changes: what lasts over releases first, then service by service.
pub(in crate::cloud) fn changes<K: Kind>(before: &Sides<'_, K>, after: &Sides<'_, K>) -> Vec<Change> {
    let services: Vec<Change> = services(&before.1, &after.1);
    let folded: BTreeSet<&str> = services.iter().flat_map(|change| &change.of).map(String::as_str).collect();
    let addresses: BTreeSet<&Address<K>> = before.0.keys().chain(after.0.keys()).collect();
    let mut changes: Vec<Change> = addresses
        .into_iter()
        .filter(|address| !folded.contains(address.to_string().as_str()))
        .filter_map(|address| resource(address, before.0.get(address), after.0.get(address)))
        .collect();
    changes.extend(services);
    changes
}

fn resource<K: Kind>(address: &Address<K>, before: Option<&Found<K>>, after: Option<&Found<K>>) -> Option<Change> {
    let (was, is) = (all_fields(before), all_fields(after));
    let verb = match (before, after) {
        (None, Some(_)) => Verb::Create,
        (Some(_), None) => Verb::Delete,
        _ => Verb::Change,
    };
    let fields = differing(&was, &is);
    if verb == Verb::Change && fields.is_empty() {
        return None;
    }
    let subject = address.to_string();
    let needs = after.or(before).map(references).unwrap_or_default();
    Some(Change { verb, of: vec![subject.clone()], needs, subject, fields, because: None })
}

pub(in crate::cloud) fn references<K: Kind>(found: &Found<K>) -> Vec<String> {
    found.fields.values().flat_map(Value::references).map(ToString::to_string).collect()
}

/// Fields and tags of a resource as they are shown.
fn all_fields<K: Kind>(found: Option<&Found<K>>) -> BTreeMap<String, String> {
    let Some(found) = found else { return BTreeMap::new() };
    let tags = found.tags.iter().filter(|(name, _)| !name.starts_with("rapplan:"));
    let tags = tags.map(|(name, value)| (format!("tag {name}"), value.clone()));
    shown(&found.fields).into_iter().chain(tags).collect()
}

pub(in crate::cloud) fn shown<K: Kind>(fields: &Fields<K>) -> BTreeMap<String, String> {
    fields.iter().map(|(name, value)| (name.clone(), short(&value.to_string()))).collect()
}

fn short(text: &str) -> String {
    match text.chars().count() > LONGEST || text.contains('\n') {
        true => format!("({} bytes, sha256 {})", text.len(), hash(text.as_bytes())),
        false => text.to_owned(),
    }
}

fn differing(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<Field> {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let field =
        |name: &String| Field { name: name.clone(), from: before.get(name).cloned(), to: after.get(name).cloned() };
    names.into_iter().filter(|name| before.get(*name) != after.get(*name)).map(field).collect()
}

fn services(before: &BTreeMap<String, Side>, after: &BTreeMap<String, Side>) -> Vec<Change> {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let nothing = Side::default();
    let pair = |name: &String| service(name, before.get(name).unwrap_or(&nothing), after.get(name).unwrap_or(&nothing));
    names.into_iter().filter_map(pair).collect()
}

fn service(name: &str, before: &Side, after: &Side) -> Option<Change> {
    let runs = |side: &Side| !side.groups.is_empty() || !side.machines.is_empty();
    let fields = differing(&before.fields, &after.fields);
    let same = before.groups == after.groups && before.machines == after.machines && before.version == after.version;
    let (verb, because) = match (runs(before), runs(after)) {
        (false, true) => (Verb::Create, None),
        (true, false) => (Verb::Delete, None),
        (false, false) => return None,
        (true, true) if same && fields.is_empty() => return None,
        (true, true) if same => (Verb::Change, None),
        // A release that was begun: nothing is made any more.
        (true, true)
            if before.version == after.version
                && after.groups.is_subset(&before.groups)
                && after.machines.is_subset(&before.machines) =>
        {
            (Verb::Change, Some("what runs already gets all requests, and the other version goes"))
        }
        (true, true) if !after.machines.is_empty() && after.volume.is_some() => {
            (Verb::Interrupt, Some("its disk moves from the old machine to the new one, and no two may write to it"))
        }
        (true, true) => {
            (Verb::Replace, Some("machines are never changed in place: the new version takes over step by step"))
        }
    };
    let of = before.of.union(&after.of).cloned().collect();
    let needs = after.needs.iter().chain(&after.volume).cloned().collect();
    Some(Change { verb, subject: format!("service/{name}"), fields, because: because.map(str::to_owned), of, needs })
}
