//! What differs between two worlds on AWS.

use std::collections::{BTreeMap, BTreeSet};

use crate::cloud::aws::world::{Group, Machine};
use crate::cloud::aws::{Kind, World};
use crate::cloud::load::Scaling;
use crate::cloud::names::{SERVICE, VERSION, hash};
use crate::cloud::resource::{Address, Fields, Found, Value};
use crate::cloud::shown::{Change, Field, Verb};

/// Values longer than this are shown by their hash: startup scripts, policies.
const LONGEST: usize = 60;

/// All changes: what lasts over releases first, then service by service.
pub(super) fn changes(before: &World, after: &World) -> Vec<Change> {
    let services: Vec<Change> = services(before, after);
    let folded: BTreeSet<&str> = services.iter().flat_map(|change| &change.of).map(String::as_str).collect();
    let addresses: BTreeSet<&Address<Kind>> = before.resources.keys().chain(after.resources.keys()).collect();
    let mut changes: Vec<Change> = addresses
        .into_iter()
        .filter(|address| !folded.contains(address.to_string().as_str()))
        .filter_map(|address| resource(address, before.resources.get(address), after.resources.get(address)))
        .collect();
    changes.extend(services);
    changes
}

fn resource(address: &Address<Kind>, before: Option<&Found<Kind>>, after: Option<&Found<Kind>>) -> Option<Change> {
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

fn references(found: &Found<Kind>) -> Vec<String> {
    found.fields.values().flat_map(Value::references).map(ToString::to_string).collect()
}

/// Fields and tags of a resource as they are shown.
fn all_fields(found: Option<&Found<Kind>>) -> BTreeMap<String, String> {
    let Some(found) = found else { return BTreeMap::new() };
    let tags = found.tags.iter().filter(|(name, _)| !name.starts_with("rapplan:"));
    let tags = tags.map(|(name, value)| (format!("tag {name}"), value.clone()));
    shown(&found.fields).into_iter().chain(tags).collect()
}

fn shown(fields: &Fields<Kind>) -> BTreeMap<String, String> {
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

/// A service in a world: what runs it, by name, and all that is shown of it.
#[derive(Default)]
struct Side {
    groups: BTreeSet<String>,
    machines: BTreeSet<String>,
    /// Engine subjects and addresses that belong to it.
    of: BTreeSet<String>,
    /// What its template and its target group refer to.
    needs: BTreeSet<String>,
    fields: BTreeMap<String, String>,
    volume: Option<String>,
}

fn services(before: &World, after: &World) -> Vec<Change> {
    let (before, after) = (sides(before), sides(after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let nothing = Side::default();
    let pair = |name: &String| service(name, before.get(name).unwrap_or(&nothing), after.get(name).unwrap_or(&nothing));
    names.into_iter().filter_map(pair).collect()
}

fn service(name: &str, before: &Side, after: &Side) -> Option<Change> {
    let runs = |side: &Side| !side.groups.is_empty() || !side.machines.is_empty();
    let fields = differing(&before.fields, &after.fields);
    let same = before.groups == after.groups && before.machines == after.machines;
    let (verb, because) = match (runs(before), runs(after)) {
        (false, true) => (Verb::Create, None),
        (true, false) => (Verb::Delete, None),
        (false, false) => return None,
        (true, true) if same && fields.is_empty() => return None,
        (true, true) if same => (Verb::Change, None),
        // A release that was begun: nothing is made any more.
        (true, true) if after.groups.is_subset(&before.groups) && after.machines.is_subset(&before.machines) => {
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
    let needs = after
        .needs
        .iter()
        .chain(&after.volume.iter().map(|name| format!("volume/{name}")).collect::<Vec<_>>())
        .cloned()
        .collect();
    Some(Change { verb, subject: format!("service/{name}"), fields, because: because.map(str::to_owned), of, needs })
}

fn sides(world: &World) -> BTreeMap<String, Side> {
    let mut sides: BTreeMap<String, Side> = BTreeMap::new();
    for (name, group) in &world.groups {
        let side = sides.entry(group.service.clone()).or_default();
        side.groups.insert(name.clone());
        side.of.insert(format!("group/{name}"));
        // Of several versions, the one that gets most requests is the one that the service is.
        let most = world.groups.values().filter(|other| other.service == group.service);
        if most.map(|other| world.weight(other)).max() == Some(world.weight(group)) {
            side.fields = group_fields(world, group);
        }
    }
    for (name, machine) in &world.machines {
        let side = sides.entry(machine.service.clone()).or_default();
        side.machines.insert(name.clone());
        side.of.insert(format!("machine/{name}"));
        side.volume = side.volume.take().or_else(|| machine.volume.clone());
        side.fields.extend(machine_fields(world, name, machine));
    }
    for (address, found) in &world.resources {
        let service = found.tags.get(SERVICE).filter(|_| found.tags.contains_key(VERSION));
        if let Some(side) = service.and_then(|service| sides.get_mut(service)) {
            side.of.insert(address.to_string());
            side.needs.extend(references(found));
        }
    }
    for service in world.routes.keys() {
        if let Some(side) = sides.get_mut(service) {
            side.of.insert(format!("route/{service}"));
        }
    }
    sides
}

fn group_fields(world: &World, group: &Group) -> BTreeMap<String, String> {
    let mut fields = template(world, &group.template);
    let targets = group.target_group.as_ref();
    let targets = targets.and_then(|name| world.resources.get(&Address::new(Kind::TargetGroup, name.clone())));
    fields.extend(targets.map(|found| shown(&found.fields)).unwrap_or_default());
    fields.insert(
        "machines".to_owned(),
        match group.scaling {
            Some(Scaling { cpu_percent }) => {
                format!("{} to {}, at {cpu_percent} % of their processors", group.min, group.max)
            }
            None => group.min.to_string(),
        },
    );
    fields.insert("version".to_owned(), group.version.clone());
    fields
}

fn machine_fields(world: &World, name: &str, machine: &Machine) -> BTreeMap<String, String> {
    let mut fields = template(world, name);
    fields.extend(machine.volume.clone().map(|volume| ("disk".to_owned(), volume)));
    fields.insert("version".to_owned(), machine.version.clone());
    fields
}

fn template(world: &World, name: &str) -> BTreeMap<String, String> {
    let found = world.resources.get(&Address::new(Kind::LaunchTemplate, name));
    found.map(|found| shown(&found.fields)).unwrap_or_default()
}
