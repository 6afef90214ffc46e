//! The release of one service by a rolling update.
//!
//! In this order, each step decided anew from what is observed: the template of the new version; the autoscaler may make the
//! group larger only; the versions, step by step, with surge instances and none taken away before another is healthy; the
//! autoscaler as it was; the old template goes.

use std::collections::BTreeMap;

use super::{Fact, group_name, hold, template_name};
use crate::cloud::gcp::action::NewGroup;
use crate::cloud::gcp::desired::Fleet;
use crate::cloud::gcp::world::{Group, Version};
use crate::cloud::gcp::{Action, Desired, Kind, World};
use crate::cloud::names::{SERVICE, VERSION, is_ours};
use crate::cloud::resource::{Address, Found, Rules, State, Tags, Value, Want, next_among};
use crate::cloud::step::{Invariant, Refusal, Undo};
use crate::cloud::{Next, Since};
use crate::units::Moment;

/// What is next for a service.
pub(super) fn fleet(
    desired: &Desired,
    service: &str,
    fleet: &Fleet,
    world: &World,
    since: &Since<Fact>,
    now: Moment,
) -> Next<Action> {
    let name = group_name(&desired.deployment, service);
    let template = template_name(&desired.deployment, service, &fleet.version);
    let group = world.groups.get(&name);
    let step = group.map(|group| Step { name: &name, template: &template, fleet, group, since, now });
    if let Some(refusal) = step.as_ref().and_then(|step| step.hopeless(desired, world)) {
        return Next { refused: vec![refusal], ..Next::default() };
    }
    let mut next = parts(desired, service, fleet, &template, group, world);
    // The autoscaler is held while the template is made: neither needs the other.
    let held = step.as_ref().is_none_or(|step| step.rolled_out() || hold::hold(&name, step.group, &mut next));
    let address = Address::new(Kind::InstanceTemplate, template.clone());
    if world.resources.get(&address).is_none_or(|found| found.state != State::Ready) {
        return next;
    }
    // What its settings name must be there first, such as the check that it heals by.
    let ready = |of: &&Address<Kind>| world.resources.get(*of).is_some_and(|found| found.state == State::Ready);
    if let Some(missing) = fleet.settings.values().flat_map(Value::references).find(|of| !ready(of)) {
        next.wait(format!("group/{name}"), format!("{missing} must be there first")).order();
        return next;
    }
    let Some(step) = step else {
        create(desired, service, fleet, name, template, &mut next);
        return next;
    };
    if step.group.deleting {
        next.wait(format!("group/{name}"), "it is being deleted, and is made anew after that");
    } else if step.group.settings != fleet.settings {
        step.set(&mut next);
    } else if step.rolled_out() && step.group.is_settled(&template) {
        hold::release(&name, fleet, step.group, &mut next);
    } else if let Some(refusal) = step.firing(world).filter(|_| step.is_rolling()) {
        next.refused.push(refusal);
    } else if step.rolled_out() {
        step.wait(step.group.healthy_of(&template), step.group.target_size, &mut next);
    } else if held {
        step.go_on(&mut next);
    }
    next
}

/// The template of the version that is wanted; those that nothing runs go.
fn parts(
    desired: &Desired,
    service: &str,
    fleet: &Fleet,
    template: &str,
    group: Option<&Group>,
    world: &World,
) -> Next<Action> {
    let tags = version_tags(service, &fleet.version);
    let wanted = Want { fields: &fleet.template, tags: &tags, because: "machines of the new version are made from it" };
    let address = Address::new(Kind::InstanceTemplate, template);
    let mine = |found: &Found<Kind>| {
        found.tags.get(SERVICE).is_some_and(|of| of == service) && found.tags.contains_key(VERSION)
    };
    let in_use = |address: &Address<Kind>| group.is_some_and(|group| group.uses(address));
    let rules = Rules { ours: &desired.tags, mine: &mine, in_use: &in_use, allow_data_loss: desired.allow_data_loss };
    next_among([(&address, wanted)], &world.resources, world.resources.iter(), &rules).map(Action::Resource)
}

fn version_tags(service: &str, version: &str) -> Tags {
    BTreeMap::from([(SERVICE.to_owned(), service.to_owned()), (VERSION.to_owned(), version.to_owned())])
}

fn create(desired: &Desired, service: &str, fleet: &Fleet, name: String, template: String, next: &mut Next<Action>) {
    let size = fleet.load.needed().max(fleet.min);
    let mut tags = desired.tags.clone();
    tags.insert(SERVICE.to_owned(), service.to_owned());
    let zones = fleet.zones.clone();
    let settings = fleet.settings.clone();
    let group = NewGroup { name, service: service.to_owned(), template, size, zones, settings, tags };
    let reason = format!("{} runs as {size} instances", fleet.label);
    let undo = Undo::By("deleted when the service is no longer wanted".into());
    next.act(Action::CreateGroup(group), reason, Invariant::Capacity, undo);
}

/// A group on its way to a version.
struct Step<'a> {
    name: &'a str,
    template: &'a str,
    fleet: &'a Fleet,
    group: &'a Group,
    since: &'a Since<Fact>,
    now: Moment,
}

impl Step<'_> {
    /// Whether the group is told to run nothing but the wanted version.
    fn rolled_out(&self) -> bool {
        matches!(self.group.versions.as_slice(), [only] if only.template == self.template)
    }

    /// Why a release is not even begun, or cannot go on whatever happens.
    fn hopeless(&self, desired: &Desired, world: &World) -> Option<Refusal> {
        if !is_ours(&desired.tags, &self.group.tags) {
            return Some(Refusal {
                subject: format!("group/{}", self.name),
                why: "it exists already, and does not bear the tags of this deployment".to_owned(),
                ways_out: vec!["give the deployment another name, or delete what is there by hand".to_owned()],
                failed: false,
            });
        }
        if self.rolled_out() || self.group.deleting {
            return None;
        }
        let begun = self.wanted_now() > 0;
        self.impossible()
            .or_else(|| self.firing(world).filter(|_| !begun).map(|alarm| Refusal { failed: false, ..alarm }))
    }

    /// What changes no instance, such as how it heals: before anything else, since the release is judged by it.
    fn set(&self, next: &mut Next<Action>) {
        let (group, settings) = (self.name.to_owned(), self.fleet.settings.clone());
        let set = Action::PatchSettings { group, settings, fingerprint: self.group.fingerprint };
        next.act(set, "it is not set as it is wanted", Invariant::OnlyOurs, Undo::By("set back".into()));
    }

    /// The next share of the instances, once the last one is healthy and has been watched.
    fn go_on(&self, next: &mut Next<Action>) {
        let size = self.group.target_size;
        let now_wanted = self.wanted_now();
        let healthy = self.group.healthy_of(self.template);
        if healthy < now_wanted {
            self.wait(healthy, now_wanted, next);
            return;
        }
        if now_wanted > 0 {
            let stands = self.stands();
            let bake = self.fleet.release.step_bake;
            if !self.since.has_held(&stands, bake, self.now) {
                let until = self.since.until(&stands, bake, self.now);
                next.wait(format!("group/{}", self.name), "the last step is watched").until(until);
                return;
            }
        }
        // Rounded up, so that the first step of a small group is one instance and not none.
        let share = |step: u16| (u64::from(size) * u64::from(step)).div_ceil(100);
        let later = self.fleet.release.steps.iter().copied().find(|step| share(*step) > u64::from(now_wanted));
        let step = later.unwrap_or(100);
        let part = u32::try_from(share(step)).unwrap_or(u32::MAX);
        let reason =
            format!("{step} % of the instances run {}, each healthy before another one goes", self.fleet.label);
        next.act(
            self.versions(part),
            reason,
            Invariant::Capacity,
            Undo::By("the former versions, in the same way".into()),
        );
    }

    /// Whether another version still runs, or is still wanted: only then there is something to go back to.
    fn is_rolling(&self) -> bool {
        !self.rolled_out() || self.group.instances.iter().any(|instance| instance.template != self.template)
    }

    /// How many instances the group is told to run the wanted version on; 0 before the first step.
    fn wanted_now(&self) -> u32 {
        let version = self.group.versions.iter().find(|version| version.template == self.template);
        let others = || self.group.versions.iter().filter(|version| version.template != self.template);
        match version.map(|version| version.size) {
            None => 0,
            Some(Some(size)) => size,
            Some(None) => {
                let taken: u32 = others().filter_map(|version| version.size).fold(0, u32::saturating_add);
                self.group.target_size.saturating_sub(taken)
            }
        }
    }

    /// The wanted version on so many instances, and on the rest what runs on most now.
    fn versions(&self, part: u32) -> Action {
        let old = self.group.versions.iter().filter(|version| version.template != self.template);
        let old = old.max_by_key(|version| self.group.healthy_of(&version.template));
        let all = Version { template: self.template.to_owned(), size: None };
        let versions = match old {
            Some(old) if part < self.group.target_size => {
                vec![Version { size: Some(part), ..all }, Version { template: old.template.clone(), size: None }]
            }
            _ => vec![all],
        };
        Action::PatchVersions {
            group: self.name.to_owned(),
            versions,
            max_surge: self.fleet.release.surge,
            fingerprint: self.group.fingerprint,
        }
    }

    fn stands(&self) -> Fact {
        let mut healthy: Vec<(String, u32)> = self
            .group
            .versions
            .iter()
            .map(|version| (version.template.clone(), self.group.healthy_of(&version.template)))
            .collect();
        healthy.sort();
        healthy.dedup();
        Fact::Stands { group: self.name.to_owned(), healthy }
    }

    fn wait(&self, healthy: u32, of: u32, next: &mut Next<Action>) {
        let patience = self.fleet.release.patience;
        if self.since.has_held(&self.stands(), patience, self.now) {
            next.refused.push(self.stalled(healthy, of));
            return;
        }
        next.wait(format!("group/{}", self.name), "healthy instances of the new version").progress(healthy, of);
    }

    fn stalled(&self, healthy: u32, of: u32) -> Refusal {
        let cause = self.group.trouble.clone().unwrap_or_else(|| {
            "its instances run and do not pass the health check: look at the application's log, its port and path, and the \
             firewall rule that lets the checks in"
                .to_owned()
        });
        let label = &self.fleet.label;
        let patience = self.fleet.release.patience;
        Refusal {
            subject: format!("group/{}", self.name),
            why: format!(
                "{healthy} of {of} instances of {label} are healthy, and none became so in {patience}: {cause}"
            ),
            ways_out: vec![
                "the instances of the old version still serve: go back with rapplan rollback".to_owned(),
                "mend what keeps it from being healthy, and apply again".to_owned(),
            ],
            failed: self.is_rolling(),
        }
    }

    /// Surge instances that the provider would not take.
    fn impossible(&self) -> Option<Refusal> {
        let (surge, zones) = (self.fleet.release.surge, self.group.zones.len());
        let enough = usize::try_from(surge).unwrap_or(usize::MAX) >= zones.max(1);
        (!enough).then(|| Refusal {
            subject: format!("group/{}", self.name),
            why: format!(
                "{surge} surge instances: a regional group over {zones} zones takes none or at least {zones}, and with none \
                 instances would be taken away before others are there"
            ),
            ways_out: vec![
                format!("allow {zones} surge instances, and see that the quota has room for them"),
                "where there is no room for any, agree to less capacity at an hour that bears it: --allow-capacity-drop"
                    .to_owned(),
            ],
            failed: false,
        })
    }

    fn firing(&self, world: &World) -> Option<Refusal> {
        let name = self.fleet.release.alarms.iter().find(|name| world.alarms.get(*name) == Some(&true))?;
        Some(Refusal {
            subject: format!("group/{}", self.name),
            why: format!("alarm {name} fires"),
            ways_out: vec![
                "go back to the old version: rapplan rollback".to_owned(),
                format!("when this release is what mends it, run it without --alarm {name}"),
            ],
            failed: true,
        })
    }
}
