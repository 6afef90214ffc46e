//! Services that are no longer wanted.

use crate::cloud::gcp::{Action, Desired, Kind, World};
use crate::cloud::names::{SERVICE, VERSION, is_ours};
use crate::cloud::resource::{Address, Found, Rules, Value, next_among};
use crate::cloud::step::{Invariant, Undo};
use crate::cloud::{Next, machine};

/// What is next for them: their groups and machines, then their templates.
pub(super) fn unwanted(desired: &Desired, world: &World) -> Next<Action> {
    let mut next = Next::default();
    let ours = |tags: &crate::cloud::resource::Tags| is_ours(&desired.tags, tags);
    let gone =
        || world.groups.iter().filter(|(_, group)| !desired.fleets.contains_key(&group.service) && ours(&group.tags));
    for (name, group) in gone() {
        if group.deleting {
            next.wait(format!("group/{name}"), "it is being deleted");
            continue;
        }
        if let Some(address) = sent_by(world, name) {
            next.wait(format!("group/{name}"), format!("{address} sends requests to it and goes first"));
            continue;
        }
        let delete = Action::DeleteGroup { group: name.clone() };
        next.act(delete, "the service is no longer wanted", Invariant::OnlyOurs, Undo::By("a release of it".into()));
    }
    for (name, machine) in &world.machines {
        if !desired.singles.contains_key(&machine.service) && ours(&machine.tags) {
            machine::unwanted(name, machine, &mut next, Action::Machine);
        }
    }
    let in_use = |address: &Address<Kind>| gone().any(|(_, group)| group.uses(address)) || started(world, address);
    let mine = |found: &Found<Kind>| {
        found.tags.contains_key(VERSION)
            && found
                .tags
                .get(SERVICE)
                .is_some_and(|service| !desired.fleets.contains_key(service) && !desired.singles.contains_key(service))
    };
    let rules = Rules { ours: &desired.tags, mine: &mine, in_use: &in_use, allow_data_loss: desired.allow_data_loss };
    next.join(next_among([], &world.resources, world.resources.iter(), &rules).map(Action::Resource));
    next
}

/// Whether a machine was started from a template: it is looked after until the machine is gone, as its name tells which
/// version it was.
fn started(world: &World, address: &Address<Kind>) -> bool {
    address.kind == Kind::InstanceTemplate && world.machines.contains_key(&address.name)
}

/// The backend service that names a group, which cannot be deleted while it does.
fn sent_by<'a>(world: &'a World, group: &str) -> Option<&'a Address<Kind>> {
    let names = |value: &Value<Kind>| value.texts().contains(&group);
    let backends = world.resources.iter().filter(|(address, _)| address.kind == Kind::BackendService);
    backends.filter(|(_, found)| found.fields.values().any(names)).map(|(address, _)| address).next()
}
