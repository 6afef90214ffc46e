//! What `plan`, `apply`, `rehearse`, `rollback` and `destroy` have in common: what is wanted, the world that it is wanted in,
//! what would happen, and what did.

pub mod accompany;
pub mod args;
pub mod asked;
pub mod carry_out;
pub mod clouds;
pub mod confirm;
pub mod demanded;
pub mod events;
pub mod folder_bucket;
pub mod forecast;
pub mod goal;
pub mod history;
pub mod images;
pub mod kept;
pub mod kill_at;
pub mod pace;
pub mod picture;
pub mod planned;
pub mod planned_view;
pub mod records;
pub mod refuse;
pub mod saved;
pub mod store;
pub mod summary;
pub mod wanted;
pub mod ways;

use crate::cloud::Cloud;
use crate::cloud::sim::Simulated;
use crate::engine::Rehearsal;
use crate::units::{Moment, Span};

/// What an action is in a simulated cloud.
pub type ActionOf<S> = <<S as Simulated>::Cloud as Cloud>::Action;
/// What is wanted of a simulated cloud.
pub type DesiredOf<S> = <<S as Simulated>::Cloud as Cloud>::Desired;
/// What a run against a simulated cloud came to.
pub type Story<S> = Rehearsal<ActionOf<S>>;

/// A time as people read it, to the second: `45s`, `12m 30s`, `1h 02m`.
pub fn lasting(span: Span) -> String {
    let seconds = span.0.saturating_add(500) / 1000;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds}s"),
        (0, minutes, seconds) => format!("{minutes}m {seconds:02}s"),
        (hours, minutes, _) => format!("{hours}h {minutes:02}m"),
    }
}

/// A moment of a run, told from its beginning: `0:04:07`.
pub fn clock(after: Span) -> String {
    Moment(after.0).to_string()
}

/// What is borne, as a percentage of what must be; rounded down, so that it never says more than there is.
pub fn percent(permille: u64) -> String {
    format!("{} %", permille / 10)
}

/// A number of healthy instances in words.
pub fn healthy(count: u32) -> String {
    if count == 1 { "1 healthy instance".to_owned() } else { format!("{count} healthy instances") }
}

/// A number of instances in thousandths, as people read it: `0.67`, `4.5`, `12`.
pub fn instances(thousandths: u64) -> String {
    let hundredths = thousandths.div_ceil(10);
    let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_short() {
        let told = [400, 45_000, 750_000, 3_725_000].map(|ms| lasting(Span(ms)));
        assert_eq!(told, ["0s", "45s", "12m 30s", "1h 02m"]);
        assert_eq!([0, 667, 4_500, 12_000, 1].map(instances), ["0", "0.67", "4.5", "12", "0.01"]);
        assert_eq!((clock(Span(247_000)), percent(999)), ("0:04:07".to_owned(), "99 %".to_owned()));
    }
}
