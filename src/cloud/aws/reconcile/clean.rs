//! Old groups go, once the new one has baked; and so does what belongs to services that are no longer wanted.

use std::collections::BTreeMap;

use super::view::{Part, View, versioned};
use super::{Fact, drains, shift};
use crate::cloud::aws::world::{Group, Machine, Route};
use crate::cloud::aws::{Action, Desired, Kind, World};
use crate::cloud::names::{RESTORE_MIN, SERVICE, VERSION, is_ours};
use crate::cloud::resource::{Address, Found, Rules, next_among};
use crate::cloud::step::{Invariant, Undo};
use crate::cloud::{Next, Since};
use crate::units::Moment;

/// Empties and deletes every other group of a service whose requests all go to the wanted one.
pub(super) fn others(view: &View<'_>, since: &Since<Fact>, now: Moment, next: &mut Next<Action>) {
    if view.others.is_empty() && view.route.is_none_or(|route| route.weights.len() == 1) {
        return;
    }
    let shared = shift::shared(view);
    let bake = view.fleet.release.bake.max(view.fleet.release.drain);
    // Once the old groups have begun to go, going back takes a release of its own: there is nothing left to bake.
    if view.others.iter().any(Part::is_whole) && !since.has_held(&shared, bake, now) {
        if let Some(alarm) = shift::firing(view) {
            next.refused.push(alarm);
            return;
        }
        let until = since.until(&shared, bake, now);
        let what = match view.fleet.release.bake < view.fleet.release.drain {
            true => "what the other version was sent before is finished there",
            false => "the old version stays whole: going back is one call",
        };
        next.wait(format!("route/{}", view.service), what).until(until);
        return;
    }
    if view.route.is_some_and(|route| route.weights.len() > 1) {
        let weights = BTreeMap::from([(view.name.clone(), view.green_weight())]);
        let share = view.share(weights);
        let reason = "only the version that has all requests stays in the rule";
        next.act(share, reason, Invariant::UsedStays, Undo::By("a release of the old version".into()));
    }
    for part in &view.others {
        empty(part.name, part.group, view.world, next);
    }
}

/// Takes away what a release that was given up left behind: groups without requests that no release has held either, so that
/// nothing will go back to them.
pub(super) fn leftovers(view: &View<'_>, next: &mut Next<Action>) {
    if view.live().next().is_none() {
        return;
    }
    let left = |part: &&Part<'_>| !part.is_live() && !part.group.tags.contains_key(RESTORE_MIN);
    for part in view.others.iter().filter(left) {
        empty(part.name, part.group, view.world, next);
    }
}

/// Takes a group's instances away, then the group.
fn empty(name: &str, group: &Group, world: &World, next: &mut Next<Action>) {
    let subject = format!("group/{name}");
    if group.deleting {
        next.wait(subject, "it is being deleted");
        return;
    }
    if (group.min, group.max, group.desired) != (0, 0, 0) {
        let resize = Action::Resize { group: name.to_owned(), min: 0, max: 0, desired: Some(0) };
        let reason = "nothing sends requests to it any more; its instances finish what they have";
        next.act(resize, reason, Invariant::UsedStays, Undo::By("a release of its version".into()));
        return;
    }
    let targets = group.target_group.as_ref().and_then(|name| world.targets.get(name));
    let draining = targets.map_or(0, |targets| targets.values().filter(|health| drains(**health)).count());
    let left = group.instances.len();
    if left > 0 || draining > 0 {
        next.wait(subject, format!("its instances end: {} left", left.max(draining)));
        return;
    }
    let delete = Action::DeleteGroup { group: name.to_owned() };
    next.act(delete, "it has no instances any more", Invariant::UsedStays, Undo::Final);
}

/// Services that are no longer wanted: their rule, their groups and machines, their templates and target groups.
pub(super) fn unwanted(desired: &Desired, world: &World) -> Next<Action> {
    let mut next = Next::default();
    let ours = |tags: &BTreeMap<String, String>| is_ours(&desired.tags, tags);
    let fleet = |service: &String| desired.fleets.contains_key(service);
    for (service, _) in world.routes.iter().filter(|(service, route)| !fleet(service) && ours(&route.tags)) {
        let drop = Action::DropRoute { service: service.clone() };
        next.act(drop, "the service is no longer wanted", Invariant::OnlyOurs, Undo::By("a release of it".into()));
    }
    let gone = || world.groups.iter().filter(|(_, group)| !fleet(&group.service) && ours(&group.tags));
    for (name, group) in gone().filter(|(_, group)| !world.routes.contains_key(&group.service)) {
        empty(name, group, world, &mut next);
    }
    let single = |service: &String| desired.singles.contains_key(service);
    for (name, machine) in world.machines.iter().filter(|(_, machine)| !single(&machine.service)) {
        if ours(&machine.tags) {
            crate::cloud::machine::unwanted(name, machine, &mut next, Action::from);
        }
    }
    let mine = |found: &Found<Kind>| {
        found.tags.contains_key(VERSION)
            && found.tags.get(SERVICE).is_some_and(|service| !fleet(service) && !single(service))
    };
    // A machine that shuts down still has its security groups, its role and its subnet, which the template refers to.
    let starts =
        |address: &Address<Kind>| address.kind == Kind::LaunchTemplate && world.machines.contains_key(&address.name);
    let in_use = |address: &Address<Kind>| {
        starts(address)
            || gone().any(|(_, group)| uses(group, address))
            || world.routes.values().any(|route| names(route, address))
    };
    let rules = Rules { ours: &desired.tags, mine: &mine, in_use: &in_use, allow_data_loss: desired.allow_data_loss };
    next.join(next_among([], &world.resources, versioned(world), &rules).map(Action::Resource));
    next
}

/// Whether a group is started from a template, or registers with a target group.
pub(super) fn uses(group: &Group, address: &Address<Kind>) -> bool {
    match address.kind {
        Kind::LaunchTemplate => group.template == address.name,
        Kind::TargetGroup => group.target_group.as_ref() == Some(&address.name),
        _ => false,
    }
}

/// Whether a rule names a target group.
pub(super) fn names(route: &Route, address: &Address<Kind>) -> bool {
    address.kind == Kind::TargetGroup && route.weights.contains_key(&address.name)
}

/// Whether a machine has a disk or an address, which so must not be deleted yet.
pub(super) fn is_attached(world: &World, address: &Address<Kind>) -> bool {
    let has = |machine: &Machine| machine.has(address);
    world.machines.values().any(has)
}
