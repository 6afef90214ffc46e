//! `vegeta report -type=json`: one object; times in nanoseconds (tsenart/vegeta, README, "report -type=json").

use super::date::Moment;
use super::json::Json;
use super::run::{Latency, Loop, Point, Run, Tool, rate, share};
use crate::error::Result;
use crate::units::{Count, Share, Span};

/// Reads the report.
pub(super) fn read(json: &Json<'_>) -> Result<Run> {
    let latencies = json.need("latencies")?;
    let time = |key: &str| -> Result<Option<Latency>> {
        let Some(value) = latencies.get(key)? else { return Ok(None) };
        let ns = value.number()?;
        Ok(Some(Latency::from_ms(ns / 1e6).ok_or_else(|| value.fault("this is too long for a response time"))?))
    };
    let must = |key: &str| -> Result<Latency> {
        Ok(time(key)?.ok_or_else(|| latencies.fault(&format!("`{key}` is missing")))?)
    };
    let requests = json.need("requests")?.count()?;
    if requests == 0 {
        return Err(json.need("requests")?.fault("no request was made").into());
    }
    let mean = must("mean")?;
    if mean.0 == 0 {
        let problem = latencies.need("mean")?.fault("the mean is 0, so the report was written before it was closed");
        return Err(problem.hint("call `Close` on the metrics before they are reported").into());
    }
    let (success, per_second) = (json.need("success")?, json.need("rate")?);
    let good = share(success.number()?).ok_or_else(|| success.fault("this should be from 0 to 1"))?;
    let duration = json.need("duration")?.number()?;
    let point = Point {
        users: None,
        rate: rate(per_second.number()?).filter(|rate| rate.0 > 0),
        mean,
        p50: time("50th")?,
        p95: must("95th")?,
        p99: time("99th")?,
        errors: Share(1_000_000 - good.0),
        duration: (duration < 1e20).then(|| Span((duration / 1e6).round() as u64)),
        requests: Count(requests),
    };
    let earliest = json.get("earliest")?.map(|at| at.text()).transpose()?;
    let date = earliest.as_deref().and_then(Moment::parse).map(Moment::day);
    let notes = vec![
        "vegeta sends at a fixed rate and knows no users: the capacity is one of requests per second; `--users` says how \
         many users that stands for"
            .to_owned(),
    ];
    Ok(Run { tool: Tool::Vegeta, version: None, date, kind: Loop::Open, points: vec![point], notes })
}
