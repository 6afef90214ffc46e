//! The only place that asks for the day and the time, and how long something took; no result of sizing depends on it.

use std::time::{Duration, Instant, UNIX_EPOCH};

use crate::units::Count;

/// Today in UTC, `YYYY-MM-DD`.
pub fn today() -> String {
    #[allow(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    let now = std::time::SystemTime::now();
    day(now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() / 86_400))
}

/// Now in UTC, to the second: `2026-11-21T15:58:52Z`.
pub fn now() -> String {
    #[allow(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    let now = std::time::SystemTime::now();
    moment(now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()))
}

fn moment(seconds: u64) -> String {
    let (hours, minutes) = (seconds / 3600 % 24, seconds / 60 % 60);
    format!("{}T{hours:02}:{minutes:02}:{:02}Z", day(seconds / 86_400), seconds % 60)
}

/// Does some work and says how long it took.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    #[allow(clippy::disallowed_methods, reason = "the time is only told, on stderr")]
    let start = Instant::now();
    let done = work();
    (done, start.elapsed())
}

/// Tells how much real time has passed.
#[derive(Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// From now on.
    pub fn start() -> Self {
        #[allow(
            clippy::disallowed_methods,
            reason = "simulated time passes at the pace of a clock, and nothing is decided by it"
        )]
        Self(Instant::now())
    }

    /// How much has passed.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
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

/// The day that is so many after 1970-01-01, by the rules of the Gregorian calendar.
fn day(mut days: u64) -> String {
    let leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let mut year = 1970;
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let february = 28 + u64::from(leap(year));
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    format!("{year:04}-{month:02}-{:02}", days + 1)
}

#[cfg(test)]
mod tests {
    use super::{day, moment};

    /// `date -u -d @1795277932 +%FT%TZ`
    #[test]
    fn a_moment_is_that_of_the_clock() {
        assert_eq!(moment(1_795_277_932), "2026-11-21T16:18:52Z");
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        // `date -u -d @$((N * 86400)) +%F`
        for (days, expected) in [
            (0, "1970-01-01"),
            (789, "1972-02-29"),
            (11_016, "2000-02-29"),
            (20_453, "2025-12-31"),
            (20_778, "2026-11-21"),
        ] {
            assert_eq!(day(days), expected);
        }
    }
}
