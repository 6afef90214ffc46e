//! Spans of time: short ones for health checks, months for planning.

use std::fmt;
use std::str::FromStr;

use super::decimal::{Fraction, exact, split};
use super::{Unit, UnitError};

/// A span of time in milliseconds: `15ms`, `30s`, `5m`, `1h`, `7d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span(pub u64);

/// A number of months to look ahead: `12mo`, `2y`, `12`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Months(pub u32);

/// Suffix and length in milliseconds, largest first.
const SPANS: [(&str, u64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

impl Span {
    /// `n` seconds.
    pub const fn seconds(n: u64) -> Self {
        Self(n * 1000)
    }
}

impl Unit for Span {
    const FORMAT: &'static str = "rapplan-span";
    const EXPECTED: &'static str = "a span of time such as `15ms`, `30s`, `5m` or `1h`";
    const BARE_NUMBER: bool = false;
}

impl FromStr for Span {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let (number, suffix) = split(text, Self::EXPECTED)?;
        let fail = |problem: String| UnitError { given: text.to_owned(), expected: Self::EXPECTED, problem };
        let length = match suffix {
            "" if number.times(1, Fraction::Round) == Ok(0) => Some(1),
            "" => return Err(fail("has no unit".to_owned())),
            _ => SPANS.into_iter().find(|(known, _)| *known == suffix).map(|(_, length)| length),
        };
        let length = length.ok_or_else(|| fail(format!("has the unit `{suffix}`, which is not one of time")))?;
        number.times(length.into(), Fraction::Refuse).map(Self).map_err(|problem| fail(problem.to_owned()))
    }
}

impl fmt::Display for Span {
    /// The largest unit in which it is whole: `90s`, `5m`, `15ms`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = SPANS.into_iter().find(|(_, length)| self.0 > 0 && self.0.is_multiple_of(*length));
        match whole.and_then(|(suffix, length)| exact(self.0, length).map(|number| (number, suffix))) {
            Some((number, suffix)) => f.pad(&format!("{number}{suffix}")),
            None => f.pad(&format!("{}ms", self.0)),
        }
    }
}

impl Unit for Months {
    const FORMAT: &'static str = "rapplan-months";
    const EXPECTED: &'static str = "a number of months such as `12mo`, `12` or `2y`, at most 120";
    const BARE_NUMBER: bool = true;
}

impl FromStr for Months {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let (number, suffix) = split(text, Self::EXPECTED)?;
        let fail =
            |problem: &str| UnitError { given: text.to_owned(), expected: Self::EXPECTED, problem: problem.to_owned() };
        let factor = match suffix {
            "" | "mo" | "month" | "months" => 1,
            "y" | "year" | "years" => 12,
            _ => return Err(fail(&format!("has the unit `{suffix}`, which is not one of months"))),
        };
        let months = number.times(factor, Fraction::Refuse).map_err(fail)?;
        match u32::try_from(months) {
            Ok(months) if months <= 120 => Ok(Self(months)),
            _ => Err(fail("is more than 120 months; no growth rate holds that long")),
        }
    }
}

impl fmt::Display for Months {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}mo", self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_read_and_print() {
        for (text, value, printed) in
            [("15ms", 15, "15ms"), ("1.5s", 1500, "1500ms"), ("300s", 300_000, "5m"), ("1d", 86_400_000, "1d")]
        {
            assert_eq!(text.parse(), Ok(Span(value)));
            assert_eq!(Span(value).to_string(), printed);
            assert_eq!(printed.parse(), Ok(Span(value)));
        }
        assert!("15".parse::<Span>().is_err());
        assert!("2 weeks".parse::<Span>().is_err());
    }

    #[test]
    fn months_read_and_print() {
        for (text, value) in [("12mo", 12), ("2y", 24), ("6", 6), ("0.5y", 6)] {
            assert_eq!(text.parse(), Ok(Months(value)));
        }
        for text in ["121", "1.5", "5 days", "-1", "forever"] {
            assert!(text.parse::<Months>().is_err(), "{text}");
        }
    }
}
