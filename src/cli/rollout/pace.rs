//! How fast simulated time passes for whoever watches.

use std::str::FromStr;
use std::time::Duration;

use crate::units::Span;

/// Simulated seconds that pass in each real one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace(f64);

impl Pace {
    /// The real time that a simulated one takes.
    pub fn real(self, simulated: Span) -> Duration {
        // Whoever wants to see a century pass by waits no longer than a day.
        Duration::from_secs_f64((simulated.0 as f64 / 1000.0 / self.0).min(86_400.0))
    }

    /// The simulated time that passes in a real one.
    pub fn simulated(self, real: Duration) -> Span {
        Span((real.as_secs_f64() * self.0 * 1000.0) as u64)
    }
}

impl FromStr for Pace {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number: f64 = text.trim_end_matches('x').parse().map_err(|_| "it is not a number".to_owned())?;
        match (0.01..=1_000_000.0).contains(&number) {
            true => Ok(Self(number)),
            false => Err("it must be between 0.01 and 1000000; with 60 a minute passes each second".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_each_second() {
        let pace: Pace = "60".parse().unwrap();
        assert_eq!(pace.real(Span::seconds(90)), Duration::from_millis(1500));
        assert_eq!(pace.simulated(Duration::from_millis(250)), Span::seconds(15));
        for wrong in ["", "fast", "0", "-1", "NaN", "inf", "1e9"] {
            assert!(wrong.parse::<Pace>().is_err(), "{wrong}");
        }
    }
}
