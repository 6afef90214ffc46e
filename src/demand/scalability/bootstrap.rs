//! How sure a fitted law is: the residuals are drawn anew, with a fixed seed, and the law is fitted again.

use schemars::JsonSchema;
use serde::Serialize;

use super::fit::{Law, Sample, fit};

/// Laws that are fitted again.
const ROUNDS: usize = 400;

/// Any number does; a fixed one gives the same bytes for the same points.
const SEED: u64 = 0x5eed_0000_0000_0001;

/// Where a figure lies in 95 of 100 resamplings.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Interval {
    /// The figure below which 2.5% lie.
    pub low: f64,
    /// The figure above which 2.5% lie.
    pub high: f64,
}

/// The intervals of a law.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Intervals {
    /// Of `lambda`.
    pub lambda: Interval,
    /// Of `sigma`.
    pub sigma: Interval,
    /// Of `kappa`.
    pub kappa: Interval,
    /// Of the load at the peak; absent when more than one in forty resamplings has no peak.
    pub peak_users: Option<Interval>,
    /// Of the throughput at the peak.
    pub peak_rate: Option<Interval>,
}

/// Residual bootstrap (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, section 9.4): with so few points,
/// drawing the points themselves would often leave fewer than three.
pub(super) fn intervals(samples: &[Sample], law: &Law, residuals: &[f64]) -> Intervals {
    let mut random = Random(SEED);
    let mut laws = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let drawn: Vec<Sample> = samples
            .iter()
            .map(|sample| {
                let residual = residuals[random.below(residuals.len())];
                Sample { rate: (law.rate(sample.users) + residual).max(0.0), ..*sample }
            })
            .collect();
        laws.extend(fit(&drawn));
    }
    let of = |figure: fn(&Law) -> Option<f64>| {
        let mut values: Vec<f64> = laws.iter().filter_map(figure).collect();
        values.sort_by(f64::total_cmp);
        let at = |part: usize| values.get((values.len().saturating_sub(1)) * part / 1000).copied();
        let enough = values.len() * 40 >= laws.len() * 39;
        at(25).zip(at(975)).filter(|_| enough).map(|(low, high)| Interval { low, high })
    };
    let sure = |interval: Option<Interval>, value: f64| interval.unwrap_or(Interval { low: value, high: value });
    Intervals {
        lambda: sure(of(|law| Some(law.lambda)), law.lambda),
        sigma: sure(of(|law| Some(law.sigma)), law.sigma),
        kappa: sure(of(|law| Some(law.kappa)), law.kappa),
        peak_users: of(Law::peak_users),
        peak_rate: of(Law::peak_rate),
    }
}

/// SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`, by multiplication (Lemire 2019); the bias at these sizes is less than 2^-50.
    fn below(&mut self, end: usize) -> usize {
        usize::try_from((u128::from(self.next()) * end as u128) >> 64).unwrap_or(0)
    }
}
