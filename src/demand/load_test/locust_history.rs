//! `_stats_history.csv` of Locust: one line over all requests a second, with the number of users.
//!
//! Percentiles in a line are those of the last ten seconds (`CURRENT_RESPONSE_TIME_PERCENTILE_WINDOW` in
//! locust/stats.py); the columns `Total ...` are over all the time before. So within a step of constant users, counts
//! and the mean are exact differences, and a percentile is the median of those of its windows.

use super::csv::Table;
use super::date::Moment;
use super::latencies::Latencies;
use super::locust_stats::{ROUNDED, is_total, ms, no_total};
use super::run::{Latency, Loop, Point, Run, Tool, rate_of, share_of};
use crate::error::Result;
use crate::units::{Count, Span};

/// Length of Locust's window, in milliseconds: only after it do percentiles belong to the step.
const WINDOW: i64 = 10_000;

/// Most steps that are kept.
const MOST_STEPS: usize = 1000;

/// Columns that are read.
struct Columns {
    time: usize,
    users: usize,
    name: usize,
    requests: usize,
    failures: usize,
    mean: usize,
    percentiles: [usize; 3],
}

/// The counters of one line.
#[derive(Clone, Copy)]
struct Counters {
    at: i64,
    requests: u64,
    failures: u64,
    /// Mean times requests: the time of all, in milliseconds.
    spent: f64,
}

/// A step of constant users.
struct Step {
    users: u64,
    first: Counters,
    last: Counters,
    windows: [Latencies; 3],
}

/// Reads the steps.
pub(super) fn read(table: &mut Table<'_>) -> Result<Run> {
    let columns = Columns {
        time: table.need("Timestamp")?,
        users: table.need("User Count")?,
        name: table.need("Name")?,
        requests: table.need("Total Request Count")?,
        failures: table.need("Total Failure Count")?,
        mean: table.need("Total Average Response Time")?,
        percentiles: [table.need("50%")?, table.need("95%")?, table.need("99%")?],
    };
    let (mut points, mut step, mut date) = (Vec::new(), None::<Step>, None);
    while table.next()? {
        if !is_total(&table.field(columns.name)) {
            continue;
        }
        let (users, now) = (table.count(columns.users)?, counters(table, &columns)?);
        date.get_or_insert(Moment { ms: now.at, step: 1000 });
        if let Some(current) = &step
            && current.users != users
        {
            end(current, &mut points);
            step = None;
        }
        let current = match &mut step {
            Some(current) => current,
            None => step.insert(Step { users, first: now, last: now, windows: windows()? }),
        };
        current.last = now;
        // A window without requests has `N/A` for its percentiles, or zeros.
        if now.at - current.first.at >= WINDOW && table.field(columns.percentiles[0]) != "N/A" {
            for (column, window) in columns.percentiles.into_iter().zip(&mut current.windows) {
                let latency = ms(table, column)?;
                if latency.0 > 0 {
                    window.add(latency);
                }
            }
        }
    }
    if let Some(current) = &step {
        end(current, &mut points);
    }
    if points.is_empty() {
        let because = "no number of users held for more than 10 s, which is the window of Locust's percentiles";
        return Err(no_total(table).because(because).hint("read the `_stats.csv` of the same run").into());
    }
    let mut notes = vec![
        ROUNDED.to_owned(),
        "a point for each number of users that held for more than 10 s; its percentiles are the median of Locust's windows \
         of 10 s, its counts and mean are exact"
            .to_owned(),
    ];
    if points.len() >= MOST_STEPS {
        notes.push(format!("only the first {MOST_STEPS} steps are kept: the rest of the file is in none"));
    }
    let date = date.map(Moment::day);
    Ok(Run { tool: Tool::LocustHistory, version: None, date, kind: Loop::Closed, points, notes })
}

fn windows() -> Result<[Latencies; 3]> {
    Ok([Latencies::new()?, Latencies::new()?, Latencies::new()?])
}

fn counters(table: &Table<'_>, columns: &Columns) -> Result<Counters> {
    let text = table.field(columns.time);
    let at = Moment::parse(&text).ok_or_else(|| table.fault(columns.time, &format!("`{text}` is no time")))?;
    let requests = table.count(columns.requests)?;
    let spent = ms(table, columns.mean)?.as_ms() * requests as f64;
    Ok(Counters { at: at.ms, requests, failures: table.count(columns.failures)?, spent })
}

fn end(step: &Step, points: &mut Vec<Point>) {
    let requests = step.last.requests.saturating_sub(step.first.requests);
    let windows = &step.windows;
    if step.users == 0 || requests == 0 || windows[1].count() == 0 || points.len() >= MOST_STEPS {
        return;
    }
    let duration = Span(u64::try_from(step.last.at - step.first.at).unwrap_or_default());
    let failures = step.last.failures.saturating_sub(step.first.failures);
    let mean = Latency::from_ms((step.last.spent - step.first.spent).max(0.0) / requests as f64);
    points.push(Point {
        users: Some(Count(step.users)),
        rate: rate_of(requests, duration),
        mean: mean.unwrap_or_default(),
        p50: Some(windows[0].quantile(0.5)),
        p95: windows[1].quantile(0.5),
        p99: Some(windows[2].quantile(0.5)),
        errors: share_of(failures, requests),
        duration: Some(duration),
        requests: Count(requests),
    });
}
