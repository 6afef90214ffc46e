//! Groups of a simulated AWS: they start and end instances until they have what they want.

use super::{Happening, Sim};
use crate::cloud::aws::world::{Health, Instance, Lifecycle, Process};
use crate::units::Span;

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

    /// The id of a new instance. A world that was observed has instances of its own, whose ids are taken.
    fn new_id(&mut self) -> String {
        loop {
            self.made += 1;
            let id = format!("i-{:017x}", self.made);
            if self.world.groups.values().all(|group| group.instances.iter().all(|one| one.id != id)) {
                return id;
            }
        }
    }

    /// Starts an instance in the zone that has fewest; whether one was to be had.
    fn launch(&mut self, name: &str) -> bool {
        let running: usize = self.world.groups.values().map(|group| group.instances.len()).sum();
        let now = self.now;
        let id = self.new_id();
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
        group.trouble = None;
        group.instances.push(Instance { id: id.clone(), zone: zone.clone(), state: Lifecycle::Pending, launched: now });
        let taken = self.about(self.timing.launch).0 + self.about(self.timing.boot).0 + self.timing.hook.0;
        let (group, instance) = (name.to_owned(), id);
        if self.chance.happens(self.faults.hangs) {
            let longest = self.timing.hook_longest;
            self.agenda.plan(now + longest, Happening::Abandoned { group, instance });
        } else {
            self.agenda.plan(now + Span(taken), Happening::Booted { group, instance });
        }
        true
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

    /// The launch of an instance is given up: it is ended, and the group starts another one.
    pub(super) fn abandoned(&mut self, name: &str, id: &str) {
        let group = self.world.groups.get(name);
        let waits = |one: &&Instance| one.id == id && one.state == Lifecycle::Pending;
        if group.is_some_and(|group| group.instances.iter().any(|one| waits(&one))) {
            self.end_instance(name, id);
            self.tend(name);
        }
    }

    /// An instance more in the zone that has fewest; one less where most are once that one is in service (EC2 Auto Scaling
    /// launches before it terminates). That it is in service does not mean that it passes the checks of the load balancer.
    pub(super) fn rebalances(&mut self, name: &str) {
        let Some(group) = self.world.groups.get(name) else { return };
        if group.suspended.contains(&Process::AzRebalance) || group.deleting || group.desired == 0 {
            return;
        }
        let in_zone = |zone: &String| group.instances.iter().filter(|one| one.zone == *zone).count();
        let serves = |one: &&Instance| one.state == Lifecycle::InService;
        let Some(most) = group.instances.iter().filter(serves).max_by_key(|one| in_zone(&one.zone)) else { return };
        let gone = most.id.clone();
        if self.launch(name) {
            let after = Span(self.timing.launch.0 + self.timing.boot.0 + self.timing.boot.0 / 2);
            let group = name.to_owned();
            self.agenda.plan(self.now + after, Happening::Moved { group, instance: gone });
        }
    }

    /// The instance that was moved away from ends.
    pub(super) fn moved(&mut self, name: &str, id: &str) {
        let group = self.world.groups.get(name);
        let there = group.is_some_and(|group| {
            let staying = group.instances.iter().filter(|one| one.state != Lifecycle::Terminating);
            let (mut count, mut found) = (0, false);
            for one in staying {
                count += 1;
                found |= one.id == id;
            }
            found && count > usize::try_from(group.desired).unwrap_or(usize::MAX)
        });
        if there {
            self.end_instance(name, id);
        }
    }

    pub(super) fn ended(&mut self, name: &str, id: &str) {
        let Some(group) = self.world.groups.get_mut(name) else { return };
        group.instances.retain(|instance| instance.id != id);
        if let Some(targets) = group.target_group.as_ref().and_then(|name| self.world.targets.get_mut(name)) {
            targets.remove(id);
        }
    }
}
