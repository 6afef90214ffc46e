//! Growth of demand over time.

use std::fmt;
use std::str::FromStr;

use super::{Share, Unit, UnitError};

/// Compound growth per month: `8%/month`. A yearly rate (`100%/year`) is turned into the monthly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Growth(pub Share);

impl Growth {
    /// What demand is multiplied by after `months`.
    ///
    /// Repeated multiplication and not a power function, so that every machine gets the same bits.
    pub fn factor(self, months: u32) -> f64 {
        (0..months).fold(1.0, |factor, _| factor * (1.0 + self.0.as_f64()))
    }
}

impl Unit for Growth {
    const FORMAT: &'static str = "rapplan-growth";
    const EXPECTED: &'static str = "growth such as `8%/month` or `100%/year`, at most 1000% a month";
    const BARE_NUMBER: bool = false;
}

impl FromStr for Growth {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let fail = |problem: String| UnitError { given: text.to_owned(), expected: Self::EXPECTED, problem };
        let (share, period) = text.split_once('/').ok_or_else(|| fail("does not say per what".to_owned()))?;
        let share: Share = share.trim().parse().map_err(|error: UnitError| fail(error.problem))?;
        let monthly = match period.trim() {
            "month" | "mo" | "m" => share,
            "year" | "y" | "yr" => {
                let monthly = (1.0 + share.as_f64()).powf(1.0 / 12.0) - 1.0;
                Share((monthly * 1_000_000.0).round() as u64)
            }
            other => return Err(fail(format!("is per `{other}`; growth is per month or per year"))),
        };
        if monthly > Share::percent(1000) {
            return Err(fail("is too fast".to_owned()));
        }
        Ok(Self(monthly))
    }
}

impl fmt::Display for Growth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}/month", self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_prints_and_compounds() {
        let growth: Growth = "8%/month".parse().unwrap();
        assert_eq!(growth.to_string(), "8%/month");
        assert!((growth.factor(3) - 1.259712).abs() < 1e-12);
        assert_eq!("100%/year".parse::<Growth>().map(|g| g.to_string()), Ok("5.9463%/month".to_owned()));
        for text in ["8%", "8%/day", "-8%/month", "fast/month", "2000%/month"] {
            assert!(text.parse::<Growth>().is_err(), "{text}");
        }
    }
}
