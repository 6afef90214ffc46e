//! `--out csv` of k6: one line a sample.
//!
//! The samples `vus` come once a second. Requests between two of them ran at that many users, so a test in steps gives
//! a point for each step that lasts long enough. Columns: grafana/k6-docs, results-output/real-time/csv.md.

use std::collections::BTreeSet;

use super::csv::Table;
use super::date::Moment;
use super::latencies::{EXACT, Latencies};
use super::run::{Latency, Loop, Point, Run, Tool, rate_of, share_of};
use crate::error::{Code, Problem, Result};
use crate::units::{Count, Span};

/// Shortest step that becomes a point, in milliseconds. An assumption: ten samples of the number of users.
const SHORTEST: i64 = 10_000;

/// Most steps that are kept; what follows is in none.
const MOST_STEPS: usize = 1000;

/// Most names of scenarios that are kept for the note.
const MOST_NAMES: usize = 8;

/// Requests of one stretch of time.
struct Stretch {
    users: Option<u64>,
    latencies: Latencies,
    samples: u64,
    failed: u64,
    first: Option<Moment>,
    last: i64,
}

impl Stretch {
    fn new() -> Result<Self> {
        Ok(Self { users: None, latencies: Latencies::new()?, samples: 0, failed: 0, first: None, last: i64::MIN })
    }

    fn clear(&mut self, users: u64) {
        self.latencies.clear();
        (self.samples, self.failed, self.first, self.last) = (0, 0, None, i64::MIN);
        self.users = Some(users);
    }

    fn at(&mut self, moment: Moment) {
        let first = self.first.get_or_insert(moment);
        first.ms = first.ms.min(moment.ms);
        self.last = self.last.max(moment.ms);
    }

    /// How long it lasted; what is written in whole seconds lasts to the end of the last one.
    fn length(&self) -> i64 {
        let step = |first: Moment| if first.step > 1 { first.step } else { 0 };
        self.first.map_or(0, |first| self.last - first.ms + step(first))
    }

    fn point(&self) -> Point {
        let duration = Span(u64::try_from(self.length()).unwrap_or_default());
        let requests = self.latencies.count();
        Point {
            users: self.users.filter(|users| *users > 0).map(Count),
            rate: rate_of(requests, duration),
            mean: self.latencies.mean(),
            p50: Some(self.latencies.quantile(0.5)),
            p95: self.latencies.quantile(0.95),
            p99: Some(self.latencies.quantile(0.99)),
            errors: share_of(self.failed, self.samples),
            duration: Some(duration),
            requests: Count(requests),
        }
    }
}

/// All that is kept while the file is read.
struct Reading {
    whole: Stretch,
    step: Stretch,
    points: Vec<Point>,
    scenarios: BTreeSet<String>,
    open: bool,
}

/// Reads the samples.
pub(super) fn read(table: &mut Table<'_>) -> Result<Run> {
    let (name, value, time) = (table.need("metric_name")?, table.need("metric_value")?, table.need("timestamp")?);
    let scenario = table.column("scenario");
    let (points, scenarios) = (Vec::new(), BTreeSet::new());
    let mut reading = Reading { whole: Stretch::new()?, step: Stretch::new()?, points, scenarios, open: false };
    while table.next()? {
        let metric = Metric::of(&table.field(name));
        if metric == Metric::Other {
            continue;
        }
        let text = table.field(time);
        let moment =
            Moment::parse(&text).ok_or_else(|| table.fault(time, &format!("`{text}` is no time that k6 writes")))?;
        match metric {
            Metric::Users => reading.users(table.count(value)?, moment),
            Metric::Duration => {
                let ms = table.number(value)?;
                let latency = Latency::from_ms(ms).ok_or_else(|| table.fault(value, "this is too long"))?;
                for stretch in [&mut reading.whole, &mut reading.step] {
                    stretch.latencies.add(latency);
                    stretch.at(moment);
                }
                if let Some(scenario) = scenario.filter(|_| reading.scenarios.len() < MOST_NAMES)
                    && !reading.scenarios.contains(&*table.field(scenario))
                {
                    reading.scenarios.insert(table.field(scenario).into_owned());
                }
            }
            Metric::Failed => {
                let failed = u64::from(table.number(value)? > 0.0);
                for stretch in [&mut reading.whole, &mut reading.step] {
                    stretch.samples += 1;
                    stretch.failed += failed;
                }
            }
            Metric::Dropped => reading.open = true,
            Metric::Other => {}
        }
    }
    reading.finish(table.file())
}

/// What a line is a sample of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Metric {
    Users,
    Duration,
    Failed,
    Dropped,
    Other,
}

impl Metric {
    fn of(name: &str) -> Self {
        match name {
            "vus" => Self::Users,
            "http_req_duration" => Self::Duration,
            "http_req_failed" => Self::Failed,
            "dropped_iterations" => Self::Dropped,
            _ => Self::Other,
        }
    }
}

impl Reading {
    /// The number of users at this moment; another number ends the step.
    fn users(&mut self, users: u64, moment: Moment) {
        self.whole.users = self.whole.users.max(Some(users));
        match self.step.users {
            Some(before) if before != users => {
                self.end_step();
                self.step.clear(users);
            }
            _ => self.step.users = Some(users),
        }
        self.step.at(moment);
    }

    fn end_step(&mut self) {
        let long = self.step.length() >= SHORTEST && self.step.latencies.count() > 0;
        if long && self.step.users.is_some_and(|users| users > 0) && self.points.len() < MOST_STEPS {
            self.points.push(self.step.point());
        }
    }

    fn finish(mut self, file: &str) -> Result<Run> {
        if self.whole.latencies.count() == 0 {
            return Err(nothing(file, "no line is a sample of `http_req_duration`").into());
        }
        if self.whole.samples == 0 {
            return Err(nothing(file, "no line is a sample of `http_req_failed`, so that failures are unknown").into());
        }
        self.end_step();
        let mut notes = vec![EXACT.to_owned()];
        if self.points.is_empty() {
            self.points.push(self.whole.point());
            notes.push("no number of users held for 10 s: one point over all the time, at the most users".to_owned());
        } else {
            notes.push("a point for each number of users that held for at least 10 s".to_owned());
        }
        if self.points.len() >= MOST_STEPS {
            notes.push(format!("only the first {MOST_STEPS} steps are kept: the rest of the file is in none"));
        }
        if self.scenarios.len() > 1 {
            let names: Vec<&str> = self.scenarios.iter().map(String::as_str).collect();
            notes.push(format!("scenarios ran together and are not told apart: {}", names.join(", ")));
        }
        if !self.open {
            notes.push("k6 does not say which executor ran: taken as users who wait for each answer".to_owned());
        }
        let date = self.whole.first.map(Moment::day);
        let kind = if self.open { Loop::Open } else { Loop::Closed };
        Ok(Run { tool: Tool::K6Csv, version: None, date, kind, points: self.points, notes })
    }
}

fn nothing(file: &str, because: &str) -> Problem {
    Problem::new(Code::LoadTestFile, format!("`{file}` holds no measured request"))
        .because(because)
        .hint("only tests of HTTP are read; k6 0.31 and later write `http_req_failed`")
}
