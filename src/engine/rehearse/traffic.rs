//! What is on its way between engines and a cloud, in the order of time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Kill;
use crate::cloud::sim::Look;
use crate::cloud::{Cloud, Failure};
use crate::engine::CallId;
use crate::units::Moment;

/// Something on its way.
pub(super) enum Traffic<C: Cloud> {
    /// A run starts.
    Starts,
    /// A call reaches the cloud; its reply is back then, and it bears that generation.
    Arrives(CallId, Box<C::Action>, Moment, Option<u64>),
    /// A reply reaches the engine.
    Replies(CallId, Result<(), Failure>, Option<Kill>),
    /// A look reaches the cloud.
    Looks(Moment),
    /// What was seen reaches the engine.
    Seen(Result<Look<C::World>, Failure>, Moment),
    /// The engine wanted to be woken.
    Wake,
    /// Somebody interrupts it.
    Interrupt,
}

/// Traffic by time; at the same moment, in the order in which it was sent.
pub(super) struct Queue<C: Cloud> {
    heap: BinaryHeap<Reverse<Entry<C>>>,
    count: u64,
}

struct Entry<C: Cloud> {
    at: Moment,
    number: u64,
    run: usize,
    traffic: Traffic<C>,
}

impl<C: Cloud> Queue<C> {
    pub(super) fn new() -> Self {
        Self { heap: BinaryHeap::new(), count: 0 }
    }

    pub(super) fn push(&mut self, at: Moment, run: usize, traffic: Traffic<C>) {
        self.heap.push(Reverse(Entry { at, number: self.count, run, traffic }));
        self.count += 1;
    }

    /// What comes next: when, and to which run.
    pub(super) fn next(&self) -> Option<(Moment, usize)> {
        self.heap.peek().map(|Reverse(entry)| (entry.at, entry.run))
    }

    pub(super) fn pop(&mut self) -> Option<(Moment, usize, Traffic<C>)> {
        self.heap.pop().map(|Reverse(entry)| (entry.at, entry.run, entry.traffic))
    }
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
