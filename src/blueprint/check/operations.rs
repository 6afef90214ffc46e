//! Backup times and thresholds.

use super::Checker;
use crate::blueprint::document::FieldPath;
use crate::blueprint::operations::Measure;
use crate::error::{Code, Problem};
use crate::path;
use crate::units::{Count, Share, Span, Unit, UnitError};

pub(super) fn check(c: &mut Checker<'_>) {
    if let Some(backup) = &c.blueprint.backup
        && !is_time_of_day(&backup.at)
    {
        let summary = format!("`{}` is not a time of day", backup.at);
        c.bad_value(&path!["backup", "at"], summary, "must be as in `02:00`");
    }
    for (i, trigger) in c.blueprint.triggers.iter().enumerate() {
        threshold(c, &path!["triggers", i], trigger.measure, trigger.above.as_deref());
    }
    for (i, verdict) in c.blueprint.verdicts.iter().enumerate() {
        threshold(c, &path!["verdicts", i], verdict.measure, Some(&verdict.above));
    }
}

fn is_time_of_day(text: &str) -> bool {
    let part = |text: &str, end: u8| {
        text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit()) && text.parse::<u8>().is_ok_and(|n| n < end)
    };
    text.split_once(':').is_some_and(|(hours, minutes)| part(hours, 24) && part(minutes, 60))
}

/// What a threshold on a measure is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scale {
    Share,
    Time,
    Number,
    None,
}

fn scale(measure: Measure) -> Scale {
    match measure {
        Measure::Cpu
        | Measure::Memory
        | Measure::Disk
        | Measure::Connections
        | Measure::Errors
        | Measure::Quota
        | Measure::Partitions => Scale::Share,
        Measure::P95 | Measure::BackupAge => Scale::Time,
        Measure::Queue | Measure::ConcurrentUsers => Scale::Number,
        Measure::Down => Scale::None,
    }
}

fn threshold(c: &mut Checker<'_>, at: &FieldPath, measure: Measure, above: Option<&str>) {
    let scale = scale(measure);
    let field = at.join("above");
    let checked = match (scale, above) {
        (Scale::None, None) => return,
        (Scale::None, Some(_)) => {
            let problem = Problem::new(Code::BadField, "`down` has no threshold")
                .because("a service answers or it does not")
                .hint("leave `above` out; `lasting` says how long it must be down");
            return c.at_value(&field, "not taken here", problem);
        }
        (_, None) => {
            let problem = Problem::new(Code::MissingField, "the trigger lacks its threshold `above`")
                .hint(format!("add `above`: {}", expected(scale)));
            return c.at_value(at, "`above` is missing", problem);
        }
        (Scale::Share, Some(text)) => is::<Share>(text),
        (Scale::Time, Some(text)) => is::<Span>(text),
        (Scale::Number, Some(text)) => is::<Count>(text),
    };
    if let Err(error) = checked {
        let problem = Problem::from_unit(Code::BadField, "`above`", &error);
        c.at_value(&field, "does not fit the measure", problem);
    }
}

fn is<T: Unit>(text: &str) -> Result<(), UnitError> {
    text.parse::<T>().map(|_| ())
}

fn expected(scale: Scale) -> &'static str {
    match scale {
        Scale::Share => Share::EXPECTED,
        Scale::Time => Span::EXPECTED,
        Scale::Number | Scale::None => Count::EXPECTED,
    }
}
