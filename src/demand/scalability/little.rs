//! Little's law of a closed system, `N = X (R + Z)`: what users do between requests.
//!
//! J. D. C. Little, "A Proof for the Queuing Formula: L = lambda W" (Operations Research 9, 1961).

use schemars::JsonSchema;
use serde::Serialize;

use crate::demand::load_test::Point;
use crate::units::Span;

/// Users who pause for less than this part of a response time do not pause. An assumption: measuring is not finer.
const NO_PAUSE: f64 = 0.05;

/// How users and requests go together.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Pace {
    /// Mean pause of a user between an answer and the next request, `N / X - R`; absent when it would be negative.
    pub think_time: Option<Span>,
    /// What is implausible in it.
    pub doubt: Option<String>,
}

/// The pause between requests at a point; `None` when users or requests per second are unknown.
pub fn pace(point: &Point) -> Option<Pace> {
    let (users, rate) = (point.users?, point.rate.filter(|rate| rate.0 > 0)?);
    let each = users.0 as f64 / rate.as_f64() * 1000.0;
    let pause = each - point.mean.as_ms();
    let span = Span(pause.max(0.0).round() as u64);
    let doubt = if pause < -NO_PAUSE * point.mean.as_ms() {
        Some(format!(
            "{users} users cannot wait {} for each of {rate}: each must have had several requests in flight, so a user of \
             the test is no person",
            point.mean
        ))
    } else if pause < NO_PAUSE * point.mean.as_ms() {
        Some(format!(
            "users did not pause between requests, as people do: {users} of them stand for many more people, and the \
             capacity is better told in requests per second"
        ))
    } else {
        None
    };
    Some(Pace { think_time: (pause >= -NO_PAUSE * point.mean.as_ms()).then_some(span), doubt })
}
