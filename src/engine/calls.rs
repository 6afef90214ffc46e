//! Calls on their way, those that must wait, and how many may be sent.

use std::collections::BTreeMap;

use super::{CallId, Policy};
use crate::chance::Chance;
use crate::cloud::{Class, Cloud};
use crate::units::{Moment, Span};

/// Calls on their way and calls that failed.
#[derive(Debug)]
pub(super) struct Calls<C: Cloud> {
    under_way: BTreeMap<CallId, Call<C::Action>>,
    /// Subjects whose last call failed, and when the next may be sent.
    resting: BTreeMap<String, Rest>,
    buckets: BTreeMap<&'static str, Bucket>,
    next: u64,
    chance: Chance,
}

#[derive(Debug)]
struct Call<A> {
    action: A,
    subject: String,
    sent: Moment,
}

#[derive(Debug, Clone, Copy)]
struct Rest {
    tries: u32,
    until: Moment,
}

/// Calls of one class that may still be sent, in thousandths (a token bucket, as the providers count).
#[derive(Debug, Clone, Copy)]
struct Bucket {
    milli: u64,
    at: Moment,
}

impl<C: Cloud> Calls<C> {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            under_way: BTreeMap::new(),
            resting: BTreeMap::new(),
            buckets: BTreeMap::new(),
            next: 0,
            chance: Chance::new(seed),
        }
    }

    pub(super) fn under_way(&self) -> usize {
        self.under_way.len()
    }

    /// Whether a call of this subject may be sent now; if not, when it may, where time alone decides.
    pub(super) fn may(&mut self, subject: &str, class: Class, now: Moment) -> Result<(), Option<Moment>> {
        if self.under_way.values().any(|call| call.subject == subject) {
            return Err(None);
        }
        if let Some(rest) = self.resting.get(subject).filter(|rest| rest.until > now) {
            return Err(Some(rest.until));
        }
        let bucket = self.bucket(class, now);
        if bucket.milli < 1000 {
            let missing = (1000 - bucket.milli).saturating_mul(1000);
            return Err(Some(now + Span(missing.div_ceil(u64::from(class.per_second_milli.max(1))))));
        }
        Ok(())
    }

    /// Takes a call on its way.
    pub(super) fn send(&mut self, action: C::Action, now: Moment) -> CallId {
        let class = C::class(&action);
        let left = self.bucket(class, now);
        self.buckets.insert(class.name, Bucket { milli: left.milli.saturating_sub(1000), at: now });
        let id = CallId(self.next);
        self.next += 1;
        let subject = C::subject(&action);
        self.under_way.insert(id, Call { action, subject, sent: now });
        id
    }

    fn bucket(&self, class: Class, now: Moment) -> Bucket {
        let full = u64::from(class.burst) * 1000;
        let known = self.buckets.get(class.name).copied().unwrap_or(Bucket { milli: full, at: now });
        let more = now.since(known.at).0.saturating_mul(class.per_second_milli.into()) / 1000;
        Bucket { milli: known.milli.saturating_add(more).min(full), at: now }
    }

    /// A call came back: what it was and when it was sent; `None` when no such call is known.
    pub(super) fn back(&mut self, id: CallId) -> Option<(C::Action, Moment)> {
        self.under_way.remove(&id).map(|call| (call.action, call.sent))
    }

    pub(super) fn succeeded(&mut self, subject: &str) {
        self.resting.remove(subject);
    }

    /// A call of a subject failed: how often in a row now, and when the next may be sent.
    pub(super) fn failed(&mut self, subject: &str, policy: &Policy, now: Moment) -> (u32, Moment) {
        let tries = self.resting.get(subject).map_or(0, |rest| rest.tries) + 1;
        let until = now + self.backoff(policy, tries);
        self.resting.insert(subject.to_owned(), Rest { tries, until });
        (tries, until)
    }

    /// How long to wait after so many failures in a row.
    pub(super) fn backoff(&mut self, policy: &Policy, tries: u32) -> Span {
        policy.backoff(tries, &mut self.chance)
    }
}
