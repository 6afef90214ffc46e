//! What an operator must know.

use super::scene::Scene;
use super::topology::Stack;
use crate::blueprint::service::Kind;
use crate::blueprint::tier::Input;
use crate::size::plan::{Plan, Warning};
use crate::units::Count;

/// The demand in a sentence.
pub fn demand(plan: &Plan) -> String {
    let demand = &plan.demand;
    if let (None, Some(users)) = (&demand.partitions, &demand.concurrent_users) {
        return format!("{} concurrent users", users.value);
    }
    if let (None, Some(users)) = (&demand.partitions, &demand.monthly_users) {
        return format!("{} users a month", users.value);
    }
    let (partitions, vectors) = (Count(demand.base(Input::Partitions)), Count(demand.base(Input::Vectors)));
    format!("{partitions} partitions, {vectors} vectors, {} dimensions", demand.dimensions())
}

/// A warning of the size as a sentence or two.
fn told(warning: &Warning) -> String {
    let hint = warning.hint.as_ref().map(|hint| format!(" To do: {hint}.")).unwrap_or_default();
    format!("{}: {}.{hint}", if warning.severe { "Warning" } else { "Note" }, warning.text)
}

/// What follows from the size and the design.
pub fn of(scene: &Scene<'_>, stacks: &[Stack]) -> Vec<String> {
    let mut out: Vec<String> = scene.plan.warnings.iter().map(told).collect();
    for stack in stacks.iter().filter(|stack| stack.count > 1) {
        if stack.units.iter().any(|unit| unit.kind == Kind::Gateway) {
            out.push(format!(
                "{} servers run the stack `{}`, each with its own gateway: share requests among them with a load balancer or \
                 with one DNS record for each.",
                stack.count, stack.name
            ));
        }
    }
    for unit in stacks.iter().flat_map(|stack| &stack.units).filter(|unit| unit.user.is_none()) {
        out.push(format!("`{}` runs as the user of its image, since the blueprint names no other.", unit.name));
    }
    if scene.gateway().is_none() {
        out.push("This tier has no gateway: nothing is published to the world.".to_owned());
    }
    out
}
