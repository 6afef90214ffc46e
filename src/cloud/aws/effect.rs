//! What each call changes at once. What takes time after that is seen when it is observed.

use std::collections::BTreeMap;

use super::action::NewGroup;
use super::world::{Group, Machine, Power, Route};
use super::{Action, Kind, World};
use crate::cloud::resource::{Change, Found, Kind as _, State};
use crate::cloud::{Lease, LeaseChange};
use crate::units::{Moment, Span};

/// Changes the world as the cloud tells it right after the call.
pub fn apply(world: &mut World, action: &Action, now: Moment) {
    match action {
        Action::Resource(change) => resource(world, change),
        Action::CreateGroup(new) => {
            world.groups.entry(new.name.clone()).or_insert_with(|| group(new));
        }
        Action::Share { service, weights } => {
            let route = world.routes.entry(service.clone());
            let route = route.or_insert_with(|| Route { weights: BTreeMap::new(), tags: BTreeMap::new() });
            route.weights.clone_from(weights);
        }
        Action::DropRoute { service } => {
            world.routes.remove(service);
        }
        Action::Resize { group, .. }
        | Action::TagGroup { group, .. }
        | Action::Suspend { group, .. }
        | Action::Resume { group, .. }
        | Action::PutPolicies { group, .. }
        | Action::DeleteGroup { group } => {
            if let Some(group) = world.groups.get_mut(group) {
                change_group(group, action);
            }
        }
        Action::StartMachine { machine, .. }
        | Action::StopMachine { machine }
        | Action::DeleteMachine { machine }
        | Action::Detach { machine, .. }
        | Action::Attach { machine, .. } => change_machine(world, machine, action),
        Action::Lease(change) => world.lease = lease(world.lease.take(), change, now),
    }
}

fn resource(world: &mut World, change: &Change<Kind>) {
    match change {
        Change::Create { address, fields, tags } => {
            let takes_time = address.kind.info().made_in > Span::seconds(1);
            let state = if takes_time { State::Pending } else { State::Ready };
            let found = Found { id: address.to_string(), fields: fields.clone(), tags: tags.clone(), state };
            world.resources.entry(address.clone()).or_insert(found);
        }
        Change::Update { address, fields, tags } => {
            if let Some(found) = world.resources.get_mut(address) {
                found.fields.extend(fields.clone());
                found.tags.extend(tags.clone());
            }
        }
        Change::Delete { address } => {
            if address.kind.info().gone_in <= Span::seconds(1) {
                world.resources.remove(address);
            } else if let Some(found) = world.resources.get_mut(address) {
                found.state = State::Deleting;
            }
        }
    }
}

fn group(new: &NewGroup) -> Group {
    Group {
        service: new.service.clone(),
        version: new.version.clone(),
        template: new.template.clone(),
        target_group: Some(new.target_group.clone()),
        min: new.min,
        max: new.max,
        desired: new.min,
        instances: Vec::new(),
        suspended: std::collections::BTreeSet::new(),
        scales: false,
        trouble: None,
        tags: new.tags.clone(),
        deleting: false,
    }
}

fn change_group(group: &mut Group, action: &Action) {
    match action {
        Action::Resize { min, max, desired, .. } => (group.min, group.max, group.desired) = (*min, *max, *desired),
        Action::TagGroup { set, remove, .. } => {
            group.tags.extend(set.clone());
            group.tags.retain(|name, _| !remove.contains(name));
        }
        Action::Suspend { processes, .. } => group.suspended.extend(processes.iter().copied()),
        Action::Resume { processes, .. } => group.suspended.retain(|process| !processes.contains(process)),
        Action::PutPolicies { .. } => group.scales = true,
        Action::DeleteGroup { .. } => group.deleting = true,
        _ => {}
    }
}

fn change_machine(world: &mut World, name: &str, action: &Action) {
    if let Action::StartMachine { service, version, tags, .. } = action {
        let machine = || Machine {
            id: format!("machine/{name}"),
            service: service.clone(),
            version: version.clone(),
            state: Power::Pending,
            healthy: false,
            volume: None,
            tags: tags.clone(),
        };
        world.machines.entry(name.to_owned()).or_insert_with(machine);
        return;
    }
    let Some(machine) = world.machines.get_mut(name) else { return };
    match action {
        Action::StopMachine { .. } => (machine.state, machine.healthy) = (Power::Stopping, false),
        Action::DeleteMachine { .. } => (machine.state, machine.healthy) = (Power::ShuttingDown, false),
        Action::Detach { .. } => machine.volume = None,
        Action::Attach { volume, .. } => machine.volume = Some(volume.clone()),
        _ => {}
    }
}

/// The lease after a change of it; a change that comes too late changes nothing.
pub(crate) fn lease(held: Option<Lease>, change: &LeaseChange, now: Moment) -> Option<Lease> {
    match (held, change) {
        (Some(held), LeaseChange::Take(new)) if held.generation > new.generation => Some(held),
        (_, LeaseChange::Take(new)) => Some(new.clone()),
        (Some(held), LeaseChange::Release { generation }) if held.generation == *generation => {
            Some(Lease { expires: now, ..held })
        }
        (held, LeaseChange::Release { .. }) => held,
    }
}
