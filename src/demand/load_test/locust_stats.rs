//! `_stats.csv` of Locust: one line a request and one over all.
//!
//! Columns: locust/stats.py of Locust 2.47.0. Locust rounds response times before it counts percentiles.

use super::csv::Table;
use super::run::{Latency, Loop, Point, Run, Tool, rate, share_of};
use crate::error::{Code, Problem, Result};
use crate::units::{Count, Span};

/// What Locust does to percentiles, for notes.
pub(super) const ROUNDED: &str =
    "Locust rounds response times above 100 ms to two digits (147 ms is told as 150 ms); the mean is exact";

/// Reads the line over all requests.
pub(super) fn read(table: &mut Table<'_>) -> Result<Run> {
    let name = table.need("Name")?;
    let columns = ["Request Count", "Failure Count", "Average Response Time", "Requests/s", "50%", "95%", "99%"]
        .map(|n| table.need(n));
    let [requests, failures, mean, per_second, p50, p95, p99] = columns;
    let (requests, failures, mean, per_second) = (requests?, failures?, mean?, per_second?);
    let (p50, p95, p99) = (p50?, p95?, p99?);
    let mut point = None;
    while table.next()? {
        if !is_total(&table.field(name)) {
            continue;
        }
        let count = table.count(requests)?;
        if count == 0 {
            return Err(table.fault(requests, "no request was made").into());
        }
        let rate = rate(table.number(per_second)?).filter(|rate| rate.0 > 0);
        let length = rate.map(|rate| u128::from(count) * 1_000_000 / u128::from(rate.0));
        point = Some(Point {
            users: None,
            rate,
            mean: ms(table, mean)?,
            p50: Some(ms(table, p50)?),
            p95: ms(table, p95)?,
            p99: Some(ms(table, p99)?),
            errors: share_of(table.count(failures)?, count),
            duration: length.and_then(|ms| u64::try_from(ms).ok()).map(Span),
            requests: Count(count),
        });
    }
    let point = point.ok_or_else(|| no_total(table))?;
    let notes = vec![
        ROUNDED.to_owned(),
        "this file does not tell the number of users: say it with `--users`, or read the `_stats_history.csv`"
            .to_owned(),
    ];
    Ok(Run { tool: Tool::LocustStats, version: None, date: None, kind: Loop::Closed, points: vec![point], notes })
}

/// Whether a line is over all requests; old versions called it `Total`.
pub(super) fn is_total(name: &str) -> bool {
    matches!(name, "Aggregated" | "Total")
}

/// A response time of the record.
pub(super) fn ms(table: &Table<'_>, column: usize) -> Result<Latency> {
    Ok(Latency::from_ms(table.number(column)?).ok_or_else(|| table.fault(column, "this is too long"))?)
}

pub(super) fn no_total(table: &Table<'_>) -> Problem {
    Problem::new(Code::LoadTestFile, format!("`{}` has no line `Aggregated` with measured requests", table.file()))
        .because("the lines of single requests cannot be put together: percentiles do not add up")
}
