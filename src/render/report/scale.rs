//! Round values for an axis, and places along it.

/// Round values from 0 to the first at or beyond `most`: steps of 1, 2, 2.5 or 5 times a power of ten, about `about`.
pub(super) fn ticks(most: f64, about: u32) -> Vec<f64> {
    let most = if most.is_finite() && most > 0.0 { most } else { 1.0 };
    let least = most / f64::from(about.max(1));
    let mut power = 1.0;
    while power * 10.0 <= least {
        power *= 10.0;
    }
    while power > least {
        power /= 10.0;
    }
    let step = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|of| of * power).find(|step| *step >= least * 0.999_999);
    let step = step.unwrap_or(power * 10.0);
    let mut ticks = vec![0.0];
    while ticks.last().is_some_and(|last| *last < most * 0.999_999) && ticks.len() < 50 {
        ticks.push(step * ticks.len() as f64);
    }
    ticks
}

/// Whole values from 0 up to `most`, in steps of the list or of round numbers beyond it, about `about` of them.
pub(super) fn whole_ticks(most: u64, steps: &[u64], about: u64) -> Vec<u64> {
    let fits = |step: &u64| most / step.max(&1) <= about;
    let round = || {
        std::iter::successors(Some(1_u64), |step| step.checked_mul(10))
            .flat_map(|power| [power, power.saturating_mul(2), power.saturating_mul(5)])
    };
    let step = steps.iter().copied().find(fits).or_else(|| round().find(fits)).unwrap_or(u64::MAX).max(1);
    (0..=most / step).map(|times| times * step).collect()
}

/// The logarithm to base 2 of a number of 1 or more, straight between powers of two.
///
/// It is off by less than 0.09, of a bar too little to be seen, and the same on every machine, unlike `log2`.
pub(super) fn log2(value: u64) -> f64 {
    let value = value.max(1);
    let whole = value.ilog2();
    let power = (1_u64 << whole) as f64;
    f64::from(whole) + (value as f64 - power) / power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_cover_the_values() {
        assert_eq!(ticks(8000.0, 5), [0.0, 2000.0, 4000.0, 6000.0, 8000.0]);
        assert_eq!(ticks(24.0, 6), [0.0, 5.0, 10.0, 15.0, 20.0, 25.0]);
        assert_eq!(ticks(1.0, 4), [0.0, 0.25, 0.5, 0.75, 1.0]);
        assert_eq!(ticks(0.0, 2), [0.0, 0.5, 1.0]);
        for most in [1e-9, 3.7, 99.0, 1.8e19, f64::MAX, f64::NAN] {
            assert!((2..=50).contains(&ticks(most, 5).len()), "{most}");
        }
    }

    #[test]
    fn whole_ticks_stay_whole_and_within() {
        assert_eq!(whole_ticks(24, &[1, 2, 3, 6, 12], 8), [0, 3, 6, 9, 12, 15, 18, 21, 24]);
        assert_eq!(whole_ticks(2, &[1, 2], 8), [0, 1, 2]);
        assert_eq!(whole_ticks(625, &[], 7), [0, 100, 200, 300, 400, 500, 600]);
        assert!(whole_ticks(u64::MAX, &[], 5).len() <= 6);
    }

    #[test]
    fn logarithms_are_exact_at_powers_of_two_and_near_between() {
        assert_eq!(log2(1), 0.0);
        assert_eq!(log2(1 << 40), 40.0);
        for value in [3, 1000, 123_456_789, u64::MAX] {
            assert!((log2(value) - (value as f64).log2()).abs() < 0.09, "{value}");
        }
        assert_eq!(log2(0), 0.0);
    }
}
