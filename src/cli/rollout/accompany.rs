//! Goes along with a run: tells what happens as it happens, lets real time pass, keeps the world, hears Ctrl-C.

use super::carry_out::Out;
use super::events;
use super::pace::Pace;
use super::store::Store;
use super::{ActionOf, clock};
use crate::cli::clock::Stopwatch;
use crate::cli::interrupt::Interrupts;
use crate::cli::view::Format;
use crate::cloud::shown::Playable;
use crate::engine::{Companion, Engine, Event};
use crate::error::{Error, Result};
use crate::units::{Moment, Span};
use std::time::Duration;

/// How often what is waited for is drawn anew.
const FRAME: Duration = Duration::from_millis(100);

/// Goes along with one run.
pub struct Accompany<'a> {
    out: &'a Out<'a>,
    store: &'a Store,
    began: Moment,
    pace: Option<Pace>,
    interrupts: Interrupts,
    watch: Stopwatch,
    /// The change of the world that was kept last.
    kept: Option<u64>,
    /// What went wrong first with telling and keeping; the run itself goes on.
    trouble: Option<Error>,
}

impl<'a> Accompany<'a> {
    /// From the beginning of a run on.
    pub fn new(out: &'a Out<'a>, store: &'a Store, began: Moment, pace: Option<Pace>) -> Self {
        let (interrupts, watch) = (Interrupts::listen(), Stopwatch::start());
        Self { out, store, began, pace, interrupts, watch, kept: None, trouble: None }
    }

    /// The run is over; what went wrong with telling and keeping is told now.
    ///
    /// # Errors
    /// `E0501`, where the terminal or the folder could not be written.
    pub fn end(self) -> Result<()> {
        self.out.context.ui.live(&[]);
        self.trouble.map_or(Ok(()), Err)
    }

    /// Whether what is waited for is drawn at the end of the screen, and not line by line.
    fn is_live(&self) -> bool {
        self.pace.is_some() && self.out.format == Format::Table && self.out.context.ui.is_live()
    }

    fn note(&mut self, result: Result<()>) {
        if let Err(error) = result {
            self.trouble.get_or_insert(error);
        }
    }

    /// What a `kill -9` would leave is what is there now.
    fn keep<S: Playable>(&mut self, sim: &S) {
        if self.kept != Some(sim.changes()) {
            self.kept = Some(sim.changes());
            let kept = self.store.keep_world(sim);
            self.note(kept);
        }
    }

    fn draw<S: Playable>(&self, engine: &Engine<S::Cloud>, now: Moment) {
        if !self.is_live() {
            return;
        }
        let waits = engine.waiting().filter(|waiting| !waiting.is_order);
        let mut lines: Vec<String> = waits.map(|one| format!("  {}", events::waits(self.began, one))).collect();
        lines.insert(0, format!("{} ...", clock(now.since(self.began))));
        self.out.context.ui.live(&lines);
    }
}

impl<S: Playable> Companion<S> for Accompany<'_> {
    fn passes(&mut self, sim: &S, next: Moment, engine: &Engine<S::Cloud>) -> Option<Moment> {
        let Some(pace) = self.pace else { return self.interrupts.any().then(|| sim.now()) };
        self.keep(sim);
        let until = pace.real(next.since(self.began));
        loop {
            let passed = self.watch.elapsed();
            let now = self.began + pace.simulated(passed);
            let left = until.saturating_sub(passed);
            let interrupted =
                if left.is_zero() { self.interrupts.any() } else { self.interrupts.wait(left.min(FRAME)) };
            if interrupted {
                return Some(now.min(next));
            }
            if left.is_zero() {
                return None;
            }
            self.draw::<S>(engine, now.min(next));
        }
    }

    fn told(&mut self, at: Moment, event: &Event<ActionOf<S>>) {
        if matches!(event, Event::Waits(_)) && self.is_live() {
            return;
        }
        let told = self.out.event::<S::Cloud>(self.began, at, event);
        self.note(told);
    }
}

/// A span as the flag `--lock-wait` takes it: whole minutes, and no less than it is.
pub fn minutes(span: Span) -> String {
    format!("{}m", span.0.div_ceil(60_000).max(1))
}
