//! What the proofs need of a cloud, and how a run is made and told.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rapplan::cloud::Cloud;
use rapplan::cloud::resource::{Address, Change, Found, Inventory, Kind, State};
use rapplan::cloud::sim::Simulated;
use rapplan::engine::{Ending, Engine, Event, Limits, Policy, Rehearsal, Run, rehearse_watched};
use rapplan::units::{Moment, Span};

use crate::judged::{Judged, JudgedSim};

/// A cloud with deployments to try on it.
pub trait Lab: Sized + 'static {
    type Cloud: Cloud<Desired: PartialEq + Send + Sync, World: Sync, Action: Send>;
    type Sim: Simulated<Cloud = Self::Cloud> + Clone + Send + Sync;

    /// The ways of releasing that are tried.
    const STRATEGIES: &'static [&'static str];
    /// What is done to a deployment.
    const OPERATIONS: &'static [&'static str] =
        &["create", "release", "scale", "rollback before the switch", "rollback after it", "destroy"];

    fn empty(seed: u64) -> Self::Sim;

    /// A deployment with a version and a demand.
    fn wanted(strategy: &str, version: &str, demand: u64) -> Wanted<Self>;

    /// Nothing of that deployment.
    fn nothing() -> Wanted<Self>;

    /// A world without what differs from run to run: ids, times.
    fn shape(world: &World<Self>) -> String;

    /// What an action would break in a world.
    fn breaks(desired: &Wanted<Self>, world: &World<Self>, action: &Act<Self>) -> Option<String>;

    /// The resources that an action names beside its own.
    fn uses(action: &Act<Self>) -> Vec<String>;

    /// What is wrong with a world at rest: leftovers of a release.
    fn left_over(world: &World<Self>) -> Vec<String>;

    /// Puts things beside the deployment that look like its own, and are not.
    fn strangers(sim: &mut Self::Sim);

    /// All that does not belong to the deployment.
    fn foreign(world: &World<Self>) -> String;

    /// Old groups that get requests, each with how long it must stay whole after the last one.
    fn old(desired: &Wanted<Self>, world: &World<Self>) -> Vec<(String, Span)>;

    /// The group that an action makes smaller or deletes.
    fn shrinks<'a>(world: &World<Self>, action: &'a Act<Self>) -> Option<&'a str>;
}

pub type Wanted<L> = <<L as Lab>::Cloud as Cloud>::Desired;
pub type World<L> = <<L as Lab>::Cloud as Cloud>::World;
pub type Act<L> = <<L as Lab>::Cloud as Cloud>::Action;
pub type Story<L> = Rehearsal<Act<L>>;

/// Longer than a lease holds.
pub const LEASE: Span = Span::seconds(130);

pub fn engine<C: Cloud>(to: C::Desired, former: Option<C::Desired>, owner: &str) -> Engine<C> {
    let run = Run { owner: owner.to_owned(), command: "rapplan apply".to_owned(), seed: 1 };
    Engine::new(to, former, run, Policy::default())
}

/// One run, in which every answer is judged, and every action before it has its effect.
pub fn run<L: Lab>(
    sim: &mut L::Sim,
    to: &Wanted<L>,
    former: Option<&Wanted<L>>,
    limits: Limits,
    owner: &str,
) -> (Story<L>, Vec<String>) {
    let mut broken = Vec::new();
    let mut last: BTreeMap<String, (Moment, Span)> = BTreeMap::new();
    let mut watch = |now: Moment, world: &World<L>, action: Option<&Act<L>>| {
        last.extend(L::old(to, world).into_iter().map(|(group, bake)| (group, (now, bake))));
        let Some(action) = action else { return };
        broken.extend(L::breaks(to, world, action).map(|why| format!("{now} {action}: {why}")));
        let old = L::shrinks(world, action).and_then(|group| last.get(group));
        if let Some((_, bake)) = old.filter(|(served, bake)| now.since(*served) < *bake) {
            broken.push(format!("{now} {action}: it must stay whole for {bake}"));
        }
    };
    let engine = engine::<Judged<L>>(to.clone(), former.cloned(), owner);
    let story = rehearse_watched(&mut JudgedSim::<L>(sim), engine, limits, &mut watch);
    for (at, low) in &story.lowest {
        if !low.is_enough() {
            broken.push(format!("{at} {low:?}"));
        }
    }
    (story, broken)
}

/// Without the timeline, which costs more than all else.
pub fn quick() -> Limits {
    Limits { timeline: false, longest: Span::seconds(6 * 3600), ..Limits::default() }
}

/// One run that must end well and break nothing.
pub fn well<L: Lab>(sim: &mut L::Sim, to: &Wanted<L>, former: Option<&Wanted<L>>, owner: &str) -> Story<L> {
    let (story, broken) = run::<L>(sim, to, former, Limits::default(), owner);
    assert!(matches!(story.ending, Some(Ending::Converged { .. })), "{:?}\n{}", story.ending, told(&story));
    assert!(broken.is_empty(), "{broken:?}\n{}", told(&story));
    story
}

pub fn told<A: std::fmt::Display + std::fmt::Debug>(story: &Rehearsal<A>) -> String {
    let mut text = String::new();
    for (at, event) in &story.timeline {
        let _ = match event {
            Event::Sent { action, reason, .. } => writeln!(text, "{at} {action}: {reason}"),
            Event::Done { action, .. } => writeln!(text, "{at} done {action}"),
            other => writeln!(text, "{at} {other:?}"),
        };
    }
    let _ = writeln!(text, "{:?} {:?}", story.ended, story.lowest);
    text
}

/// Whether everything is to be tried, not only what fits into the time of the usual tests.
#[allow(clippy::disallowed_methods, reason = "the documented command sets it")]
pub fn full() -> bool {
    std::env::var_os("RAPPLAN_PROOFS").is_some_and(|value| value == "full")
}

/// Prints a count or a time.
#[allow(clippy::disallowed_macros, clippy::print_stdout, reason = "the proofs say how much they have tried")]
pub fn report(text: &str) {
    println!("{text}");
}

/// A resource that is made before what it refers to can be used, or deleted while another one refers to it.
pub fn misplaced<K: Kind>(change: &Change<K>, world: &Inventory<K>) -> Option<String> {
    match change {
        Change::Create { fields, .. } | Change::Update { fields, .. } => {
            let missing = |of: &&Address<K>| world.get(of).is_none_or(|found| found.state != State::Ready);
            let of = fields.values().flat_map(|value| value.references()).find(missing)?;
            Some(format!("{of} cannot be used yet"))
        }
        Change::Delete { address } => {
            let refers = |found: &Found<K>| found.fields.values().any(|value| value.references().contains(&address));
            let (user, _) = world.iter().find(|(_, found)| refers(found))?;
            Some(format!("{user} refers to it"))
        }
    }
}
