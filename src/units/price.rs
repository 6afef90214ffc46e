//! Unit prices, which are far below a cent.

use std::fmt;
use std::str::FromStr;

use super::decimal::{Fraction, exact, grouped, split};
use super::{Unit, UnitError, Usd};

/// Hours that providers bill a month by: 365 x 24 / 12.
pub const HOURS_A_MONTH: u64 = 730;

/// US dollars for one unit of something (an hour of a machine, a GB for a month), in millionths: `$0.0042`, `0.8568`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Price(pub u64);

impl Price {
    /// Dollars, for formulas.
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 1_000_000.0
    }

    /// What `quantity` units cost, rounded half up to a cent and held at the largest amount there is.
    pub fn times(self, quantity: u64) -> Usd {
        let cents = (u128::from(self.0) * u128::from(quantity) + 5_000) / 10_000;
        Usd(u64::try_from(cents).unwrap_or(u64::MAX))
    }

    /// What one thing with this price an hour costs a month of 730 hours.
    pub fn monthly(self) -> Usd {
        self.times(HOURS_A_MONTH)
    }
}

impl Unit for Price {
    const FORMAT: &'static str = "rapplan-price";
    const EXPECTED: &'static str = "a unit price in US dollars such as `$0.0042` or `0.8568`";
    const BARE_NUMBER: bool = true;
}

impl FromStr for Price {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let fail =
            |problem: &str| UnitError { given: text.to_owned(), expected: Self::EXPECTED, problem: problem.to_owned() };
        let trimmed = text.trim();
        let number = trimmed.strip_prefix('$').or_else(|| trimmed.strip_prefix("USD")).unwrap_or(trimmed);
        let (number, suffix) = split(number, Self::EXPECTED).map_err(|error| fail(&error.problem))?;
        if !matches!(suffix, "" | "USD") {
            return Err(fail(&format!("has `{suffix}` after the number; only US dollars are known")));
        }
        // Price lists carry more digits than a millionth; what is below it is rounded.
        number.times(1_000_000, Fraction::Round).map(Self).map_err(fail)
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, millionths) = (self.0 / 1_000_000, self.0 % 1_000_000);
        let text = match (millionths, exact(self.0, 1_000_000)) {
            (0, _) => format!("${}", grouped(whole)),
            (_, Some(short)) if short.len() > 3 => format!("${short}"),
            _ => format!("${whole}.{}", format!("{millionths:06}").trim_end_matches('0')),
        };
        f.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints() {
        for (text, value, printed) in [
            ("$0.0042", 4_200, "$0.0042"),
            ("0.8568", 856_800, "$0.8568"),
            ("USD 12", 12_000_000, "$12"),
            ("0.1", 100_000, "$0.1"),
            ("0.560040239", 560_040, "$0.56004"),
        ] {
            assert_eq!(text.parse(), Ok(Price(value)), "{text}");
            assert_eq!(Price(value).to_string(), printed);
            assert_eq!(printed.parse(), Ok(Price(value)));
        }
        for text in ["-1", "free", "1 EUR", ""] {
            assert!(text.parse::<Price>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_month_has_730_hours() {
        // m7g.xlarge in us-east-1: 0.1632 x 730 = 119.136.
        assert_eq!(Price(163_200).monthly(), Usd(11_914));
        assert_eq!(Price(u64::MAX).times(u64::MAX), Usd(u64::MAX));
    }
}
