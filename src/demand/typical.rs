//! What is usual at a place of the tier table.
//!
//! A user who says only how many partitions there are still wants to see requests and users. They are read off the
//! table: straight lines through the upper bounds of its rows, and beyond the last bound in proportion to it. A value
//! so read lies within the bounds of every tier whose partitions hold, so it never decides a tier.

use crate::blueprint::tier::{Input, Tier};

/// Upper bounds of (partitions, input) of all rows that have both, in order.
fn points(tiers: &[Tier], input: Input) -> impl Iterator<Item = (u64, u64)> {
    tiers.iter().filter_map(move |tier| Some((tier.up_to.base(Input::Partitions)?, tier.up_to.base(input)?)))
}

/// The usual value of `input` (in its base unit) at so many partitions, rounded down; 0 when the table does not tell.
pub(super) fn read_at(tiers: &[Tier], input: Input, partitions: u64) -> u64 {
    along(points(tiers, input), partitions)
}

/// The usual number of partitions at a value of `input` in its base unit, rounded down.
pub(super) fn read_back(tiers: &[Tier], input: Input, value: u64) -> u64 {
    along(points(tiers, input).map(|(partitions, value)| (value, partitions)), value)
}

/// Straight lines from the origin through the points; in proportion to the last one beyond it.
fn along(points: impl Iterator<Item = (u64, u64)>, at: u64) -> u64 {
    let mut last = (0, 0);
    for (x, y) in points {
        let (x0, y0) = last;
        if at <= x {
            let rise = u128::from(at.saturating_sub(x0)) * u128::from(y.saturating_sub(y0));
            return y0.saturating_add(part(rise, x.saturating_sub(x0)));
        }
        last = (x, y);
    }
    part(u128::from(at) * u128::from(last.1), last.0)
}

fn part(whole: u128, divisor: u64) -> u64 {
    whole.checked_div(divisor.into()).map_or(0, |part| u64::try_from(part).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const POINTS: [(u64, u64); 3] = [(10, 50), (50, 500), (500, 2000)];

    #[test]
    fn reads_between_and_beyond_the_bounds() {
        let read: Vec<_> = [0, 5, 10, 50, 120, 500, 1000].into_iter().map(|at| along(POINTS.into_iter(), at)).collect();
        assert_eq!(read, [0, 25, 50, 500, 733, 2000, 4000]);
    }

    #[test]
    fn an_empty_table_tells_nothing() {
        assert_eq!(along(std::iter::empty(), 120), 0);
    }
}
