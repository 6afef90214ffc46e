//! Two runs on one world: one works; the other is refused, or shut out when it has slept through its lease.

use rapplan::chance::Chance;
use rapplan::cloud::sim::Simulated;
use rapplan::engine::{Ending, Limits, Runner, rehearse_together};
use rapplan::units::{Moment, Span};

use crate::judged::{Judged, JudgedSim};
use crate::matrix::{Trial, trial};
use crate::on_aws::OnAws;
use crate::on_gcp::OnGcp;
use crate::support::{Act, Lab, Story, World, engine, full, quick, report, run, told};

fn both<L: Lab>(trial: &Trial<L>, sim: &mut L::Sim, starts: [Span; 2], asleep: Option<(Span, Span)>) -> Vec<Story<L>> {
    let began = sim.now();
    let limits = Limits { timeline: true, ..quick() };
    let runner = |owner: &str, starts: Span, asleep: Option<(Span, Span)>| Runner {
        engine: engine::<Judged<L>>(trial.to.clone(), trial.former.clone(), owner),
        limits,
        starts: began + starts,
        asleep: asleep.map(|(from, until)| (began + from, began + until)),
    };
    let runners = vec![runner("one", starts[0], asleep), runner("two", starts[1], None)];
    let mut broken = Vec::new();
    let mut watch = |now: Moment, world: &World<L>, action: Option<&Act<L>>| {
        let breaks = action.and_then(|action| L::breaks(&trial.to, world, action));
        broken.extend(breaks.map(|why| format!("{now} {}: {why}", action.unwrap())));
    };
    let stories = rehearse_together(&mut JudgedSim::<L>(sim), trial.to.clone(), runners, &mut watch);
    // What a run that is shut out has sent before is refused, and so breaks nothing.
    if !stories.iter().any(|story| story.ending == Some(Ending::Fenced)) {
        assert!(broken.is_empty(), "{broken:?}");
    }
    assert_eq!(L::foreign(sim.truth()), trial.foreign);
    stories
}

fn at_once<L: Lab>(strategy: &str) {
    let trial = trial::<L>(strategy, "release");
    for late in (0..2000).step_by(50) {
        let mut sim = trial.before.clone();
        let stories = both(&trial, &mut sim, [Span(0), Span(late)], None);
        let endings: Vec<_> = stories.iter().map(|story| story.ending.clone()).collect();
        let works = endings.iter().filter(|ending| matches!(ending, Some(Ending::Converged { .. }))).count();
        let locked = endings.iter().filter(|ending| matches!(ending, Some(Ending::Locked(_)))).count();
        assert_eq!((works, locked), (1, 1), "{late}: {endings:?}\n{}\n{}", told(&stories[0]), told(&stories[1]));
        assert_eq!(L::shape(sim.truth()), trial.end, "{late}");
    }
}

#[test]
fn of_two_that_start_together_one_works() {
    at_once::<OnAws>("at once");
    at_once::<OnGcp>("at once");
}

/// One works; the other comes at any time of it, also at the very end.
fn comes_later<L: Lab>(strategy: &str) {
    let trial = trial::<L>(strategy, "release");
    let (mut locked, mut after) = (0, 0);
    for late in (1..1200).step_by(if full() { 1 } else { 11 }) {
        let mut sim = trial.before.clone();
        let stories = both(&trial, &mut sim, [Span(0), Span::seconds(late)], None);
        match (&stories[0].ending, &stories[1].ending) {
            (Some(Ending::Converged { changed: true }), Some(Ending::Locked(lease))) if lease.owner == "one" => {
                locked += 1;
            }
            (Some(Ending::Converged { changed: true }), Some(Ending::Converged { changed: false })) => after += 1,
            _ => panic!("{late}: {}\n{}", told(&stories[0]), told(&stories[1])),
        }
        assert_eq!(L::shape(sim.truth()), trial.end, "{late}");
    }
    report(&format!("a second run while one works: refused {locked} times, nothing left to do {after} times"));
    assert!(locked > 0 && after > 0);
}

#[test]
fn a_second_run_is_refused_until_the_first_is_over() {
    comes_later::<OnAws>("in steps");
    comes_later::<OnGcp>("in steps");
}

/// The first one falls asleep in the middle, its lease runs out, the second one takes over; then the first one wakes up.
fn sleeps<L: Lab>(strategy: &str) {
    let trial = trial::<L>(strategy, "release");
    let seeds = if full() { 2_000 } else { 60 };
    let (mut fenced, mut slow) = (0, 0);
    for seed in 0..seeds {
        let mut chance = Chance::new(seed);
        let from = Span(chance.below(300_000));
        let wakes = Span(from.0 + 125_000 + chance.below(400_000));
        let second = Span(from.0 + 120_000 + chance.below(100_000));
        let mut sim = trial.before.clone();
        let stories = both(&trial, &mut sim, [Span(0), second], Some((from, wakes)));
        let endings: Vec<_> = stories.iter().map(|story| story.ending.clone()).collect();
        let told = || format!("{seed}: {endings:?}\n{}\n{}", told(&stories[0]), told(&stories[1]));
        match (&endings[0], &endings[1]) {
            (Some(Ending::Fenced), Some(Ending::Converged { .. })) => fenced += 1,
            // It woke up before the other one had started, or the other one came when all was done.
            (Some(Ending::Converged { .. }), Some(Ending::Locked(_) | Ending::Converged { changed: false })) => {
                slow += 1
            }
            (Some(Ending::Locked(_)), Some(Ending::Converged { .. })) => slow += 1,
            _ => panic!("{}", told()),
        }
        for story in &stories {
            assert!(story.lowest.iter().all(|(_, low)| low.is_enough()), "{}", told());
        }
        let (last, _) = run::<L>(&mut sim, &trial.to, trial.former.as_ref(), quick(), "last");
        assert!(matches!(last.ending, Some(Ending::Converged { .. })), "{}", told());
        assert_eq!(L::shape(sim.truth()), trial.end, "{}", told());
    }
    report(&format!("{seeds} pairs of runs: {fenced} shut out after they had slept, {slow} refused or in turn"));
    assert!(fenced > seeds / 3, "{fenced} of {seeds}");
}

#[test]
fn one_that_wakes_up_late_is_shut_out_on_aws() {
    sleeps::<OnAws>("in steps");
}

#[test]
fn one_that_wakes_up_late_is_shut_out_on_gcp() {
    sleeps::<OnGcp>("in steps");
}
