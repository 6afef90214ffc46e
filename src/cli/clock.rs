//! How long something took, for those who ask with `-v`.
#![allow(clippy::disallowed_methods, reason = "the time is only told, on stderr; no result depends on it")]

use std::time::{Duration, Instant};

use crate::units::Count;

/// Does some work and says how long it took.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let done = work();
    (done, start.elapsed())
}

/// `10K worlds in 3.1 ms, 3.2M a second`.
pub fn a_second(what: &str, count: u64, took: Duration) -> String {
    let micros = took.as_micros().max(1);
    let rate = u64::try_from(u128::from(count) * 1_000_000 / micros).unwrap_or(u64::MAX);
    // Two digits: the rest is noise.
    let step = 10u64.saturating_pow(rate.checked_ilog10().unwrap_or(0).saturating_sub(1));
    let rate = Count(rate / step * step);
    format!("{} {what} in {}.{} ms, {rate} a second", Count(count), micros / 1000, micros % 1000 / 100)
}
