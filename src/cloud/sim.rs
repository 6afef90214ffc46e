//! What any simulated cloud can do: a world with a clock of its own, in which faults happen as a seed has it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use serde::{Deserialize, Serialize};

use super::{Cloud, Failure};
use crate::chance::Chance;
use crate::units::{Moment, Span, millis};

/// A simulated cloud.
pub trait Simulated {
    /// The cloud that it stands for.
    type Cloud: Cloud;

    /// Its clock.
    fn now(&self) -> Moment;

    /// When something happens next by itself.
    fn next_change(&self) -> Option<Moment>;

    /// Lets time pass, and what happens in it happen.
    fn advance(&mut self, to: Moment);

    /// The world as it is.
    fn truth(&self) -> &<Self::Cloud as Cloud>::World;

    /// The world as a look at it tells, which may lag behind. One that shows nothing new is told as such: `seen` is what the
    /// last one came with.
    ///
    /// # Errors
    /// A fault that is injected.
    fn look(&mut self, seen: Option<u64>) -> Result<Look<<Self::Cloud as Cloud>::World>, Failure>;

    /// Raised by every change of the world: where it is the same, so is the world.
    fn changes(&self) -> u64;

    /// Carries out a call of a run; the effect comes about in it, unless the error says that it did not.
    ///
    /// # Errors
    /// What the cloud refuses, and faults that are injected.
    fn perform(&mut self, action: &<Self::Cloud as Cloud>::Action, generation: Option<u64>) -> Result<(), Failure>;

    /// How long the next call takes until its reply is back.
    fn latency(&mut self) -> Span;
}

/// What a look shows.
#[derive(Debug, Clone)]
pub enum Look<W> {
    /// What the last one showed.
    Same,
    /// The world, and by what it is known again; `None` for one of a while ago.
    New(Box<W>, Option<u64>),
}

/// What is going to happen, in the order of time and, at the same moment, in the order in which it was planned.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Agenda<E> {
    heap: BinaryHeap<Reverse<Entry<E>>>,
    count: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Entry<E> {
    at: Moment,
    number: u64,
    event: E,
}

impl<E> PartialEq for Entry<E> {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.number) == (other.at, other.number)
    }
}

impl<E> Eq for Entry<E> {}

impl<E> PartialOrd for Entry<E> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<E> Ord for Entry<E> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.number).cmp(&(other.at, other.number))
    }
}

impl<E> Default for Agenda<E> {
    fn default() -> Self {
        Self { heap: BinaryHeap::new(), count: 0 }
    }
}

impl<E> Agenda<E> {
    /// Plans something.
    pub fn plan(&mut self, at: Moment, event: E) {
        self.heap.push(Reverse(Entry { at, number: self.count, event }));
        self.count += 1;
    }

    /// Gives up what was planned and is not like this.
    pub fn retain(&mut self, keep: impl Fn(&E) -> bool) {
        self.heap.retain(|Reverse(entry)| keep(&entry.event));
    }

    /// When the next thing happens.
    pub fn next(&self) -> Option<Moment> {
        self.heap.peek().map(|entry| entry.0.at)
    }

    /// Takes the next thing that happens no later than a moment.
    pub fn take(&mut self, until: Moment) -> Option<(Moment, E)> {
        if self.next()? > until {
            return None;
        }
        self.heap.pop().map(|entry| (entry.0.at, entry.0.event))
    }
}

/// What a simulated world was a while ago, and how often it has changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Past<W> {
    changes: u64,
    worlds: Vec<(Moment, W)>,
}

impl<W> Default for Past<W> {
    fn default() -> Self {
        Self { changes: 0, worlds: Vec::new() }
    }
}

impl<W: Clone> Past<W> {
    /// How often the world has changed.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// Takes note of a change; what was is kept as long as a look can lag behind.
    pub fn changed(&mut self, world: &W, now: Moment, faults: &Faults) {
        self.changes += 1;
        if faults.stale > 0 {
            // The last world before the time that a look can lag behind was still so when that time began.
            let kept = self.worlds.iter().rposition(|(at, _)| *at + faults.lag <= now).unwrap_or(0);
            self.worlds.drain(..kept);
            self.worlds.push((now, world.clone()));
        }
    }

    /// What a look shows: the world, or what it was a while ago.
    pub fn look(&self, world: &W, seen: Option<u64>, now: Moment, faults: &Faults, chance: &mut Chance) -> Look<W> {
        if chance.happens(faults.stale) && !self.worlds.is_empty() {
            // What had changed before the time that a look can lag behind is seen by every look.
            let first = self.worlds.iter().rposition(|(at, _)| *at + faults.lag <= now).unwrap_or(0);
            let recent = self.worlds.get(first..).unwrap_or_default();
            let at = usize::try_from(chance.below(u64::try_from(recent.len()).unwrap_or_default()));
            if let Some((_, world)) = at.ok().and_then(|at| recent.get(at)) {
                return Look::New(Box::new(world.clone()), None);
            }
        }
        match seen == Some(self.changes) {
            true => Look::Same,
            false => Look::New(Box::new(world.clone()), Some(self.changes)),
        }
    }
}

/// How often what goes wrong, in cases of a million calls.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Faults {
    /// A call is refused because there were too many.
    pub throttled: u32,
    /// A call fails on the provider's side, without effect.
    pub unavailable: u32,
    /// A call has its effect, and its reply is lost.
    pub lost: u32,
    /// A look shows what was a while ago.
    pub stale: u32,
    /// An instance never becomes healthy.
    pub unhealthy: u32,
    /// An instance that was healthy stops answering some time later, for some time.
    pub sick: u32,
    /// What an instance waits for before it goes into service never comes.
    pub hangs: u32,
    /// How far a look can lag behind.
    #[serde(with = "millis")]
    pub lag: Span,
}
