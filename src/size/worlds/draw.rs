//! What an uncertain input is in each possible world.

use super::normal::quantile;
use crate::demand::{Ranged, Variable};
use crate::units::Share;

/// The confidences that a range may have; what lies beyond is taken for the nearer one.
const CONFIDENCES: [Share; 2] = [Share::percent(1), Share(999_000)];

/// Worlds of one sequence; more take the next one.
const SEQUENCE: u32 = 1 << 16;

/// The draw of a variable in a world, between 0 and 1, never an end.
///
/// A point of the Sobol sequence, scrambled after Owen by the hash of Burley ("Practical Hash-based Owen Scrambling",
/// Journal of Computer Graphics Techniques 9(4), 2020; crate `sobol_burley`): it depends on the seed, the variable and the
/// number of the world alone, and spreads more evenly than chance would, so that fewer worlds tell as much.
pub fn uniform(seed: u32, variable: Variable, world: u32) -> f64 {
    // The next sequence has another seed; the crate's hash sees to it that neighbours have nothing in common.
    let seed = seed.wrapping_add((world / SEQUENCE).wrapping_mul(0x9e37_79b9));
    let dimension = Variable::ALL.iter().position(|other| *other == variable).unwrap_or_default();
    let point = sobol_burley::sample(world % SEQUENCE, dimension as u32, seed);
    // The sequence counts in steps of 2^-24 from 0; the middle of a step is neither 0 nor 1.
    f64::from(point) + 1.0 / f64::from(1u32 << 25)
}

/// How an uncertain input is spread: log-normal, with the middle of the range as its median and the range as its
/// central interval.
#[derive(Debug, Clone, Copy)]
pub struct Law {
    /// The input.
    pub variable: Variable,
    /// Its middle, in its base unit.
    pub middle: u64,
    /// The median as a real number, with the variable's offset.
    median: f64,
    /// Standard deviation of the logarithm.
    sigma: f64,
}

impl Law {
    /// The law of a range.
    pub fn of(ranged: &Ranged) -> Self {
        let (range, variable) = (&ranged.range, ranged.variable);
        let [low, high] = [range.low, range.high].map(|end| (end as f64 + variable.offset() as f64).max(1.0));
        let confidence = range.confidence.clamp(CONFIDENCES[0], CONFIDENCES[1]).as_f64();
        let sigma = (libm::log(high) - libm::log(low)) / (2.0 * quantile((1.0 + confidence) / 2.0));
        let median = libm::sqrt(low) * libm::sqrt(high);
        Self { variable, middle: variable.middle(range), median, sigma }
    }

    /// The value in a world of this draw, in its base unit, rounded down as the middle is.
    ///
    /// Draws below one half never come out above the middle nor others below it, whatever the last bits say: wider ranges
    /// then move every world away from the middle.
    pub fn value(&self, uniform: f64) -> u64 {
        let z = quantile(uniform);
        let value = self.median * libm::exp(self.sigma * z) - self.variable.offset() as f64;
        let value = value as u64;
        if z < 0.0 { value.min(self.middle) } else { value.max(self.middle) }.max(least(self.variable))
    }
}

/// The least that an input can be: demand of nothing does not exist, growth of nothing does.
fn least(variable: Variable) -> u64 {
    u64::from(variable.offset() == 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demand::Range;

    fn law(variable: Variable, low: u64, high: u64, confidence: u64) -> Law {
        let range = Range { low, high, confidence: Share::percent(confidence) };
        Law::of(&Ranged { variable, range, origin: String::new() })
    }

    fn values(law: &Law, worlds: u32) -> Vec<u64> {
        (0..worlds).map(|world| law.value(uniform(1, law.variable, world))).collect()
    }

    #[test]
    fn the_range_is_the_central_interval() {
        for (confidence, outside) in [(90, 500), (80, 1000), (50, 2500)] {
            let values = values(&law(Variable::Rps, 500_000, 2_000_000, confidence), 10_000);
            let below = values.iter().filter(|value| **value < 500_000).count();
            let above = values.iter().filter(|value| **value > 2_000_000).count();
            let half = values.iter().filter(|value| **value < 1_000_000).count();
            // Twice the error that as many independent draws would have at 95 %: generous, since these are more even.
            assert!(below.abs_diff(outside) < 40 && above.abs_diff(outside) < 40, "{confidence}: {below} {above}");
            assert!(half.abs_diff(5000) < 60, "{half}");
        }
    }

    #[test]
    fn growth_is_a_factor_and_never_shrinks() {
        let values = values(&law(Variable::Growth, 0, 50_000, 90), 4096);
        assert!(values.contains(&0) && values.iter().any(|value| *value > 50_000));
        assert_eq!(law(Variable::Growth, 0, 50_000, 90).value(0.5), 24_695);
    }

    #[test]
    fn draws_depend_on_seed_variable_and_world_alone() {
        let at = |seed, variable, world| uniform(seed, variable, world).to_bits();
        assert_eq!(at(1, Variable::Rps, 77), at(1, Variable::Rps, 77));
        assert_ne!(at(1, Variable::Rps, 77), at(2, Variable::Rps, 77));
        assert_ne!(at(1, Variable::Rps, 77), at(1, Variable::Users, 77));
        assert_ne!(at(1, Variable::Rps, 77), at(1, Variable::Rps, 77 + SEQUENCE));
        for world in [0, SEQUENCE - 1, SEQUENCE, u32::MAX] {
            let draw = uniform(u32::MAX, Variable::Growth, world);
            assert!(draw > 0.0 && draw < 1.0);
        }
    }

    #[test]
    fn ends_of_what_can_be_counted_do_not_panic() {
        for (low, high) in [(0, u64::MAX), (1, 1), (u64::MAX, u64::MAX), (0, 0)] {
            for variable in Variable::ALL {
                values(&law(variable, low, high, 90), 64);
                values(&law(variable, low, high, 0), 64);
            }
        }
    }
}
