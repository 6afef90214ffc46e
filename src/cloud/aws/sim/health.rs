//! Health as the load balancer of a simulated AWS tells it, and what groups make of it.

use super::{Happening, Sim};
use crate::cloud::aws::Kind;
use crate::cloud::aws::world::{Health, Lifecycle, Process};
use crate::cloud::resource::{Address, Value};
use crate::units::Span;

/// Time between two checks where the target group names none (Elastic Load Balancing v2: 30 s).
const INTERVAL: Span = Span::seconds(30);
/// Checks in a row that make an unhealthy target healthy again, where it names none (the same: 5).
const HEALTHY_AFTER: u64 = 5;
/// Checks in a row that make a healthy target unhealthy, where it names none (the same: 2).
const UNHEALTHY_AFTER: u64 = 2;

impl Sim {
    /// An instance is in service: it is registered, and checked from now on if a rule names its target group.
    pub(super) fn booted(&mut self, name: &str, id: &str) {
        let Some(group) = self.world.groups.get_mut(name) else { return };
        let Some(instance) = group.instances.iter_mut().find(|instance| instance.id == id) else { return };
        if instance.state != Lifecycle::Pending {
            return;
        }
        instance.state = Lifecycle::InService;
        let Some(target_group) = group.target_group.clone() else { return };
        let named = self.is_named(&target_group);
        let health = if named { Health::Initial } else { Health::Unused };
        self.world.targets.entry(target_group).or_default().insert(id.to_owned(), health);
        if named {
            self.plan_check(name, id);
        }
    }

    fn is_named(&self, target_group: &str) -> bool {
        self.world.routes.values().any(|route| route.weights.contains_key(target_group))
    }

    /// The first check that can pass: once the application answers, at the next interval. One is enough.
    fn plan_check(&mut self, name: &str, id: &str) {
        let interval = self.span_of(name, "health-interval", INTERVAL);
        let spread = if self.timing.spread_permille == 0 { interval.0 } else { self.chance.below(interval.0 + 1) };
        let taken = self.about(self.timing.start).0 + spread;
        let (group, instance) = (name.to_owned(), id.to_owned());
        self.agenda.plan(self.now + Span(taken), Happening::Checked { group, instance });
    }

    pub(super) fn checked(&mut self, name: &str, id: &str) {
        let Some(group) = self.world.groups.get(name) else { return };
        let Some(target_group) = group.target_group.clone() else { return };
        let first = |health: &Health| matches!(health, Health::Initial | Health::Unused);
        let targets = self.world.targets.get(&target_group);
        let Some(before) = targets.and_then(|targets| targets.get(id)).copied() else { return };
        if before == Health::Draining || (before == Health::Unused && !self.is_named(&target_group)) {
            return;
        }
        if first(&before) && self.chance.happens(self.faults.unhealthy) {
            self.sick.insert(id.to_owned());
        }
        let fails = self.broken.contains(&group.version) || self.sick.contains(id);
        let after = if fails { Health::Unhealthy } else { Health::Healthy };
        if let Some(health) = self.world.targets.get_mut(&target_group).and_then(|targets| targets.get_mut(id)) {
            *health = after;
        }
        let (group, instance) = (name.to_owned(), id.to_owned());
        match after {
            Health::Unhealthy => {
                let taken = self.about(self.timing.replace);
                self.agenda.plan(self.now + taken, Happening::Judged { group, instance });
            }
            _ => {
                self.proven.insert(group.clone());
                if first(&before) && self.chance.happens(self.faults.sick) {
                    let later = Span(self.chance.below(3_600_000));
                    self.agenda.plan(self.now + later, Happening::Sickens { group, instance });
                }
            }
        }
    }

    /// The instance at a place of its group falls ill.
    pub(super) fn sickens_at(&mut self, name: &str, place: usize, lasting: Span) {
        let instance = self.world.groups.get(name).and_then(|group| group.instances.get(place));
        if let Some(id) = instance.map(|instance| instance.id.clone()) {
            self.sickens(name, &id, lasting);
        }
    }

    /// An application stops answering: found out after as many checks as the threshold.
    pub(super) fn sickens(&mut self, name: &str, id: &str, lasting: Span) {
        self.sick.insert(id.to_owned());
        let checks = self.number_of(name, "unhealthy-after", UNHEALTHY_AFTER);
        let found_out = self.span_of(name, "health-interval", INTERVAL).0.saturating_mul(checks);
        let (group, instance) = (name.to_owned(), id.to_owned());
        let checked = Happening::Checked { group: group.clone(), instance: instance.clone() };
        self.agenda.plan(self.now + Span(found_out), checked);
        self.agenda.plan(self.now + lasting, Happening::Recovers { group, instance });
    }

    /// It answers again: believed after as many checks as the other threshold.
    pub(super) fn recovers(&mut self, name: &str, id: &str) {
        self.sick.remove(id);
        let checks = self.number_of(name, "healthy-after", HEALTHY_AFTER);
        let found_out = self.span_of(name, "health-interval", INTERVAL).0.saturating_mul(checks);
        let checked = Happening::Checked { group: name.to_owned(), instance: id.to_owned() };
        self.agenda.plan(self.now + Span(found_out), checked);
    }

    /// A group ends what the load balancer calls unhealthy, and starts another one after that; but not before one of its
    /// instances has passed: until then the target group stays `Added`, for ever if need be.
    pub(super) fn judged(&mut self, name: &str, id: &str) {
        let Some(group) = self.world.groups.get(name).filter(|_| self.proven.contains(name)) else { return };
        let targets = group.target_group.as_ref().and_then(|of| self.world.targets.get(of));
        let unhealthy = targets.and_then(|targets| targets.get(id)) == Some(&Health::Unhealthy);
        let serves = group.instances.iter().any(|one| one.id == id && one.state == Lifecycle::InService);
        if unhealthy && serves {
            self.end_instance(name, id);
            self.tend(name);
        }
    }

    /// The clock sets sizes, unless that is suspended; what was missed is not made up for.
    pub(super) fn scheduled(&mut self, name: &str, min: u32, max: u32, desired: u32) {
        let Some(group) = self.world.groups.get_mut(name) else { return };
        if group.suspended.contains(&Process::ScheduledActions) || group.deleting {
            return;
        }
        (group.min, group.max, group.desired) = (min, max, desired.clamp(min, max.max(min)));
        self.tend(name);
    }

    /// Target groups that a rule names from now on are checked; those that none names any more are not.
    pub(super) fn routes_changed(&mut self, service: &str) {
        let of = self.world.groups.iter().filter(|(_, group)| group.service == service);
        let groups: Vec<(String, String)> =
            of.filter_map(|(name, group)| Some((name.clone(), group.target_group.clone()?))).collect();
        for (name, target_group) in groups {
            let named = self.is_named(&target_group);
            let Some(targets) = self.world.targets.get_mut(&target_group) else { continue };
            let mut to_check = Vec::new();
            for (id, health) in targets.iter_mut() {
                match (named, *health) {
                    (true, Health::Unused) => {
                        *health = Health::Initial;
                        to_check.push(id.clone());
                    }
                    (false, Health::Initial | Health::Healthy | Health::Unhealthy) => *health = Health::Unused,
                    _ => {}
                }
            }
            for id in to_check {
                self.plan_check(&name, &id);
            }
        }
    }

    /// A time that the target group of a group names in seconds.
    pub(super) fn span_of(&self, group: &str, field: &str, usual: Span) -> Span {
        Span::seconds(self.number_of(group, field, usual.0 / 1000))
    }

    fn number_of(&self, group: &str, field: &str, usual: u64) -> u64 {
        let target_group = self.world.groups.get(group).and_then(|group| group.target_group.clone());
        let found = target_group.and_then(|name| self.world.resources.get(&Address::new(Kind::TargetGroup, name)));
        match found.and_then(|found| found.fields.get(field)) {
            Some(Value::Number(number)) => u64::try_from(*number).unwrap_or_default(),
            _ => usual,
        }
    }
}
