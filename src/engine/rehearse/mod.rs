//! Runs an engine against a simulated cloud, on the clock of that cloud.
//!
//! Looks and calls take the time that the cloud has for them: an effect comes about in the middle, the reply at the end. A
//! run can be killed at any call, before it is sent, on its way, after its effect or after its reply.

mod companion;
mod driver;
mod traffic;

pub use companion::{Alone, Companion};

use super::{Ending, Engine, Event};
use crate::cloud::sim::Simulated;
use crate::cloud::{Cloud, Serving, Trouble};
use crate::units::{Moment, Price, Span, Usd};
use driver::Driver;

/// What a run of the engine against a simulated cloud came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Rehearsal<A> {
    /// How it ended; `None` when it was killed or took too long.
    pub ending: Option<Ending>,
    /// What was told, and when.
    pub timeline: Vec<(Moment, Event<A>)>,
    /// When it began.
    pub began: Moment,
    /// When it ended.
    pub ended: Moment,
    /// Calls sent.
    pub calls: u32,
    /// Looks at the cloud.
    pub looks: u32,
    /// What all machines cost from beginning to end.
    pub spent: Spent,
    /// The lowest capacity beside the demand, per service, and when it was so.
    pub lowest: Vec<(Moment, Serving)>,
    /// The lowest capacity that the loss of a zone would leave, per service, from when the service could have borne one.
    pub lowest_zone: Vec<(Moment, Serving)>,
}

/// Money, while time passes: millionths of a dollar an hour, times milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent(u128);

impl Spent {
    fn add(&mut self, hourly: Price, lasting: Span) {
        self.0 += u128::from(hourly.0) * u128::from(lasting.0);
    }

    /// In dollars, rounded to a cent.
    pub fn usd(self) -> Usd {
        const CENT: u128 = 10_000 * 3_600_000;
        Usd(u64::try_from((self.0 + CENT / 2) / CENT).unwrap_or(u64::MAX))
    }
}

/// Where a run is killed: at which call, and how far that one has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kill {
    /// The number of the call, from 0.
    pub call: u32,
    /// How far it has come.
    pub point: Point,
}

/// How far a call has come when the run dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// It was decided, and not sent.
    BeforeSending,
    /// It is on its way: its effect comes about after the run has died.
    OnItsWay,
    /// Its effect has come about, and no reply is back.
    AfterItsEffect,
    /// Its reply is back.
    AfterItsReply,
}

impl Point {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::BeforeSending, Self::OnItsWay, Self::AfterItsEffect, Self::AfterItsReply];
}

/// A call that fails some times in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failing {
    /// The number of the call, from 0.
    pub call: u32,
    /// How often it fails.
    pub times: u32,
    /// How. [`Trouble::Unknown`] has its effect and loses the reply; the others have none.
    pub trouble: Trouble,
}

/// How a rehearsal is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest time on the simulated clock.
    pub longest: Span,
    /// Where the run is killed, if anywhere.
    pub kill: Option<Kill>,
    /// Which call fails, if any.
    pub failing: Option<Failing>,
    /// When somebody interrupts it, if ever.
    pub interrupt: Option<Moment>,
    /// Whether to keep what was told.
    pub timeline: bool,
    /// Whether the services stand already, so that each that has any healthy instance must bear its demand from the first
    /// moment on. Without it, a service counts from when it has borne its demand once.
    pub standing: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            longest: Span::seconds(24 * 3600),
            kill: None,
            failing: None,
            interrupt: None,
            timeline: true,
            standing: false,
        }
    }
}

/// One of the runs that share a cloud.
#[derive(Debug)]
pub struct Runner<C: Cloud> {
    /// The run.
    pub engine: Engine<C>,
    /// How it is run.
    pub limits: Limits,
    /// When it starts.
    pub starts: Moment,
    /// From when until when it sleeps, as a laptop with its lid closed: what comes in meanwhile it is told when it wakes up.
    pub asleep: Option<(Moment, Moment)>,
}

/// Sees every state of the cloud after a change, and every call before it has its effect.
pub type Watch<'a, C> = &'a mut dyn FnMut(Moment, &<C as Cloud>::World, Option<&<C as Cloud>::Action>);

/// Runs an engine until it ends, is killed, or takes too long. Calls that were on their way when it died still reach the
/// cloud.
pub fn rehearse<S: Simulated>(
    sim: &mut S,
    engine: Engine<S::Cloud>,
    limits: Limits,
) -> Rehearsal<<S::Cloud as Cloud>::Action> {
    rehearse_watched(sim, engine, limits, &mut |_, _, _| {})
}

/// The same, with somebody who watches.
pub fn rehearse_watched<S: Simulated>(
    sim: &mut S,
    engine: Engine<S::Cloud>,
    limits: Limits,
    watch: Watch<'_, S::Cloud>,
) -> Rehearsal<<S::Cloud as Cloud>::Action> {
    alone(sim, engine, limits, watch, &mut Alone)
}

/// The same, with somebody who goes along with it while it happens.
pub fn rehearse_with<S: Simulated>(
    sim: &mut S,
    engine: Engine<S::Cloud>,
    limits: Limits,
    companion: &mut dyn Companion<S>,
) -> Rehearsal<<S::Cloud as Cloud>::Action> {
    alone(sim, engine, limits, &mut |_, _, _| {}, companion)
}

fn alone<S: Simulated>(
    sim: &mut S,
    engine: Engine<S::Cloud>,
    limits: Limits,
    watch: Watch<'_, S::Cloud>,
    companion: &mut dyn Companion<S>,
) -> Rehearsal<<S::Cloud as Cloud>::Action> {
    let desired = engine.desired().clone();
    let starts = sim.now();
    let runners = vec![Runner { engine, limits, starts, asleep: None }];
    let mut driver = Driver::new(sim, desired, runners, watch, companion);
    driver.run();
    driver.told(0)
}

/// Runs several engines against one cloud. The capacity is judged by what `desired` must bear.
pub fn rehearse_together<S: Simulated>(
    sim: &mut S,
    desired: <S::Cloud as Cloud>::Desired,
    runners: Vec<Runner<S::Cloud>>,
    watch: Watch<'_, S::Cloud>,
) -> Vec<Rehearsal<<S::Cloud as Cloud>::Action>> {
    let count = runners.len();
    let mut alone = Alone;
    let mut driver = Driver::new(sim, desired, runners, watch, &mut alone);
    driver.run();
    (0..count).map(|run| driver.told(run)).collect()
}
