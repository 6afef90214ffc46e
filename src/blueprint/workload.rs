//! What demand is measured in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{Bytes, Count, Share, Span};

/// What demand is measured in, and the figures that stand in for what a user does not say.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Workload {
    /// Partitions of vectors, for applications that are sized by them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partition: Option<Partition>,
    /// Monthly active users that the business plans for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monthly_users: Option<Count>,
    /// The hours in which traffic concentrates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active_hours: Option<ActiveHours>,
    /// Part of the monthly users who come on one day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub daily_share: Option<Share>,
    /// Visits of one such user a day; may be a fraction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sessions_per_day: Option<f64>,
    /// How long a visit lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_length: Option<Span>,
    /// How many times more visits the busiest hour has than the mean of the active hours; at least 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_factor: Option<f64>,
    /// Part of the requests that only read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_share: Option<Share>,
}

/// What one partition holds.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Partition {
    /// What a partition stands for in the application, such as "one bot".
    pub means: String,
    /// Vectors in one partition, unless the user says otherwise.
    pub vectors: Count,
    /// Data of one partition on disk (vectors, texts and metadata together), unless the user says otherwise.
    pub data: Bytes,
    /// Dimensions of a vector, unless the user says otherwise.
    pub dims: u32,
    /// Table or ruling that the figures come from.
    pub source: String,
}

/// A span of hours of the day.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActiveHours {
    /// First hour, 0 to 23.
    pub from: u8,
    /// The hour in which it ends, 1 to 24.
    pub to: u8,
    /// Time zone name, such as `Asia/Seoul`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
}
