//! How services stand on AWS, and what a run that died left behind.

use crate::cloud::aws::World;
use crate::cloud::aws::world::Group;
use crate::cloud::machine;
use crate::cloud::names::{RESTORE_MIN, RESTORE_PROCESSES, SERVICE, VERSION};
use crate::cloud::shown::{Leftover, Standing};

/// Every group and every machine.
pub(super) fn standing(world: &World) -> Vec<Standing> {
    let groups = world.groups.iter().map(|(name, group)| of_group(world, name, group));
    let machines = world.machines.iter().map(|(name, machine)| machine::standing(name, machine));
    let mut all: Vec<Standing> = groups.chain(machines).collect();
    all.sort_by(|a, b| (&a.service, &a.runs_in).cmp(&(&b.service, &b.runs_in)));
    all
}

fn of_group(world: &World, name: &str, group: &Group) -> Standing {
    let all: u64 = world
        .routes
        .get(&group.service)
        .map_or(0, |route| route.weights.values().map(|weight| u64::from(*weight)).sum());
    let share = (u64::from(world.weight(group)) * 100).checked_div(all);
    let going = group.deleting.then(|| "it is being deleted".to_owned());
    Standing {
        service: group.service.clone(),
        version: group.version.clone(),
        runs_in: format!("group/{name}"),
        healthy: world.healthy(group),
        wanted: group.desired,
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
        let subject = format!("group/{name}");
        if group.tags.contains_key(RESTORE_MIN) || group.tags.contains_key(RESTORE_PROCESSES) {
            let was = group.tags.get(RESTORE_MIN).map(|min| format!(" (it was at least {min} instances)"));
            let what = format!("a release holds its size, and did not put it back{}", was.unwrap_or_default());
            note(subject.clone(), what, "its former sizes are put back, and the tags removed");
        }
        if !group.suspended.is_empty() {
            let names: Vec<String> = group.suspended.iter().map(|process| format!("{process:?}")).collect();
            note(subject.clone(), format!("{} suspended", names.join(" and ")), "they are resumed");
        }
        if world.weight(group) == 0 && world.routes.contains_key(&group.service) {
            let what = format!("{} instances that get no requests", group.instances.len());
            note(subject, what, "the release that made them is finished, or they are deleted");
        }
    }
    for (service, route) in &world.routes {
        let idle = route.weights.iter().filter(|(name, weight)| **weight == 0 && !world.groups.contains_key(*name));
        for (name, _) in idle {
            note(
                format!("route/{service}"),
                format!("target group {name} has weight 0 and no instances"),
                "it is taken out",
            );
        }
        if route.weights.values().filter(|weight| **weight > 0).count() > 1 {
            note(format!("route/{service}"), "requests go to two versions".to_owned(), "the release is finished");
        }
    }
    for (address, resource) in &world.resources {
        let released = resource.tags.contains_key(SERVICE) && resource.tags.contains_key(VERSION);
        let used = world.groups.contains_key(&address.name) || world.machines.contains_key(&address.name);
        if released && !used {
            note(address.to_string(), "nothing runs from it".to_owned(), "it is deleted, or what it was made for is");
        }
    }
    found
}
