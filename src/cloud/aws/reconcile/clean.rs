//! Old groups go, once the new one has baked; and so does what belongs to services that are no longer wanted.

use std::collections::{BTreeMap, BTreeSet};

use super::view::View;
use super::{Fact, drains, shift, stays};
use crate::cloud::aws::world::{Group, Route};
use crate::cloud::aws::{Action, Desired, Kind, World};
use crate::cloud::names::{SERVICE, VERSION};
use crate::cloud::resource::{Address, Found, Graph, Rules, next as next_resources};
use crate::cloud::step::{Invariant, Undo};
use crate::cloud::{Next, Since};
use crate::units::Moment;

/// Empties and deletes every other group of a service whose requests all go to the wanted one.
pub(super) fn others(view: &View<'_>, since: &Since<Fact>, now: Moment, next: &mut Next<Action>) {
    if view.others.is_empty() && view.route.is_none_or(|route| route.weights.len() == 1) {
        return;
    }
    // Once an old group has begun to go, going back to it takes a release of its own: there is nothing left to bake.
    let begun = view.others.iter().any(|(_, group)| group.desired == 0 || group.deleting);
    let shared = shift::shared(view);
    let bake = view.fleet.release.bake.max(view.fleet.release.drain);
    if !begun && !since.has_held(&shared, bake, now) {
        if let Some(alarm) = shift::firing(view) {
            next.refused.push(alarm);
            return;
        }
        let until = since.until(&shared, bake, now);
        next.wait(format!("route/{}", view.service), "the old version stays whole: going back is one call")
            .until(until);
        return;
    }
    if let Some(route) = view.route
        && route.weights.len() > 1
    {
        let weights = BTreeMap::from([(view.name.clone(), view.green_weight())]);
        let share = Action::Share { service: view.service.to_owned(), weights };
        let reason = "the bake is over; only the new version stays in the rule";
        next.act(share, reason, Invariant::UsedStays, Undo::By("a release of the old version".into()));
        return;
    }
    for (name, group) in &view.others {
        empty(name, group, view.world, next);
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
        let resize = Action::Resize { group: name.to_owned(), min: 0, max: 0, desired: 0 };
        let reason = "nothing sends requests to it any more; its instances finish what they have";
        next.act(resize, reason, Invariant::UsedStays, Undo::By("a release of its version".into()));
        return;
    }
    let targets = group.target_group.as_ref().and_then(|name| world.targets.get(name));
    let draining = targets.map_or(0, |targets| targets.values().filter(|health| drains(**health)).count());
    let left = group.instances.len();
    if left > 0 || draining > 0 {
        let staying = group.instances.iter().filter(|instance| stays(instance.state)).count();
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        next.wait(subject, "its instances end").progress(count(left - staying), count(left));
        return;
    }
    let delete = Action::DeleteGroup { group: name.to_owned() };
    next.act(delete, "it has no instances any more", Invariant::UsedStays, Undo::Final);
}

/// Services that are no longer wanted: their rule, their groups and machines, their templates and target groups.
pub(super) fn unwanted(desired: &Desired, world: &World) -> Next<Action> {
    let mut next = Next::default();
    let ours = |tags: &BTreeMap<String, String>| desired.tags.iter().all(|(name, value)| tags.get(name) == Some(value));
    let fleet = |service: &String| desired.fleets.contains_key(service);
    // A rule that names none but target groups of the deployment is the deployment's, whether it bears its tags or not.
    let names_ours = |route: &Route| {
        let found = |name: &String| world.resources.get(&Address::new(Kind::TargetGroup, name.clone()));
        !route.weights.is_empty() && route.weights.keys().all(|name| found(name).is_some_and(|found| ours(&found.tags)))
    };
    let mine = |route: &Route| ours(&route.tags) || names_ours(route);
    for (service, _) in world.routes.iter().filter(|(service, route)| !fleet(service) && mine(route)) {
        let drop = Action::DropRoute { service: service.clone() };
        next.act(drop, "the service is no longer wanted", Invariant::OnlyOurs, Undo::By("a release of it".into()));
    }
    let gone = world.groups.iter().filter(|(_, group)| !fleet(&group.service) && ours(&group.tags));
    for (name, group) in gone.clone().filter(|(_, group)| !world.routes.contains_key(&group.service)) {
        empty(name, group, world, &mut next);
    }
    let kept = |service: &String| fleet(service) || desired.singles.contains_key(service);
    let mine = |found: &Found<Kind>| {
        found.tags.contains_key(VERSION) && found.tags.get(SERVICE).is_some_and(|service| !kept(service))
    };
    let templates = gone.clone().map(|(_, group)| Address::new(Kind::LaunchTemplate, group.template.clone()));
    let targets = gone.filter_map(|(_, group)| Some(Address::new(Kind::TargetGroup, group.target_group.clone()?)));
    let routed = world.routes.values().flat_map(|route| route.weights.keys());
    let routed = routed.map(|name| Address::new(Kind::TargetGroup, name.clone()));
    let in_use: BTreeSet<Address<Kind>> = templates.chain(targets).chain(routed).collect();
    let rules = Rules { ours: &desired.tags, mine: &mine, in_use, allow_data_loss: desired.allow_data_loss };
    next.join(next_resources(&Graph::new(), &world.resources, &rules).map(Action::Resource));
    for (name, machine) in world.machines.iter().filter(|(_, machine)| !desired.singles.contains_key(&machine.service))
    {
        if ours(&machine.tags) {
            super::single::unwanted(name, machine, &mut next);
        }
    }
    next
}
