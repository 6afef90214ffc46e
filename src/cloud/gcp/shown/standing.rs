//! How services stand on Google Cloud, and what a run that died left behind.

use super::changes::version_of;
use crate::cloud::gcp::World;
use crate::cloud::gcp::world::{Group, Version};
use crate::cloud::machine;
use crate::cloud::names::{SERVICE, VERSION};
use crate::cloud::shown::{Leftover, Standing};

/// Every version of every group, and every machine.
pub(super) fn standing(world: &World) -> Vec<Standing> {
    let pairs = world.groups.iter().flat_map(|(name, group)| group.versions.iter().map(move |of| (name, group, of)));
    let groups = pairs.map(|(name, group, version)| of_version(world, name, group, version));
    let machines = world.machines.iter().map(|(name, machine)| machine::standing(name, machine));
    let mut all: Vec<Standing> = groups.chain(machines).collect();
    all.sort_by(|a, b| (&a.service, &a.runs_in, &a.version).cmp(&(&b.service, &b.runs_in, &b.version)));
    all
}

/// Requests are shared by how many instances there are, and not by weights.
fn of_version(world: &World, name: &str, group: &Group, version: &Version) -> Standing {
    let others = group.versions.iter().filter(|other| other.template != version.template);
    let taken = others.filter_map(|other| other.size).fold(0, u32::saturating_add);
    let healthy = group.healthy_of(&version.template);
    let share = (u64::from(healthy) * 100).checked_div(u64::from(group.healthy()));
    let going = group.deleting.then(|| "it is being deleted".to_owned());
    Standing {
        service: group.service.clone(),
        version: version_of(world, &version.template).unwrap_or_else(|| version.template.clone()),
        runs_in: format!("group/{name}"),
        healthy,
        wanted: version.size.unwrap_or_else(|| group.target_size.saturating_sub(taken)),
        share: share.and_then(|share| u16::try_from(share).ok()),
        trouble: group.trouble.clone().or(going),
    }
}

/// What stays behind when a run dies in the middle. While a run is at work the same things are there on purpose.
pub(super) fn leftovers(world: &World) -> Vec<Leftover> {
    let mut found = Vec::new();
    let mut note = |subject: String, what: String, mended_by: &str| {
        found.push(Leftover { subject, what, mended_by: mended_by.to_owned() });
    };
    for (name, group) in &world.groups {
        if group.autoscaler.as_ref().is_some_and(|scaler| scaler.restore.is_some()) {
            let what = "a release lets its autoscaler make it larger only, and did not put that back".to_owned();
            note(format!("autoscaler/{name}"), what, "it may do both again");
        }
        if group.versions.len() > 1 {
            note(format!("group/{name}"), "it runs two versions".to_owned(), "the release is finished");
        }
    }
    for (address, resource) in &world.resources {
        let released = resource.tags.contains_key(SERVICE) && resource.tags.contains_key(VERSION);
        let by_group = world.groups.values().any(|group| group.uses(address));
        if released && !by_group && !world.machines.contains_key(&address.name) {
            let what = "nothing runs from it".to_owned();
            note(address.to_string(), what, "it is deleted, or what it was made for is");
        }
    }
    found
}
