//! One turn: from what is known, what is to be done now.

use std::collections::BTreeMap;

use super::{Ending, Engine, Event, Output, Stop};
use crate::cloud::step::{Invariant, Step, Undo};
use crate::cloud::{Cloud, Failure, Lease, LeaseChange, Next, Refusal, Trouble};
use crate::units::Moment;

impl<C: Cloud> Engine<C> {
    pub(super) fn turn(&mut self, now: Moment, out: &mut Vec<Output<C>>) {
        if self.world.is_some() && self.has_lease(now, out) && !self.ended {
            match self.quiet.filter(|until| now < *until) {
                Some(until) => self.looks.due = self.looks.due.min(until),
                None => self.act(now, out),
            }
        }
        if self.ended {
            return;
        }
        if !self.looks.under_way && self.looks.due <= now {
            self.looks.under_way = true;
            self.looks.due = now + self.policy.poll;
            out.push(Output::Observe);
        }
        // While a look is on its way, it is what comes next.
        if self.looks.due > now {
            out.push(Output::Wake(self.looks.due));
        }
    }

    /// Whether this run may change anything; takes or renews the lease where it must.
    fn has_lease(&mut self, now: Moment, out: &mut Vec<Output<C>>) -> bool {
        let held = self.world.as_ref().and_then(|world| C::lease(world));
        // The usual case, without a copy: it is held, and not about to run out.
        if let (Some(ours), Some(lease)) = (self.generation, held)
            && ours == lease.generation
            && lease.owner == self.run.owner
            && lease.expires.since(now).0 >= self.policy.lease.0 / 2
        {
            return true;
        }
        let held = held.cloned();
        let newest = held.as_ref().map_or(0, |lease| lease.generation);
        match (self.generation, held) {
            (Some(ours), _) if newest > ours => {
                self.end(Ending::Fenced, out);
                false
            }
            (Some(ours), Some(lease)) if newest == ours && lease.owner == self.run.owner => {
                let half = lease.expires.since(now).0 < self.policy.lease.0 / 2;
                if half {
                    self.take(ours, lease.since, now, out);
                }
                lease.holds(now)
            }
            (None, Some(lease)) if lease.holds(now) && !self.is_ours(&lease) => {
                self.wait_for(lease, now, out);
                false
            }
            // What was taken must be seen before anything rests on it: two runs may have taken it at once.
            (None, Some(lease)) if lease.holds(now) && self.is_ours(&lease) && self.has_looked() => {
                self.generation = Some(lease.generation);
                out.push(Output::Tell(Event::Leased(lease)));
                true
            }
            (None, Some(lease)) if lease.holds(now) && self.is_ours(&lease) => {
                self.looks.due = self.looks.due.min(now);
                false
            }
            (ours, _) => {
                self.take(ours.unwrap_or(newest + 1), now, now, out);
                false
            }
        }
    }

    fn is_ours(&self, lease: &Lease) -> bool {
        lease.owner == self.run.owner
    }

    /// Whether a look that began after the last change was answered.
    fn has_looked(&self) -> bool {
        self.looks.last.is_some_and(|began| began >= self.looks.changed)
    }

    fn take(&mut self, generation: u64, since: Moment, now: Moment, out: &mut Vec<Output<C>>) {
        let lease = Lease {
            owner: self.run.owner.clone(),
            command: self.run.command.clone(),
            generation,
            since,
            expires: now + self.policy.lease,
        };
        let step = Step {
            action: C::lease_action(LeaseChange::Take(lease)),
            reason: "one run works on a deployment at a time".into(),
            guards: Invariant::OneWriter,
            undo: Undo::By("given back at the end".into()),
        };
        // One that is on its way already, or must wait, is taken up by a later turn.
        let _later = self.send(step, now, out);
    }

    /// Waits from when the lease was first seen in other hands, however long it had been there.
    fn wait_for(&mut self, lease: Lease, now: Moment, out: &mut Vec<Output<C>>) {
        let since = self.held_by.as_ref().map_or(now, |(_, since)| *since);
        if now.since(since) >= self.policy.lease_wait {
            self.end(Ending::Locked(lease), out);
            return;
        }
        if self.held_by.as_ref().is_none_or(|(known, _)| *known != lease) {
            self.held_by = Some((lease.clone(), since));
            out.push(Output::Tell(Event::Held(lease)));
        }
    }

    fn act(&mut self, now: Moment, out: &mut Vec<Output<C>>) {
        let Some(world) = &self.world else { return };
        self.since.take_turns();
        let next = match self.stop {
            Stop::No => C::next(&self.desired, world, &self.since, now),
            Stop::Soon => C::retreat(&self.desired, world),
        };
        if let Some(refusal) = self.refusal(&next) {
            self.refused(refusal, now, out);
            return;
        }
        let mut earliest: Option<Moment> = next.waiting.iter().filter_map(|waiting| waiting.until).min();
        let turns = self.since.take_turns();
        let idle = next.ready.is_empty() && next.waiting.is_empty();
        for step in next.ready {
            if self.calls.under_way() >= self.policy.parallel {
                break;
            }
            if let Err(Some(later)) = self.send(step, now, out) {
                earliest = Some(earliest.map_or(later, |known| known.min(later)));
            }
        }
        self.tell_waiting(next.waiting, out);
        if let Some(earliest) = earliest {
            self.looks.due = self.looks.due.min(earliest.max(now + crate::units::Span(1)));
        }
        if idle && self.calls.under_way() == 0 {
            self.conclude(now, out);
        } else if self.calls.under_way() == 0 && self.has_looked() {
            // The same world gives the same answer until time alone turns it.
            self.quiet = [earliest, turns].into_iter().flatten().min().or(Some(Moment(u64::MAX)));
        }
    }

    /// What stands in the way: at once when it failed, else only when there is nothing else to do.
    fn refusal(&self, next: &Next<C::Action>) -> Option<Refusal> {
        let failed = next.refused.iter().find(|refusal| refusal.failed);
        let stuck = next.ready.is_empty() && next.waiting.is_empty() && self.calls.under_way() == 0;
        failed.or_else(|| next.refused.first().filter(|_| stuck && self.has_looked())).cloned()
    }

    fn refused(&mut self, refusal: Refusal, now: Moment, out: &mut Vec<Output<C>>) {
        let why = format!("{}: {}", refusal.subject, refusal.why);
        if refusal.failed
            && self.rolled_back.is_none()
            && self.policy.rolls_back
            && let Some(former) = self.fallback.take()
        {
            out.push(Output::Tell(Event::RollingBack { why: why.clone() }));
            self.desired = C::going_back(former);
            self.rolled_back = Some(why);
            self.act(now, out);
            return;
        }
        let ways_out = refusal.ways_out;
        if let Some(first) = self.rolled_back.take() {
            let why = format!("{first}; and going back has come to a stop: {why}");
            self.finish(Ending::Failed { why, ways_out }, now, out);
            return;
        }
        self.finish(
            if refusal.failed { Ending::Failed { why, ways_out } } else { Ending::Refused { why, ways_out } },
            now,
            out,
        );
    }

    /// A call failed for good.
    pub(super) fn gave_up(&mut self, failure: Failure, out: &mut Vec<Output<C>>) {
        if failure.trouble == Trouble::Fenced {
            self.end(Ending::Fenced, out);
            return;
        }
        self.end(Ending::Failed { why: failure.to_string(), ways_out: Vec::new() }, out);
    }

    /// Sends a call when it may be sent; if not, when it may, where time alone decides.
    fn send(&mut self, step: Step<C::Action>, now: Moment, out: &mut Vec<Output<C>>) -> Result<(), Option<Moment>> {
        self.calls.may(&C::subject(&step.action), C::class(&step.action), now)?;
        let id = self.calls.send(step.action.clone(), now);
        let Step { action, reason, guards, undo } = step;
        out.push(Output::Tell(Event::Sent { action: action.clone(), reason, guards, undo }));
        out.push(Output::Perform(id, action));
        Ok(())
    }

    /// Tells what is waited for, where that is new or has come further.
    fn tell_waiting(&mut self, waiting: Vec<crate::cloud::Waiting>, out: &mut Vec<Output<C>>) {
        let now: BTreeMap<String, _> = waiting.into_iter().map(|one| (one.subject.clone(), one)).collect();
        for (subject, one) in &now {
            if self.waiting.get(subject) != Some(one) {
                out.push(Output::Tell(Event::Waits(one.clone())));
            }
        }
        self.waiting = now;
    }

    /// Nothing is left to do, as far as is known: ends once a look has confirmed it.
    fn conclude(&mut self, now: Moment, out: &mut Vec<Output<C>>) {
        if !self.has_looked() {
            self.looks.due = self.looks.due.min(now);
            return;
        }
        let ending = match (self.stop, self.rolled_back.take()) {
            (Stop::Soon, _) => Ending::Stopped { safe: true },
            (Stop::No, Some(why)) => Ending::RolledBack { why },
            (Stop::No, None) => Ending::Converged { changed: self.has_changed },
        };
        self.finish(ending, now, out);
    }

    /// Gives the lease back and ends.
    fn finish(&mut self, ending: Ending, now: Moment, out: &mut Vec<Output<C>>) {
        if let Some(generation) = self.generation {
            let release = C::lease_action(LeaseChange::Release { generation });
            let id = self.calls.send(release.clone(), now);
            out.push(Output::Perform(id, release));
        }
        self.end(ending, out);
    }
}
