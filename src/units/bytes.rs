//! Amounts of memory and storage.

use std::fmt;
use std::str::FromStr;

use super::decimal::{Fraction, exact, split, three_digits};
use super::{Unit, UnitError};

/// A number of bytes. `kB`, `MB`, `GB`, `TB`, `PB`, `EB` are powers of 1000; `KiB` ... `EiB` are powers of 1024.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Bytes(pub u64);

/// Suffix and size, largest first within each family; the first of equal length wins when printing.
const UNITS: [(&str, u64); 13] = [
    ("EiB", 1 << 60),
    ("EB", 1_000_000_000_000_000_000),
    ("PiB", 1 << 50),
    ("PB", 1_000_000_000_000_000),
    ("TiB", 1 << 40),
    ("TB", 1_000_000_000_000),
    ("GiB", 1 << 30),
    ("GB", 1_000_000_000),
    ("MiB", 1 << 20),
    ("MB", 1_000_000),
    ("KiB", 1 << 10),
    ("kB", 1_000),
    ("B", 1),
];

/// Longest text of an exact amount that people are shown as it is, such as `137.5 GB`.
const SHORT: usize = 8;

impl Bytes {
    /// `n` binary gigabytes (1 GiB = 1024^3 bytes).
    pub const fn gib(n: u64) -> Self {
        Self(n << 30)
    }

    /// `n` binary megabytes (1 MiB = 1024^2 bytes).
    pub const fn mib(n: u64) -> Self {
        Self(n << 20)
    }

    /// The amount in GiB, for estimates.
    pub fn as_gib(self) -> f64 {
        self.0 as f64 / (1u64 << 30) as f64
    }

    /// An amount that was calculated with fractions: rounded up, and held at the largest amount there is.
    pub fn ceil_from(bytes: f64) -> Self {
        Self(bytes.max(0.0).ceil() as u64)
    }

    /// For people: the exact form where that is short, else three significant digits in decimal units: `2.5 TB`, `16.7 PB`.
    pub fn short(self) -> String {
        let exact = self.to_string();
        let raw = exact.ends_with(" B") && self.0 >= 1000;
        if exact.len() <= SHORT && !raw {
            return exact;
        }
        // The exponent of the third digit, at least none; half a step more rounds to the nearest.
        let step = 10u64.saturating_pow(self.0.ilog10().saturating_sub(2));
        let rounded = (u128::from(self.0) + u128::from(step / 2)) / u128::from(step) * u128::from(step);
        // What rounds beyond the largest amount is told as three digits of it.
        let rounded = u64::try_from(rounded).unwrap_or(u64::MAX / step * step);
        Self(rounded).decimal()
    }

    /// An amount of three digits in the decimal unit below it.
    fn decimal(self) -> String {
        let (suffix, size) = UNITS
            .into_iter()
            .filter(|(suffix, _)| !suffix.ends_with("iB"))
            .find(|(_, size)| self.0 >= *size)
            .unwrap_or(("B", 1));
        exact(self.0, size).map_or_else(|| self.to_string(), |number| format!("{number} {suffix}"))
    }

    /// Three significant digits in binary units, for figures that are estimates: `1.45 TiB`.
    pub fn approx(self) -> String {
        let (suffix, size) = UNITS
            .into_iter()
            .filter(|(suffix, _)| suffix.ends_with("iB") || *suffix == "B")
            .find(|(_, size)| self.0 >= *size)
            .unwrap_or(("B", 1));
        format!("{} {suffix}", three_digits(self.0 as f64 / size as f64))
    }
}

impl Unit for Bytes {
    const FORMAT: &'static str = "rapplan-bytes";
    const EXPECTED: &'static str = "an amount with its unit, such as `500 GiB` or `2.5TB`";
    const BARE_NUMBER: bool = false;
}

impl FromStr for Bytes {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let (number, suffix) = split(text, Self::EXPECTED)?;
        let fail = |problem: String| UnitError { given: text.to_owned(), expected: Self::EXPECTED, problem };
        let size = match suffix.to_ascii_lowercase().as_str() {
            "" if number.times(1, Fraction::Round) == Ok(0) => 1,
            "" => return Err(fail("has no unit".to_owned())),
            "b" => 1,
            "k" | "kb" => 1_000,
            "m" | "mb" => 1_000_000,
            "g" | "gb" => 1_000_000_000,
            "t" | "tb" => 1_000_000_000_000,
            "p" | "pb" => 1_000_000_000_000_000,
            "e" | "eb" => 1_000_000_000_000_000_000,
            "ki" | "kib" => 1 << 10,
            "mi" | "mib" => 1 << 20,
            "gi" | "gib" => 1 << 30,
            "ti" | "tib" => 1 << 40,
            "pi" | "pib" => 1 << 50,
            "ei" | "eib" => 1 << 60,
            _ => return Err(fail(format!("has the unit `{suffix}`, which is not one of bytes"))),
        };
        number.times(size, Fraction::Round).map(Self).map_err(|problem| fail(problem.to_owned()))
    }
}

impl fmt::Display for Bytes {
    /// The shortest exact form: `6 TB`, `128 GiB`, `1234567 B`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shortest = UNITS
            .into_iter()
            .filter(|(_, size)| self.0 >= *size)
            .filter_map(|(suffix, size)| exact(self.0, size).map(|number| (number, suffix)))
            .min_by_key(|(number, _)| number.len());
        match shortest {
            Some((number, suffix)) => f.pad(&format!("{number} {suffix}")),
            None => f.pad("0 B"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_decimal_and_binary_units() {
        assert_eq!("2.5TB".parse(), Ok(Bytes(2_500_000_000_000)));
        assert_eq!("500 GiB".parse(), Ok(Bytes::gib(500)));
        assert_eq!("512Mi".parse(), Ok(Bytes::mib(512)));
        assert_eq!("0".parse(), Ok(Bytes(0)));
    }

    #[test]
    fn refuses_what_is_no_amount() {
        for text in ["", "500", "GB", "-1GB", "1,00 GB", "5 hours", "NaN", "1e5GB", "20EiB", "1.GB"] {
            assert!(text.parse::<Bytes>().is_err(), "{text}");
        }
    }

    #[test]
    fn prints_the_shortest_exact_form() {
        let printed = [6_000_000_000_000, 137_438_953_472, 1024, 1_234_567, 0, u64::MAX];
        let printed: Vec<_> = printed.into_iter().map(|n| Bytes(n).to_string()).collect();
        assert_eq!(printed, ["6 TB", "128 GiB", "1 KiB", "1234567 B", "0 B", "18446744073709551615 B"]);
    }

    #[test]
    fn people_see_no_raw_bytes() {
        for (bytes, shown) in [
            (16_666_666_666_666_666, "16.7 PB"),
            (32_026_666_666_666_666, "32 PB"),
            (9_999_999_999_999, "10 TB"),
            (6_000_000_000_000, "6 TB"),
            (2_500_000_000_000, "2.5 TB"),
            (137_438_953_472, "128 GiB"),
            (999_999, "1 MB"),
            (1_234_567, "1.23 MB"),
            (1_666, "1.67 kB"),
            (999, "999 B"),
            (0, "0 B"),
            (u64::MAX, "18.4 EB"),
        ] {
            assert_eq!(Bytes(bytes).short(), shown, "{bytes}");
        }
    }

    #[test]
    fn estimates_have_three_digits() {
        assert_eq!(Bytes(1_590_000_000_000).approx(), "1.45 TiB");
        assert_eq!(Bytes::gib(512).approx(), "512 GiB");
    }
}
