//! The three summaries of k6 in JSON.
//!
//! - `handleSummary(data)` written as it is: `metrics.NAME.values` (grafana/k6-docs, custom-summary.md).
//! - `--summary-export`: `metrics.NAME` holds the values at once. Its `passes` of `http_req_failed` counts the requests
//!   for which "failed" was true, so it counts FAILED requests.
//! - `--new-machine-readable-summary` (k6 1.5 and later): `results.metrics` is an array of named metrics; a rate has
//!   `matches`, `total` and `rate`, a counter has no `rate` (grafana/k6, internal/lib/summary/machine_readable.go).
//!
//! All times are in milliseconds.

use super::date::Moment;
use super::json::Json;
use super::run::{Latency, Loop, Point, Run, Tool, rate, rate_of, share};
use crate::error::Result;
use crate::units::{Count, Span};

/// What is read of the metrics, each the object that holds the values.
struct Metrics<'a> {
    duration: Json<'a>,
    requests: Json<'a>,
    failed: Json<'a>,
    users: Option<Json<'a>>,
    dropped: Option<Json<'a>>,
    length: Option<Span>,
}

/// Reads what `handleSummary` or `--summary-export` wrote.
pub(super) fn summary(json: &Json<'_>, metrics: &Json<'_>) -> Result<Run> {
    let duration = metrics.get("http_req_duration")?;
    let nested = match &duration {
        Some(duration) => duration.get("values")?.is_some(),
        None => false,
    };
    let values = |name: &str| -> Result<Option<Json<'_>>> {
        match metrics.get(name)? {
            Some(metric) if nested => Ok(Some(metric.need("values")?)),
            other => Ok(other),
        }
    };
    let length = match json.get("state")? {
        Some(state) => state.get("testRunDurationMs")?.map(|ms| ms.number()).transpose()?,
        None => None,
    };
    let found = Metrics {
        duration: values("http_req_duration")?.ok_or_else(|| lacks(metrics, "http_req_duration"))?,
        requests: values("http_reqs")?.ok_or_else(|| lacks(metrics, "http_reqs"))?,
        failed: values("http_req_failed")?.ok_or_else(|| lacks(metrics, "http_req_failed"))?,
        users: values("vus")?,
        dropped: values("dropped_iterations")?,
        length: length.filter(|ms| *ms < 1e14).map(|ms| Span(ms.round() as u64)),
    };
    let tool = if nested { Tool::K6HandleSummary } else { Tool::K6SummaryExport };
    run(tool, &found, None, None)
}

/// Reads the machine-readable summary.
pub(super) fn new_summary(json: &Json<'_>) -> Result<Run> {
    let results = json.need("results")?;
    let metrics = results.need("metrics")?;
    let items = metrics.items()?;
    let mut named = indexmap::IndexMap::new();
    for item in &items {
        named.insert(item.need("name")?.text()?, item.need("values")?);
    }
    let must = |name: &str| named.get(name).cloned().ok_or_else(|| lacks(&metrics, name));
    let metadata = json.need("metadata")?;
    let version = metadata.get("k6Version")?.map(|version| version.text()).transpose()?;
    let date = metadata.get("generatedAt")?.map(|at| at.text()).transpose()?;
    let length = match json.get("config")? {
        Some(config) => config.get("duration")?.map(|seconds| seconds.number()).transpose()?,
        None => None,
    };
    let found = Metrics {
        duration: must("http_req_duration")?,
        requests: must("http_reqs")?,
        failed: must("http_req_failed")?,
        users: named.get("vus").cloned(),
        dropped: named.get("dropped_iterations").cloned(),
        length: length.filter(|s| *s < 1e11).map(|s| Span((s * 1000.0).round() as u64)),
    };
    let day = date.as_deref().and_then(Moment::parse).map(Moment::day);
    run(Tool::K6NewSummary, &found, version, day)
}

fn lacks(metrics: &Json<'_>, name: &str) -> crate::error::Problem {
    metrics
        .fault(&format!("there is no metric `{name}`"))
        .hint("only tests of HTTP are read; k6 0.31 and later write `http_req_failed`")
}

fn run(tool: Tool, found: &Metrics<'_>, version: Option<String>, date: Option<String>) -> Result<Run> {
    let requests = found.requests.need("count")?.count()?;
    if requests == 0 {
        return Err(found.requests.fault("no request was made").into());
    }
    let rate = match (found.requests.get("rate")?, found.length) {
        (Some(per_second), _) => rate(per_second.number()?),
        (None, length) => length.and_then(|span| rate_of(requests, span)),
    };
    let trend = |key: &str| -> Result<Option<Latency>> { found.duration.get(key)?.map(|ms| ms.ms()).transpose() };
    let must = |key: &str| -> Result<Latency> {
        let hint = "add it: `--summary-trend-stats=\"avg,med,p(95),p(99)\"`";
        Ok(trend(key)?.ok_or_else(|| found.duration.fault(&format!("`{key}` is missing")).hint(hint))?)
    };
    let mut notes = Vec::new();
    let users = users(found, &mut notes)?;
    let dropped = found.dropped.as_ref().map(|dropped| dropped.need("count")?.count()).transpose()?;
    if let Some(dropped) = dropped.filter(|dropped| *dropped > 0) {
        notes.push(format!(
            "k6 dropped {dropped} iterations that it could not start in time: the load was less than was meant"
        ));
    }
    let length = found.length.or_else(|| {
        let ms = rate.filter(|rate| rate.0 > 0).map(|rate| u128::from(requests) * 1_000_000 / u128::from(rate.0));
        ms.and_then(|ms| u64::try_from(ms).ok()).map(Span)
    });
    let point = Point {
        users,
        rate,
        mean: must("avg")?,
        p50: trend("med")?,
        p95: must("p(95)")?,
        p99: trend("p(99)")?,
        errors: failed(tool, &found.failed)?,
        duration: length,
        requests: Count(requests),
    };
    // Only executors with an arrival rate drop iterations as a rule; the summary does not name the executor.
    let kind = if dropped.is_some() { Loop::Open } else { Loop::Closed };
    if kind == Loop::Closed {
        notes.push("k6 does not say which executor ran: taken as users who wait for each answer".to_owned());
    }
    Ok(Run { tool, version, date, kind, points: vec![point], notes })
}

/// The most users at once; a summary is over all of its time, whatever the number of users was.
fn users(found: &Metrics<'_>, notes: &mut Vec<String>) -> Result<Option<Count>> {
    let Some(vus) = &found.users else { return Ok(None) };
    let most = vus.need("max")?.count()?;
    let least = vus.get("min")?.map(|least| least.count()).transpose()?;
    if let Some(least) = least.filter(|least| *least < most) {
        notes.push(format!(
            "users went from {least} to {most}, and the figures are over all of it: at {most} it was slower; `--out csv` \
             tells the steps apart"
        ));
    }
    Ok((most > 0).then_some(Count(most)))
}

fn failed(tool: Tool, failed: &Json<'_>) -> Result<crate::units::Share> {
    let fraction = failed.need(if tool == Tool::K6SummaryExport { "value" } else { "rate" })?;
    let errors = share(fraction.number()?).ok_or_else(|| fraction.fault("this should be from 0 to 1"))?;
    if let (Some(passes), Some(fails)) = (failed.get("passes")?, failed.get("fails")?)
        && tool != Tool::K6NewSummary
    {
        let (failed, good) = (passes.count()?, fails.count()?);
        let counted = super::run::share_of(failed, failed.saturating_add(good));
        if counted.0.abs_diff(errors.0) > 1 {
            let problem = passes.fault("the share of failed requests does not follow from `passes` and `fails`");
            return Err(problem
                .because("`passes` counts the failed ones, since the metric asks whether one failed")
                .into());
        }
    }
    Ok(errors)
}
