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
    }
}
