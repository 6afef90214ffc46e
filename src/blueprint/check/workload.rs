//! The figures that stand in for what a user does not say.

use super::Checker;
use crate::path;

/// Fewest and most dimensions of a vector field in Milvus.
const DIMS: std::ops::RangeInclusive<u32> = 2..=32_768;

pub(super) fn check(c: &mut Checker<'_>) {
    if let Some(partition) = &c.blueprint.workload.partition {
        let at = path!["workload", "partition"];
        if partition.vectors.0 == 0 {
            c.bad_value(&at.join("vectors"), "a partition holds no vectors", "must be more than 0");
        }
        if partition.data.0 == 0 {
            c.bad_value(&at.join("data"), "a partition holds no data", "must be more than 0");
        }
        if !DIMS.contains(&partition.dims) {
            let rule = format!("must be from {} to {}", DIMS.start(), DIMS.end());
            c.bad_value(&at.join("dims"), format!("a vector cannot have {} dimensions", partition.dims), &rule);
        }
    }
    let at = path!["workload"];
    let workload = &c.blueprint.workload;
    if let Some(share) = workload.daily_share.filter(|share| share.0 == 0 || share.0 > 1_000_000) {
        let summary = format!("{share} of the users cannot come on one day");
        c.bad_value(&at.join("daily_share"), summary, "must be more than 0% and at most 100%");
    }
    if let Some(sessions) = workload.sessions_per_day.filter(|sessions| !(0.001..=1000.0).contains(sessions)) {
        let summary = format!("a user cannot come {sessions} times a day");
        c.bad_value(&at.join("sessions_per_day"), summary, "must be from 0.001 to 1000");
    }
    if workload.session_length.is_some_and(|length| length.0 == 0) {
        c.bad_value(&at.join("session_length"), "a visit takes no time", "must be more than 0");
    }
    if let Some(factor) = workload.peak_factor.filter(|factor| !(1.0..=1000.0).contains(factor)) {
        let summary = format!("the busiest hour cannot have {factor} times the visits of a mean one");
        c.bad_value(&at.join("peak_factor"), summary, "must be from 1 to 1000");
    }
    if let Some(hours) = &c.blueprint.workload.active_hours {
        let at = path!["workload", "active_hours"];
        if hours.from > 23 {
            c.bad_value(&at.join("from"), format!("there is no hour {}", hours.from), "must be from 0 to 23");
        }
        if !(1..=24).contains(&hours.to) {
            c.bad_value(&at.join("to"), format!("there is no hour {}", hours.to), "must be from 1 to 24");
        } else if hours.from >= hours.to {
            let summary = format!("the active hours end at {} and start at {}", hours.to, hours.from);
            c.bad_value(&at.join("to"), summary, "must be after `from`");
        }
        if let Some(outside) = hours.outside.filter(|outside| outside.0 > 1_000_000) {
            let summary =
                format!("{outside} of the demand of the busiest hour cannot be asked outside the active hours");
            c.bad_value(&at.join("outside"), summary, "must be at most 100%");
        }
    }
}
