//! What must hold.

use schemars::JsonSchema;
use serde::Serialize;

use crate::blueprint::evidence::{Judgement, Verdict};
use crate::blueprint::operations::Measure;
use crate::demand::load_test::Latency;
use crate::units::{Share, Span};

/// What a limit is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Metric {
    /// Mean response time.
    Mean,
    /// 95th percentile of the response time.
    P95,
    /// 99th percentile of the response time.
    P99,
    /// Share of requests that failed.
    Errors,
}

impl Metric {
    /// As a sentence names it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Mean => "the mean response time",
            Self::P95 => "the p95",
            Self::P99 => "the p99",
            Self::Errors => "the share of errors",
        }
    }

    /// A value in its base unit (microseconds, millionths) for people.
    pub fn show(self, value: u64) -> String {
        match self {
            Self::Errors => Share(value).to_string(),
            _ => Latency(value).to_string(),
        }
    }
}

/// A limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Limit {
    /// On what.
    pub metric: Metric,
    /// The largest value that is borne, in microseconds or millionths.
    pub at_most: u64,
    /// Where it comes from.
    pub source: String,
}

/// All limits, at most one on each metric.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Objective {
    /// The limits.
    pub limits: Vec<Limit>,
}

impl Objective {
    /// The limits that a blueprint sets: above which it calls a load test a bottleneck. What it only suspects is no limit.
    pub fn of_verdicts(verdicts: &[Verdict]) -> Self {
        let mut objective = Self::default();
        for row in verdicts.iter().filter(|row| row.verdict == Judgement::Bottleneck) {
            if let Some((metric, at_most)) = threshold(row)
                && !objective.limits.iter().any(|limit| limit.metric == metric && limit.at_most <= at_most)
            {
                objective.set(metric, at_most, &row.id);
            }
        }
        objective
    }

    /// The same with a limit on a response time, which replaces one on the same metric.
    #[must_use]
    pub fn with_time(mut self, metric: Metric, at_most: Option<Span>, source: &str) -> Self {
        if let Some(span) = at_most {
            self.set(metric, Latency::from(span).0, source);
        }
        self
    }

    /// The same with a limit on errors, which replaces the one before.
    #[must_use]
    pub fn with_errors(mut self, at_most: Option<Share>, source: &str) -> Self {
        if let Some(share) = at_most {
            self.set(Metric::Errors, share.0, source);
        }
        self
    }

    fn set(&mut self, metric: Metric, at_most: u64, source: &str) {
        self.limits.retain(|limit| limit.metric != metric);
        self.limits.push(Limit { metric, at_most, source: source.to_owned() });
    }
}

/// What a verdict's row is a threshold on, where a load test measures it.
pub(super) fn threshold(row: &Verdict) -> Option<(Metric, u64)> {
    match row.measure {
        Measure::P95 => row.above.parse::<Span>().ok().map(|span| (Metric::P95, Latency::from(span).0)),
        Measure::Errors => row.above.parse::<Share>().ok().map(|share| (Metric::Errors, share.0)),
        _ => None,
    }
}
