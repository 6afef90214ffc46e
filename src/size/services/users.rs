//! Concurrent users that are planned for.

use super::types::{Finding, Topic};
use crate::blueprint::Blueprint;
use crate::demand::Demand;
use crate::units::Count;

/// Concurrent users with how they came to be.
pub(super) struct Users {
    pub count: u64,
    pub finding: Finding,
}

/// The concurrent users at the horizon, with growth and reserve; `None` when nothing says any.
pub(super) fn planned(_blueprint: &Blueprint, demand: &Demand) -> Option<Users> {
    let figure = demand.concurrent_users.as_ref()?;
    let count = crate::size::outlook::grown(figure.value.0, demand.planning_factor());
    let text = match count == figure.value.0 {
        true => format!("{} concurrent users", figure.value),
        false => format!("{} concurrent users become {} with growth and reserve", figure.value, Count(count)),
    };
    let source = figure.because.text().to_owned();
    Some(Users { count, finding: Finding { topic: Topic::Users, service: None, text, action: None, source } })
}
