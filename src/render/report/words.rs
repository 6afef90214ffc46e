//! Amounts in words.

use crate::blueprint::tier::{CountRange, UsdRange};
use crate::size::plan::Plan;
use crate::units::{Count, Usd};

/// A range of costs: `$5,000 to $8,000`, `$10,000 or more`.
pub(super) fn usd(range: &UsdRange) -> String {
    match range.max {
        Some(max) if max == range.min => max.to_string(),
        Some(max) => format!("{} to {max}", range.min),
        None => format!("{} or more", range.min),
    }
}

/// A range of counts: `10 to 20`.
pub(super) fn counts(range: &CountRange) -> String {
    match range.max {
        Some(max) if max == range.min => max.to_string(),
        Some(max) => format!("{} to {max}", range.min),
        None => format!("{} or more", range.min),
    }
}

/// A tier with its server set.
pub(super) fn row(tier: &str, set: Option<&str>) -> String {
    match set {
        Some(set) if set != tier => format!("{tier} {set}"),
        _ => tier.to_owned(),
    }
}

/// Dollars on an axis: `$2,000`, `$1.5M`.
pub(super) fn dollars(value: f64) -> String {
    if value >= 1_000_000.0 { format!("${}", Count(value as u64)) } else { Usd((value * 100.0) as u64).to_string() }
}

/// How many servers the plan has, as far as that is fixed.
pub(super) fn servers(plan: &Plan) -> String {
    let hosts: u64 = plan
        .clouds
        .iter()
        .filter(|cloud| cloud.chosen)
        .flat_map(|cloud| &cloud.placement.hosts)
        .map(|host| u64::from(host.count))
        .sum();
    if hosts > 0 {
        return Count(hosts).to_string();
    }
    if !plan.servers.is_empty() {
        let least: u64 = plan.servers.iter().map(|server| u64::from(server.count)).sum();
        let most = plan.servers.iter().map(|server| u64::from(server.count_max.unwrap_or(server.count))).sum();
        return counts(&CountRange { min: Count(least), max: Some(Count(most)) });
    }
    plan.tier.as_ref().map(|tier| counts(&tier.servers)).unwrap_or_default()
}
