//! Quantities that are not known exactly.

use std::fmt;
use std::str::FromStr;

use super::{Share, Unit, UnitError};

/// The part of all cases that a range holds where nobody says: nine of ten.
///
/// A choice: people who name the least and the most they expect are wrong more often than they think, so the ends are not
/// taken for certain.
pub const USUAL_CONFIDENCE: Share = Share::percent(90);

/// A quantity, or the range that holds it with some confidence: `800`, `500..2000`, `1B..3B@80%`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range<T> {
    /// Lower end.
    pub low: T,
    /// Upper end; the same where the quantity is known.
    pub high: T,
    /// Part of the cases that lie between the ends; half of the others lie below, half above.
    pub confidence: Share,
}

impl<T: Copy + PartialEq> Range<T> {
    /// A quantity that is known.
    pub fn certain(value: T) -> Self {
        Self { low: value, high: value, confidence: Share::percent(100) }
    }

    /// Whether it is known.
    pub fn is_certain(&self) -> bool {
        self.low == self.high
    }
}

impl<T: Unit + Copy + PartialOrd> FromStr for Range<T> {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let fail = |problem: String| UnitError { given: text.to_owned(), expected: T::EXPECTED, problem };
        let Some((low, rest)) = text.split_once("..") else {
            return text.parse().map(Self::certain);
        };
        let (high, confidence) = match rest.split_once('@') {
            Some((high, confidence)) => {
                let confidence: Share = confidence.parse().map_err(|error: UnitError| {
                    fail(format!("has the confidence `{confidence}`, which {}", error.problem))
                })?;
                (high, confidence)
            }
            None => (rest, USUAL_CONFIDENCE),
        };
        if confidence < Share::percent(1) || confidence > Share(999_000) {
            return Err(fail(format!("has the confidence {confidence}; it goes from 1% to 99.9%")));
        }
        // `8%..12%/month`, `500..2000/s`: what both ends are per is said once, at the end.
        let low = match (low.contains('/'), high.split_once('/')) {
            (false, Some((_, per))) => format!("{low}/{per}"),
            _ => low.to_owned(),
        };
        let end = |end: &str| {
            end.parse::<T>().map_err(|error| fail(format!("has the end `{}`, which {}", end.trim(), error.problem)))
        };
        // `1..3B` means 1B..3B to people only; here it is one to three billion, so both ends are read as they stand.
        let (low, high) = (end(&low)?, end(high)?);
        if low > high {
            return Err(fail("ends before it begins".to_owned()));
        }
        Ok(if low == high { Self::certain(low) } else { Self { low, high, confidence } })
    }
}

impl<T: fmt::Display + Copy + PartialEq> fmt::Display for Range<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.is_certain() {
            true => self.low.fmt(f),
            false => f.pad(&format!("{}..{}@{}", self.low, self.high, self.confidence)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{Bytes, Count, Growth, Rate};

    #[test]
    fn reads_ranges_and_plain_values() {
        let range: Range<Rate> = "500..2000".parse().unwrap();
        assert_eq!((range.low, range.high, range.confidence), (Rate(500_000), Rate(2_000_000), USUAL_CONFIDENCE));
        let range: Range<Count> = "1B..3B@80%".parse().unwrap();
        assert_eq!((range.low.0, range.high.0, range.confidence), (1_000_000_000, 3_000_000_000, Share::percent(80)));
        assert_eq!("120".parse::<Range<Count>>(), Ok(Range::certain(Count(120))));
        assert_eq!("5..5".parse::<Range<Count>>(), Ok(Range::certain(Count(5))));
        assert!("5%/month..9%/month".parse::<Range<Growth>>().is_ok());
        assert_eq!("5%..9%/month".parse::<Range<Growth>>(), "5%/month..9%/month".parse());
        assert_eq!("500..2000/s".parse::<Range<Rate>>(), "500..2000".parse());
        assert_eq!("1TB..2TB".parse::<Range<Bytes>>().unwrap().to_string(), "1 TB..2 TB@90%");
    }

    #[test]
    fn refuses_what_is_no_range() {
        for text in ["", "..", "5..", "..5", "9..5", "1..2@", "1..2@0%", "1..2@100%", "1..2@x", "a..b", "1..2..3"] {
            assert!(text.parse::<Range<Count>>().is_err(), "{text}");
        }
    }
}
