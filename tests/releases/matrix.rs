//! The crash matrix: killed at every call, at every point of it, and run again, everything ends as if nothing had happened.

use rapplan::chance::Chance;
use rapplan::cloud::sim::Simulated;
use rapplan::cloud::{Cloud, Trouble};
use rapplan::engine::{Ending, Failing, Kill, Limits, Point};
use rapplan::units::Span;

use crate::on_aws::OnAws;
use crate::on_gcp::OnGcp;
use crate::support::{LEASE, Lab, Wanted, full, quick, report, run, told, well};

/// What is done to a deployment.
pub const OPERATIONS: [&str; 6] =
    ["create", "release", "scale", "rollback before the switch", "rollback after it", "destroy"];

/// An operation with the world before it and what it leads to.
pub struct Trial<L: Lab> {
    pub name: String,
    pub before: L::Sim,
    pub to: Wanted<L>,
    pub former: Option<Wanted<L>>,
    pub end: String,
    pub calls: u32,
}

pub fn trial<L: Lab>(strategy: &str, operation: &str) -> Trial<L> {
    let wanted = |version, demand| L::wanted(strategy, version, demand);
    let (v1, v2) = (wanted("v1", 1000), wanted("v2", 1000));
    let mut before = L::empty(1);
    if operation != "create" {
        well::<L>(&mut before, &v1, None, "first");
    }
    let (to, former) = match operation {
        "create" => (v1, None),
        "release" => (v2, Some(v1)),
        "scale" => (wanted("v1", 1900), None),
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
    Trial { name: format!("{strategy}: {operation}"), before, to, former, end, calls: story.calls }
}

impl<L: Lab> Trial<L> {
    /// Runs it until it is killed, then lets time pass until the lease has run out.
    pub fn killed(&self, sim: &mut L::Sim, kill: Kill, owner: &str) {
        let limits = Limits { kill: Some(kill), ..quick() };
        let (_, broken) = run::<L>(sim, &self.to, self.former.as_ref(), limits, owner);
        assert!(broken.is_empty(), "{} {kill:?}: {broken:?}", self.name);
        sim.advance(sim.now() + LEASE);
    }

    /// Runs it, and holds the end against that of an undisturbed run.
    pub fn ends(&self, sim: &mut L::Sim, limits: Limits, what: &dyn std::fmt::Debug) {
        let from = sim.clone();
        let (story, broken) = run::<L>(sim, &self.to, self.former.as_ref(), limits, "last");
        let well = matches!(story.ending, Some(Ending::Converged { .. })) && broken.is_empty();
        let end = L::shape(sim.truth());
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

fn killed_once<L: Lab>(cloud: &str) {
    let every = if full() { 1 } else { 3 };
    let mut count = 0;
    for strategy in L::STRATEGIES {
        for operation in OPERATIONS {
            let trial = trial::<L>(strategy, operation);
            for call in 0..trial.calls {
                for (at, point) in Point::ALL.into_iter().enumerate() {
                    if (call as usize + at).is_multiple_of(every) {
                        let (mut sim, kill) = (trial.before.clone(), Kill { call, point });
                        trial.killed(&mut sim, kill, "killed");
                        trial.ends(&mut sim, quick(), &kill);
                        count += 1;
                    }
                }
            }
        }
    }
    report(&format!("{cloud}: {count} runs killed and run again"));
    assert!(count > 100);
}

fn killed_twice<L: Lab>(cloud: &str) {
    let seeds = if full() { 10_000 } else { 300 };
    let mut trials = Vec::new();
    for strategy in L::STRATEGIES {
        trials.extend(OPERATIONS.iter().map(|operation| trial::<L>(strategy, operation)));
    }
    for seed in 0..seeds {
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
    }
    report(&format!("{cloud}: {seeds} times two crashes"));
}

fn calls_fail<L: Lab>(cloud: &str) {
    let every = if full() { 1 } else { 5 };
    let mut count = 0;
    for strategy in L::STRATEGIES {
        for operation in OPERATIONS {
            let trial = trial::<L>(strategy, operation);
            for call in 0..trial.calls {
                for trouble in [Trouble::Throttled, Trouble::Unavailable, Trouble::Unknown] {
                    for times in [1, 2, 4, 8] {
                        count += 1;
                        if count % every == 0 {
                            let failing = Failing { call, times, trouble };
                            trial.ends(
                                &mut trial.before.clone(),
                                Limits { failing: Some(failing), ..quick() },
                                &failing,
                            );
                        }
                    }
                }
            }
        }
    }
    report(&format!("{cloud}: {} runs with a call that fails up to 8 times", count / every));
}

#[test]
fn matrix_aws_killed_once() {
    killed_once::<OnAws>("AWS");
}

#[test]
fn matrix_gcp_killed_once() {
    killed_once::<OnGcp>("Google Cloud");
}

#[test]
fn matrix_aws_killed_twice() {
    killed_twice::<OnAws>("AWS");
}

#[test]
fn matrix_gcp_killed_twice() {
    killed_twice::<OnGcp>("Google Cloud");
}

#[test]
fn matrix_aws_calls_fail() {
    calls_fail::<OnAws>("AWS");
}

#[test]
fn matrix_gcp_calls_fail() {
    calls_fail::<OnGcp>("Google Cloud");
}
