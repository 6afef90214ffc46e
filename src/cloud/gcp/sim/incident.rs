//! What befalls a simulated Google Cloud from outside.

use std::collections::BTreeSet;

use super::{Happening, Sim};
use crate::cloud::Lease;
use crate::cloud::incident::{self, Drift, Exposed, Incident, set_tag};
use crate::units::{Moment, Span};

/// From the change of the load until the autoscaler is told: it looks at the load of a minute. An assumption.
const NOTICED: Span = Span::seconds(60);

impl Exposed for Sim {
    fn zones(&self) -> Vec<String> {
        let zones: BTreeSet<&String> = self.world.groups.values().flat_map(|group| &group.zones).collect();
        zones.into_iter().cloned().collect()
    }

    fn fleets(&self) -> Vec<(String, u32)> {
        self.world.groups.values().map(|group| (group.service.clone(), group.target_size)).collect()
    }

    fn subjects(&self) -> Vec<String> {
        let groups = self.world.groups.keys().map(|name| format!("group/{name}"));
        let machines = self.world.machines.keys().map(|name| format!("machine/{name}"));
        groups.chain(machines).chain(self.world.resources.keys().map(ToString::to_string)).collect()
    }

    fn fields(&self, subject: &str) -> Vec<String> {
        let found = self.world.resources.iter().find(|(address, _)| address.to_string() == subject);
        found.map(|(_, found)| found.fields.keys().cloned().collect()).unwrap_or_default()
    }

    fn befall(&mut self, at: Moment, incident: Incident) {
        if at > self.now {
            self.agenda.plan(at, Happening::Befalls(incident));
        } else {
            self.befalls(incident);
            self.changed();
        }
    }
}

impl Sim {
    /// Images whose instances never become healthy, with their service.
    pub fn bad_images(&self) -> impl Iterator<Item = &(String, String)> {
        self.bad_images.iter()
    }

    /// The same, in which nothing befalls the world that one cannot know of: how much is in stock nobody tells; the quotas of a
    /// project can be asked for.
    #[must_use]
    pub fn undisturbed(mut self) -> Self {
        self.out_of_stock.clear();
        self.agenda.retain(|event| !matches!(event, Happening::Befalls(_)));
        self
    }

    pub(super) fn befalls(&mut self, incident: Incident) {
        match incident {
            Incident::Load { service, instances } => {
                let groups = self.world.groups.iter().filter(|(_, group)| group.service == service);
                let groups: Vec<String> = groups.map(|(name, _)| name.clone()).collect();
                for group in groups {
                    self.agenda.plan(self.now + NOTICED, Happening::Scales { group, size: instances });
                }
            }
            Incident::ZoneLost(zone) => self.zone_lost(&zone),
            Incident::ZoneBack(zone) => drop(self.out_of_stock.remove(&zone)),
            Incident::StockOut { zone, lasting } => {
                let until = lasting.map_or(Moment(u64::MAX), |lasting| self.now + lasting);
                self.out_of_stock.insert(zone, until);
            }
            Incident::Quota(most) => self.quota = most.unwrap_or(u32::MAX),
            Incident::Alarm { name, fires } => drop(self.world.alarms.insert(name, fires)),
            Incident::BadImage { service, image, bad: true } => drop(self.bad_images.insert((service, image))),
            Incident::BadImage { service, image, bad: false } => {
                self.bad_images.remove(&(service, image));
                // Which template an image is of, the next run says anew for those that are still bad.
                self.broken.clear();
            }
            Incident::Faults(faults) => self.faults = faults,
            Incident::OtherRun { owner, lasting } => {
                let generation = self.world.lease.as_ref().map_or(0, |lease| lease.generation).saturating_add(1);
                let (command, since) = ("rapplan apply".to_owned(), self.now);
                let expires = since + lasting;
                self.world.lease = Some(Lease { owner, command, generation, since, expires });
            }
            Incident::Drift { subject, change } => match subject.strip_prefix("group/") {
                Some(name) => self.group_drifts(name, change),
                None => incident::drifts(&mut self.world.resources, &subject, change),
            },
        }
    }

    /// Everything in a zone is gone at once, and nothing can be had there; the groups start anew elsewhere.
    fn zone_lost(&mut self, zone: &str) {
        self.out_of_stock.insert(zone.to_owned(), Moment(u64::MAX));
        let names: Vec<String> = self.world.groups.keys().cloned().collect();
        for name in names {
            if let Some(group) = self.world.groups.get_mut(&name) {
                group.instances.retain(|one| one.zone != zone);
            }
            self.tend(&name);
        }
    }

    fn group_drifts(&mut self, name: &str, change: Drift) {
        let Some(group) = self.world.groups.get_mut(name) else { return };
        group.fingerprint += 1;
        match change {
            Drift::Size(size) => {
                group.target_size = size;
                self.agenda.plan(self.now, Happening::Tend(name.to_owned()));
            }
            Drift::Delete => {
                (group.deleting, group.target_size) = (true, 0);
                group.instances.clear();
                let taken = self.about(self.timing.end);
                self.agenda.plan(self.now + taken, Happening::GroupGone(name.to_owned()));
            }
            Drift::Tag { name, value } => set_tag(&mut group.tags, name, value),
            Drift::Set { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::gcp::World;
    use crate::cloud::sim::Simulated;

    #[test]
    fn what_is_planned_happens_in_its_time_and_no_plan_knows_of_it() {
        let mut sim = Sim::new(World::default(), Moment(0), 1);
        sim.befall(Moment(5_000), Incident::Alarm { name: "errors".to_owned(), fires: true });
        assert_eq!(sim.clone().undisturbed().next_change(), None);
        sim.advance(Moment(5_000));
        assert_eq!(sim.truth().alarms.get("errors"), Some(&true));
    }
}
