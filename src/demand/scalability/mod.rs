//! How throughput grows with load: the Universal Scalability Law, and Little's law.

mod bootstrap;
mod fit;
mod little;

pub use bootstrap::{Interval, Intervals};
pub use fit::{FEWEST, Law, Sample, fit};
pub use little::{Pace, pace};

use schemars::JsonSchema;
use serde::Serialize;

use super::load_test::{Loop, Point};

/// A fitted law with how sure it is.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Fitted {
    /// The law.
    pub law: Law,
    /// The load at which throughput is largest; absent when the law has no peak.
    pub peak_users: Option<f64>,
    /// Throughput at the peak; without a peak the limit it comes near to, if there is one. Requests per second.
    pub peak_rate: Option<f64>,
    /// Part of the variance that the law explains (R squared).
    pub r_squared: f64,
    /// What was measured less what the law says, point by point, in requests per second.
    pub residuals: Vec<f64>,
    /// Where the figures lie in 95 of 100 resamplings.
    pub intervals: Intervals,
}

/// Why no law was fitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Missing {
    /// Points that can be used.
    pub usable: u32,
    /// Points that are needed.
    pub needed: u32,
    /// What is missing, in words.
    pub because: String,
}

/// Fits the law to the points of one scenario.
///
/// # Errors
/// How many points are missing, and of which kind.
pub fn fitted(kind: Loop, points: &[Point]) -> Result<Fitted, Missing> {
    let samples: Vec<Sample> = points.iter().filter_map(sample).collect();
    let mut loads: Vec<f64> = samples.iter().map(|sample| sample.users).collect();
    loads.sort_by(f64::total_cmp);
    loads.dedup();
    let missing =
        |because: String| Missing { usable: u32::try_from(loads.len()).unwrap_or(u32::MAX), needed: FEWEST, because };
    if kind == Loop::Open {
        return Err(missing(
            "the load came at a fixed rate, and the law is one of users who wait for each answer".to_owned(),
        ));
    }
    let lacking = (FEWEST as usize).saturating_sub(loads.len());
    if lacking > 0 {
        let users = points.iter().filter(|point| point.users.is_none()).count();
        let rates = points.iter().filter(|point| point.users.is_some() && point.rate.is_none()).count();
        let mut because = format!(
            "{} of {FEWEST} different numbers of users with their requests per second are measured: {lacking} more are needed",
            loads.len()
        );
        for (count, what) in [(users, "the number of users"), (rates, "the requests per second")] {
            if count > 0 {
                because += &format!("; {count} of the points do not tell {what}");
            }
        }
        return Err(missing(because));
    }
    let law = fit(&samples)
        .ok_or_else(|| missing("the points determine no law: throughput is 0 in all of them".to_owned()))?;
    let mean = samples.iter().map(|sample| sample.rate).sum::<f64>() / samples.len() as f64;
    let residuals: Vec<f64> = samples.iter().map(|sample| sample.rate - law.rate(sample.users)).collect();
    let around = samples.iter().map(|sample| (sample.rate - mean) * (sample.rate - mean)).sum::<f64>();
    let left = residuals.iter().map(|residual| residual * residual).sum::<f64>();
    Ok(Fitted {
        peak_users: law.peak_users(),
        peak_rate: law.peak_rate(),
        r_squared: if around > 0.0 { 1.0 - left / around } else { 0.0 },
        intervals: bootstrap::intervals(&samples, &law, &residuals),
        residuals,
        law,
    })
}

fn sample(point: &Point) -> Option<Sample> {
    let (users, rate) = (point.users?, point.rate?);
    (users.0 > 0 && rate.0 > 0).then(|| Sample { users: users.0 as f64, rate: rate.as_f64() })
}

#[cfg(test)]
mod tests;
