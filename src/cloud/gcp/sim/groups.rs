//! Groups of a simulated Google Cloud: the updater makes and deletes instances until they are as wanted.

use super::{Happening, Sim};
use crate::cloud::gcp::Kind;
use crate::cloud::gcp::world::{Doing, Group, Instance, Mode, Power, count};
use crate::cloud::names::VERSION;
use crate::cloud::resource::Address;
use crate::units::Span;

/// The instances that are not being deleted, those of the zone with most of them first, so that what is left stays even: the
/// target shape `EVEN` of regional groups ("Set a target distribution shape for VMs", Compute Engine, read 2026-11-21). Which
/// one of a zone goes first is an assumption.
fn crowded_first(group: &Group) -> Vec<&Instance> {
    let staying = group.instances.iter().filter(|instance| instance.action != Doing::Deleting);
    let mut left: Vec<&Instance> = staying.collect();
    let mut order = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let in_zone = |one: &Instance| left.iter().filter(|other| other.zone == one.zone).count();
        // Of several, the first: it is the oldest.
        let first = (0..left.len()).rev().max_by_key(|at| in_zone(left[*at])).unwrap_or(0);
        order.push(left.remove(first));
    }
    order
}

impl Sim {
    /// The updater: makes what is missing, as far as the surge allows, and deletes what is too much once others are there.
    pub(super) fn tend(&mut self, name: &str) {
        let Some(group) = self.world.groups.get(name).filter(|group| !group.deleting) else { return };
        let wants = wants(group);
        let staying = || group.instances.iter().filter(|instance| instance.action != Doing::Deleting);
        let of = |template: &String| count(staying().filter(|instance| instance.template == *template));
        let room = (group.target_size + group.max_surge).saturating_sub(count(staying()));
        let mut make = Vec::new();
        for (template, size) in &wants {
            for _ in of(template)..*size {
                make.push(template.clone());
            }
        }
        make.truncate(usize::try_from(room).unwrap_or(usize::MAX));
        // Available is what was healthy once; that many must stay.
        let available = count(staying().filter(|instance| instance.action == Doing::None));
        let mut spare = available.saturating_sub(group.target_size);
        let mut delete: Vec<(String, String)> = Vec::new();
        for instance in crowded_first(group) {
            let wanted = wants.iter().find(|(template, _)| *template == instance.template).map_or(0, |(_, size)| *size);
            let gone = count(delete.iter().filter(|(_, template)| *template == instance.template));
            if of(&instance.template) - gone <= wanted {
                continue;
            }
            let proven = instance.action == Doing::None;
            if !proven || spare > 0 {
                spare -= u32::from(proven);
                delete.push((instance.name.clone(), instance.template.clone()));
            }
        }
        for template in make {
            if !self.make(name, &template) {
                self.agenda.plan(self.now + self.timing.retry, Happening::Tend(name.to_owned()));
                break;
            }
        }
        for (instance, _) in delete {
            self.end(name, &instance);
        }
        self.judge(name);
    }

    /// Says whether anything is under way, and whether the versions are as wanted.
    fn judge(&mut self, name: &str) {
        let Some(group) = self.world.groups.get_mut(name) else { return };
        group.is_stable = group.instances.iter().all(|instance| instance.action == Doing::None)
            && count(group.instances.iter()) == group.target_size;
        let wants = wants(group);
        let of = |template: &String| count(group.instances.iter().filter(|instance| instance.template == *template));
        group.is_reached = group.is_stable && wants.iter().all(|(template, size)| of(template) == *size);
    }

    /// Makes an instance in the zone that has fewest; whether one was to be had.
    fn make(&mut self, name: &str, template: &str) -> bool {
        let running: usize = self.world.groups.values().map(|group| group.instances.len()).sum();
        let now = self.now;
        let Some(group) = self.world.groups.get_mut(name) else { return true };
        if running >= usize::try_from(self.quota).unwrap_or(usize::MAX) {
            group.trouble = Some("QUOTA_EXCEEDED: the project has no room for more instances".to_owned());
            return false;
        }
        let in_zone = |zone: &String| group.instances.iter().filter(|instance| instance.zone == *zone).count();
        let stocked = |zone: &&String| self.out_of_stock.get(*zone).is_none_or(|until| *until <= now);
        let zone = group.zones.iter().filter(stocked).min_by_key(|zone| (in_zone(zone), (*zone).clone())).cloned();
        let Some(zone) = zone else {
            group.trouble = Some(format!("ZONE_RESOURCE_POOL_EXHAUSTED in {}", group.zones.join(", ")));
            return false;
        };
        // A world that was observed has instances of its own, whose names are taken.
        let instance = loop {
            self.made += 1;
            let instance = format!("{name}-{:04x}", self.made);
            if group.instances.iter().all(|one| one.name != instance) {
                break instance;
            }
        };
        group.trouble = None;
        group.instances.push(Instance {
            name: instance.clone(),
            zone,
            template: template.to_owned(),
            action: Doing::Creating,
            healthy: None,
            made: now,
        });
        let taken = self.about(self.timing.boot);
        self.agenda.plan(now + taken, Happening::Runs { group: name.to_owned(), instance });
        true
    }

    pub(super) fn runs(&mut self, name: &str, instance: &str) {
        let Some(found) = self.instance(name, instance).filter(|found| found.action == Doing::Creating) else { return };
        found.action = Doing::Verifying;
        found.healthy = Some(false);
        let taken = self.about(self.timing.start);
        let checked = Happening::Checked { group: name.to_owned(), instance: instance.to_owned() };
        self.agenda.plan(self.now + taken, checked);
    }

    pub(super) fn checked(&mut self, name: &str, instance: &str) {
        let fails = self.chance.happens(self.faults.unhealthy);
        let templates = &self.world.resources;
        let version = |template: &String| {
            let found = templates.get(&Address::new(Kind::InstanceTemplate, template.clone()))?;
            found.tags.get(VERSION).filter(|version| self.broken.contains(*version))
        };
        let group = self.world.groups.get(name);
        let template = group.and_then(|group| group.instances.iter().find(|one| one.name == instance));
        let template = template.map(|one| &one.template);
        let broken = template.is_some_and(|of| self.broken.contains(of) || version(of).is_some());
        let sickens = self.chance.happens(self.faults.sick);
        let Some(found) = self.instance(name, instance) else { return };
        if found.action != Doing::Verifying {
            return;
        }
        if fails || broken {
            let repair = self.about(self.timing.repair);
            let (group, instance) = (name.to_owned(), instance.to_owned());
            self.agenda.plan(self.now + repair, Happening::Repairs { group, instance });
            return;
        }
        found.action = Doing::None;
        found.healthy = Some(true);
        if sickens {
            let lasting = self.about(self.timing.sick);
            let (place, group) = (0, name.to_owned());
            let later = Span(self.chance.below(3_600_000));
            self.agenda.plan(self.now + later, Happening::SickensAt { group, place, lasting: lasting.0 });
        }
        self.tend(name);
    }

    /// An application stops answering. The group still calls the instance available, since it was healthy once.
    pub(super) fn sickens(&mut self, name: &str, instance: &str, lasting: Span) {
        let repair = self.about(self.timing.repair);
        let Some(found) = self.instance(name, instance).filter(|found| found.action == Doing::None) else { return };
        found.healthy = Some(false);
        let (group, instance) = (name.to_owned(), instance.to_owned());
        let again = Happening::Health { group: group.clone(), instance: instance.clone(), healthy: true };
        self.agenda.plan(self.now + lasting, again);
        self.agenda.plan(self.now + repair, Happening::Repairs { group, instance });
    }

    /// Autohealing: what does not answer is deleted, and the group makes another one, for ever if need be.
    pub(super) fn repairs(&mut self, name: &str, instance: &str) {
        let found = self.instance(name, instance);
        let there = |found: &mut Instance| matches!(found.action, Doing::None | Doing::Verifying);
        if found.is_some_and(|found| there(found) && found.healthy == Some(false)) {
            self.end(name, instance);
            self.tend(name);
        }
    }

    fn end(&mut self, name: &str, instance: &str) {
        let Some(found) = self.instance(name, instance) else { return };
        found.action = Doing::Deleting;
        let taken = self.about(self.timing.end);
        let ended = Happening::Ended { group: name.to_owned(), instance: instance.to_owned() };
        self.agenda.plan(self.now + taken, ended);
    }

    pub(super) fn ended(&mut self, name: &str, instance: &str) {
        if let Some(group) = self.world.groups.get_mut(name) {
            group.instances.retain(|found| found.name != instance);
        }
        self.tend(name);
    }

    /// The load asks for another size, within what the autoscaler may do.
    pub(super) fn scales(&mut self, name: &str, size: u32) {
        let Some(group) = self.world.groups.get_mut(name) else { return };
        let Some(scaler) = &group.autoscaler else { return };
        let size = size.clamp(scaler.min, scaler.max);
        let may = match scaler.mode {
            Mode::On => true,
            Mode::OnlyScaleOut => size > group.target_size,
            Mode::Off => false,
        };
        if may {
            group.target_size = size;
            group.fingerprint += 1;
        }
        self.tend(name);
    }

    fn instance(&mut self, group: &str, name: &str) -> Option<&mut Instance> {
        self.world.groups.get_mut(group)?.instances.iter_mut().find(|instance| instance.name == name)
    }

    /// What was under way when the world was observed goes on.
    pub(super) fn take_up(&mut self) {
        let now = self.now;
        let mut events = Vec::new();
        for (name, group) in &self.world.groups {
            for instance in &group.instances {
                let (group, instance_name) = (name.clone(), instance.name.clone());
                let event = match instance.action {
                    Doing::Creating => (self.timing.boot, Happening::Runs { group, instance: instance_name }),
                    Doing::Verifying => (self.timing.start, Happening::Checked { group, instance: instance_name }),
                    Doing::Deleting => (self.timing.end, Happening::Ended { group, instance: instance_name }),
                    Doing::None if instance.healthy == Some(false) => {
                        (self.timing.repair, Happening::Repairs { group, instance: instance_name })
                    }
                    Doing::None => continue,
                };
                events.push(event);
            }
            let next = if group.deleting { Happening::GroupGone(name.clone()) } else { Happening::Tend(name.clone()) };
            events.push((Span(0), next));
        }
        for (name, machine) in &self.world.machines {
            let next = match machine.state {
                Power::Pending => (self.timing.boot, Happening::MachineBooted(name.clone())),
                Power::Running => (self.timing.start, Happening::MachineAnswers(name.clone())),
                Power::Stopping => (self.timing.end, Happening::MachineStopped(name.clone())),
                Power::ShuttingDown => (self.timing.end, Happening::MachineGone(name.clone())),
                Power::Stopped => continue,
            };
            events.push(next);
        }
        for address in self.world.resources.keys() {
            events.push((Span::seconds(1), Happening::Settles(address.clone())));
        }
        for (after, event) in events {
            self.agenda.plan(now + after, event);
        }
    }
}

/// How many instances of each template a group wants.
fn wants(group: &Group) -> Vec<(String, u32)> {
    let said = |version: &crate::cloud::gcp::world::Version| version.size.map(|size| size.min(group.target_size));
    let taken: u32 = group.versions.iter().filter_map(said).fold(0, u32::saturating_add);
    let rest = group.target_size.saturating_sub(taken);
    group.versions.iter().map(|version| (version.template.clone(), said(version).unwrap_or(rest))).collect()
}
