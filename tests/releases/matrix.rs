//! The crash matrix: killed at every call, at every point of it, and run again, everything ends as if nothing had happened.

use rayon::prelude::*;

use rapplan::chance::Chance;
use rapplan::cloud::sim::Simulated;
use rapplan::cloud::{Cloud, Trouble};
use rapplan::engine::{Ending, Failing, Kill, Limits, Point};
use rapplan::units::Span;

use crate::blueprints::Real;
use crate::on_aws::OnAws;
use crate::on_gcp::OnGcp;
use crate::support::{LEASE, Lab, Wanted, full, quick, report, run, told, well};

/// An operation with the world before it and what it leads to.
pub struct Trial<L: Lab> {
    pub name: String,
    pub before: L::Sim,
    pub to: Wanted<L>,
    pub former: Option<Wanted<L>>,
    pub end: String,
    /// All that does not belong to the deployment.
    pub foreign: String,
    pub calls: u32,
}

pub fn trial<L: Lab>(strategy: &str, operation: &str) -> Trial<L> {
    let wanted = |version, demand| L::wanted(strategy, version, demand);
    let (v1, v2) = (wanted("v1", 1000), wanted("v2", 1000));
    let mut before = L::empty(1);
    L::strangers(&mut before);
    if operation != "create" {
        well::<L>(&mut before, &v1, None, "first");
    }
    let (to, former) = match operation {
        "create" => (v1, None),
        "release" => (v2, Some(v1)),
        "scale" => (wanted("v1", 1900), None),
        "new machines" => (wanted("v3", 1000), Some(v1)),
        "rollback before the switch" => {
            let calls = { run::<L>(&mut before.clone(), &v2, Some(&v1), quick(), "second").0.calls };
            let limits = Limits { kill: Some(Kill { call: calls / 2, point: Point::AfterItsEffect }), ..quick() };
            run::<L>(&mut before, &v2, Some(&v1), limits, "second");
            before.advance(before.now() + LEASE);
            (L::Cloud::going_back(v1), None)
        }
        "rollback after it" => {
            well::<L>(&mut before, &v2, Some(&v1), "second");
            (L::Cloud::going_back(v1), None)
        }
        _ => (L::nothing(), None),
    };
    let mut calm = before.clone();
    let story = well::<L>(&mut calm, &to, former.as_ref(), "calm");
    let left = L::left_over(calm.truth());
    assert!(left.is_empty(), "{strategy} {operation} leaves {left:?}\n{}", told(&story));
    let end = L::shape(calm.truth());
    let foreign = L::foreign(before.truth());
    assert_eq!(L::foreign(calm.truth()), foreign, "{strategy} {operation}");
    Trial { name: format!("{strategy}: {operation}"), before, to, former, end, foreign, calls: story.calls }
}

impl<L: Lab> Trial<L> {
    /// Runs it until it is killed, then lets time pass until the lease has run out.
    pub fn killed(&self, sim: &mut L::Sim, kill: Kill, owner: &str) {
        let limits = Limits { kill: Some(kill), ..quick() };
        let (_, broken) = run::<L>(sim, &self.to, self.former.as_ref(), limits, owner);
        assert!(broken.is_empty(), "{} {kill:?}: {broken:?}", self.name);
        assert_eq!(L::foreign(sim.truth()), self.foreign, "{} {kill:?}", self.name);
        sim.advance(sim.now() + LEASE);
    }

    /// Runs it, and holds the end against that of an undisturbed run.
    pub fn ends(&self, sim: &mut L::Sim, limits: Limits, what: &dyn std::fmt::Debug) {
        let from = sim.clone();
        let (story, broken) = run::<L>(sim, &self.to, self.former.as_ref(), limits, "last");
        let well = matches!(story.ending, Some(Ending::Converged { .. })) && broken.is_empty();
        let end = L::shape(sim.truth());
        assert_eq!(L::foreign(sim.truth()), self.foreign, "{} {what:?}", self.name);
        if !well || end != self.end {
            let mut again = from;
            let (story, broken) =
                run::<L>(&mut again, &self.to, self.former.as_ref(), Limits { timeline: true, ..limits }, "last");
            let name = &self.name;
            let difference = similar::TextDiff::from_lines(&self.end, &end).unified_diff().to_string();
            panic!("{name} {what:?}: {:?} {broken:?}\n{}\n{difference}", story.ending, told(&story));
        }
    }
}

/// Every operation on every deployment of a lab.
fn trials<L: Lab>() -> Vec<Trial<L>> {
    let all: Vec<_> = L::STRATEGIES.iter().flat_map(|of| L::OPERATIONS.iter().map(move |what| (*of, *what))).collect();
    all.into_par_iter().map(|(strategy, operation)| trial::<L>(strategy, operation)).collect()
}

/// One of so many in the usual tests, all of them in the whole.
fn one_in(many: u64) -> u64 {
    if full() { 1 } else { many }
}

fn count(what: &str, cloud: &str, trials: usize, runs: usize, began: std::time::Instant) {
    let took = began.elapsed().as_secs();
    report(&format!("{cloud}: {what}: {trials} operations, {runs} runs, 0 violations, {took} s"));
}

fn killed_once<L: Lab>(cloud: &str, part: u64) {
    let began = now();
    let trials = trials::<L>();
    let kills = |(at, trial): (usize, &Trial<L>)| {
        let every = one_in(part);
        let all = (0..trial.calls).flat_map(move |call| Point::ALL.map(|point| (at, Kill { call, point })));
        let one = all.enumerate().filter(move |(number, _)| (*number as u64 * 7 + at as u64).is_multiple_of(every));
        one.map(|(_, kill)| kill).collect::<Vec<_>>()
    };
    let all: Vec<(usize, Kill)> = trials.iter().enumerate().flat_map(kills).collect();
    all.par_iter().for_each(|(at, kill)| {
        let mut sim = trials[*at].before.clone();
        trials[*at].killed(&mut sim, *kill, "killed");
        trials[*at].ends(&mut sim, quick(), kill);
    });
    count("killed once", cloud, trials.len(), all.len(), began);
    assert!(all.len() > 100);
}

fn killed_twice<L: Lab>(cloud: &str, part: u64) {
    let began = now();
    let (seeds, trials) = (10_000 / one_in(part), trials::<L>());
    (0..seeds).into_par_iter().for_each(|seed| {
        let mut chance = Chance::new(seed);
        let mut below = |bound: usize| usize::try_from(chance.below(bound as u64)).unwrap();
        let trial = &trials[below(trials.len())];
        let mut sim = trial.before.clone();
        for owner in ["killed", "killed again"] {
            let kill = Kill { call: below(trial.calls as usize) as u32, point: Point::ALL[below(4)] };
            trial.killed(&mut sim, kill, owner);
            sim.advance(sim.now() + Span::seconds(below(400) as u64));
        }
        trial.ends(&mut sim, quick(), &seed);
    });
    count("killed twice", cloud, trials.len(), usize::try_from(seeds).unwrap(), began);
}

fn calls_fail<L: Lab>(cloud: &str, part: u64) {
    let began = now();
    let trials = trials::<L>();
    let failing = |(at, trial): (usize, &Trial<L>)| {
        let mut all = Vec::new();
        for call in 0..trial.calls {
            for trouble in [Trouble::Throttled, Trouble::Unavailable, Trouble::Unknown] {
                all.extend([1, 2, 4, 8].map(|times| (at, Failing { call, times, trouble })));
            }
        }
        let mine = |number: usize| (number as u64 * 5 + at as u64).is_multiple_of(one_in(part));
        all.into_iter().enumerate().filter(|(number, _)| mine(*number)).map(|(_, one)| one).collect::<Vec<_>>()
    };
    let all: Vec<(usize, Failing)> = trials.iter().enumerate().flat_map(failing).collect();
    all.par_iter().for_each(|(at, failing)| {
        let limits = Limits { failing: Some(*failing), ..quick() };
        trials[*at].ends(&mut trials[*at].before.clone(), limits, failing);
    });
    count("a call fails up to 8 times", cloud, trials.len(), all.len(), began);
}

#[allow(clippy::disallowed_methods, reason = "the proofs say how long they took")]
fn now() -> std::time::Instant {
    std::time::Instant::now()
}

#[test]
fn matrix_aws_killed_once() {
    killed_once::<OnAws>("AWS", 3);
}

#[test]
fn matrix_gcp_killed_once() {
    killed_once::<OnGcp>("Google Cloud", 2);
}

#[test]
fn matrix_blueprints_on_aws_killed_once() {
    killed_once::<Real<OnAws>>("blueprints on AWS", 29);
}

#[test]
fn matrix_blueprints_on_gcp_killed_once() {
    killed_once::<Real<OnGcp>>("blueprints on Google Cloud", 29);
}

#[test]
fn matrix_aws_killed_twice() {
    killed_twice::<OnAws>("AWS", 40);
}

#[test]
fn matrix_gcp_killed_twice() {
    killed_twice::<OnGcp>("Google Cloud", 40);
}

#[test]
fn matrix_blueprints_on_aws_killed_twice() {
    killed_twice::<Real<OnAws>>("blueprints on AWS", 100);
}

#[test]
fn matrix_blueprints_on_gcp_killed_twice() {
    killed_twice::<Real<OnGcp>>("blueprints on Google Cloud", 100);
}

#[test]
fn matrix_aws_calls_fail() {
    calls_fail::<OnAws>("AWS", 7);
}

#[test]
fn matrix_gcp_calls_fail() {
    calls_fail::<OnGcp>("Google Cloud", 7);
}

#[test]
fn matrix_blueprints_on_aws_calls_fail() {
    calls_fail::<Real<OnAws>>("blueprints on AWS", 97);
}

#[test]
fn matrix_blueprints_on_gcp_calls_fail() {
    calls_fail::<Real<OnGcp>>("blueprints on Google Cloud", 97);
}
