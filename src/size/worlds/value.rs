//! What it is worth to know an uncertain input before choosing: its value of information.

use super::draw::uniform;
use super::regret::{Regrets, dollars};
use crate::demand::{Variable, Worlds};

/// Fewest worlds in a bin and most bins: each bin chooses its own best plan, and one with few worlds would choose by luck.
const LEAST_IN_A_BIN: usize = 64;
const MOST_BINS: usize = 32;

/// Dollars a month by which regret falls when the input is measured: the regret of the one plan chosen now, less that of
/// choosing anew for each value of the input while all else stays uncertain.
///
/// The worlds are put into bins of like values; in each bin the plan of least regret is chosen (Howard, "Information Value
/// Theory", IEEE Transactions on Systems Science and Cybernetics 2(1), 1966; conditioning by bins after Strong and Oakley,
/// "An efficient method for computing single-parameter partial expected value of perfect information", Medical Decision
/// Making 33(6), 2013).
pub fn of_knowing(variable: Variable, worlds: Worlds, numbers: &[u32], regrets: &Regrets) -> f64 {
    let bins = (numbers.len() / LEAST_IN_A_BIN).clamp(1, MOST_BINS);
    let mut sums = vec![vec![0.0; regrets.of.len()]; bins];
    for (at, number) in numbers.iter().enumerate() {
        let draw = uniform(worlds.seed, variable, *number);
        let bin = ((draw * bins as f64) as usize).min(bins - 1);
        for (sum, of) in sums[bin].iter_mut().zip(&regrets.of) {
            *sum += of[at];
        }
    }
    let count = numbers.len().max(1) as f64;
    let least = |of: &[f64]| of.iter().copied().fold(f64::INFINITY, f64::min);
    let known = sums.iter().map(|bin| least(bin)).sum::<f64>() / count;
    let now = least(&regrets.means());
    if now.is_finite() && known.is_finite() { (dollars(now) - dollars(known)).max(0.0) } else { 0.0 }
}
