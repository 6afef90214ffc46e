//! What differs between two worlds on Google Cloud.

use std::collections::BTreeMap;

use crate::cloud::changes::{self, Side, references, shown};
use crate::cloud::gcp::reconcile::GROUPS;
use crate::cloud::gcp::world::{Group, Machine};
use crate::cloud::gcp::{Kind, World};
use crate::cloud::names::{SERVICE, VERSION};
use crate::cloud::resource::Address;
use crate::cloud::shown::Change;

/// All changes: what lasts over releases first, then service by service.
pub(super) fn changes(before: &World, after: &World) -> Vec<Change> {
    let mut changes = changes::changes(&(&before.resources, sides(before)), &(&after.resources, sides(after)));
    // Groups are named by backend services, and are there before them.
    for (address, found) in &after.resources {
        let groups = found.fields.get(GROUPS).filter(|_| address.kind == Kind::BackendService);
        let subject = address.to_string();
        if let Some(change) = changes.iter_mut().find(|change| change.subject == subject) {
            let names = groups.into_iter().flat_map(|groups| groups.texts());
            change.needs.extend(names.map(|name| format!("group/{name}")));
        }
    }
    changes
}

fn sides(world: &World) -> BTreeMap<String, Side> {
    let mut sides: BTreeMap<String, Side> = BTreeMap::new();
    for (name, group) in &world.groups {
        let side = sides.entry(group.service.clone()).or_default();
        side.groups.insert(name.clone());
        side.of.extend([format!("group/{name}"), format!("autoscaler/{name}")]);
        // The group stays over releases: what it runs tells two versions apart.
        side.version = group.versions.last().map(|version| version.template.clone());
        side.fields = group_fields(world, group);
        side.needs.extend(references_of(group));
    }
    for (name, machine) in &world.machines {
        let side = sides.entry(machine.service.clone()).or_default();
        side.machines.insert(name.clone());
        side.of.insert(format!("machine/{name}"));
        let volume = || machine.volume.as_ref().map(|name| format!("disk/{name}"));
        side.volume = side.volume.take().or_else(volume);
        side.fields.extend(machine_fields(world, name, machine));
    }
    for (address, found) in &world.resources {
        let service = found.tags.get(SERVICE).filter(|_| found.tags.contains_key(VERSION));
        if let Some(side) = service.and_then(|service| sides.get_mut(service)) {
            side.of.insert(address.to_string());
            side.needs.extend(references(found));
        }
    }
    sides
}

fn references_of(group: &Group) -> Vec<String> {
    group.settings.values().flat_map(crate::cloud::resource::Value::references).map(ToString::to_string).collect()
}

fn group_fields(world: &World, group: &Group) -> BTreeMap<String, String> {
    let mut fields = shown(&group.settings);
    let version = group.versions.last();
    fields.extend(version.map(|version| template(world, &version.template)).unwrap_or_default());
    let machines = match &group.autoscaler {
        Some(scaler) => format!("{} to {}, by load", scaler.min, scaler.max),
        None => group.target_size.to_string(),
    };
    fields.insert("machines".to_owned(), machines);
    fields.extend(version.and_then(|of| version_of(world, &of.template)).map(|hash| ("version".to_owned(), hash)));
    fields
}

/// The version that a template is of, by its tag.
pub(super) fn version_of(world: &World, template: &str) -> Option<String> {
    world.resources.get(&Address::new(Kind::InstanceTemplate, template))?.tags.get(VERSION).cloned()
}

fn machine_fields(world: &World, name: &str, machine: &Machine) -> BTreeMap<String, String> {
    let mut fields = template(world, name);
    fields.extend(machine.volume.clone().map(|volume| ("disk".to_owned(), volume)));
    fields.insert("version".to_owned(), machine.version.clone());
    fields
}

fn template(world: &World, name: &str) -> BTreeMap<String, String> {
    let found = world.resources.get(&Address::new(Kind::InstanceTemplate, name));
    found.map(|found| shown(&found.fields)).unwrap_or_default()
}
