//! What was measured, and what follows from it.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::operations::Measure;
use crate::units::{Bytes, Count, Rate, Share, Span};

/// One measured load test.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LoadTest {
    /// Id that results cite.
    pub id: String,
    /// Scenario: `write-heavy`.
    pub scenario: String,
    /// Part of the requests that only read, when the source says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_share: Option<Share>,
    /// Concurrent users.
    pub concurrent_users: Count,
    /// Mean response time.
    pub mean: Span,
    /// 95th percentile of the response time.
    pub p95: Span,
    /// 99th percentile of the response time, when it was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p99: Option<Span>,
    /// Requests per second, when they were measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
    /// Share of requests that failed.
    pub errors: Share,
    /// How long it was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<Span>,
    /// Requests that were measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests: Option<Count>,
    /// How the source judged it.
    pub verdict: Judgement,
    /// Day of the test, `YYYY-MM-DD`.
    pub date: String,
    /// Tool: `k6`.
    pub tool: String,
    /// Machines it ran on, by role.
    pub machines: IndexMap<String, String>,
    /// Services that took no part, so that the test says nothing of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excludes: Vec<String>,
    /// The file that the figures were read from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provenance: Option<Provenance>,
}

/// The file that the figures of a load test were read from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// Name of the file, without its folder.
    pub file: String,
    /// Its SHA-256 in hexadecimal digits.
    pub sha256: String,
    /// What wrote it, and in which form: `k6 CSV`.
    pub format: String,
    /// Version of the tool, when the file tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// How a load test is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Judgement {
    /// Bears it.
    Stable,
    /// To be looked at.
    Suspect,
    /// Does not bear it.
    Bottleneck,
}

/// A threshold by which a load test is judged.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    /// Id that results cite.
    pub id: String,
    /// What is measured.
    pub measure: Measure,
    /// Service it is measured on; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// Threshold, as the measure has it: `500ms`, `10%`.
    pub above: String,
    /// What it then is.
    pub verdict: Judgement,
    /// What to do.
    pub action: String,
}

/// When a service is scaled out, and how.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScaleOut {
    /// Id that results cite.
    pub id: String,
    /// Service.
    pub service: String,
    /// Condition in words: `300 concurrent users`.
    pub when: String,
    /// Concurrent users from which it holds, when it is a matter of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concurrent_users: Option<Count>,
    /// What is done.
    pub action: String,
}

/// What to do to one service in one band of load.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Playbook {
    /// Id that results cite.
    pub id: String,
    /// Service.
    pub service: String,
    /// Concurrent users from which the band holds.
    pub from: Count,
    /// Concurrent users up to which it holds; absent for the last band.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to: Option<Count>,
    /// How it shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub symptom: Option<String>,
    /// What is done.
    pub action: String,
    /// Machine type that the service then has, when the action changes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<String>,
    /// Instances that the service then has, when the action changes them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instances: Option<u32>,
    /// Connections of the pool that it sets, when it is about one; they are checked against the cores of the service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection_pool: Option<u32>,
}

/// How the memory of a service adds up.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MemoryBudget {
    /// Service.
    pub service: String,
    /// The parts.
    pub parts: IndexMap<String, Bytes>,
    /// What is allotted.
    pub allotted: Bytes,
    /// How it is reasoned.
    pub because: String,
}
