//! The release of one service, Blue/Green.
//!
//! In this order, each step decided anew from what is observed: template and target group of the new version, and the old
//! group held at its size meanwhile; the new group, and its target group at weight 0 in the rule, since one that no rule
//! names is never checked; its health; the shift, step by step; the bake; then the old group is emptied and deleted.

use std::collections::BTreeMap;

use super::view::{Part, View, versioned};
use super::{Fact, clean, floor, gate, shift};
use crate::cloud::aws::action::NewGroup;
use crate::cloud::aws::desired::Fleet;
use crate::cloud::aws::{Action, Desired, Kind, World};
use crate::cloud::names::{SERVICE, VERSION};
use crate::cloud::resource::{Address, Found, Rules, Tags, Want, next_among};
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
    let view = View::new(desired, service, fleet, world);
    if let Some(refusal) = hopeless(&view) {
        return Next { refused: vec![refusal], ..Next::default() };
    }
    let mut next = parts(desired, &view);
    let held = floor::hold(&view, &mut next);
    clean::leftovers(&view, &mut next);
    if !view.parts_ready() {
        return next;
    }
    if view.named().is_none() {
        attach(&view, &mut next);
    }
    match &view.green {
        None => create(desired, &view, &mut next),
        Some(green) if green.group.deleting => {
            next.wait(format!("group/{}", view.name), "it is being deleted, and is made anew after that");
        }
        Some(green) => go_on(&view, green, held, since, now, &mut next),
    }
    next
}

/// What is next once the group of the wanted version is there.
fn go_on(view: &View<'_>, green: &Part<'_>, held: bool, since: &Since<Fact>, now: Moment, next: &mut Next<Action>) {
    if let Some(refusal) = shift::sinks(view, green, since, now) {
        next.refused.push(refusal);
    } else if view.all_on_green() {
        floor::release(view, green.group, next);
        // What has all requests must be whole, or what came before it is still needed.
        if gate::passed(view, green, since, now, next) {
            clean::others(view, since, now, next);
        }
    } else if shift::rescues(view, green) {
        shift::rescue(view, next);
    } else if gate::passed(view, green, since, now, next) && held && view.named().is_some() {
        shift::step(view, green, since, now, next);
    }
}

/// Why a release is not even begun.
fn hopeless(view: &View<'_>) -> Option<Refusal> {
    if let Some(foreign) = &view.foreign {
        return Some(Refusal {
            subject: foreign.clone(),
            why: "it exists already, and does not bear the tags of this deployment".to_owned(),
            ways_out: vec!["give the deployment another name, or delete what is there by hand".to_owned()],
            failed: false,
        });
    }
    // An alarm that fires before anything was begun would stop the release that may be meant to end it.
    if view.green.is_some() || view.live().next().is_none() {
        return None;
    }
    let alarm = shift::firing(view)?;
    let why = format!("{} before the release has begun", alarm.why);
    Some(Refusal { why, ways_out: alarm.ways_out.into_iter().skip(1).collect(), failed: false, ..alarm })
}

/// Template and target group of the version that is wanted; those of versions without a group go.
fn parts(desired: &Desired, view: &View<'_>) -> Next<Action> {
    let tags = version_tags(view.service, &view.fleet.version);
    let address = |kind| Address::new(kind, view.name.clone());
    let (template, targets) = (address(Kind::LaunchTemplate), address(Kind::TargetGroup));
    let started = "machines of the new version are started from it";
    let reached = "requests reach the new version through it, and it is checked there";
    // In the order of their addresses.
    let wanted = [
        (&template, Want { fields: &view.fleet.template, tags: &tags, because: started }),
        (&targets, Want { fields: &view.fleet.targets, tags: &tags, because: reached }),
    ];
    let mine = |found: &Found<Kind>| {
        found.tags.get(SERVICE).is_some_and(|of| of == view.service) && found.tags.contains_key(VERSION)
    };
    let in_use = |address: &Address<Kind>| in_use(view, address);
    let rules = Rules { ours: &desired.tags, mine: &mine, in_use: &in_use, allow_data_loss: desired.allow_data_loss };
    next_among(wanted, &view.world.resources, versioned(view.world), &rules).map(Action::Resource)
}

/// Tags of what belongs to one version of a service.
fn version_tags(service: &str, version: &str) -> Tags {
    BTreeMap::from([(SERVICE.to_owned(), service.to_owned()), (VERSION.to_owned(), version.to_owned())])
}

/// Whether a group or the rule still uses a template or a target group.
fn in_use(view: &View<'_>, address: &Address<Kind>) -> bool {
    let mut groups = view.others.iter().chain(&view.green).map(|part| part.group);
    groups.any(|group| clean::uses(group, address)) || view.route.is_some_and(|route| clean::names(route, address))
}

/// The target group enters the rule. For the first version there is nothing else that requests could go to; a later one
/// gets none yet, but is checked from now on.
fn attach(view: &View<'_>, next: &mut Next<Action>) {
    let mut weights = view.route.map(|route| route.weights.clone()).unwrap_or_default();
    let (weight, reason) = match weights.values().any(|weight| *weight > 0) {
        true => (0, "a target group that no rule names is never checked; with weight 0 it is, and gets no requests"),
        false => (100, "no other version gets requests yet"),
    };
    // A rule takes at most five target groups: former versions without requests make room.
    while weights.len() >= MOST_TARGET_GROUPS {
        let Some(idle) = weights.iter().find(|(_, weight)| **weight == 0).map(|(name, _)| name.clone()) else { break };
        weights.remove(&idle);
    }
    weights.insert(view.name.clone(), weight);
    let share = view.share(weights);
    next.act(share, reason, Invariant::HealthBeforeTraffic, Undo::By("taken out of the rule with its group".into()));
}

/// Target groups that one forward action takes (Elastic Load Balancing v2, `ForwardConfig`).
pub(super) const MOST_TARGET_GROUPS: usize = 5;

fn create(desired: &Desired, view: &View<'_>, next: &mut Next<Action>) {
    let wanted = view.wanted();
    let mut tags = desired.tags.clone();
    tags.extend(version_tags(view.service, &view.fleet.version));
    let group = NewGroup {
        name: view.name.clone(),
        service: view.service.to_owned(),
        version: view.fleet.version.clone(),
        template: view.name.clone(),
        target_group: view.name.clone(),
        min: wanted,
        max: view.fleet.size.max.max(wanted),
        zones: view.fleet.zones.clone(),
        tags,
    };
    let reason = format!("{} runs as {} instances before it gets requests", view.fleet.label, wanted);
    let undo = Undo::By("emptied and deleted when its version is no longer wanted".into());
    next.act(Action::CreateGroup(group), reason, Invariant::Capacity, undo);
}
