//! Runs of the engine against a simulated cloud.

use super::{DesiredOf, Story};
use crate::cloud::shown::Playable;
use crate::cloud::{Cloud, Serving};
use crate::engine::{Alone, Companion, Engine, Limits, Policy, Run, rehearse_watched, rehearse_with};
use crate::units::{Moment, Span};

/// What a run is for.
#[derive(Debug, Clone)]
pub struct Goal<D> {
    /// What is wanted.
    pub desired: D,
    /// What is gone back to when it fails.
    pub fallback: Option<D>,
}

/// Runs an engine in a world, which is changed by it.
pub fn play<S: Playable>(sim: &mut S, goal: &Goal<DesiredOf<S>>, run: Run, policy: Policy, limits: Limits) -> Story<S> {
    play_with(sim, goal, run, policy, limits, &mut Alone)
}

/// The same, with somebody who goes along with it.
pub fn play_with<S: Playable>(
    sim: &mut S,
    goal: &Goal<DesiredOf<S>>,
    run: Run,
    policy: Policy,
    limits: Limits,
    companion: &mut dyn Companion<S>,
) -> Story<S> {
    let engine = Engine::<S::Cloud>::new(goal.desired.clone(), goal.fallback.clone(), run, policy);
    rehearse_with(sim, engine, limits, companion)
}

/// Longest time of a run in a simulated cloud. What takes longer is stuck, and looking at it every few seconds for a day
/// would take minutes of real time.
pub const LONGEST: Span = Span::seconds(6 * 3600);

/// What each service bears, from each moment on at which that changes.
pub type Curve = Vec<(Moment, Vec<Serving>)>;

/// The same forecast as [`foresee`], with what is borne at every moment.
pub fn traced<S: Playable>(mut sim: S, goal: &Goal<DesiredOf<S>>) -> (Story<S>, Curve) {
    let (run, policy, limits) = forecast(goal, true);
    let mut curve: Curve = vec![(sim.now(), S::Cloud::serving(&goal.desired, sim.truth()))];
    let engine = Engine::<S::Cloud>::new(goal.desired.clone(), goal.fallback.clone(), run, policy);
    let story = rehearse_watched(&mut sim, engine, limits, &mut |at, world, _| {
        let serving = S::Cloud::serving(&goal.desired, world);
        if curve.last().is_none_or(|(_, last)| *last != serving) {
            curve.push((at, serving));
        }
    });
    (story, curve)
}

fn forecast<D>(goal: &Goal<D>, timeline: bool) -> (Run, Policy, Limits) {
    let run = Run { owner: "forecast".to_owned(), command: "rapplan plan".to_owned(), seed: 1 };
    let policy = Policy { lease_wait: LONGEST, ..Policy::default() };
    (run, policy, Limits { timeline, longest: LONGEST, standing: goal.fallback.is_some(), ..Limits::default() })
}

/// Runs an engine in a copy of a world, as a forecast: a lease of somebody else is waited for.
pub fn foresee<S: Playable>(mut sim: S, goal: &Goal<DesiredOf<S>>, timeline: bool) -> (S, Story<S>) {
    let (run, policy, limits) = forecast(goal, timeline);
    let story = play(&mut sim, goal, run, policy, limits);
    (sim, story)
}
