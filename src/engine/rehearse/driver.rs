//! Carries out what engines answer, on the clock of a simulated cloud.

use super::traffic::{Queue, Traffic};
use super::{Companion, Point, Rehearsal, Runner, Spent, Watch};
use crate::cloud::sim::{Look, Simulated};
use crate::cloud::{Cloud, Failure, Serving, Trouble};
use crate::engine::{CallId, Input, Output};
use crate::units::{Moment, Price, Span};

pub(super) struct Driver<'a, S: Simulated> {
    sim: &'a mut S,
    runs: Vec<State<S::Cloud>>,
    queue: Queue<S::Cloud>,
    watch: Watch<'a, S::Cloud>,
    companion: &'a mut dyn Companion<S>,
    /// Judges the capacity after each change, by the state that was wanted at first.
    desired: <S::Cloud as Cloud>::Desired,
    began: Moment,
    /// What all machines cost an hour since the last change, and which change that was.
    hourly: (Option<u64>, Price),
    /// The change after which the capacity was last measured.
    measured: Option<u64>,
    /// Services that have been served since the beginning or some time after it.
    served: Vec<String>,
    spent: Spent,
    lowest: Vec<(Moment, Serving)>,
    /// Services that could have borne the loss of a zone some time.
    whole: Vec<String>,
    lowest_zone: Vec<(Moment, Serving)>,
}

/// A run as the driver knows it.
struct State<C: Cloud> {
    runner: Runner<C>,
    /// When it is to be woken; only the last wish counts.
    wake: Option<Moment>,
    dead: bool,
    /// The call that fails, by what it says, and how often it still does.
    fails: Option<(String, u32)>,
    /// What it saw last.
    seen: Option<u64>,
    told: Rehearsal<C::Action>,
}

impl<'a, S: Simulated> Driver<'a, S> {
    pub(super) fn new(
        sim: &'a mut S,
        desired: <S::Cloud as Cloud>::Desired,
        runners: Vec<Runner<S::Cloud>>,
        watch: Watch<'a, S::Cloud>,
        companion: &'a mut dyn Companion<S>,
    ) -> Self {
        let began = sim.now();
        // What is not served at the beginning has no demand yet that could be dropped.
        let standing = runners.iter().any(|runner| runner.limits.standing);
        let serving = S::Cloud::serving(&desired, sim.truth());
        let stands = |one: &&Serving| standing && one.healthy > 0;
        let names = |one: &Serving| one.service.clone();
        let served = serving.iter().filter(|one| one.is_enough() || stands(one)).map(names).collect();
        let whole = serving.iter().filter(stands).map(names).collect();
        let (mut queue, mut runs) = (Queue::new(), Vec::new());
        for (run, runner) in runners.into_iter().enumerate() {
            queue.push(runner.starts, run, Traffic::Starts);
            if let Some(at) = runner.limits.interrupt {
                queue.push(at, run, Traffic::Interrupt);
            }
            let told = Rehearsal {
                ending: None,
                timeline: Vec::new(),
                began: runner.starts,
                ended: began,
                calls: 0,
                looks: 0,
                spent: Spent::default(),
                lowest: Vec::new(),
                lowest_zone: Vec::new(),
            };
            runs.push(State { runner, wake: None, dead: false, fails: None, seen: None, told });
        }
        let (hourly, spent, lowest) = ((None, Price(0)), Spent::default(), Vec::new());
        let lowest_zone = Vec::new();
        Self {
            sim,
            runs,
            queue,
            watch,
            companion,
            desired,
            began,
            hourly,
            measured: None,
            served,
            spent,
            lowest,
            whole,
            lowest_zone,
        }
    }

    pub(super) fn run(&mut self) {
        self.measure();
        while let Some((at, run)) = self.queue.next() {
            if let Some(moment) = self.passes(run, at) {
                self.queue.push(moment, run, Traffic::Interrupt);
                continue;
            }
            let Some((at, run, traffic)) = self.queue.pop() else { break };
            let state = &self.runs[run];
            let end = self.began + state.runner.limits.longest;
            if at > end || (state.dead && !matches!(traffic, Traffic::Arrives(..))) {
                continue;
            }
            // Nobody listens while it sleeps; what it has sent before reaches the cloud all the same.
            let asleep = state.runner.asleep.filter(|(from, until)| *from <= at && at < *until);
            if let Some((_, until)) = asleep
                && !matches!(traffic, Traffic::Arrives(..) | Traffic::Looks(_))
            {
                if matches!(traffic, Traffic::Wake) {
                    self.runs[run].wake = Some(until);
                }
                self.queue.push(until, run, traffic);
                continue;
            }
            self.advance(at);
            self.deliver(run, traffic);
        }
    }

    /// Whoever goes along with a run lets time pass for it; what one that has ended had sent is not waited for.
    fn passes(&mut self, run: usize, at: Moment) -> Option<Moment> {
        let state = &self.runs[run];
        if state.dead || at > self.began + state.runner.limits.longest {
            return None;
        }
        let now = self.sim.now();
        self.companion.passes(self.sim, at, &state.runner.engine).map(|moment| moment.clamp(now, at.max(now)))
    }

    /// What a run came to.
    pub(super) fn told(&mut self, run: usize) -> Rehearsal<<S::Cloud as Cloud>::Action> {
        let (ended, spent, lowest) = (self.sim.now(), self.spent, self.lowest.clone());
        let told = &mut self.runs[run].told;
        (told.ended, told.spent, told.lowest) = (ended, spent, lowest);
        told.lowest_zone = self.lowest_zone.clone();
        told.clone()
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
        let change = Some(self.sim.changes());
        if self.hourly.0 != change {
            self.hourly = (change, S::Cloud::hourly(&self.desired, self.sim.truth()));
        }
        self.spent.add(self.hourly.1, to.since(self.sim.now()));
        self.sim.advance(to);
    }

    fn deliver(&mut self, run: usize, traffic: Traffic<S::Cloud>) {
        match traffic {
            Traffic::Starts => self.tell(run, Input::Woke),
            Traffic::Arrives(call, action, back, generation) => {
                (self.watch)(self.sim.now(), self.sim.truth(), Some(&action));
                let result = self.attempt(run, call, &action, generation);
                self.measure();
                let state = &mut self.runs[run];
                let kill = state.runner.limits.kill.filter(|kill| u64::from(kill.call) == call.0);
                if kill.is_some_and(|kill| kill.point == Point::AfterItsEffect) {
                    state.dead = true;
                }
                self.queue.push(back, run, Traffic::Replies(call, result, kill));
            }
            Traffic::Replies(call, result, kill) => {
                self.tell(run, Input::Replied(call, result));
                if kill.is_some_and(|kill| kill.point == Point::AfterItsReply) {
                    self.runs[run].dead = true;
                }
            }
            Traffic::Looks(began) => {
                let state = &mut self.runs[run];
                let seen = state.seen.filter(|_| state.runner.engine.has_plain_look());
                let look = self.sim.look(seen);
                match &look {
                    Ok(Look::New(_, known)) => state.seen = *known,
                    Ok(Look::Same) | Err(_) => {}
                }
                let half = Span(self.sim.latency().0 / 2);
                self.queue.push(self.sim.now() + half, run, Traffic::Seen(look, began));
            }
            Traffic::Seen(Ok(Look::Same), began) => self.tell(run, Input::Same(began)),
            Traffic::Seen(Ok(Look::New(world, _)), began) => self.tell(run, Input::Observed(world, began)),
            Traffic::Seen(Err(failure), _) => self.tell(run, Input::Blind(failure)),
            Traffic::Wake => {
                if self.runs[run].wake == Some(self.sim.now()) {
                    self.runs[run].wake = None;
                    self.tell(run, Input::Woke);
                }
            }
            Traffic::Interrupt => self.tell(run, Input::Interrupt),
        }
    }

    /// Carries out a call, unless it is the one that is to fail.
    fn attempt(
        &mut self,
        run: usize,
        call: CallId,
        action: &<S::Cloud as Cloud>::Action,
        generation: Option<u64>,
    ) -> Result<(), Failure> {
        let state = &mut self.runs[run];
        let Some(failing) = state.runner.limits.failing else { return self.sim.perform(action, generation) };
        if u64::from(failing.call) == call.0 {
            state.fails = Some((action.to_string(), failing.times));
        }
        match &mut state.fails {
            Some((says, left)) if *left > 0 && *says == action.to_string() => {
                *left -= 1;
                if failing.trouble == Trouble::Unknown {
                    self.sim.perform(action, generation)?;
                }
                Err(Failure::new(failing.trouble, "made to fail"))
            }
            _ => self.sim.perform(action, generation),
        }
    }

    fn tell(&mut self, run: usize, input: Input<S::Cloud>) {
        if self.runs[run].dead {
            return;
        }
        let now = self.sim.now();
        for output in self.runs[run].runner.engine.on(now, input) {
            self.carry_out(run, output, now);
        }
    }

    fn carry_out(&mut self, run: usize, output: Output<S::Cloud>, now: Moment) {
        let state = &mut self.runs[run];
        match output {
            Output::Observe => {
                state.told.looks += 1;
                let half = Span(self.sim.latency().0 / 2);
                self.queue.push(now + half, run, Traffic::Looks(now));
            }
            Output::Perform(call, action) => self.send(run, call, action, now),
            Output::Wake(at) => {
                if state.wake != Some(at) {
                    state.wake = Some(at);
                    self.queue.push(at, run, Traffic::Wake);
                }
            }
            Output::Tell(event) => {
                self.companion.told(now, &event);
                if state.runner.limits.timeline {
                    state.told.timeline.push((now, event));
                }
            }
            Output::End(ending) => {
                state.told.ending = Some(ending);
                state.dead = true;
            }
        }
    }

    fn send(&mut self, run: usize, call: CallId, action: <S::Cloud as Cloud>::Action, now: Moment) {
        let state = &mut self.runs[run];
        if state.dead && state.told.ending.is_none() {
            return;
        }
        let kill = state.runner.limits.kill.filter(|kill| u64::from(kill.call) == call.0);
        let point = kill.map(|kill| kill.point);
        if point == Some(Point::BeforeSending) {
            state.dead = true;
            return;
        }
        state.told.calls += 1;
        state.dead |= point == Some(Point::OnItsWay);
        let generation = state.runner.engine.generation();
        let latency = self.sim.latency();
        let arrives = Traffic::Arrives(call, Box::new(action), now + latency, generation);
        self.queue.push(now + Span(latency.0 / 2), run, arrives);
    }

    /// Keeps the lowest capacity of each service that was served when the first run began, or has been since.
    fn measure(&mut self) {
        let change = Some(self.sim.changes());
        if self.measured == change {
            return;
        }
        self.measured = change;
        let now = self.sim.now();
        (self.watch)(now, self.sim.truth(), None);
        for serving in S::Cloud::serving(&self.desired, self.sim.truth()) {
            if !self.served.contains(&serving.service) {
                if serving.is_enough() {
                    self.served.push(serving.service.clone());
                }
                continue;
            }
            if serving.zone_lost.is_some() {
                let known = self.whole.contains(&serving.service);
                if !known && serving.survives() {
                    self.whole.push(serving.service.clone());
                }
                if known || serving.survives() {
                    lower(&mut self.lowest_zone, now, &serving, |serving| serving.zone_lost);
                }
            }
            lower(&mut self.lowest, now, &serving, |serving| serving.permille);
        }
    }
}

/// Keeps what is lower than what was so far.
fn lower(lowest: &mut Vec<(Moment, Serving)>, now: Moment, serving: &Serving, by: fn(&Serving) -> Option<u64>) {
    match lowest.iter_mut().find(|(_, low)| low.service == serving.service) {
        None => lowest.push((now, serving.clone())),
        Some(low) if by(serving) < by(&low.1) => *low = (now, serving.clone()),
        Some(_) => {}
    }
}
