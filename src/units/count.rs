//! Whole things: partitions, vectors, users.

use std::fmt;
use std::str::FromStr;

use super::decimal::{Fraction, exact, grouped, split, three_digits};
use super::{Unit, UnitError};

/// A whole number of things. `K`, `M`, `B`, `T` are thousand, million, billion (10^9) and trillion (10^12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Count(pub u64);

impl Count {
    /// In words that a sentence can use: `3.6 billion`, `120`.
    pub fn spoken(self) -> String {
        let words = [(1_000_000_000_000, "trillion"), (1_000_000_000, "billion"), (1_000_000, "million")];
        words
            .into_iter()
            .filter(|(size, _)| self.0 >= *size)
            .find_map(|(size, word)| exact(self.0, size).map(|number| format!("{number} {word}")))
            .unwrap_or_else(|| self.roughly(&words))
    }

    /// Large figures that no short text tells exactly, with three digits: `about 3.02 billion`.
    fn roughly(self, words: &[(u64, &str)]) -> String {
        let word = words.iter().find(|(size, _)| self.0 >= *size);
        word.map_or_else(
            || grouped(self.0),
            |(size, word)| format!("about {} {word}", three_digits(self.0 as f64 / *size as f64)),
        )
    }
}

impl Unit for Count {
    const FORMAT: &'static str = "rapplan-count";
    const EXPECTED: &'static str = "a whole number such as `120`, `1,000` or `3.6B`";
    const BARE_NUMBER: bool = true;
}

impl FromStr for Count {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let (number, suffix) = split(text, Self::EXPECTED)?;
        let fail = |problem: String| UnitError { given: text.to_owned(), expected: Self::EXPECTED, problem };
        let factor = match suffix {
            "" => 1,
            "K" | "k" => 1_000,
            "M" | "m" => 1_000_000,
            "B" | "b" | "G" => 1_000_000_000,
            "T" | "t" => 1_000_000_000_000,
            _ => return Err(fail(format!("has `{suffix}` after the number; a count takes K, M, B or T"))),
        };
        number.times(factor, Fraction::Refuse).map(Self).map_err(|problem| fail(problem.to_owned()))
    }
}

impl fmt::Display for Count {
    /// The shortest exact form: `3.6B`, `120`, `1,234,567`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sizes = [("T", 1_000_000_000_000), ("B", 1_000_000_000), ("M", 1_000_000), ("K", 100_000)];
        let short = sizes
            .into_iter()
            .filter(|(_, size)| self.0 >= *size)
            .map(|(suffix, size)| (suffix, if suffix == "K" { 1_000 } else { size }))
            .find_map(|(suffix, size)| Some((exact(self.0, size)?, suffix)))
            .filter(|(number, _)| number.len() <= 5)
            .map(|(number, suffix)| format!("{number}{suffix}"));
        f.pad(&short.unwrap_or_else(|| grouped(self.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_suffixes_and_groups() {
        assert_eq!("120".parse(), Ok(Count(120)));
        assert_eq!("3.6B".parse(), Ok(Count(3_600_000_000)));
        assert_eq!("1,000".parse(), Ok(Count(1000)));
        assert_eq!(" 30M ".parse(), Ok(Count(30_000_000)));
    }

    #[test]
    fn refuses_nonsense() {
        for text in ["", "many", "-1", "1.5", "NaN", "inf", "1e9", "5GB", "99999999999999999999", "1,00", "0x10", "१२"]
        {
            assert!(text.parse::<Count>().is_err(), "{text}");
        }
    }

    #[test]
    fn prints_what_reads_back() {
        for (value, text) in
            [(3_600_000_000, "3.6B"), (120, "120"), (100_000, "100K"), (10_000, "10,000"), (1_234_567, "1,234,567")]
        {
            assert_eq!(Count(value).to_string(), text);
            assert_eq!(text.parse(), Ok(Count(value)));
        }
        let spoken = [3_600_000_000, 3_021_804_141, 120, 12_345].map(|n| Count(n).spoken());
        assert_eq!(spoken, ["3.6 billion", "about 3.02 billion", "120", "12,345"]);
    }
}
