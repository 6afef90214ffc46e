//! Groups that are too large to look at every way.

use super::greedy;
use super::item::Group;
use super::solved::{Keep, Solved};

/// Solves a group with a bound.
pub(super) fn solve(group: &Group<'_>, _keep: Keep) -> Option<Solved> {
    let plan = greedy::plan(group, &greedy::alone(group))?;
    Some(Solved { bound: 0, complete: false, least_machines: plan.worth.machines, plans: vec![plan] })
}
