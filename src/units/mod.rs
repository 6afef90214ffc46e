//! Quantities that parse, print and never mix.
//!
//! Every unit is an integer of a small base unit (bytes, thousandths of a core, cents), so that sums are exact and the
//! same on every machine. `parse(print(x)) == x` holds for each of them.

mod bytes;
mod calendar;
mod cores;
mod count;
mod decimal;
mod growth;
pub mod millis;
mod moment;
mod price;
mod range;
mod rate;
mod serde_impl;
mod share;
mod time;
mod usd;

pub use bytes::Bytes;
pub use calendar::CalendarMonth;
pub use cores::Cores;
pub use count::Count;
pub use growth::Growth;
pub use moment::Moment;
pub use price::{HOURS_A_MONTH, Price};
pub use range::{Range, USUAL_CONFIDENCE};
pub use rate::Rate;
pub use share::Share;
pub use time::{Months, Span};
pub use usd::Usd;

/// Why a text is not the quantity that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitError {
    /// The text as it was given.
    pub given: String,
    /// What was expected, with examples: "a count such as `120` or `3.6B`".
    pub expected: &'static str,
    /// What is wrong with it, as a clause: "is negative".
    pub problem: String,
}

impl std::fmt::Display for UnitError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` {}; expected {}", self.given, self.problem, self.expected)
    }
}

impl std::error::Error for UnitError {}

/// What every quantity can tell about itself; schemas, error hints and reference pages are made from it.
pub trait Unit: Sized + std::str::FromStr<Err = UnitError> + std::fmt::Display {
    /// Name of the format in JSON Schema (`format: "rapplan-bytes"`).
    const FORMAT: &'static str;
    /// What is expected, with examples.
    const EXPECTED: &'static str;
    /// Whether a bare number (no suffix) is a complete value in TOML.
    const BARE_NUMBER: bool;
}

/// Checks a text against a range of the unit that a schema format names; a plain value is one too.
///
/// Returns `None` when the format is not one that can be a range.
pub fn check_range(format: &str, text: &str) -> Option<Result<(), UnitError>> {
    fn try_range<T: Unit + Copy + PartialOrd>(text: &str) -> Result<(), UnitError> {
        text.parse::<Range<T>>().map(|_| ())
    }
    Some(match format {
        Bytes::FORMAT => try_range::<Bytes>(text),
        Count::FORMAT => try_range::<Count>(text),
        Growth::FORMAT => try_range::<Growth>(text),
        Rate::FORMAT => try_range::<Rate>(text),
        _ => return None,
    })
}

/// Checks a text against the unit that a schema format names.
///
/// Returns `None` when the format is not one of ours.
pub fn check_format(format: &str, text: &str) -> Option<Result<(), UnitError>> {
    if let Some(of) = format.strip_suffix("-range") {
        return check_range(of, text);
    }
    fn try_unit<T: Unit>(text: &str) -> Result<(), UnitError> {
        text.parse::<T>().map(|_| ())
    }
    Some(match format {
        Bytes::FORMAT => try_unit::<Bytes>(text),
        CalendarMonth::FORMAT => try_unit::<CalendarMonth>(text),
        Cores::FORMAT => try_unit::<Cores>(text),
        Count::FORMAT => try_unit::<Count>(text),
        Growth::FORMAT => try_unit::<Growth>(text),
        Rate::FORMAT => try_unit::<Rate>(text),
        Share::FORMAT => try_unit::<Share>(text),
        Months::FORMAT => try_unit::<Months>(text),
        Price::FORMAT => try_unit::<Price>(text),
        Span::FORMAT => try_unit::<Span>(text),
        Usd::FORMAT => try_unit::<Usd>(text),
        _ => return None,
    })
}
