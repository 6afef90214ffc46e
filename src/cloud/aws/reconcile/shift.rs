//! Requests move from the old version to the new one, in steps or at once.

use std::collections::BTreeMap;

use super::Fact;
use super::view::{Part, View};
use crate::cloud::aws::Action;
use crate::cloud::serving::{Serving, Share};
use crate::cloud::step::{Invariant, Refusal, Undo};
use crate::cloud::{Next, Since};
use crate::units::Moment;

/// The next step, when the last one has lasted long enough and both versions bear what they would get.
pub(super) fn step(view: &View<'_>, green: &Part<'_>, since: &Since<Fact>, now: Moment, next: &mut Next<Action>) {
    if let Some(alarm) = firing(view) {
        next.refused.push(alarm);
        return;
    }
    let all = view.all_weights();
    let share = u64::from(view.green_weight()) * 100;
    let later = view.fleet.release.steps.iter().copied().find(|step| u64::from(*step) * all > share);
    let step = later.unwrap_or(100).min(100);
    if view.green_weight() > 0 {
        let shared = shared(view);
        if !since.has_held(&shared, view.fleet.release.step_bake, now) {
            let until = since.until(&shared, view.fleet.release.step_bake, now);
            next.wait(format!("route/{}", view.service), "the last step is watched").until(until);
            return;
        }
    }
    let weights = weights(view, step);
    let serving = Serving::of(view.service, view.fleet.load.demand, &shares(view, green, &weights));
    if !serving.is_enough() {
        let permille = serving.permille.unwrap_or_default();
        let what = "enough healthy instances for their share of the demand";
        let bears = u32::try_from(permille / 10).unwrap_or(u32::MAX);
        next.wait(format!("group/{}", serving.part), what).progress(bears, 100);
        return;
    }
    let reason = format!("{} is healthy and bears {step} % of the requests", view.fleet.label);
    let undo = Undo::By("the former weights in one call, as the old version stays whole until the bake ends".into());
    let share = view.share(weights);
    next.act(share, reason, Invariant::HealthBeforeTraffic, undo);
}

/// Whether what has the requests now does not bear them, while the wanted version would bear them all.
pub(super) fn rescues(view: &View<'_>, green: &Part<'_>) -> bool {
    view.named().is_some() && view.bears(green.healthy) && firing(view).is_none() && !now(view, green).is_enough()
}

/// All requests to the wanted version at once.
pub(super) fn rescue(view: &View<'_>, next: &mut Next<Action>) {
    let reason = format!("what has the requests does not bear them, and {} bears them all", view.fleet.label);
    let share = view.share(weights(view, 100));
    next.act(share, reason, Invariant::Capacity, Undo::By("the former weights in one call".into()));
}

/// A wanted version that has requests and does not bear them, while an old one that is still whole bears them all: it has
/// failed, however long its patience still lasts.
pub(super) fn sinks(view: &View<'_>, green: &Part<'_>, since: &Since<Fact>, at: Moment) -> Option<Refusal> {
    if view.green_weight() == 0 || !view.old_bears() {
        return None;
    }
    let serving = now(view, green);
    let stands = Fact::Stands { group: view.name.clone(), healthy: green.healthy, desired: green.group.desired };
    if serving.part != view.name || serving.is_enough() || !since.has_held(&stands, view.fleet.release.interval, at) {
        return None;
    }
    let bears = serving.permille.unwrap_or_default() / 10;
    Some(Refusal {
        subject: format!("group/{}", view.name),
        why: format!(
            "{} has {} healthy instances and bears {bears} % of the requests that it gets",
            view.fleet.label, green.healthy
        ),
        ways_out: vec!["go back to the old version, which bears them all: rapplan rollback".to_owned()],
        failed: true,
    })
}

/// What is borne as requests are shared now.
fn now(view: &View<'_>, green: &Part<'_>) -> Serving {
    let none = BTreeMap::new();
    let weights = view.route.map_or(&none, |route| &route.weights);
    Serving::of(view.service, view.fleet.load.demand, &shares(view, green, weights))
}

/// How requests are shared now, as a fact.
pub(super) fn shared(view: &View<'_>) -> Fact {
    let weights = view.route.into_iter().flat_map(|route| &route.weights);
    let weights = weights.filter(|(_, weight)| **weight > 0).map(|(name, weight)| (name.clone(), *weight)).collect();
    Fact::Shared { service: view.service.to_owned(), weights }
}

/// An alarm that fires while requests move.
pub(super) fn firing(view: &View<'_>) -> Option<Refusal> {
    let fires = |name: &&String| view.world.alarms.get(*name) == Some(&true);
    let name = view.fleet.release.alarms.iter().find(fires)?;
    Some(Refusal {
        subject: format!("route/{}", view.service),
        why: format!("alarm {name} fires"),
        ways_out: vec![
            "go back to the old version: rapplan rollback".to_owned(),
            format!("when this release is what mends it, run it without --alarm {name}"),
        ],
        failed: true,
    })
}

/// The new version gets `step` of 100, the others share the rest as they do now; the weights add up to 100.
fn weights(view: &View<'_>, step: u16) -> BTreeMap<String, u16> {
    let rest = u64::from(100 - step);
    let Some(route) = view.route else { return BTreeMap::new() };
    let others: u64 = view.all_weights() - u64::from(view.green_weight());
    let mut left = rest;
    let mut weights = BTreeMap::new();
    for (name, weight) in route.weights.iter().filter(|(name, _)| **name != view.name) {
        let part = (u64::from(*weight) * rest).checked_div(others).unwrap_or_default();
        left -= part;
        weights.insert(name.clone(), u16::try_from(part).unwrap_or(100));
    }
    // What rounding left over goes to the one that has most.
    if let Some(most) = weights.iter().max_by_key(|(_, weight)| **weight).map(|(name, _)| name.clone())
        && let Some(weight) = weights.get_mut(&most)
        && *weight > 0
    {
        *weight += u16::try_from(left).unwrap_or_default();
        left = 0;
    }
    weights.insert(view.name.clone(), step + u16::try_from(left).unwrap_or_default());
    weights
}

fn shares<'a>(view: &View<'_>, green: &Part<'_>, weights: &'a BTreeMap<String, u16>) -> Vec<Share<'a>> {
    let healthy = |name: &str| match name == view.name {
        true => green.healthy,
        false => {
            let of = view.others.iter().filter(|part| part.group.target_group.as_deref() == Some(name));
            of.map(|part| part.healthy).fold(0, u32::saturating_add)
        }
    };
    let share = |(part, weight): (&'a String, &u16)| Share {
        part,
        weight: u64::from(*weight),
        healthy: healthy(part),
        each: view.fleet.load.each,
    };
    weights.iter().map(share).collect()
}

/// All requests with one version, when they are shared between two: back to the old one, which is still whole; to the new
/// one where only that bears them; as they are where neither does.
pub(super) fn retreat(view: &View<'_>, next: &mut Next<Action>) {
    let split = view.green_weight() > 0 && !view.all_on_green();
    let new_bears = view.green.as_ref().is_some_and(|green| view.bears(green.healthy));
    let step = match (split, view.old_bears(), new_bears) {
        (true, true, _) => 0,
        (true, false, true) => 100,
        _ => return,
    };
    let share = view.share(weights(view, step));
    let reason = "a run that stops leaves all requests with one version";
    next.act(share, reason, Invariant::Capacity, Undo::By("the next run goes on from there".into()));
}
