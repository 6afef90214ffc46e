//! A plan: what would happen, found out by letting the engine do it in a copy of the world.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::demanded::Demanded;
use super::forecast::{Lowest, Rates, Trial, lowest, percentile, trials};
use super::goal::{Goal, LONGEST, foresee};
use super::store::hash_of;
use super::ways::WayOut;
use super::{DesiredOf, Story, lasting};
use crate::cloud::shown::{Change, Playable, Shown, Verb, Version};
use crate::cloud::step::{Invariant, Undo};
use crate::cloud::{Cloud, Serving};
use crate::engine::{Ending, Event};
use crate::error::Result;
use crate::units::Usd;

/// Runs that a forecast of a plan rests on.
const SEEDS: u64 = 20;

/// A plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Planned {
    /// Name of the deployment.
    pub deployment: String,
    /// The cloud.
    pub cloud: String,
    /// Whether it is a simulated one.
    pub simulated: bool,
    /// What the plan rests on.
    pub observed: Observed,
    /// What is different afterwards.
    pub changes: Vec<PlannedChange>,
    /// How many of each kind.
    pub counts: BTreeMap<Verb, usize>,
    /// The versions before and after, by service, where they differ.
    pub versions: BTreeMap<String, VersionChange>,
    /// Every call, in the order in which they are sent when nothing goes wrong.
    pub steps: Vec<PlannedStep>,
    /// How long it takes.
    pub forecast: Forecast,
    /// The lowest capacity of each service that is served already, over all runs of the forecast.
    pub capacity: Vec<Lowest>,
    /// What machines cost, at list prices.
    pub cost: CostChange,
    /// What each service must bear, and what an instance of it bears.
    pub demand: Vec<Demanded>,
    /// Other ways, where this one would let the capacity fall below the demand; each was tried in the simulated cloud.
    pub ways_out: Vec<WayOut>,
    /// Why it cannot be done, where it cannot.
    pub refusal: Option<Refused>,
    /// What one should know.
    pub notes: Vec<String>,
}

/// What was observed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Observed {
    /// How many things.
    pub things: usize,
    /// Hash of all that does not change by itself. While it is the same, the plan holds.
    pub hash: String,
}

/// A change, with when it begins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlannedChange {
    /// The change.
    #[serde(flatten)]
    pub change: Change,
    /// 1 for what needs nothing else that changes, one more than the highest of what it needs for all else. No wave is waited
    /// for as a whole: each call is sent as soon as what it needs is there.
    pub wave: usize,
    /// When its first call is sent, in milliseconds from the beginning.
    pub at_ms: Option<u64>,
    /// Why it happens.
    pub reason: String,
}

/// A call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlannedStep {
    /// When, in milliseconds from the beginning.
    pub at_ms: u64,
    /// What it is about.
    pub subject: String,
    /// What is done.
    pub action: String,
    /// Why.
    pub reason: String,
    /// What it keeps true.
    pub guards: String,
    /// How it is undone.
    pub undo: String,
}

/// How a version changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VersionChange {
    /// What is wanted so far.
    pub from: Option<Version>,
    /// What will be.
    pub to: Option<Version>,
}

/// How long it takes, over several runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Forecast {
    /// Runs.
    pub runs: u64,
    /// Half of them take no longer, in milliseconds.
    pub p50_ms: u64,
    /// 95 of 100 of them take no longer, in milliseconds.
    pub p95_ms: u64,
}

/// What it costs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CostChange {
    /// Machines a month, now, in dollars.
    pub before_usd: f64,
    /// Machines a month, afterwards, in dollars.
    pub after_usd: f64,
    /// What the rollout costs beside that, because old and new run side by side, in dollars.
    pub rollout_usd: f64,
}

/// Something that cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Refused {
    /// Why.
    pub why: String,
    /// The ways out.
    pub ways_out: Vec<String>,
}

impl Planned {
    /// Whether nothing would change.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.refusal.is_none()
    }

    /// The lowest capacity of all.
    pub fn lowest(&self) -> Option<&Lowest> {
        self.capacity.iter().min_by_key(|low| low.permille)
    }

    /// The lowest capacity that the loss of a zone would leave.
    pub fn lowest_zone(&self) -> Option<&Lowest> {
        self.capacity.iter().filter(|low| low.zone_lost.is_some()).min_by_key(|low| low.zone_lost)
    }

    /// What is refused unless it is agreed to: a service bears less than its demand, or would with a zone lost where the
    /// design promises to bear that. It does not count where it is so already and only gets better, unless a new version is
    /// released meanwhile: that can wait until there are instances enough.
    pub fn drops(&self) -> Option<Drop<'_>> {
        let released = |low: &Lowest| {
            self.versions.get(&low.service).is_some_and(|change| change.from.is_some() && change.to.is_some())
        };
        let counts = |low: &Lowest, permille: u64, before: Option<u64>| {
            permille < 1000 && (released(low) || before.is_none_or(|before| permille < before))
        };
        let whole = self.capacity.iter().filter(|low| counts(low, low.permille, low.before));
        if let Some(low) = whole.min_by_key(|low| low.permille) {
            return Some(Drop { low, with_a_zone_lost: false });
        }
        let zone = |low: &&Lowest| low.zone_lost.is_some_and(|lost| counts(low, lost, low.zone_before));
        let low = self.capacity.iter().filter(zone).min_by_key(|low| low.zone_lost)?;
        Some(Drop { low, with_a_zone_lost: true })
    }

    /// The changes in a few words, one line each.
    pub fn lines(&self) -> Vec<String> {
        self.changes.iter().map(|one| format!("{} {}", one.change.verb.sign(), one.change.subject)).collect()
    }
}

/// A service that would bear less than its demand.
#[derive(Debug, Clone, Copy)]
pub struct Drop<'a> {
    /// When, and by how much.
    pub low: &'a Lowest,
    /// Whether it would only with a zone lost.
    pub with_a_zone_lost: bool,
}

impl Drop<'_> {
    /// What would be borne, for each 1,000 of the demand.
    pub fn permille(&self) -> u64 {
        if self.with_a_zone_lost { self.low.zone_lost.unwrap_or_default() } else { self.low.permille }
    }

    /// The same in words: `api would bear 44 % of its demand`.
    pub fn told(&self) -> String {
        let zone = if self.with_a_zone_lost { " with a zone lost" } else { "" };
        format!("{} would bear {} of its demand{zone}", self.low.service, super::percent(self.permille()))
    }
}

/// Makes a plan for what is wanted in a world.
///
/// # Errors
/// `E0901` when the world cannot be written down.
pub fn plan<S: Playable>(world: &S, goal: &Goal<DesiredOf<S>>) -> Result<Planned> {
    plan_with(world, goal, SEEDS)
}

/// The same, with a forecast that rests on so many runs.
///
/// # Errors
/// As [`plan`].
pub fn plan_with<S: Playable>(world: &S, goal: &Goal<DesiredOf<S>>, seeds: u64) -> Result<Planned> {
    let calm = world.clone().calm();
    let (after, story) = foresee(calm.clone(), goal, true);
    let rates = Rates::of(goal, &calm, &after);
    let steps = steps::<S>(&story);
    // What changes nothing needs no forecast, and what cannot be done has none.
    let converges = matches!(story.ending, Some(Ending::Converged { .. })) && !steps.is_empty();
    let runs = if converges { trials(&calm, goal, 1..seeds + 1, None, &rates) } else { Vec::new() };
    let base = Trial::of::<S>(0, &story, &rates);
    let changes = <S::Cloud as Shown>::changes(calm.truth(), after.truth());
    let waves = waves(&changes);
    let placed = |(change, wave)| placed(change, wave, &steps);
    let changes: Vec<PlannedChange> = changes.into_iter().zip(waves).map(placed).collect();
    let mut counts = BTreeMap::new();
    for one in &changes {
        *counts.entry(one.change.verb).or_insert(0) += 1;
    }
    let seconds = |percent| percentile(runs.iter().map(|run| run.took_ms), percent);
    let observed = <S::Cloud as Shown>::lasting(calm.truth());
    Ok(Planned {
        deployment: <S::Cloud as Shown>::deployment(&goal.desired).to_owned(),
        cloud: S::NAME.to_owned(),
        simulated: true,
        observed: Observed { things: <S::Cloud as Shown>::count(calm.truth()), hash: hash_of(&observed)? },
        changes,
        counts,
        versions: versions::<S>(goal),
        forecast: Forecast { runs: runs.len() as u64, p50_ms: seconds(50), p95_ms: seconds(95) },
        capacity: beside(worst(lowest::<S>(&story), &runs), &S::Cloud::serving(&goal.desired, calm.truth())),
        cost: CostChange {
            before_usd: usd(rates.before.monthly()),
            after_usd: usd(rates.after.monthly()),
            rollout_usd: usd(base.extra_usd),
        },
        refusal: refusal(story.ending.as_ref(), stuck::<S>(&story)),
        demand: Vec::new(),
        ways_out: Vec::new(),
        notes: Vec::new(),
        steps,
    })
}

fn usd(usd: Usd) -> f64 {
    usd.0 as f64 / 100.0
}

/// The calls, in the order in which they are sent.
fn steps<S: Playable>(story: &Story<S>) -> Vec<PlannedStep> {
    let mut steps: Vec<PlannedStep> = Vec::new();
    for (at, event) in &story.timeline {
        let Event::Sent { action, reason, guards, undo } = event else { continue };
        if S::Cloud::is_lease(action) {
            continue;
        }
        let at_ms = at.since(story.began).0;
        steps.push(PlannedStep {
            at_ms,
            subject: S::Cloud::subject(action),
            action: action.to_string(),
            reason: reason.to_string(),
            guards: guard(*guards),
            undo: undone(undo),
        });
    }
    steps
}

fn guard(guards: Invariant) -> String {
    guards.word().to_owned()
}

/// How an action is undone, in words.
pub fn undone(undo: &Undo) -> String {
    match undo {
        Undo::By(how) => how.to_string(),
        Undo::Restore(tag) => format!("what it was is recorded in the tag {tag}, and written back"),
        Undo::Final => "not at all".to_owned(),
    }
}

/// How deep each change is in what needs what, among those that change.
fn waves(changes: &[Change]) -> Vec<usize> {
    let of: BTreeMap<&str, usize> =
        changes.iter().enumerate().flat_map(|(at, change)| change.of.iter().map(move |of| (of.as_str(), at))).collect();
    let mut waves = vec![1; changes.len()];
    // Each round settles what is one deeper; what needs itself in a circle ends with the last round.
    for _ in 0..changes.len() {
        let mut settled = true;
        for (at, change) in changes.iter().enumerate() {
            let needed = change.needs.iter().filter_map(|needed| of.get(needed.as_str())).filter(|other| **other != at);
            let wave = needed.map(|other| waves[*other] + 1).max().unwrap_or(1);
            settled &= wave == waves[at];
            waves[at] = wave.min(changes.len());
        }
        if settled {
            break;
        }
    }
    waves
}

fn placed(change: Change, wave: usize, steps: &[PlannedStep]) -> PlannedChange {
    let first = steps.iter().find(|step| change.of.contains(&step.subject));
    // A service has steps for its template and target group first; what its machines are for says more.
    let told = steps.iter().find(|step| change.of.contains(&step.subject) && is_about_machines(&step.subject));
    let reason = told.or(first).map(|step| step.reason.clone());
    PlannedChange {
        wave,
        at_ms: first.map(|step| step.at_ms),
        reason: change.because.clone().or(reason).unwrap_or_default(),
        change,
    }
}

fn is_about_machines(subject: &str) -> bool {
    subject.starts_with("group/") || subject.starts_with("machine/")
}

fn versions<S: Playable>(goal: &Goal<DesiredOf<S>>) -> BTreeMap<String, VersionChange> {
    let from = goal.fallback.as_ref().map(<S::Cloud as Shown>::versions).unwrap_or_default();
    let to = <S::Cloud as Shown>::versions(&goal.desired);
    let names = from.keys().chain(to.keys()).cloned().collect::<std::collections::BTreeSet<_>>();
    let change = |name: String| {
        let change = VersionChange { from: from.get(&name).cloned(), to: to.get(&name).cloned() };
        (name, change)
    };
    names.into_iter().map(change).filter(|(_, change)| change.from != change.to).collect()
}

/// Of each service the lowest that any run saw.
fn worst(mut base: Vec<Lowest>, runs: &[Trial]) -> Vec<Lowest> {
    for low in runs.iter().flat_map(|run| &run.lowest) {
        match base.iter_mut().find(|known| known.service == low.service) {
            Some(known) => *known = lower(known, low),
            None => base.push(low.clone()),
        }
    }
    base
}

/// The lower of two, and of what the loss of a zone would leave likewise.
fn lower(known: &Lowest, other: &Lowest) -> Lowest {
    let low = if other.permille < known.permille { other } else { known };
    let zone = [known, other].into_iter().filter(|one| one.zone_lost.is_some()).min_by_key(|one| one.zone_lost);
    Lowest {
        zone_lost: zone.and_then(|one| one.zone_lost),
        zone_at_ms: zone.and_then(|one| one.zone_at_ms),
        ..low.clone()
    }
}

/// Tells with each how it was before anything was done.
fn beside(lowest: Vec<Lowest>, before: &[Serving]) -> Vec<Lowest> {
    let told = |low: Lowest| {
        let before = before.iter().find(|one| one.service == low.service && one.healthy > 0);
        Lowest { before: before.and_then(|one| one.permille), zone_before: before.and_then(|one| one.zone_lost), ..low }
    };
    lowest.into_iter().map(told).collect()
}

/// What was waited for last, where a run came to no end.
fn stuck<S: Playable>(story: &Story<S>) -> Option<String> {
    let told = |(_, event): &(crate::units::Moment, Event<_>)| match event {
        Event::Waits(waiting) => Some(format!(": {} waits for {}", waiting.subject, waiting.what)),
        _ => None,
    };
    story.timeline.iter().rev().find_map(told)
}

fn refusal(ending: Option<&Ending>, stuck: Option<String>) -> Option<Refused> {
    match ending {
        Some(Ending::Refused { why, ways_out } | Ending::Failed { why, ways_out }) => {
            Some(Refused { why: why.clone(), ways_out: ways_out.clone() })
        }
        Some(Ending::RolledBack { why }) => {
            let ways_out = vec!["mend that first, such as by a higher quota, and plan again".to_owned()];
            Some(Refused { why: format!("it would be rolled back: {why}"), ways_out })
        }
        None => {
            let why = format!("it is not done after {}{}", lasting(LONGEST), stuck.unwrap_or_default());
            Some(Refused { why, ways_out: vec!["see every step up to there: rapplan plan -o json".to_owned()] })
        }
        Some(_) => None,
    }
}
