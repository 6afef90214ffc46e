//! Drives any cloud from what is observed to what is wanted.
//!
//! The engine itself does nothing: it is told what happened and answers what is to be done, so that a real cloud, a simulated
//! one with a clock of its own, and a test that kills it at any point all run the very same code. What carries out its
//! answers is a driver.

mod calls;
mod event;
mod journal;
mod policy;
mod rehearse;
mod turn;

pub use event::{Ending, Event};
pub use journal::{put_once, update};
pub use policy::{Policy, Run};
pub use rehearse::{
    Alone, Companion, Failing, Kill, Limits, Point, Rehearsal, Runner, Spent, Watch, rehearse, rehearse_together,
    rehearse_watched, rehearse_with,
};

use std::collections::BTreeMap;

use crate::cloud::{Cloud, Failure, Lease, Since, Waiting};
use crate::units::Moment;
use calls::Calls;

/// What happened.
#[derive(Debug)]
pub enum Input<C: Cloud> {
    /// Nothing; time has passed.
    Woke,
    /// What was observed, of the moment at which the look began.
    Observed(Box<C::World>, Moment),
    /// A look that shows what the last one showed, and the moment at which it began.
    Same(Moment),
    /// A look that failed.
    Blind(Failure),
    /// A call came back.
    Replied(CallId, Result<(), Failure>),
    /// Somebody wants it to stop: once to stop in a safe state, twice to stop where it is.
    Interrupt,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Output<C: Cloud> {
    /// Look at the cloud.
    Observe,
    /// Send a call.
    Perform(CallId, C::Action),
    /// Come back at that moment, unless something happens before.
    Wake(Moment),
    /// Something worth telling.
    Tell(Event<C::Action>),
    /// It is over.
    End(Ending),
}

/// A call on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(pub u64);

/// One run of the engine.
#[derive(Debug)]
pub struct Engine<C: Cloud> {
    desired: C::Desired,
    /// What is gone back to when a release fails.
    fallback: Option<C::Desired>,
    run: Run,
    policy: Policy,
    since: Since<C::Fact>,
    world: Option<C::World>,
    /// Effects that a look which began before them may not show yet.
    recent: Vec<(Moment, C::Action)>,
    calls: Calls<C>,
    looks: Looks,
    /// Generation of the lease that this run holds, once it does.
    generation: Option<u64>,
    stop: Stop,
    /// What was last waited for, so that only changes are told.
    waiting: BTreeMap<String, Waiting>,
    /// Another run that holds the lease, as it was last told, and since when it is waited for.
    held_by: Option<(Lease, Moment)>,
    /// Why the wanted state was given up, once it was.
    rolled_back: Option<String>,
    /// Whether anything but the lease was changed.
    has_changed: bool,
    /// Until when nothing is to be done unless something changes.
    quiet: Option<Moment>,
    ended: bool,
}

/// When the cloud is looked at.
#[derive(Debug, Clone, Copy, Default)]
struct Looks {
    /// A look is on its way.
    under_way: bool,
    /// When the next one is due.
    due: Moment,
    /// When the last one began that was answered.
    last: Option<Moment>,
    /// Whether the last one was taken as it was, with no recent effect on top of it.
    plain: bool,
    /// When something was last changed, by this run.
    changed: Moment,
    /// Looks that failed, one after the other.
    failed: u32,
}

/// How far a wish to stop has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stop {
    No,
    /// What is under way is finished, and a safe state is left.
    Soon,
}

impl<C: Cloud> Engine<C> {
    /// A run towards a wanted state.
    pub fn new(desired: C::Desired, fallback: Option<C::Desired>, run: Run, policy: Policy) -> Self {
        Self {
            desired,
            fallback,
            calls: Calls::new(run.seed),
            run,
            policy,
            since: Since::default(),
            world: None,
            recent: Vec::new(),
            looks: Looks::default(),
            generation: None,
            stop: Stop::No,
            waiting: BTreeMap::new(),
            held_by: None,
            rolled_back: None,
            has_changed: false,
            quiet: None,
            ended: false,
        }
    }

    /// What is wanted now: what the run was made for, or what it has gone back to.
    pub fn desired(&self) -> &C::Desired {
        &self.desired
    }

    /// What is known of the world, with the effects of calls that came back.
    pub fn world(&self) -> Option<&C::World> {
        self.world.as_ref()
    }

    /// What is waited for now.
    pub fn waiting(&self) -> impl Iterator<Item = &Waiting> {
        self.waiting.values()
    }

    /// The generation of the lease, which every call must carry so that a newer run shuts this one out.
    pub fn generation(&self) -> Option<u64> {
        self.generation
    }

    /// Whether the world is known just as the last look showed it, so that [`Input::Same`] says all there is to say.
    pub fn has_plain_look(&self) -> bool {
        self.looks.plain
    }

    /// Takes in what happened and answers what is to be done.
    pub fn on(&mut self, now: Moment, input: Input<C>) -> Vec<Output<C>> {
        let mut out = Vec::new();
        if self.ended {
            return out;
        }
        if !matches!(input, Input::Woke | Input::Same(_)) {
            self.quiet = None;
        }
        match input {
            Input::Woke => {}
            Input::Same(began) => {
                self.looks = Looks { under_way: false, last: Some(began), failed: 0, ..self.looks };
            }
            Input::Observed(world, began) => self.observed(*world, began, now),
            Input::Blind(failure) => self.blind(failure, now, &mut out),
            Input::Replied(call, result) => self.replied(call, result, now, &mut out),
            Input::Interrupt => self.interrupted(&mut out),
        }
        if !self.ended {
            self.turn(now, &mut out);
        }
        out
    }

    fn observed(&mut self, mut world: C::World, began: Moment, now: Moment) {
        self.looks = Looks { under_way: false, last: Some(began), failed: 0, ..self.looks };
        let settles = self.policy.settles;
        self.recent.retain(|(moment, _)| *moment + settles > began);
        self.looks.plain = self.recent.is_empty();
        for (moment, action) in &self.recent {
            C::apply(&mut world, action, *moment);
        }
        self.since.note(C::facts(&world), now);
        self.world = Some(world);
    }

    fn blind(&mut self, failure: Failure, now: Moment, out: &mut Vec<Output<C>>) {
        self.looks.under_way = false;
        self.looks.failed += 1;
        if !failure.trouble.is_passing() || self.looks.failed > self.policy.tries {
            let why = format!("the cloud cannot be observed: {failure}");
            self.end(Ending::Failed { why, ways_out: Vec::new() }, out);
            return;
        }
        self.looks.due = now + self.calls.backoff(&self.policy, self.looks.failed);
        out.push(Output::Tell(Event::Blind { failure }));
    }

    fn replied(&mut self, call: CallId, result: Result<(), Failure>, now: Moment, out: &mut Vec<Output<C>>) {
        self.looks.plain = false;
        let Some((action, sent)) = self.calls.back(call) else { return };
        match result {
            Ok(()) => {
                self.calls.succeeded(&C::subject(&action));
                self.looks.changed = now;
                if let Some(world) = &mut self.world {
                    C::apply(world, &action, now);
                    self.since.note(C::facts(world), now);
                }
                self.has_changed |= !C::is_lease(&action);
                self.recent.push((now, action.clone()));
                out.push(Output::Tell(Event::Done { action, took: now.since(sent) }));
            }
            Err(failure) => {
                let (tries, again) = self.calls.failed(&C::subject(&action), &self.policy, now);
                // What may have happened, and what somebody else did, only a look can tell.
                self.looks.changed = now;
                self.looks.due = self.looks.due.min(now);
                let over = !failure.trouble.is_passing() || tries > self.policy.tries;
                let tell = Event::Failed { action, failure: failure.clone(), tries, again: (!over).then_some(again) };
                out.push(Output::Tell(tell));
                if over {
                    self.gave_up(failure, out);
                }
            }
        }
    }

    fn interrupted(&mut self, out: &mut Vec<Output<C>>) {
        match self.stop {
            Stop::No => {
                self.stop = Stop::Soon;
                out.push(Output::Tell(Event::Stopping { calls: self.calls.under_way() }));
            }
            Stop::Soon => self.end(Ending::Stopped { safe: false }, out),
        }
    }

    fn end(&mut self, ending: Ending, out: &mut Vec<Output<C>>) {
        self.ended = true;
        out.push(Output::Tell(Event::Over(ending.clone())));
        out.push(Output::End(ending));
    }
}
