//! Money.

use std::fmt;
use std::str::FromStr;

use super::decimal::{Fraction, grouped, split};
use super::{Unit, UnitError};

/// US dollars, in cents: `$1,000`, `1000`, `USD 5,000`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Usd(pub u64);

impl Usd {
    /// `n` whole dollars.
    pub const fn dollars(n: u64) -> Self {
        Self(n * 100)
    }
}

impl Unit for Usd {
    const FORMAT: &'static str = "rapplan-usd";
    const EXPECTED: &'static str = "US dollars such as `$1,000` or `950.50`";
    const BARE_NUMBER: bool = true;
}

impl FromStr for Usd {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let fail =
            |problem: &str| UnitError { given: text.to_owned(), expected: Self::EXPECTED, problem: problem.to_owned() };
        let trimmed = text.trim();
        let number = trimmed.strip_prefix('$').or_else(|| trimmed.strip_prefix("USD")).unwrap_or(trimmed);
        let (number, suffix) = split(number, Self::EXPECTED).map_err(|error| fail(&error.problem))?;
        let factor = match suffix {
            "" | "USD" => 100,
            "K" | "k" => 100_000,
            "M" => 100_000_000,
            _ => return Err(fail(&format!("has `{suffix}` after the number; only US dollars are known"))),
        };
        number.times(factor, Fraction::Refuse).map(Self).map_err(fail)
    }
}

impl fmt::Display for Usd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.0 % 100 {
            0 => format!("${}", grouped(self.0 / 100)),
            cents => format!("${}.{cents:02}", grouped(self.0 / 100)),
        };
        f.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints() {
        for (text, value, printed) in
            [("$1,000", 100_000, "$1,000"), ("USD 5,000", 500_000, "$5,000"), ("950.50", 95_050, "$950.50")]
        {
            assert_eq!(text.parse(), Ok(Usd(value)));
            assert_eq!(Usd(value).to_string(), printed);
        }
        for text in ["€5", "-5", "$", "5 EUR", "0.001"] {
            assert!(text.parse::<Usd>().is_err(), "{text}");
        }
    }
}
