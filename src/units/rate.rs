//! Requests per second.

use std::fmt;
use std::str::FromStr;

use super::decimal::{Fraction, exact, grouped, split};
use super::{Unit, UnitError};

/// Requests per second, in thousandths: `800`, `0.5`, `800/s`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Rate(pub u64);

impl Rate {
    /// `n` requests per second.
    pub const fn per_second(n: u64) -> Self {
        Self(n * 1000)
    }

    /// Requests per second, for formulas.
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 1000.0
    }
}

impl Unit for Rate {
    const FORMAT: &'static str = "rapplan-rate";
    const EXPECTED: &'static str = "requests per second such as `800`, `0.5` or `1.2K/s`";
    const BARE_NUMBER: bool = true;
}

impl FromStr for Rate {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let (number, suffix) = split(text, Self::EXPECTED)?;
        let fail = |problem: String| UnitError { given: text.to_owned(), expected: Self::EXPECTED, problem };
        let unit = suffix.trim_end_matches("rps").trim_end_matches("req/s").trim_end_matches("/s").trim_end();
        let factor = match unit {
            "" => 1_000,
            "K" | "k" => 1_000_000,
            "M" => 1_000_000_000,
            _ => return Err(fail(format!("has the unit `{suffix}`, which is not one of requests per second"))),
        };
        number.times(factor, Fraction::Refuse).map(Self).map_err(|problem| fail(problem.to_owned()))
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.0 % 1000 {
            0 => grouped(self.0 / 1000),
            _ => exact(self.0, 1000).unwrap_or_default(),
        };
        f.pad(&format!("{text}/s"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints() {
        for (text, value, printed) in
            [("800", 800_000, "800/s"), ("0.5", 500, "0.5/s"), ("1.2K/s", 1_200_000, "1,200/s")]
        {
            assert_eq!(text.parse(), Ok(Rate(value)));
            assert_eq!(Rate(value).to_string(), printed);
            assert_eq!(printed.parse(), Ok(Rate(value)));
        }
        for text in ["fast", "-1", "NaN", "5ms", "0.0001"] {
            assert!(text.parse::<Rate>().is_err(), "{text}");
        }
    }
}
