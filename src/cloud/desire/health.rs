//! How load balancers check machines, from how the blueprint has containers checked.

use crate::blueprint::service::{Health, Service};
use crate::units::Span;

/// Where the blueprint says no time between checks: the least that AWS takes is 5 s, and every second counts in a release.
const INTERVAL: Span = Span::seconds(10);
/// Time to answer a check, where the blueprint says none.
const TIMEOUT: Span = Span::seconds(5);
/// Time for requests in work when a machine goes, where the blueprint says none (an assumption): as long as the slowest of
/// them usually takes.
const DRAIN: Span = Span::seconds(30);
/// Time between checks, time to answer, failures that count, within what AWS takes: 5 to 300 s, 2 to 120 s and less than
/// the interval, 2 to 10 (`CreateTargetGroup`, Elastic Load Balancing v2 2015-12-01). Google Cloud takes 1 to 300 s, no longer
/// than the interval, 1 to 10 (`HealthCheck`, Compute Engine API v1; read 2026-11-21).
///
/// The interval of the blueprint is that of the container's own check. The load balancer asks as often as every ten
/// seconds, since a release waits for it.
pub(in crate::cloud) fn checks(health: Option<&Health>) -> (Span, Span, i64) {
    let interval = interval(health);
    let timeout = health.map_or(TIMEOUT, |health| health.timeout);
    let timeout = timeout.clamp(Span::seconds(2), Span(interval.0.saturating_sub(1000).min(120_000)));
    (interval, timeout, health.map_or(3, |health| i64::from(health.retries)).clamp(2, 10))
}

/// Time between two checks of the load balancer.
pub(in crate::cloud) fn interval(health: Option<&Health>) -> Span {
    health.map_or(INTERVAL, |health| health.interval).clamp(Span::seconds(5), INTERVAL)
}

/// How long requests in work may take when a machine goes: as long as the service may take to stop; AWS takes an hour at most.
pub(in crate::cloud) fn drain(service: Option<&Service>) -> Span {
    service.and_then(|service| service.stop_grace).unwrap_or(DRAIN).min(Span::seconds(3600))
}
