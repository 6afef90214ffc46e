//! What any simulated cloud can do: a world with a clock of its own, in which faults happen as a seed has it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use serde::{Deserialize, Serialize};

use super::{Cloud, Failure};
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

    /// The world as a look at it tells, which may lag behind.
    ///
    /// # Errors
    /// A fault that is injected.
    fn observe(&mut self) -> Result<<Self::Cloud as Cloud>::World, Failure>;

    /// Carries out a call of a run; the effect comes about in it, unless the error says that it did not.
    ///
    /// # Errors
    /// What the cloud refuses, and faults that are injected.
    fn perform(&mut self, action: &<Self::Cloud as Cloud>::Action, generation: Option<u64>) -> Result<(), Failure>;

    /// How long the next call takes until its reply is back.
    fn latency(&mut self) -> Span;
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
    /// How far a look can lag behind.
    #[serde(with = "millis")]
    pub lag: Span,
}
