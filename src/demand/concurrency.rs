//! From monthly users to users at the same moment, step by step.

use super::Reckoning;
use crate::blueprint::Blueprint;
use crate::units::{Count, Share, Span};

/// Part of the monthly users who come on one day, where a blueprint says nothing. An assumption: a fifth, in the middle
/// of what operators of consumer services tell of theirs.
const DAILY_SHARE: Share = Share::percent(20);

/// Visits of a user on such a day. An assumption.
const SESSIONS_PER_DAY: f64 = 1.0;

/// Length of a visit. An assumption.
const SESSION_LENGTH: Span = Span(600_000);

/// The busiest hour against the mean of the active hours. An assumption.
const PEAK_FACTOR: f64 = 2.0;

/// Users at the same moment in the busiest hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concurrency {
    /// The users.
    pub users: Count,
    /// How they were reckoned, first step first.
    pub why: Vec<Reckoning>,
    /// Fields of the blueprint that said nothing, so that an assumption of rapplan stands for them.
    pub assumed: Vec<&'static str>,
}

/// Users at the same moment that `monthly` users make in the busiest hour.
///
/// Little's law: those present are those who arrive in a time, times the time they stay.
pub fn concurrent_users(blueprint: &Blueprint, monthly: Count) -> Concurrency {
    let workload = &blueprint.workload;
    let mut assumed = Vec::new();
    let mut note = |missing: bool, field| assumed.extend(missing.then_some(field));
    note(workload.daily_share.is_none(), "daily_share");
    note(workload.sessions_per_day.is_none(), "sessions_per_day");
    note(workload.session_length.is_none(), "session_length");
    note(workload.peak_factor.is_none(), "peak_factor");
    note(workload.active_hours.is_none(), "active_hours");
    let share = workload.daily_share.unwrap_or(DAILY_SHARE);
    let per_day = workload.sessions_per_day.unwrap_or(SESSIONS_PER_DAY);
    let length = workload.session_length.unwrap_or(SESSION_LENGTH);
    let factor = workload.peak_factor.unwrap_or(PEAK_FACTOR);
    let hours = workload.active_hours.as_ref().map_or(24, |hours| hours.to.saturating_sub(hours.from).max(1));
    let window =
        workload.active_hours.as_ref().map_or("all day".to_owned(), |h| format!("{:02}:00 to {:02}:00", h.from, h.to));

    let [daily, sessions, peak, present] = steps(blueprint, monthly);
    let users = Count(present as u64);

    let source = |field: &str| match assumed.contains(&field) {
        true => format!("assumption of rapplan, since the blueprint has no workload.{field}"),
        false => format!("{}.toml workload.{field}", blueprint.name),
    };
    let step = |figure: &str, value: f64, formula: &str, inputs: &[(&str, String)], source: String| Reckoning {
        figure: figure.to_owned(),
        value: Count(value.ceil() as u64).to_string(),
        formula: formula.to_owned(),
        inputs: inputs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
        source,
    };
    let whole = |value: f64| Count(value.ceil() as u64).to_string();
    let why = vec![
        step(
            "users a day",
            daily,
            "monthly users x daily share",
            &[("monthly users", monthly.to_string()), ("daily share", share.to_string())],
            source("daily_share"),
        ),
        step(
            "visits a day",
            sessions,
            "users a day x visits of one",
            &[("users a day", whole(daily)), ("visits of one", per_day.to_string())],
            source("sessions_per_day"),
        ),
        step(
            "visits in the busiest hour",
            peak,
            "visits a day / active hours x peak factor",
            &[
                ("visits a day", whole(sessions)),
                ("active hours", format!("{hours} ({window})")),
                ("peak factor", factor.to_string()),
            ],
            format!("{}; {}", source("active_hours"), source("peak_factor")),
        ),
        step(
            "concurrent users",
            present,
            "visits an hour x length of a visit (Little's law)",
            &[("visits an hour", whole(peak)), ("length of a visit", length.to_string())],
            source("session_length"),
        ),
    ];
    Concurrency { users, why, assumed }
}

/// The same users without the words, for thousands of demands.
pub fn users_at_once(blueprint: &Blueprint, monthly: Count) -> Count {
    let [.., present] = steps(blueprint, monthly);
    Count(present as u64)
}

/// Users a day, visits a day, visits in the busiest hour, and users at the same moment.
fn steps(blueprint: &Blueprint, monthly: Count) -> [f64; 4] {
    let workload = &blueprint.workload;
    let hours = workload.active_hours.as_ref().map_or(24, |hours| hours.to.saturating_sub(hours.from).max(1));
    let length = workload.session_length.unwrap_or(SESSION_LENGTH);
    let daily = monthly.0 as f64 * workload.daily_share.unwrap_or(DAILY_SHARE).as_f64();
    let sessions = daily * workload.sessions_per_day.unwrap_or(SESSIONS_PER_DAY);
    let peak = sessions / f64::from(hours) * workload.peak_factor.unwrap_or(PEAK_FACTOR);
    let present = (peak * (length.0 as f64 / 3_600_000.0)).ceil().max(f64::from(u8::from(monthly.0 > 0)));
    [daily, sessions, peak, present]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dojangkok_step_by_step() {
        let text = include_str!("../../blueprints/dojangkok.toml");
        let mut blueprint = Blueprint::parse("dojangkok.toml", text).unwrap().blueprint;
        // 50,000 x 20% = 10,000; / 12 h x 2 = 1,666.7 an hour; x 10/60 h = 277.8.
        let found = concurrent_users(&blueprint, Count(50_000));
        assert_eq!(found.users, Count(278));
        let values: Vec<&str> = found.why.iter().map(|step| step.value.as_str()).collect();
        assert_eq!(values, ["10,000", "10,000", "1,667", "278"]);
        assert!(found.assumed.is_empty());
        blueprint.workload = Default::default();
        let found = concurrent_users(&blueprint, Count(50_000));
        // Without hours the visits spread over the day: 10,000 / 24 x 2 / 6 = 138.9.
        assert_eq!(found.users, Count(139));
        assert_eq!(found.assumed.len(), 5);
        assert!(found.why[0].source.starts_with("assumption"));
        assert_eq!(concurrent_users(&blueprint, Count(0)).users, Count(0));
        let _ = concurrent_users(&blueprint, Count(u64::MAX));
    }
}
