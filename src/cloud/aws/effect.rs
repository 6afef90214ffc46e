//! What each call changes at once. What takes time after that is seen when it is observed.

use std::collections::BTreeMap;

use super::action::NewGroup;
use super::world::{Group, Machine, Power, Route};
use super::{Action, Kind, World};
use crate::cloud::{lease, resource};
use crate::units::Moment;

/// Changes the world as the cloud tells it right after the call.
pub fn apply(world: &mut World, action: &Action, now: Moment) {
    match action {
        Action::Resource(change) => resource::apply(&mut world.resources, change),
        Action::CreateGroup(new) => {
            world.groups.entry(new.name.clone()).or_insert_with(|| group(new));
        }
        Action::Share { service, weights, tags } => {
            let route = world.routes.entry(service.clone());
            let route = route.or_insert_with(|| Route { weights: BTreeMap::new(), tags: tags.clone() });
            route.weights.clone_from(weights);
        }
        Action::DropRoute { service } => {
            world.routes.remove(service);
        }
        Action::Resize { group, .. }
        | Action::TagGroup { group, .. }
        | Action::Suspend { group, .. }
        | Action::Resume { group, .. }
        | Action::PutPolicy { group, .. }
        | Action::DeleteGroup { group } => {
            if let Some(group) = world.groups.get_mut(group) {
                change_group(group, action);
            }
        }
        Action::StartMachine { machine, .. }
        | Action::StopMachine { machine }
        | Action::PowerOn { machine }
        | Action::DeleteMachine { machine }
        | Action::Detach { machine, .. }
        | Action::Attach { machine, .. } => change_machine(world, machine, action),
        Action::Lease(change) => world.lease = lease::after(world.lease.take(), change, now),
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
        scaling: None,
        trouble: None,
        tags: new.tags.clone(),
        deleting: false,
    }
}

fn change_group(group: &mut Group, action: &Action) {
    match action {
        // A size outside new bounds becomes the nearest one within (`UpdateAutoScalingGroup`, EC2 Auto Scaling).
        Action::Resize { min, max, desired, .. } => {
            (group.min, group.max) = (*min, *max);
            group.desired = desired.unwrap_or(group.desired).clamp(*min, (*max).max(*min));
        }
        Action::TagGroup { set, remove, .. } => {
            group.tags.extend(set.clone());
            group.tags.retain(|name, _| !remove.contains(name));
        }
        Action::Suspend { processes, .. } => group.suspended.extend(processes.iter().copied()),
        Action::Resume { processes, .. } => group.suspended.retain(|process| !processes.contains(process)),
        Action::PutPolicy { scaling, .. } => group.scaling = *scaling,
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
            address: None,
            tags: tags.clone(),
        };
        world.machines.entry(name.to_owned()).or_insert_with(machine);
        return;
    }
    let Some(machine) = world.machines.get_mut(name) else { return };
    match action {
        Action::PowerOn { .. } => (machine.state, machine.healthy) = (Power::Pending, false),
        Action::StopMachine { .. } => (machine.state, machine.healthy) = (Power::Stopping, false),
        Action::DeleteMachine { .. } => (machine.state, machine.healthy) = (Power::ShuttingDown, false),
        Action::Detach { part, .. } if part.kind == Kind::Volume => machine.volume = None,
        Action::Detach { .. } => machine.address = None,
        Action::Attach { part, .. } if part.kind == Kind::Volume => machine.volume = Some(part.name.clone()),
        Action::Attach { part, .. } => machine.address = Some(part.clone()),
        _ => {}
    }
}
