//! The old group is held at its size while a release runs, and what was changed for that is put back.

use std::collections::{BTreeMap, BTreeSet};

use super::view::View;
use crate::cloud::Next;
use crate::cloud::aws::Action;
use crate::cloud::aws::world::{Group, Process};
use crate::cloud::names::{RESTORE_MIN, RESTORE_PROCESSES};
use crate::cloud::step::{Invariant, Undo};

/// What a group must not do while a release counts on its size. It may still grow: that is not suspended.
const HELD: [Process; 2] = [Process::AzRebalance, Process::ScheduledActions];

/// Holds every other group that gets requests; whether all of them are held.
pub(super) fn hold(view: &View<'_>, next: &mut Next<Action>) -> bool {
    let mut all = true;
    for part in view.live() {
        all &= hold_one(part.name, part.group, next);
    }
    all
}

fn hold_one(name: &str, group: &Group, next: &mut Next<Action>) -> bool {
    let suspended: BTreeSet<Process> = HELD.into_iter().filter(|process| !group.suspended.contains(process)).collect();
    let low = group.min < group.desired;
    let marked = group.tags.contains_key(RESTORE_MIN);
    if !marked && (low || !suspended.is_empty()) {
        let by_release = suspended.iter().map(|process| format!("{process:?}")).collect::<Vec<_>>().join(" ");
        let set = BTreeMap::from([
            (RESTORE_MIN.to_owned(), group.min.to_string()),
            (RESTORE_PROCESSES.to_owned(), by_release),
        ]);
        let tag = Action::TagGroup { group: name.to_owned(), set, remove: BTreeSet::new() };
        let reason = "what is changed for the release is recorded on the group first";
        next.act(tag, reason, Invariant::Restored, Undo::By("removed when the former sizes are back".into()));
        return false;
    }
    if low {
        let resize = Action::Resize { group: name.to_owned(), min: group.desired, max: group.max, desired: None };
        let reason = "the old version must not shrink while the new one boots; it may still grow";
        next.act(resize, reason, Invariant::OldStaysWhole, Undo::Restore(RESTORE_MIN.into()));
        return false;
    }
    if !suspended.is_empty() {
        let suspend = Action::Suspend { group: name.to_owned(), processes: suspended };
        let reason = "rebalancing and schedules would take instances away in the middle of the release";
        next.act(suspend, reason, Invariant::OldStaysWhole, Undo::Restore(RESTORE_PROCESSES.into()));
        return false;
    }
    true
}

/// Gives the wanted group, once it has all requests, its own sizes and policies, and puts back what a release held.
pub(super) fn release(view: &View<'_>, group: &Group, next: &mut Next<Action>) {
    let name = &view.name;
    let size = view.fleet.size;
    let by_release = group.tags.get(RESTORE_PROCESSES);
    let words = || by_release.into_iter().flat_map(|text| text.split_whitespace());
    let resumed: BTreeSet<Process> =
        HELD.into_iter().filter(|process| words().any(|word| word == format!("{process:?}"))).collect();
    let resumed: BTreeSet<Process> = resumed.intersection(&group.suspended).copied().collect();
    if !resumed.is_empty() {
        let resume = Action::Resume { group: name.clone(), processes: resumed };
        next.act(
            resume,
            "the release that suspended it is over",
            Invariant::Restored,
            Undo::By("suspended again".into()),
        );
        return;
    }
    if size.scaling != group.scaling {
        let policy = Action::PutPolicy { group: name.clone(), scaling: size.scaling };
        let reason = match size.scaling {
            Some(_) => "all requests go to it, and it follows their number by itself",
            None => "it has the size that is wanted, whatever the load is",
        };
        next.act(policy, reason, Invariant::Capacity, Undo::By("deleted with the group".into()));
        return;
    }
    let min = view.least();
    let max = size.max.max(min);
    // A group that scales keeps the size it has found; the others are set to what is wanted.
    let desired = size.scaling.is_none().then_some(min);
    let sized = desired.is_none_or(|desired| desired == group.desired);
    if (group.min, group.max) != (min, max) || !sized {
        let resize = Action::Resize { group: name.clone(), min, max, desired };
        let reason = "other sizes are wanted than it has";
        next.act(resize, reason, Invariant::Capacity, Undo::By("sized anew when others are wanted".into()));
        return;
    }
    let marks: BTreeSet<String> = [RESTORE_MIN, RESTORE_PROCESSES]
        .into_iter()
        .filter(|tag| group.tags.contains_key(*tag))
        .map(str::to_owned)
        .collect();
    if !marks.is_empty() {
        let untag = Action::TagGroup { group: name.clone(), set: BTreeMap::new(), remove: marks };
        next.act(untag, "nothing is left to be restored", Invariant::Restored, Undo::Final);
    }
}
