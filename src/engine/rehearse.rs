//! Runs an engine against a simulated cloud, on the clock of that cloud.
//!
//! Looks and calls take the time that the cloud has for them: an effect comes about in the middle, the reply at the end. A
//! run can be killed at any call, before it is sent, on its way, after its effect or after its reply.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{CallId, Ending, Engine, Event, Input, Output};
use crate::cloud::sim::Simulated;
use crate::cloud::{Cloud, Failure, Serving};
use crate::units::{Moment, Price, Span, Usd};

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

/// How a rehearsal is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest time on the simulated clock.
    pub longest: Span,
    /// Where the run is killed, if anywhere.
    pub kill: Option<Kill>,
    /// When somebody interrupts it, if ever.
    pub interrupt: Option<Moment>,
    /// Whether to keep what was told.
    pub timeline: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self { longest: Span::seconds(24 * 3600), kill: None, interrupt: None, timeline: true }
    }
}

/// Something on its way between engine and cloud.
enum Traffic<C: Cloud> {
    /// A call reaches the cloud.
    Arrives(CallId, C::Action, Moment, Option<u64>),
    /// A reply reaches the engine.
    Replies(CallId, Result<(), Failure>, Option<Kill>),
    /// A look reaches the cloud.
    Looks(Moment),
    /// What was seen reaches the engine.
    Seen(Box<Result<C::World, Failure>>, Moment),
    /// The engine wanted to be woken.
    Wake,
    /// Somebody interrupts it.
    Interrupt,
}

struct Entry<C: Cloud> {
    at: Moment,
    number: u64,
    traffic: Traffic<C>,
}

impl<C: Cloud> PartialEq for Entry<C> {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl<C: Cloud> Eq for Entry<C> {}

impl<C: Cloud> PartialOrd for Entry<C> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<C: Cloud> Ord for Entry<C> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.number).cmp(&(other.at, other.number))
    }
}

struct Driver<'a, S: Simulated> {
    sim: &'a mut S,
    engine: Engine<S::Cloud>,
    limits: Limits,
    queue: BinaryHeap<Reverse<Entry<S::Cloud>>>,
    count: u64,
    /// When the engine is to be woken; only the last wish counts.
    wake: Option<Moment>,
    dead: bool,
    told: Rehearsal<<S::Cloud as Cloud>::Action>,
    /// Judges the capacity after each change, by the state that was wanted at first.
    desired: <S::Cloud as Cloud>::Desired,
    served: Vec<String>,
}

/// Runs an engine until it ends, is killed, or takes too long. Calls that were on their way when it died still reach the
/// cloud.
pub fn rehearse<S: Simulated>(
    sim: &mut S,
    engine: Engine<S::Cloud>,
    limits: Limits,
) -> Rehearsal<<S::Cloud as Cloud>::Action> {
    let began = sim.now();
    let desired = engine.desired().clone();
    let serving = S::Cloud::serving(&desired, sim.truth());
    // What is not served at the beginning has no demand yet that could be dropped.
    let served = serving.iter().filter(|one| one.is_enough()).map(|one| one.service.clone()).collect();
    let told = Rehearsal {
        ending: None,
        timeline: Vec::new(),
        began,
        ended: began,
        calls: 0,
        looks: 0,
        spent: Spent::default(),
        lowest: Vec::new(),
    };
    let mut driver = Driver {
        sim,
        engine,
        limits,
        queue: BinaryHeap::new(),
        count: 0,
        wake: None,
        dead: false,
        told,
        desired,
        served,
    };
    driver.run();
    driver.told
}

impl<S: Simulated> Driver<'_, S> {
    fn run(&mut self) {
        let end = self.told.began + self.limits.longest;
        if let Some(at) = self.limits.interrupt {
            self.push(at, Traffic::Interrupt);
        }
        self.measure();
        self.tell(Input::Woke);
        while let Some(Reverse(entry)) = self.queue.pop() {
            if entry.at > end || (self.dead && !matches!(entry.traffic, Traffic::Arrives(..))) {
                continue;
            }
            self.advance(entry.at);
            self.deliver(entry.traffic);
        }
        self.told.ended = self.sim.now();
    }

    /// Lets time pass step by step, so that no instant of low capacity is missed.
    fn advance(&mut self, to: Moment) {
        while let Some(next) = self.sim.next_change().filter(|next| *next <= to) {
            self.pass(next);
            self.measure();
        }
        self.pass(to);
    }

    fn pass(&mut self, to: Moment) {
        let hourly = S::Cloud::hourly(&self.desired, self.sim.truth());
        self.told.spent.add(hourly, to.since(self.sim.now()));
        self.sim.advance(to);
    }

    fn deliver(&mut self, traffic: Traffic<S::Cloud>) {
        match traffic {
            Traffic::Arrives(call, action, back, generation) => {
                let result = self.sim.perform(&action, generation);
                self.measure();
                let kill = self.limits.kill.filter(|kill| u64::from(kill.call) == call.0);
                if kill.is_some_and(|kill| kill.point == Point::AfterItsEffect) {
                    self.dead = true;
                }
                self.push(back, Traffic::Replies(call, result, kill));
            }
            Traffic::Replies(call, result, kill) => {
                self.tell(Input::Replied(call, result));
                if kill.is_some_and(|kill| kill.point == Point::AfterItsReply) {
                    self.dead = true;
                }
            }
            Traffic::Looks(began) => {
                let seen = self.sim.observe();
                let half = Span(self.sim.latency().0 / 2);
                self.push(self.sim.now() + half, Traffic::Seen(Box::new(seen), began));
            }
            Traffic::Seen(seen, began) => match *seen {
                Ok(world) => self.tell(Input::Observed(Box::new(world), began)),
                Err(failure) => self.tell(Input::Blind(failure)),
            },
            Traffic::Wake => {
                if self.wake == Some(self.sim.now()) {
                    self.wake = None;
                    self.tell(Input::Woke);
                }
            }
            Traffic::Interrupt => self.tell(Input::Interrupt),
        }
    }

    fn push(&mut self, at: Moment, traffic: Traffic<S::Cloud>) {
        self.queue.push(Reverse(Entry { at, number: self.count, traffic }));
        self.count += 1;
    }

    fn tell(&mut self, input: Input<S::Cloud>) {
        if self.dead {
            return;
        }
        let now = self.sim.now();
        for output in self.engine.on(now, input) {
            self.carry_out(output, now);
        }
    }

    fn carry_out(&mut self, output: Output<S::Cloud>, now: Moment) {
        match output {
            Output::Observe => {
                self.told.looks += 1;
                let half = Span(self.sim.latency().0 / 2);
                self.push(now + half, Traffic::Looks(now));
            }
            Output::Perform(call, action) => self.send(call, action, now),
            Output::Wake(at) => {
                self.wake = Some(at);
                self.push(at, Traffic::Wake);
            }
            Output::Tell(event) => {
                if self.limits.timeline {
                    self.told.timeline.push((now, event));
                }
            }
            Output::End(ending) => {
                self.told.ending = Some(ending);
                self.dead = true;
            }
        }
    }

    fn send(&mut self, call: CallId, action: <S::Cloud as Cloud>::Action, now: Moment) {
        let point = self.limits.kill.filter(|kill| u64::from(kill.call) == call.0).map(|kill| kill.point);
        if self.dead && self.told.ending.is_none() {
            return;
        }
        if point == Some(Point::BeforeSending) {
            self.dead = true;
            return;
        }
        self.told.calls += 1;
        let latency = self.sim.latency();
        let generation = self.engine.generation();
        self.push(now + Span(latency.0 / 2), Traffic::Arrives(call, action, now + latency, generation));
        if point == Some(Point::OnItsWay) {
            self.dead = true;
        }
    }

    /// Keeps the lowest capacity of each service that was served when the run began, or has been since.
    fn measure(&mut self) {
        let now = self.sim.now();
        for serving in S::Cloud::serving(&self.desired, self.sim.truth()) {
            if !self.served.contains(&serving.service) {
                if serving.is_enough() {
                    self.served.push(serving.service.clone());
                }
                continue;
            }
            match self.told.lowest.iter_mut().find(|(_, low)| low.service == serving.service) {
                None => self.told.lowest.push((now, serving)),
                Some(low) if serving.permille < low.1.permille => *low = (now, serving),
                Some(_) => {}
            }
        }
    }
}
