//! Exact arithmetic that cannot overflow: 128 bits inside, 64 bits out, held at the largest amount there is.

use crate::units::Bytes;

/// A product of many factors, held at the largest number instead of overflowing.
pub(super) fn product(factors: &[u128]) -> u128 {
    factors.iter().fold(1, |so_far, factor| so_far.saturating_mul(*factor))
}

/// The amount in bytes and whether it was more than can be counted.
pub(super) fn to_bytes(amount: u128) -> (Bytes, bool) {
    match u64::try_from(amount) {
        Ok(bytes) => (Bytes(bytes), false),
        Err(_) => (Bytes(u64::MAX), true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_at_the_largest() {
        assert_eq!(product(&[2, 3, 7]), 42);
        assert_eq!(product(&[u128::MAX, 2]), u128::MAX);
        assert_eq!(to_bytes(u128::from(u64::MAX)), (Bytes(u64::MAX), false));
        assert_eq!(to_bytes(u128::from(u64::MAX) + 1), (Bytes(u64::MAX), true));
    }
}
