//! Response times, one by one, into a mean and percentiles.

use hdrhistogram::Histogram;

use super::run::Latency;
use crate::error::{Code, Problem, Result};

/// Longest response time that is told apart, in microseconds: an hour.
const LONGEST: u64 = 3_600_000_000;

/// How exact percentiles are, for notes.
pub(super) const EXACT: &str =
    "percentiles are counted in a histogram of three digits: off by at most 0.1%; the mean is exact";

/// Response times in bounded memory: a high dynamic range histogram of three significant digits (some 200 KiB).
#[derive(Debug, Clone)]
pub(super) struct Latencies {
    histogram: Histogram<u64>,
    sum: u128,
    count: u64,
}

impl Latencies {
    /// An empty one.
    ///
    /// # Errors
    /// `E0901`, which is a fault of the program.
    pub(super) fn new() -> Result<Self> {
        let histogram = Histogram::new_with_bounds(1, LONGEST, 3).map_err(|error| {
            Problem::new(Code::Internal, "response times cannot be counted").because(error.to_string())
        })?;
        Ok(Self { histogram, sum: 0, count: 0 })
    }

    pub(super) fn add(&mut self, latency: Latency) {
        self.histogram.saturating_record(latency.0.max(1));
        self.sum += u128::from(latency.0);
        self.count += 1;
    }

    pub(super) fn clear(&mut self) {
        self.histogram.reset();
        (self.sum, self.count) = (0, 0);
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn mean(&self) -> Latency {
        Latency(u64::try_from(self.sum / u128::from(self.count.max(1))).unwrap_or(u64::MAX))
    }

    /// The smallest response time that this part of all does not exceed (nearest rank).
    pub(super) fn quantile(&self, part: f64) -> Latency {
        Latency(self.histogram.value_at_quantile(part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_within_a_thousandth() {
        let mut latencies = Latencies::new().unwrap();
        (1..=100_000).for_each(|ms| latencies.add(Latency(ms * 7)));
        for (part, exact) in [(0.5, 350_000.0), (0.95, 665_000.0), (0.99, 693_000.0)] {
            let found = latencies.quantile(part).0 as f64;
            assert!((found - exact).abs() / exact <= 0.001, "{part}: {found} {exact}");
        }
        assert_eq!(latencies.mean(), Latency(350_003));
    }
}
