//! What differs between two worlds on AWS.

use std::collections::BTreeMap;

use crate::cloud::aws::world::{Group, Machine};
use crate::cloud::aws::{Kind, World};
use crate::cloud::changes::{self, Side, references, shown};
use crate::cloud::load::Scaling;
use crate::cloud::names::{SERVICE, VERSION};
use crate::cloud::resource::Address;
use crate::cloud::shown::Change;

/// All changes: what lasts over releases first, then service by service.
pub(super) fn changes(before: &World, after: &World) -> Vec<Change> {
    changes::changes(&(&before.resources, sides(before)), &(&after.resources, sides(after)))
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
        let volume = || machine.volume.as_ref().map(|name| format!("volume/{name}"));
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
