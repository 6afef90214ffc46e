//! Groups of a simulated AWS: they start and end instances until they have what they want.

use super::{Happening, Sim};
use crate::cloud::aws::Kind;
use crate::cloud::aws::world::{Health, Instance, Lifecycle};
use crate::cloud::resource::{Address, Value};
use crate::units::Span;

/// Time between two health checks where the target group names none (Elastic Load Balancing v2: 30 s).
const INTERVAL: Span = Span::seconds(30);
/// How long a target that is taken out may finish, where the target group does not say (the same: 300 s).
const DRAIN: Span = Span::seconds(300);

impl Sim {
    /// A group starts what it lacks and ends what it has too much, all at once.
    pub(super) fn tend(&mut self, name: &str) {
        let Some(group) = self.world.groups.get(name).filter(|group| !group.deleting) else { return };
        let there = || group.instances.iter().filter(|instance| instance.state != Lifecycle::Terminating);
        let (has, wants) = (there().count(), usize::try_from(group.desired).unwrap_or(usize::MAX));
        if has > wants {
            // The newest go first, so that what has proven itself stays.
            let surplus: Vec<String> = there().rev().take(has - wants).map(|instance| instance.id.clone()).collect();
            for instance in surplus {
                self.end_instance(name, &instance);
            }
        }
        for _ in has..wants {
            if !self.launch(name) {
                self.agenda.plan(self.now + self.timing.retry, Happening::Tend(name.to_owned()));
                return;
            }
        }
    }

    /// Starts an instance in the zone that has fewest; whether one was to be had.
    fn launch(&mut self, name: &str) -> bool {
        let running: usize = self.world.groups.values().map(|group| group.instances.len()).sum();
        let now = self.now;
        let Some(group) = self.world.groups.get_mut(name) else { return true };
        if running >= usize::try_from(self.quota).unwrap_or(usize::MAX) {
            group.trouble = Some("VcpuLimitExceeded: the account has no room for more instances".to_owned());
            return false;
        }
        let zones = self.zones.get(name).cloned().unwrap_or_default();
        let in_zone = |zone: &String| group.instances.iter().filter(|instance| instance.zone == *zone).count();
        let stocked = |zone: &&String| self.out_of_stock.get(*zone).is_none_or(|until| *until <= now);
        let Some(zone) = zones.iter().filter(stocked).min_by_key(|zone| (in_zone(zone), (*zone).clone())) else {
            group.trouble = Some(format!("InsufficientInstanceCapacity in {}", zones.join(", ")));
            return false;
        };
        self.made += 1;
        let id = format!("i-{:017x}", self.made);
        group.trouble = None;
        group.instances.push(Instance { id: id.clone(), zone: zone.clone(), state: Lifecycle::Pending, launched: now });
        let taken = self.about(self.timing.launch).0 + self.about(self.timing.boot).0;
        self.agenda.plan(now + Span(taken), Happening::Booted { group: name.to_owned(), instance: id });
        true
    }

    /// An instance is in service: it is registered, and checked from now on if a rule names its target group.
    pub(super) fn booted(&mut self, name: &str, id: &str) {
        let Some(group) = self.world.groups.get_mut(name) else { return };
        let Some(instance) = group.instances.iter_mut().find(|instance| instance.id == id) else { return };
        if instance.state != Lifecycle::Pending {
            return;
        }
        instance.state = Lifecycle::InService;
        let Some(target_group) = group.target_group.clone() else { return };
        let named = self.world.routes.values().any(|route| route.weights.contains_key(&target_group));
        let health = if named { Health::Initial } else { Health::Unused };
        self.world.targets.entry(target_group).or_default().insert(id.to_owned(), health);
        if named {
            self.plan_check(name, id);
        }
    }

    /// The first check that can pass: once the application answers, at the next interval.
    fn plan_check(&mut self, name: &str, id: &str) {
        let interval = self.span_of(name, "health-interval", INTERVAL);
        let taken = self.about(self.timing.start).0 + self.chance.below(interval.0 + 1);
        let check = Happening::Checked { group: name.to_owned(), instance: id.to_owned() };
        self.agenda.plan(self.now + Span(taken), check);
    }

    pub(super) fn checked(&mut self, name: &str, id: &str) {
        let Some(group) = self.world.groups.get(name) else { return };
        let Some(target_group) = group.target_group.clone() else { return };
        let broken = self.broken.contains(&group.version) || self.chance.happens(self.faults.unhealthy);
        let Some(health) = self.world.targets.get_mut(&target_group).and_then(|targets| targets.get_mut(id)) else {
            return;
        };
        if matches!(health, Health::Initial | Health::Unhealthy | Health::Unused) {
            *health = if broken { Health::Unhealthy } else { Health::Healthy };
        }
    }

    /// An instance goes: out of its target group first, then it is shut down.
    pub(super) fn end_instance(&mut self, name: &str, id: &str) {
        let drain = self.span_of(name, "drain", DRAIN);
        let Some(group) = self.world.groups.get_mut(name) else { return };
        let Some(instance) = group.instances.iter_mut().find(|instance| instance.id == id) else { return };
        instance.state = Lifecycle::Terminating;
        let targets = group.target_group.as_ref().and_then(|target_group| self.world.targets.get_mut(target_group));
        let health = targets.and_then(|targets| targets.get_mut(id));
        let draining = health.is_some_and(|health| {
            let served = *health != Health::Unused;
            *health = Health::Draining;
            served
        });
        let wait = if draining { drain } else { Span(0) };
        let taken = wait.0 + self.about(self.timing.end).0;
        let ended = Happening::Ended { group: name.to_owned(), instance: id.to_owned() };
        self.agenda.plan(self.now + Span(taken), ended);
    }

    pub(super) fn ended(&mut self, name: &str, id: &str) {
        let Some(group) = self.world.groups.get_mut(name) else { return };
        group.instances.retain(|instance| instance.id != id);
        if let Some(targets) = group.target_group.as_ref().and_then(|name| self.world.targets.get_mut(name)) {
            targets.remove(id);
        }
    }

    /// Target groups that a rule names from now on are checked; those that none names any more are not.
    pub(super) fn routes_changed(&mut self, service: &str) {
        let of = self.world.groups.iter().filter(|(_, group)| group.service == service);
        let groups: Vec<(String, String)> =
            of.filter_map(|(name, group)| Some((name.clone(), group.target_group.clone()?))).collect();
        for (name, target_group) in groups {
            let named = self.world.routes.values().any(|route| route.weights.contains_key(&target_group));
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

    /// A time that the target group of a group names, in milliseconds.
    fn span_of(&self, group: &str, field: &str, usual: Span) -> Span {
        let target_group = self.world.groups.get(group).and_then(|group| group.target_group.clone());
        let found = target_group.and_then(|name| self.world.resources.get(&Address::new(Kind::TargetGroup, name)));
        match found.and_then(|found| found.fields.get(field)) {
            Some(Value::Number(seconds)) => Span::seconds(u64::try_from(*seconds).unwrap_or_default()),
            _ => usual,
        }
    }
}
