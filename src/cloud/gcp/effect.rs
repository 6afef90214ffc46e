//! What each call changes at once. What takes time after that is seen when it is observed.

use super::action::NewGroup;
use super::world::{Autoscaler, Group, Mode, Version};
use super::{Action, World};
use crate::cloud::{lease, machine, resource};
use crate::units::Moment;

/// Changes the world as the cloud tells it right after the call.
pub fn apply(world: &mut World, action: &Action, now: Moment) {
    match action {
        Action::Resource(change) => resource::apply(&mut world.resources, change),
        Action::CreateGroup(new) => {
            world.groups.entry(new.name.clone()).or_insert_with(|| group(new));
        }
        Action::Machine(call) => machine::apply(&mut world.machines, call),
        Action::Lease(change) => world.lease = lease::after(world.lease.take(), change, now),
        Action::CreateAutoscaler { group, .. }
        | Action::PatchAutoscaler { group, .. }
        | Action::PatchVersions { group, .. }
        | Action::PatchSettings { group, .. }
        | Action::Resize { group, .. }
        | Action::DeleteGroup { group } => {
            if let Some(group) = world.groups.get_mut(group) {
                change(group, action);
            }
        }
    }
}

fn group(new: &NewGroup) -> Group {
    Group {
        service: new.service.clone(),
        zones: new.zones.clone(),
        target_size: new.size,
        settings: new.settings.clone(),
        versions: vec![Version { template: new.template.clone(), size: None }],
        max_surge: 0,
        instances: Vec::new(),
        fingerprint: 1,
        is_stable: false,
        is_reached: false,
        autoscaler: None,
        trouble: None,
        tags: new.tags.clone(),
        deleting: false,
    }
}

fn change(group: &mut Group, action: &Action) {
    match action {
        Action::CreateAutoscaler { min, max, cpu_percent, .. } => {
            let (min, max, cpu_percent) = (*min, *max, *cpu_percent);
            group.autoscaler = Some(Autoscaler { mode: Mode::On, min, max, cpu_percent, restore: None });
        }
        Action::PatchAutoscaler { mode, restore, min, max, cpu_percent, .. } => {
            let (min, max, cpu_percent) = (*min, *max, *cpu_percent);
            group.autoscaler = Some(Autoscaler { mode: *mode, min, max, cpu_percent, restore: *restore });
        }
        Action::PatchVersions { versions, max_surge, fingerprint, .. } => {
            group.versions.clone_from(versions);
            group.max_surge = *max_surge;
            // Named by the one that was read, so that assuming the effect twice changes nothing.
            group.fingerprint = group.fingerprint.max(fingerprint.saturating_add(1));
            group.is_reached = false;
        }
        Action::PatchSettings { settings, fingerprint, .. } => {
            group.settings.clone_from(settings);
            group.fingerprint = group.fingerprint.max(fingerprint.saturating_add(1));
        }
        Action::Resize { size, .. } => {
            group.target_size = *size;
            group.fingerprint += 1;
        }
        Action::DeleteGroup { .. } => group.deleting = true,
        Action::Resource(_) | Action::CreateGroup(_) | Action::Machine(_) | Action::Lease(_) => {}
    }
}
