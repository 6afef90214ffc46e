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
    /// Most demand outside these hours, as a share of that of the busiest hour: what a rollout at such an hour must bear.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outside: Option<Share>,
}

/// Minutes of a day.
pub const DAY: u32 = 24 * 60;

impl ActiveHours {
    /// Whether a minute of the day is one of them; minutes beyond the day are those of the next.
    pub fn holds(&self, minute: u32) -> bool {
        let hour = minute % DAY / 60;
        (u32::from(self.from)..u32::from(self.to)).contains(&hour)
    }

    /// The most demand from a minute of the day on for so many minutes, in thousandths of that of the busiest hour.
    pub fn permille(&self, from: u32, lasting: u32) -> u64 {
        let outside = self.outside.map_or(1000, |share| share.0.div_ceil(1000).min(1000));
        let touches = lasting >= DAY || (from..=from.saturating_add(lasting)).any(|minute| self.holds(minute));
        if touches { 1000 } else { outside }
    }

    /// The minute of the day that is farthest from them, where less is demanded outside of them.
    pub fn quietest(&self) -> Option<u32> {
        let (from, to) = (u32::from(self.from) * 60, u32::from(self.to) * 60);
        let quiet = (from + DAY).saturating_sub(to);
        (quiet > 0 && self.outside.is_some_and(|share| share.0 < 1_000_000)).then_some((to + quiet / 2) % DAY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_night_is_quiet() {
        let hours = ActiveHours { from: 9, to: 21, zone: None, outside: Some(Share::percent(25)) };
        assert_eq!(hours.quietest(), Some(3 * 60));
        let at = |hour: u32, minute: u32, lasting| hours.permille(hour * 60 + minute, lasting);
        assert_eq!([at(3, 0, 0), at(8, 59, 0), at(9, 0, 0), at(20, 59, 0), at(21, 0, 0)], [250, 250, 1000, 1000, 250]);
        // What lasts until the morning meets the morning.
        assert_eq!(
            [at(8, 50, 9), at(8, 50, 10), at(23, 0, 599), at(23, 0, 600), at(3, 0, DAY)],
            [250, 1000, 250, 1000, 1000]
        );
        assert_eq!(ActiveHours { outside: None, ..hours.clone() }.quietest(), None);
        assert_eq!(ActiveHours { from: 0, to: 24, ..hours }.quietest(), None);
    }
}
