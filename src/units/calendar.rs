//! Months of the calendar.

use std::fmt;
use std::str::FromStr;

use super::{Unit, UnitError};

/// A month of the calendar: `2026-12`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CalendarMonth {
    year: u16,
    /// 1 to 12.
    month: u8,
}

impl CalendarMonth {
    /// The month so many months later; in the year 9999 time ends.
    #[must_use]
    pub fn plus(self, months: u32) -> Self {
        let all = u64::from(self.year) * 12 + u64::from(self.month - 1) + u64::from(months);
        let all = all.min(9999 * 12 + 11);
        Self { year: u16::try_from(all / 12).unwrap_or(9999), month: (all % 12) as u8 + 1 }
    }
}

impl Unit for CalendarMonth {
    const FORMAT: &'static str = "rapplan-calendar-month";
    const EXPECTED: &'static str = "a month of the calendar such as `2026-12`";
    const BARE_NUMBER: bool = false;
}

impl FromStr for CalendarMonth {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let fail =
            |problem: &str| UnitError { given: text.to_owned(), expected: Self::EXPECTED, problem: problem.to_owned() };
        let (year, month) = text.trim().split_once('-').ok_or_else(|| fail("is not a year and a month"))?;
        let digits = |part: &str, many: usize| part.len() == many && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return Err(fail("is not four digits of a year and two of a month"));
        }
        match (year.parse(), month.parse()) {
            (Ok(year), Ok(month @ 1..=12)) if year > 0 => Ok(Self { year, month }),
            _ => Err(fail("is no month of the calendar")),
        }
    }
}

impl fmt::Display for CalendarMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:04}-{:02}", self.year, self.month))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_prints_and_counts_on() {
        let december: CalendarMonth = "2026-12".parse().unwrap();
        for (months, later) in [(0, "2026-12"), (1, "2027-01"), (12, "2027-12"), (120, "2036-12")] {
            assert_eq!(december.plus(months).to_string(), later);
        }
        assert_eq!(december.plus(u32::MAX).to_string(), "9999-12");
        for text in ["2026", "2026-13", "2026-00", "26-12", "2026-1", "0000-01", "2026-12-01", "+026-12", ""] {
            assert!(text.parse::<CalendarMonth>().is_err(), "{text}");
        }
    }
}
