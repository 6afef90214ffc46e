//! What is usual at a place of the tier table.
//!
//! A user who says only how many partitions there are still wants to see requests and users. They are read off the
//! table: straight lines through the upper bounds of its rows, and beyond the last bound in proportion to it. A value
//! so read lies within the bounds of every tier whose partitions hold, so it never decides a tier.

use crate::blueprint::tier::{Input, Tier};

/// Upper bounds of (partitions, input) of all rows that have both, in order, from the origin.
fn points(tiers: &[Tier], input: Input) -> Vec<(u64, u64)> {
    let rows = tiers.iter().filter_map(|tier| Some((tier.up_to.base(Input::Partitions)?, tier.up_to.base(input)?)));
    std::iter::once((0, 0)).chain(rows).collect()
}

/// The usual value of `input` (in its base unit) at so many partitions, rounded down; 0 when the table does not tell.
pub(super) fn read_at(tiers: &[Tier], input: Input, partitions: u64) -> u64 {
    along(&points(tiers, input), partitions)
}

/// The usual number of partitions at a value of `input` in its base unit, rounded down.
pub(super) fn read_back(tiers: &[Tier], input: Input, value: u64) -> u64 {
    let swapped: Vec<_> = points(tiers, input).into_iter().map(|(partitions, value)| (value, partitions)).collect();
    along(&swapped, value)
}

/// Straight lines through the points; in proportion to the last one beyond it.
fn along(points: &[(u64, u64)], at: u64) -> u64 {
    let segment = points.windows(2).find(|pair| at <= pair[1].0);
    let (numerator, divisor, start) = match (segment, points.last()) {
        (Some([(x0, y0), (x1, y1)]), _) => {
            (u128::from(at.saturating_sub(*x0)) * u128::from(y1.saturating_sub(*y0)), x1.saturating_sub(*x0), *y0)
        }
        (_, Some((x, y))) => (u128::from(at) * u128::from(*y), *x, 0),
        _ => return 0,
    };
    match u128::from(divisor) {
        0 => start,
        divisor => start.saturating_add(u64::try_from(numerator / divisor).unwrap_or(u64::MAX)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POINTS: [(u64, u64); 4] = [(0, 0), (10, 50), (50, 500), (500, 2000)];

    #[test]
    fn reads_between_and_beyond_the_bounds() {
        let read: Vec<_> = [0, 5, 10, 50, 120, 500, 1000].into_iter().map(|at| along(&POINTS, at)).collect();
        assert_eq!(read, [0, 25, 50, 500, 733, 2000, 4000]);
    }

    #[test]
    fn an_empty_table_tells_nothing() {
        assert_eq!(along(&[(0, 0)], 120), 0);
    }
}
