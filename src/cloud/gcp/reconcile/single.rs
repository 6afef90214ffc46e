//! A service on one machine with data, replaced with its disk and its address.

use super::{Fact, template_name};
use crate::cloud::gcp::desired::Single;
use crate::cloud::gcp::{Action, Desired, World};
use crate::cloud::machine::{self, Did, Now};
use crate::cloud::{Next, Since};
use crate::units::{Moment, Span};

/// What is next for a single machine.
pub(super) fn single(
    desired: &Desired,
    service: &str,
    single: &Single,
    world: &World,
    since: &Since<Fact>,
    now: Moment,
) -> Next<Action> {
    let silent = |machine: &str, volume: &Option<String>, lasting: Span| {
        since.has_held(&Fact::Silent { machine: machine.to_owned(), volume: volume.clone() }, lasting, now)
    };
    let seen = Now {
        tags: &desired.tags,
        allow_data_loss: desired.allow_data_loss,
        machines: &world.machines,
        resources: &world.resources,
        silent: &silent,
    };
    let name = template_name(&desired.deployment, service, &single.version);
    machine::next(&seen, service, single, &name).map(|did| match did {
        Did::Resource(change) => Action::Resource(change),
        Did::Machine(call) => Action::Machine(call),
    })
}
