//! Where one measure reaches its limit.

use super::measured::Measured;
use super::objective::Limit;

/// How far a limit is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Crossing {
    /// The largest load at which it is kept; `None` when it is broken at the smallest.
    pub reached: Option<u64>,
    /// Index of the last point before it is broken.
    pub held: Option<usize>,
    /// Index of the first point at which it is broken; `None` when it never is.
    pub broken: Option<usize>,
}

/// Follows a measure up the loads; `None` when no point tells it. The points are sorted by load.
pub(super) fn crossing(points: &[Measured], limit: &Limit) -> Option<Crossing> {
    // Of points at one load the worst counts: index, load and value.
    let mut known: Vec<(usize, u64, u64)> = Vec::new();
    for (i, point) in points.iter().enumerate() {
        let Some(value) = point.value(limit.metric) else { continue };
        match known.last_mut().filter(|last| last.1 == point.key()) {
            Some(last) if value > last.2 => *last = (i, point.key(), value),
            Some(_) => {}
            None => known.push((i, point.key(), value)),
        }
    }
    let (mut held, mut worst) = (None, 0);
    for (i, key, value) in known {
        if value > limit.at_most {
            let reached = held.map(|(_, low): (usize, u64)| {
                // value > limit >= worst, so the divisor is not 0 and the part is less than the whole.
                let part = u128::from(key - low) * u128::from(limit.at_most - worst) / u128::from(value - worst);
                low + u64::try_from(part).unwrap_or_default()
            });
            return Some(Crossing { reached, held: held.map(|(i, _)| i), broken: Some(i) });
        }
        worst = worst.max(value);
        held = Some((i, key));
    }
    held.map(|(i, key)| Crossing { reached: Some(key), held: Some(i), broken: None })
}
