//! Points in time, of a real clock or a simulated one.

use std::fmt;
use std::ops::{Add, Sub};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Span;

/// Milliseconds since the start of 1970 in UTC, or since the start of a simulated world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Moment(pub u64);

impl Moment {
    /// How long ago `earlier` was; nothing when it lies ahead.
    pub fn since(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Span> for Moment {
    type Output = Self;

    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl Sub<Span> for Moment {
    type Output = Self;

    fn sub(self, span: Span) -> Self {
        Self(self.0.saturating_sub(span.0))
    }
}

/// Hours, minutes and seconds since the start: `0:04:07`, as a timeline of a simulated world counts.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0 / 1000;
        write!(f, "{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_prints() {
        let start = Moment(1_000);
        assert_eq!((start + Span::seconds(246)).to_string(), "0:04:07");
        assert_eq!((start + Span::seconds(9)).since(start), Span::seconds(9));
        assert_eq!(start.since(start + Span::seconds(9)), Span(0));
        assert_eq!(Moment(u64::MAX) + Span(1), Moment(u64::MAX));
        assert_eq!(start - Span::seconds(9), Moment(0));
    }
}
