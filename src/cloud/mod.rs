//! What any cloud must tell so that the engine can drive it: what can be observed, what can be done, and what is next.
//!
//! Each cloud has a folder: `world` (what is observed), `action` (what can be done), `desired` (what is wanted), `reconcile`
//! (the pure `next`), `sim` (a simulated world). Everything here is pure; what talks to a cloud's interface lives beside the
//! engine's drivers and adds nothing to the decisions.

pub mod aws;
pub mod bucket;
mod changes;
pub mod cidr;
mod desire;
pub mod failure;
pub mod gcp;
pub mod image;
pub mod incident;
pub mod lease;
pub mod load;
pub mod machine;
pub mod names;
pub mod resource;
pub mod serving;
pub mod shown;
pub mod sim;
pub mod since;
pub mod step;

use std::fmt::{Debug, Display};

pub use failure::{Failure, Trouble};
pub use lease::{Lease, LeaseChange};
pub use serving::Serving;
pub use since::Since;
pub use step::{Next, Refusal, Step, Undo, Waiting};

use crate::units::{Moment, Price};

/// A cloud, as types and pure functions.
pub trait Cloud: Sized + 'static {
    /// The complete wanted state.
    type Desired: Clone + Debug;
    /// What was observed.
    type World: Clone + Debug;
    /// One call that changes something.
    type Action: Clone + Debug + Display + PartialEq;
    /// Something that must hold for a while before it counts, such as health.
    type Fact: Clone + Debug + Ord;

    /// What holds in this world.
    fn facts(world: &Self::World) -> Vec<Self::Fact>;

    /// The actions that may run now, each with its reason, and what the others wait for.
    ///
    /// The same function applies, resumes, rolls back and destroys: only the desired or the observed state differs.
    fn next(desired: &Self::Desired, world: &Self::World, since: &Since<Self::Fact>, now: Moment)
    -> Next<Self::Action>;

    /// What must still be done so that a run can stop here without harm; nothing when it can.
    fn retreat(desired: &Self::Desired, world: &Self::World) -> Next<Self::Action>;

    /// The same wanted state, for going back to it: what holds up a release, such as steps, bakes and alarms, does not hold
    /// up the way back, and what was agreed to on the way there is agreed to.
    #[must_use]
    fn going_back(desired: Self::Desired) -> Self::Desired;

    /// What an action changes at once, where its reply tells that it was done. What takes time shows when it is observed.
    fn apply(world: &mut Self::World, action: &Self::Action, now: Moment);

    /// What an action changes: while one is on its way, no other of the same subject is sent.
    fn subject(action: &Self::Action) -> String;

    /// Which limit of calls a second an action counts against.
    fn class(action: &Self::Action) -> Class;

    /// What each service bears beside what it must, as traffic is shared now.
    fn serving(desired: &Self::Desired, world: &Self::World) -> Vec<Serving>;

    /// What all machines cost an hour, at list prices; 0 for those without a known price.
    fn hourly(desired: &Self::Desired, world: &Self::World) -> Price;

    /// Who works on this deployment.
    fn lease(world: &Self::World) -> Option<&Lease>;

    /// The action that takes, renews or gives back the lease.
    fn lease_action(change: LeaseChange) -> Self::Action;

    /// Whether an action is about the lease, and so changes nothing of the deployment.
    fn is_lease(action: &Self::Action) -> bool;
}

/// A limit of calls a second that some actions share, as the provider counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Class {
    /// Its name: `ec2-mutating`.
    pub name: &'static str,
    /// Calls that may be made at once.
    pub burst: u32,
    /// Calls that are allowed anew each second, in thousandths.
    pub per_second_milli: u32,
}
