//! Demand as it will be: grown, with its reserve.

use crate::blueprint::tier::{Bounds, Input};
use crate::demand::Demand;

/// The farthest month that is looked at.
pub const FARTHEST: u32 = 120;

/// Demand at one month, input by input.
#[derive(Debug, Clone, Copy)]
pub struct Outlook<'a> {
    demand: &'a Demand,
    factor: f64,
}

impl<'a> Outlook<'a> {
    /// The demand that is planned for: at the horizon, with its reserve.
    pub fn planned(demand: &'a Demand) -> Self {
        Self::at(demand, demand.horizon_months.value.0)
    }

    /// The demand after so many months, with its reserve.
    pub fn at(demand: &'a Demand, month: u32) -> Self {
        let factor = demand.growth.value.factor(month) * (1.0 + demand.headroom.value.as_f64());
        Self { demand, factor }
    }

    /// The demand multiplied by a factor that has growth and reserve in it.
    pub fn by(demand: &'a Demand, factor: f64) -> Self {
        Self { demand, factor }
    }

    /// The value of an input in its base unit, rounded up: half a partition needs a whole one.
    pub fn value(&self, input: Input) -> u64 {
        grown(self.demand.base(input), self.factor)
    }

    /// The inputs that exceed a bound although they may decide a tier, with their value and the bound.
    pub fn exceeding(&self, bounds: &Bounds) -> Vec<(Input, u64, u64)> {
        self.over(bounds, |input| self.demand.because(input).binds())
    }

    /// The inputs that exceed a bound, whether they were said or are only usual.
    pub fn exceeding_at_all(&self, bounds: &Bounds) -> Vec<(Input, u64, u64)> {
        self.over(bounds, |_| true)
    }

    fn over(&self, bounds: &Bounds, counts: impl Fn(Input) -> bool) -> Vec<(Input, u64, u64)> {
        Input::ALL
            .into_iter()
            .filter(|input| counts(*input))
            .filter_map(|input| bounds.base(input).map(|bound| (input, self.value(input), bound)))
            .filter(|(_, value, bound)| value > bound)
            .collect()
    }
}

/// `base x factor`, rounded up, but not for the sake of an error in the last bits of the factor.
pub fn grown(base: u64, factor: f64) -> u64 {
    if factor <= 1.0 {
        return base;
    }
    let exact = base as f64 * factor;
    (exact - exact * 1e-12).ceil() as u64
}

/// The first month of the next ten years in which `base` passes `bound`, with the reserve of the demand; 0 when it
/// does already.
pub fn month_passing(demand: &Demand, input: Input, bound: u64) -> Option<u32> {
    if demand.growth.value.0.0 == 0 {
        return None;
    }
    (0..=FARTHEST).find(|month| Outlook::at(demand, *month).value(input) > bound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_rounds_up_but_not_on_noise() {
        assert_eq!(grown(40, 1.25), 50);
        assert_eq!(grown(40, 1.0), 40);
        assert_eq!(grown(40, 1.259_712), 51);
        assert_eq!(grown(100, 1.1), 110);
        assert_eq!(grown(u64::MAX, 2.0), u64::MAX);
    }
}
