//! The autoscaler may make the group larger only while a release runs, and what it did before is put back.

use crate::cloud::Next;
use crate::cloud::gcp::Action;
use crate::cloud::gcp::desired::Fleet;
use crate::cloud::gcp::world::{Group, Mode};
use crate::cloud::step::{Invariant, Undo};

/// Whether the autoscaler is held; there may be none.
pub(super) fn hold(name: &str, group: &Group, next: &mut Next<Action>) -> bool {
    let Some(scaler) = group.autoscaler.as_ref().filter(|scaler| scaler.mode == Mode::On) else { return true };
    let patch = Action::PatchAutoscaler {
        group: name.to_owned(),
        mode: Mode::OnlyScaleOut,
        restore: Some(scaler.mode),
        min: scaler.min,
        max: scaler.max,
        cpu_percent: scaler.cpu_percent,
    };
    let reason = "the group must not shrink while versions change; it may still grow";
    next.act(patch, reason, Invariant::OldStaysWhole, Undo::Restore("what is recorded with the autoscaler".into()));
    false
}

/// Gives the group, once it runs the wanted version, its own size and its autoscaler as they are wanted.
pub(super) fn release(name: &str, fleet: &Fleet, group: &Group, next: &mut Next<Action>) {
    let least = fleet.load.needed().max(fleet.min);
    let max = fleet.max.max(least);
    let cpu_percent = fleet.cpu_percent;
    let group_name = || name.to_owned();
    match (&group.autoscaler, fleet.scales) {
        (None, true) => {
            let create = Action::CreateAutoscaler { group: group_name(), min: least, max, cpu_percent };
            next.act(
                create,
                "it follows the load by itself",
                Invariant::Capacity,
                Undo::By("deleted with the group".into()),
            );
        }
        (Some(scaler), true)
            if (scaler.mode, scaler.min, scaler.max, scaler.cpu_percent) != (Mode::On, least, max, cpu_percent)
                || scaler.restore.is_some() =>
        {
            let (mode, restore, min) = (Mode::On, None, least);
            let patch = Action::PatchAutoscaler { group: group_name(), mode, restore, min, max, cpu_percent };
            next.act(patch, "the release that held it is over", Invariant::Restored, Undo::By("held again".into()));
        }
        (Some(scaler), false) if scaler.mode != Mode::Off => {
            let (mode, restore, min) = (Mode::Off, None, least);
            let patch = Action::PatchAutoscaler { group: group_name(), mode, restore, min, max, cpu_percent };
            next.act(patch, "the service has a fixed size", Invariant::Capacity, Undo::By("switched on again".into()));
        }
        (None, false) | (Some(_), false) if group.target_size != least => {
            let resize = Action::Resize { group: group_name(), size: least };
            next.act(resize, "the size is the one that is wanted", Invariant::Capacity, Undo::By("sized anew".into()));
        }
        _ => {}
    }
}
