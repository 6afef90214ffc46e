//! What a load test measured, whatever tool ran it.

use std::fmt;

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use crate::units::{Count, Rate, Share, Span};

/// A response time, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Latency(pub u64);

impl Latency {
    /// From milliseconds; `None` for what is no time: negative, not a number, or more than a century.
    pub fn from_ms(ms: f64) -> Option<Self> {
        (0.0..3.2e12).contains(&ms).then(|| Self((ms * 1000.0).round() as u64))
    }

    /// In milliseconds.
    pub fn as_ms(self) -> f64 {
        self.0 as f64 / 1000.0
    }

    /// In whole milliseconds, rounded up: a figure in a blueprint must not look faster than it was.
    pub fn span(self) -> Span {
        Span(self.0.div_ceil(1000))
    }
}

impl From<Span> for Latency {
    fn from(span: Span) -> Self {
        Self(span.0.saturating_mul(1000))
    }
}

impl fmt::Display for Latency {
    /// Three digits where there are less than 100 ms, else whole milliseconds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = self.as_ms();
        let text = match self.0 {
            99_950.. => return f.pad(&format!("{ms:.0}ms")),
            9_995.. => format!("{ms:.1}"),
            _ => format!("{ms:.2}"),
        };
        f.pad(&format!("{}ms", text.trim_end_matches('0').trim_end_matches('.')))
    }
}

impl Serialize for Latency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.as_ms())
    }
}

impl JsonSchema for Latency {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Latency".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "number", "description": "Milliseconds" })
    }
}

/// What ran the test, and in which form it wrote the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Tool {
    /// `handleSummary` of k6.
    K6HandleSummary,
    /// `--summary-export` of k6.
    K6SummaryExport,
    /// `--new-machine-readable-summary` of k6.
    K6NewSummary,
    /// `--out csv` of k6.
    K6Csv,
    /// `_stats.csv` of Locust.
    LocustStats,
    /// `_stats_history.csv` of Locust.
    LocustHistory,
    /// `vegeta report -type=json`.
    Vegeta,
}

impl Tool {
    /// The name of the program.
    pub fn program(self) -> &'static str {
        match self {
            Self::K6HandleSummary | Self::K6SummaryExport | Self::K6NewSummary | Self::K6Csv => "k6",
            Self::LocustStats | Self::LocustHistory => "Locust",
            Self::Vegeta => "vegeta",
        }
    }

    /// The program and the form.
    pub fn form(self) -> &'static str {
        match self {
            Self::K6HandleSummary => "k6 handleSummary JSON",
            Self::K6SummaryExport => "k6 --summary-export JSON",
            Self::K6NewSummary => "k6 machine-readable summary",
            Self::K6Csv => "k6 CSV",
            Self::LocustStats => "Locust _stats.csv",
            Self::LocustHistory => "Locust _stats_history.csv",
            Self::Vegeta => "vegeta JSON report",
        }
    }
}

/// How requests come: whether a slow answer slows the load down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Loop {
    /// A fixed number of users, each of whom waits for an answer before asking again.
    Closed,
    /// Requests come at a fixed rate, whatever the answers do.
    Open,
}

/// One load and how it was borne.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Point {
    /// Users (k6: virtual users) at the same moment, when the file says it.
    pub users: Option<Count>,
    /// Requests per second.
    pub rate: Option<Rate>,
    /// Mean response time, in milliseconds.
    #[serde(rename = "mean_ms")]
    pub mean: Latency,
    /// Median of the response time, in milliseconds.
    #[serde(rename = "p50_ms")]
    pub p50: Option<Latency>,
    /// 95th percentile of the response time, in milliseconds.
    #[serde(rename = "p95_ms")]
    pub p95: Latency,
    /// 99th percentile of the response time, in milliseconds, when the file has it.
    #[serde(rename = "p99_ms")]
    pub p99: Option<Latency>,
    /// Share of requests that failed.
    pub errors: Share,
    /// How long it was measured.
    pub duration: Option<Span>,
    /// Requests that were measured.
    pub requests: Count,
}

/// What a file says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Run {
    /// What ran the test and in which form it wrote the result.
    pub tool: Tool,
    /// Version of the program, when the file has it.
    pub version: Option<String>,
    /// Day of the run in UTC, `YYYY-MM-DD`, when the file has it.
    pub date: Option<String>,
    /// Whether a slow answer slows the load down.
    #[serde(rename = "loop")]
    pub kind: Loop,
    /// The loads, in the order of the file.
    pub points: Vec<Point>,
    /// What must be known of how the figures came to be.
    pub notes: Vec<String>,
}

/// A part of a whole from a fraction; `None` for what is no part of one.
pub(super) fn share(fraction: f64) -> Option<Share> {
    (0.0..=1.0).contains(&fraction).then(|| Share((fraction * 1_000_000.0).round() as u64))
}

/// A share from counts; an empty whole has no part.
pub(super) fn share_of(part: u64, whole: u64) -> Share {
    Share((u128::from(part.min(whole)) * 1_000_000 / u128::from(whole.max(1))) as u64)
}

/// A rate from a number of requests per second.
pub(super) fn rate(per_second: f64) -> Option<Rate> {
    (0.0..1e15).contains(&per_second).then(|| Rate((per_second * 1000.0).round() as u64))
}

/// A rate from a count and a span.
pub(super) fn rate_of(requests: u64, span: Span) -> Option<Rate> {
    let per = |ms: u64| u64::try_from(u128::from(requests) * 1_000_000 / u128::from(ms)).ok();
    (span.0 > 0).then(|| per(span.0)).flatten().map(Rate)
}
