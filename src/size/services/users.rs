//! Concurrent users that are planned for.

use super::types::{Finding, Topic};
use crate::blueprint::Blueprint;
use crate::demand::Demand;
use crate::demand::concurrency::{concurrent_users, users_at_once};
use crate::size::component::Reckoning;
use crate::size::outlook::grown;
use crate::units::Count;

/// Concurrent users with how they came to be.
pub(super) struct Users {
    pub count: u64,
    pub findings: Vec<Finding>,
    pub why: Vec<Reckoning>,
}

/// The concurrent users at the horizon, with growth and reserve: those that were said, else those that the monthly users
/// make; `None` when nothing says any.
pub(super) fn planned(blueprint: &Blueprint, demand: &Demand) -> Option<Users> {
    let factor = demand.planning_factor();
    let Some(figure) = &demand.concurrent_users else { return of_monthly(blueprint, demand, factor) };
    let count = grown(figure.value.0, factor);
    let text = match count == figure.value.0 {
        true => format!("{} concurrent users", figure.value),
        false => format!("{} concurrent users become {} with growth and reserve", figure.value, Count(count)),
    };
    Some(Users { count, findings: vec![finding(text, figure.because.text().to_owned())], why: Vec::new() })
}

/// The concurrent users of a demand that is multiplied by a factor, without the words; 0 when nothing says any.
pub(super) fn count(blueprint: &Blueprint, demand: &Demand, factor: f64) -> u64 {
    let monthly = |monthly: u64| users_at_once(blueprint, Count(grown(monthly, factor))).0;
    match (&demand.concurrent_users, &demand.monthly_users) {
        (Some(users), _) => grown(users.value.0, factor),
        (None, Some(users)) => monthly(users.value.0),
        (None, None) => 0,
    }
}

/// What monthly users make in the busiest hour, step by step.
fn of_monthly(blueprint: &Blueprint, demand: &Demand, factor: f64) -> Option<Users> {
    let monthly = demand.monthly_users.as_ref()?;
    let reckoned = concurrent_users(blueprint, Count(grown(monthly.value.0, factor)));
    let step = |step: &crate::demand::Reckoning| {
        let inputs = step.inputs.iter().map(|(name, value)| format!("{name} {value}"));
        let inputs = inputs.collect::<Vec<_>>().join(", ");
        finding(format!("{} {} = {} ({inputs})", step.value, step.figure, step.formula), step.source.clone())
    };
    let findings = reckoned.why.iter().map(step).collect();
    Some(Users { count: reckoned.users.0, findings, why: reckoned.why })
}

fn finding(text: String, source: String) -> Finding {
    Finding { topic: Topic::Users, service: None, text, action: None, source }
}
