//! Requests move from the old version to the new one, in steps or at once.

use std::collections::BTreeMap;

use super::Fact;
use super::view::View;
use crate::cloud::aws::Action;
use crate::cloud::aws::world::Group;
use crate::cloud::serving::{Serving, Share};
use crate::cloud::step::{Invariant, Refusal, Undo};
use crate::cloud::{Next, Since};
use crate::units::Moment;

/// The next step, when the last one has lasted long enough and both versions bear what they would get.
pub(super) fn step(view: &View<'_>, green: &Group, since: &Since<Fact>, now: Moment, next: &mut Next<Action>) {
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
    let share = Action::Share { service: view.service.to_owned(), weights };
    next.act(share, reason, Invariant::HealthBeforeTraffic, undo);
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
            format!("when this release is what mends it, go on in spite of it: --override-alarm {name}"),
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

fn shares<'a>(view: &View<'a>, green: &Group, weights: &'a BTreeMap<String, u16>) -> Vec<Share<'a>> {
    let healthy = |name: &str| match name == view.name {
        true => view.world.healthy(green),
        false => {
            let of = view.others.iter().filter(|(_, group)| group.target_group.as_deref() == Some(name));
            of.map(|(_, group)| view.world.healthy(group)).fold(0, u32::saturating_add)
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

/// All requests back to the old version, when they are shared between two; it is still whole.
pub(super) fn retreat(view: &View<'_>, next: &mut Next<Action>) {
    let split = view.green_weight() > 0 && !view.all_on_green();
    if !split {
        return;
    }
    let share = Action::Share { service: view.service.to_owned(), weights: weights(view, 0) };
    let reason = "a run that stops leaves all requests with one version";
    next.act(share, reason, Invariant::Capacity, Undo::By("the next run goes on from there".into()));
}
