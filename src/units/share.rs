//! Parts of a whole.

use std::fmt;
use std::str::FromStr;

use super::decimal::{Fraction, exact, split};
use super::{Unit, UnitError};

/// A part of a whole in millionths: `80%` or `0.8`. May exceed the whole (`150%`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Share(pub u64);

impl Share {
    /// `n` percent.
    pub const fn percent(n: u64) -> Self {
        Self(n * 10_000)
    }

    /// The part as a number: 80 % is 0.8.
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 1_000_000.0
    }
}

impl Unit for Share {
    const FORMAT: &'static str = "rapplan-share";
    const EXPECTED: &'static str = "a share such as `80%` or `0.8`";
    const BARE_NUMBER: bool = true;
}

impl FromStr for Share {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let (number, suffix) = split(text, Self::EXPECTED)?;
        let fail = |problem: String| UnitError { given: text.to_owned(), expected: Self::EXPECTED, problem };
        let factor = match suffix {
            "%" => 10_000,
            "" => 1_000_000,
            _ => return Err(fail(format!("has `{suffix}` after the number; a share takes % or nothing"))),
        };
        let share = number.times(factor, Fraction::Refuse).map_err(|problem| fail(problem.to_owned()))?;
        if suffix.is_empty() && share > 1_000_000 {
            return Err(fail("is more than the whole; write it as a percentage if that is meant".to_owned()));
        }
        Ok(Self(share))
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = exact(self.0, 10_000).unwrap_or_else(|| format!("{:.4}", self.as_f64() * 100.0));
        f.pad(&format!("{text}%"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints() {
        for (text, value, printed) in [("80%", 800_000, "80%"), ("0.8", 800_000, "80%"), ("12.5%", 125_000, "12.5%")] {
            assert_eq!(text.parse(), Ok(Share(value)));
            assert_eq!(Share(value).to_string(), printed);
        }
        assert_eq!("0.0001%".parse::<Share>().map(|s| s.to_string()), Ok("0.0001%".to_owned()));
        assert!("20".parse::<Share>().is_err());
    }
}
