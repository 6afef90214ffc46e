//! What happens by itself on a simulated AWS.

use super::{Happening, Sim};
use crate::cloud::aws::world::{Lifecycle, Power};
use crate::cloud::resource::{State, settle};
use crate::units::Span;

impl Sim {
    pub(super) fn happen(&mut self, event: Happening) {
        match event {
            Happening::Settles(address) => settle(&mut self.world.resources, &address),
            Happening::Tend(group) => self.tend(&group),
            Happening::Booted { group, instance } => self.booted(&group, &instance),
            Happening::Checked { group, instance } => self.checked(&group, &instance),
            Happening::Ended { group, instance } => self.ended(&group, &instance),
            Happening::GroupGone(group) => {
                if let Some(found) = self.world.groups.get(&group).filter(|found| found.deleting) {
                    if let Some(target_group) = &found.target_group {
                        self.world.targets.remove(target_group);
                    }
                    self.world.groups.remove(&group);
                    self.zones.remove(&group);
                }
            }
            Happening::Scales { group, desired } => {
                if let Some(found) = self.world.groups.get_mut(&group).filter(|found| !found.deleting) {
                    found.desired = desired.clamp(found.min, found.max);
                }
                self.tend(&group);
            }
            Happening::SickensAt { group, place, lasting } => self.sickens_at(&group, place, Span(lasting)),
            Happening::Sickens { group, instance } => {
                let lasting = self.about(self.timing.sick);
                self.sickens(&group, &instance, lasting);
            }
            Happening::Recovers { group, instance } => self.recovers(&group, &instance),
            Happening::Judged { group, instance } => self.judged(&group, &instance),
            Happening::Abandoned { group, instance } => self.abandoned(&group, &instance),
            Happening::Rebalances(group) => self.rebalances(&group),
            Happening::Moved { group, instance } => self.moved(&group, &instance),
            Happening::Scheduled { group, min, max, desired } => self.scheduled(&group, min, max, desired),
            Happening::ZoneLost(zone) => self.zone_lost(&zone),
            Happening::Alarm { name, fires } => {
                self.world.alarms.insert(name, fires);
            }
            Happening::Befalls(incident) => self.befalls(incident),
            Happening::MachineBooted(name) => self.machine(&name, Power::Pending, Power::Running),
            Happening::MachineStopped(name) => self.machine(&name, Power::Stopping, Power::Stopped),
            Happening::MachineAnswers(name) => self.answers(&name),
            Happening::MachineGone(name) => {
                self.world.machines.remove(&name);
            }
        }
        self.changed();
    }

    /// Everything in a zone is gone at once, and nothing can be had there; the groups start anew elsewhere.
    pub(super) fn zone_lost(&mut self, zone: &str) {
        self.cut_off(zone);
        self.out_of_stock.insert(zone.to_owned(), crate::units::Moment(u64::MAX));
        let names: Vec<String> = self.world.groups.keys().cloned().collect();
        for name in names {
            let Some(group) = self.world.groups.get_mut(&name) else { continue };
            let lost: Vec<String> =
                group.instances.iter().filter(|one| one.zone == zone).map(|one| one.id.clone()).collect();
            group.instances.retain(|one| one.zone != zone);
            if let Some(targets) = group.target_group.as_ref().and_then(|of| self.world.targets.get_mut(of)) {
                targets.retain(|id, _| !lost.contains(id));
            }
            self.tend(&name);
        }
    }

    /// What was under way when the world was observed goes on.
    pub(super) fn take_up(&mut self) {
        let now = self.now;
        let groups: Vec<String> = self.world.groups.keys().cloned().collect();
        for name in groups {
            let Some(group) = self.world.groups.get(&name) else { continue };
            if group.deleting {
                self.agenda.plan(now + self.timing.group_gone, Happening::GroupGone(name.clone()));
                continue;
            }
            let zones: std::collections::BTreeSet<String> =
                group.instances.iter().map(|instance| instance.zone.clone()).collect();
            let known = self.zones.entry(name.clone()).or_default();
            if known.is_empty() {
                *known = zones.into_iter().collect();
            }
            let waiting: Vec<(String, Lifecycle)> =
                group.instances.iter().map(|instance| (instance.id.clone(), instance.state)).collect();
            for (instance, state) in waiting {
                let group = name.clone();
                match state {
                    Lifecycle::Pending => {
                        self.agenda.plan(now + self.timing.boot, Happening::Booted { group, instance })
                    }
                    Lifecycle::InService => {
                        self.agenda.plan(now + self.timing.start, Happening::Checked { group, instance })
                    }
                    Lifecycle::Terminating => {
                        self.agenda.plan(now + self.timing.end, Happening::Ended { group, instance })
                    }
                }
            }
            self.agenda.plan(now, Happening::Tend(name));
        }
        let resources: Vec<_> =
            self.world.resources.iter().map(|(address, found)| (address.clone(), found.state)).collect();
        for (address, state) in resources {
            use crate::cloud::resource::Kind as _;
            match state {
                State::Pending => {
                    self.agenda.plan(now + address.kind.info().made_in, Happening::Settles(address));
                }
                State::Deleting => {
                    self.agenda.plan(now + address.kind.info().gone_in, Happening::Settles(address));
                }
                State::Ready | State::Failed => {}
            }
        }
    }
}
