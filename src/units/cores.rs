//! Processor cores.

use std::fmt;
use std::str::FromStr;

use super::decimal::{Fraction, exact, split};
use super::{Unit, UnitError};

/// Processor cores, in thousandths: `4`, `0.5`, or `500m` as Kubernetes writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Cores(pub u64);

impl Cores {
    /// `n` whole cores.
    pub const fn whole(n: u64) -> Self {
        Self(n * 1000)
    }

    /// The number of cores, for formulas.
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 1000.0
    }
}

impl Unit for Cores {
    const FORMAT: &'static str = "rapplan-cores";
    const EXPECTED: &'static str = "a number of cores such as `4`, `0.5` or `500m`";
    const BARE_NUMBER: bool = true;
}

impl FromStr for Cores {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let (number, suffix) = split(text, Self::EXPECTED)?;
        let fail = |problem: String| UnitError { given: text.to_owned(), expected: Self::EXPECTED, problem };
        let factor = match suffix {
            "" => 1000,
            "m" => 1,
            _ => return Err(fail(format!("has the unit `{suffix}`, which is not one of cores"))),
        };
        number.times(factor, Fraction::Refuse).map(Self).map_err(|problem| fail(problem.to_owned()))
    }
}

impl fmt::Display for Cores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&exact(self.0, 1000).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints() {
        for (text, value, printed) in [("16", 16_000, "16"), ("0.5", 500, "0.5"), ("500m", 500, "0.5")] {
            assert_eq!(text.parse(), Ok(Cores(value)));
            assert_eq!(Cores(value).to_string(), printed);
        }
        assert!("4 GB".parse::<Cores>().is_err());
    }
}
