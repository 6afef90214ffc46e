//! What befalls a simulated AWS from outside.

use std::collections::BTreeSet;

use super::{Happening, Sim};
use crate::cloud::Lease;
use crate::cloud::aws::Kind;
use crate::cloud::aws::world::{Machine, Power};
use crate::cloud::incident::{self, Drift, Exposed, Incident, set_tag};
use crate::cloud::resource::{Address, Value};
use crate::units::{Moment, Span};

/// From the change of the load until the group is told: two periods of an alarm of a minute each would be usual. An
/// assumption.
const NOTICED: Span = Span::seconds(60);

impl Exposed for Sim {
    fn zones(&self) -> Vec<String> {
        let of_groups = self.zones.values().flatten().cloned();
        let subnets = self.world.resources.iter().filter(|(address, _)| address.kind == Kind::Subnet);
        let of_subnets = subnets.filter_map(|(_, found)| match found.fields.get("zone") {
            Some(Value::Text(zone)) => Some(zone.clone()),
            _ => None,
        });
        of_groups.chain(of_subnets).collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn fleets(&self) -> Vec<(String, u32)> {
        let mut fleets: Vec<(String, u32)> = Vec::new();
        for group in self.world.groups.values() {
            match fleets.iter_mut().find(|(service, _)| *service == group.service) {
                Some((_, most)) => *most = group.desired.max(*most),
                None => fleets.push((group.service.clone(), group.desired)),
            }
        }
        fleets
    }

    fn subjects(&self) -> Vec<String> {
        let groups = self.world.groups.keys().map(|name| format!("group/{name}"));
        let machines = self.world.machines.keys().map(|name| format!("machine/{name}"));
        let resources = self.world.resources.keys().map(ToString::to_string);
        groups.chain(machines).chain(resources).collect()
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

    pub(super) fn befalls(&mut self, incident: Incident) {
        match incident {
            Incident::Load { service, instances } => {
                self.loads.insert(service.clone(), instances);
                self.follow_load(&service);
            }
            Incident::ZoneLost(zone) => self.zone_lost(&zone),
            Incident::ZoneBack(zone) => self.zone_back(&zone),
            Incident::StockOut { zone, lasting } => {
                let until = lasting.map_or(Moment(u64::MAX), |lasting| self.now + lasting);
                self.out_of_stock.insert(zone, until);
            }
            Incident::Quota(most) => self.quota = most.unwrap_or(u32::MAX),
            Incident::Alarm { name, fires } => {
                self.world.alarms.insert(name, fires);
            }
            Incident::BadImage { service, image, bad: true } => {
                self.bad_images.insert((service, image));
            }
            Incident::BadImage { service, image, bad: false } => {
                self.bad_images.remove(&(service, image));
                // Which version an image is of, the next run says anew for those that are still bad.
                self.broken.clear();
            }
            Incident::Faults(faults) => self.faults = faults,
            Incident::OtherRun { owner, lasting } => {
                let generation = self.world.lease.as_ref().map_or(0, |lease| lease.generation).saturating_add(1);
                let (command, since) = ("rapplan apply".to_owned(), self.now);
                let expires = since + lasting;
                self.world.lease = Some(Lease { owner, command, generation, since, expires });
            }
            Incident::Drift { subject, change } => self.drifts(&subject, change),
        }
    }

    /// Groups of a service that scale by themselves, and get requests, come to want what the load takes.
    pub(super) fn follow_load(&mut self, service: &str) {
        let Some(desired) = self.loads.get(service).copied() else { return };
        let scales = self.world.groups.iter().filter(|(_, group)| {
            group.service == service && group.scaling.is_some() && self.world.weight(group) > 0 && !group.deleting
        });
        let groups: Vec<String> = scales.map(|(name, _)| name.clone()).collect();
        for group in groups {
            self.agenda.plan(self.now + NOTICED, Happening::Scales { group, desired });
        }
    }

    /// The zone that a machine without a group is in: that of the first subnet of its template.
    fn zone_of(&self, name: &str) -> Option<&str> {
        let template = self.world.resources.get(&Address::new(Kind::LaunchTemplate, name))?;
        let subnets = template.fields.get("subnets").map(Value::references).unwrap_or_default();
        match self.world.resources.get(*subnets.first()?)?.fields.get("zone")? {
            Value::Text(zone) => Some(zone),
            _ => None,
        }
    }

    fn machines_in(&self, zone: &str) -> Vec<String> {
        self.world.machines.keys().filter(|name| self.zone_of(name) == Some(zone)).cloned().collect()
    }

    /// Whether the zone of a machine is lost, so that its service cannot answer.
    pub(super) fn is_cut_off(&self, name: &str) -> bool {
        self.zone_of(name).is_some_and(|zone| self.lost.contains(zone))
    }

    /// Machines without a group are out of reach with their disks; they are not started elsewhere.
    pub(super) fn cut_off(&mut self, zone: &str) {
        self.lost.insert(zone.to_owned());
        for name in self.machines_in(zone) {
            if let Some(machine) = self.world.machines.get_mut(&name) {
                machine.healthy = false;
            }
        }
    }

    fn zone_back(&mut self, zone: &str) {
        self.lost.remove(zone);
        self.out_of_stock.remove(zone);
        for name in self.machines_in(zone) {
            let taken = self.about(self.timing.boot);
            self.agenda.plan(self.now + taken, Happening::MachineAnswers(name));
        }
        // Groups even their zones out again, unless that is suspended.
        let groups: Vec<String> = self.world.groups.keys().cloned().collect();
        for (name, step) in groups.into_iter().zip(1..) {
            self.agenda.plan(self.now + Span(NOTICED.0.saturating_mul(step)), Happening::Rebalances(name));
        }
    }

    fn drifts(&mut self, subject: &str, change: Drift) {
        if let Some(name) = subject.strip_prefix("group/") {
            self.group_drifts(name, change);
        } else if let Some(name) = subject.strip_prefix("machine/") {
            self.machine_drifts(name, change);
        } else {
            incident::drifts(&mut self.world.resources, subject, change);
        }
    }

    fn group_drifts(&mut self, name: &str, change: Drift) {
        let Some(group) = self.world.groups.get_mut(name) else { return };
        match change {
            Drift::Size(size) => {
                (group.min, group.max, group.desired) = (group.min.min(size), group.max.max(size), size);
                self.agenda.plan(self.now, Happening::Tend(name.to_owned()));
            }
            Drift::Delete => {
                // With ForceDelete the group goes with its instances, whether anything sends requests to them or not.
                (group.deleting, group.min, group.max, group.desired) = (true, 0, 0, 0);
                let instances: Vec<String> = group.instances.iter().map(|one| one.id.clone()).collect();
                for id in instances {
                    self.ended(name, &id);
                }
                let taken = self.about(self.timing.group_gone);
                self.agenda.plan(self.now + taken, Happening::GroupGone(name.to_owned()));
            }
            Drift::Tag { name, value } => set_tag(&mut group.tags, name, value),
            Drift::Set { .. } => {}
        }
    }

    fn machine_drifts(&mut self, name: &str, change: Drift) {
        let Some(machine) = self.world.machines.get_mut(name) else { return };
        match change {
            Drift::Delete => {
                *machine = Machine { state: Power::ShuttingDown, healthy: false, ..machine.clone() };
                let taken = self.about(self.timing.end);
                self.agenda.plan(self.now + taken, Happening::MachineGone(name.to_owned()));
            }
            Drift::Tag { name, value } => set_tag(&mut machine.tags, name, value),
            Drift::Set { .. } | Drift::Size(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::aws::World;
    use crate::cloud::sim::Simulated;

    #[test]
    fn what_is_planned_happens_in_its_time_and_no_plan_knows_of_it() {
        let mut sim = Sim::new(World::default(), Moment(0), 1);
        sim.befall(Moment(5_000), Incident::Alarm { name: "errors".to_owned(), fires: true });
        assert_eq!(sim.next_change(), Some(Moment(5_000)));
        assert_eq!(sim.clone().without_faults().next_change(), None);
        sim.advance(Moment(4_999));
        assert!(sim.truth().alarms.is_empty());
        sim.advance(Moment(5_000));
        assert_eq!(sim.truth().alarms.get("errors"), Some(&true));
    }

    #[test]
    fn a_quota_can_be_asked_for_and_a_stock_cannot() {
        let mut sim = Sim::new(World::default(), Moment(0), 1);
        sim.befall(Moment(0), Incident::Quota(Some(3)));
        sim.befall(Moment(0), Incident::StockOut { zone: "z".to_owned(), lasting: None });
        let foreseen = sim.without_faults();
        assert_eq!((foreseen.quota, foreseen.out_of_stock.len()), (3, 0));
    }

    #[test]
    fn another_run_shuts_out_the_one_before() {
        let mut sim = Sim::new(World::default(), Moment(7), 1);
        for generation in 1..=2 {
            sim.befall(Moment(0), Incident::OtherRun { owner: "jo".to_owned(), lasting: Span::seconds(60) });
            let lease = sim.truth().lease.clone().unwrap();
            assert_eq!((lease.generation, lease.expires), (generation, Moment(60_007)));
        }
    }
}
