//! A cloud whose every answer is judged before anything is done of it.

use std::collections::BTreeSet;
use std::marker::PhantomData;

use rapplan::cloud::sim::{Look, Simulated};
use rapplan::cloud::step::Undo;
use rapplan::cloud::{Class, Cloud, Failure, Lease, LeaseChange, Next, Serving, Since};
use rapplan::units::{Moment, Price, Span};

use crate::support::{Act, Lab, Wanted, World};

/// The cloud of a lab. An answer that must not be given stops the test.
pub struct Judged<L>(PhantomData<L>);

impl<L: Lab> Cloud for Judged<L> {
    type Desired = Wanted<L>;
    type World = World<L>;
    type Action = Act<L>;
    type Fact = <L::Cloud as Cloud>::Fact;

    fn next(desired: &Wanted<L>, world: &World<L>, since: &Since<Self::Fact>, now: Moment) -> Next<Act<L>> {
        let next = L::Cloud::next(desired, world, since, now);
        if let Some(wrong) = judge::<L>(&next) {
            panic!("{now}: {wrong}");
        }
        next
    }

    fn retreat(desired: &Wanted<L>, world: &World<L>) -> Next<Act<L>> {
        let next = L::Cloud::retreat(desired, world);
        if let Some(wrong) = judge::<L>(&next) {
            panic!("{wrong}");
        }
        next
    }

    fn facts(world: &World<L>) -> Vec<Self::Fact> {
        L::Cloud::facts(world)
    }

    fn going_back(desired: Wanted<L>) -> Wanted<L> {
        L::Cloud::going_back(desired)
    }

    fn apply(world: &mut World<L>, action: &Act<L>, now: Moment) {
        L::Cloud::apply(world, action, now);
    }

    fn subject(action: &Act<L>) -> String {
        L::Cloud::subject(action)
    }

    fn class(action: &Act<L>) -> Class {
        L::Cloud::class(action)
    }

    fn serving(desired: &Wanted<L>, world: &World<L>) -> Vec<Serving> {
        L::Cloud::serving(desired, world)
    }

    fn hourly(desired: &Wanted<L>, world: &World<L>) -> Price {
        L::Cloud::hourly(desired, world)
    }

    fn lease(world: &World<L>) -> Option<&Lease> {
        L::Cloud::lease(world)
    }

    fn lease_action(change: LeaseChange) -> Act<L> {
        L::Cloud::lease_action(change)
    }

    fn is_lease(action: &Act<L>) -> bool {
        L::Cloud::is_lease(action)
    }
}

/// The same world, seen as that cloud.
pub struct JudgedSim<'a, L: Lab>(pub &'a mut L::Sim);

impl<L: Lab> Simulated for JudgedSim<'_, L> {
    type Cloud = Judged<L>;

    fn now(&self) -> Moment {
        self.0.now()
    }

    fn next_change(&self) -> Option<Moment> {
        self.0.next_change()
    }

    fn advance(&mut self, to: Moment) {
        self.0.advance(to);
    }

    fn truth(&self) -> &World<L> {
        self.0.truth()
    }

    fn look(&mut self, seen: Option<u64>) -> Result<Look<World<L>>, Failure> {
        self.0.look(seen)
    }

    fn changes(&self) -> u64 {
        self.0.changes()
    }

    fn perform(&mut self, action: &Act<L>, generation: Option<u64>) -> Result<(), Failure> {
        self.0.perform(action, generation)
    }

    fn latency(&mut self) -> Span {
        self.0.latency()
    }
}

/// What is wrong with an answer: an action without a reason or an undo, or two that conflict, which is to say that they change
/// one thing, or that one deletes what the other needs.
pub fn judge<L: Lab>(next: &Next<Act<L>>) -> Option<String> {
    let (mut subjects, mut deleted) = (BTreeSet::new(), BTreeSet::new());
    for step in &next.ready {
        let explained = match &step.undo {
            Undo::By(how) | Undo::Restore(how) => !how.is_empty(),
            Undo::Final => ["delete", "tag"].iter().any(|verb| step.action.to_string().starts_with(verb)),
        };
        if step.reason.is_empty() || !explained {
            return Some(format!("{} has no reason, or no undo and is not final", step.action));
        }
        let subject = L::Cloud::subject(&step.action);
        if let Some(address) = step.action.to_string().strip_prefix("delete ") {
            deleted.insert(address.replacen("group ", "group/", 1).replacen("machine ", "machine/", 1));
        }
        if !subjects.insert(subject) {
            return Some(format!("`{}` and another one of the same thing at once", step.action));
        }
    }
    if deleted.is_empty() {
        return None;
    }
    let needs = |step: &&rapplan::cloud::Step<Act<L>>| L::uses(&step.action).iter().any(|used| deleted.contains(used));
    let step = next.ready.iter().find(needs)?;
    Some(format!("`{}`, which needs what is deleted at once", step.action))
}
