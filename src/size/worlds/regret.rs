//! How much a plan is regretted once it is known what the world is like.
//!
//! After `CapacityModel.regret` and `CapacityRegretParameters` of Netflix's planner
//! (`Netflix-Skunkworks/service-capacity-modeling`, service_capacity_modeling/interface.py, read 2026-11-21): what was
//! spent too much counts once, what was spent too little 1.25 times, memory that is short 1.5 times, disk 1.1 times. Here
//! everything is dollars a month under one exponent, so that the mean can be told in dollars again. See docs/design/0012.

use rayon::prelude::*;

use super::imagine::Imagined;
use super::model::{Candidate, Gauge, Kind, Model};

/// Regret grows faster than the dollars (`CapacityRegretParameters.spend.exponent`).
const EXPONENT: f64 = 1.2;

/// Spending too little is worse than too much (`spend.under_provision_cost`).
const UNDER: f64 = 1.25;

/// Most plans that are compared; beyond it, those that are best in most worlds.
const MOST_CANDIDATES: usize = 64;

/// The regret of each candidate in each world.
pub struct Regrets {
    /// The candidates, as places in the list of plans.
    pub candidates: Vec<usize>,
    /// For each candidate, the regret of each world.
    pub of: Vec<Vec<f64>>,
}

impl Regrets {
    /// The mean over all worlds, candidate by candidate.
    pub fn means(&self) -> Vec<f64> {
        // One after the other in the order of the worlds: sums of floating-point numbers depend on their order.
        self.of.iter().map(|worlds| worlds.iter().sum::<f64>() / worlds.len().max(1) as f64).collect()
    }
}

/// Mean regret as dollars a month: what, misspent in every world, would be regretted as much.
pub fn dollars(mean: f64) -> f64 {
    if mean > 0.0 { libm::pow(mean, 1.0 / EXPONENT) } else { 0.0 }
}

/// Regret of so many dollars a month.
fn power(dollars: f64) -> f64 {
    if dollars > 0.0 { libm::pow(dollars, EXPONENT) } else { 0.0 }
}

/// How bad it is to be short of something, in dollars for each dollar that would buy it.
fn weight(kind: Kind) -> f64 {
    match kind {
        Kind::Memory => 1.5,
        Kind::Disk => 1.1,
        Kind::Requests => UNDER,
        Kind::Rank => 0.0,
    }
}

/// Tries each candidate in each world.
pub fn regrets<M: Model>(model: &M, imagined: &Imagined<M::Key>, gauges: &[Gauge], always: usize) -> Regrets {
    let candidates = candidates(model, imagined, always);
    let plans: Vec<&Candidate> = imagined.plans.iter().map(|(_, plan)| plan).collect();
    let of = candidates.par_iter().map(|candidate| {
        let chosen = plans[*candidate];
        let spend: Vec<f64> = plans.iter().map(|best| spend(chosen.cents, best.cents)).collect();
        let world = |world: usize| {
            let best = imagined.best[world] as usize;
            spend[best] + short(chosen, plans[best], imagined.needs_of(world), gauges)
        };
        (0..imagined.count()).into_par_iter().map(world).collect()
    });
    Regrets { of: of.collect(), candidates: candidates.clone() }
}

/// The plans that are best in most worlds, and the one that is always tried, in their order.
fn candidates<M: Model>(model: &M, imagined: &Imagined<M::Key>, always: usize) -> Vec<usize> {
    let mut times = vec![0usize; imagined.plans.len()];
    imagined.best.iter().for_each(|best| times[*best as usize] += 1);
    let tried = |plan: &usize| *plan == always || model.tried(&imagined.plans[*plan].0);
    let mut order: Vec<usize> = (0..times.len()).filter(tried).collect();
    order.sort_by_key(|plan| (*plan != always, std::cmp::Reverse(times[*plan]), *plan));
    order.truncate(MOST_CANDIDATES);
    order.sort_unstable();
    order
}

fn spend(chosen: u64, best: u64) -> f64 {
    let dollars = chosen.abs_diff(best) as f64 / 100.0;
    power(if chosen < best { dollars * UNDER } else { dollars })
}

/// What each service lacks beyond what it would lack under the best plan, at the price of having it; of a service that
/// lacks several things, the one that is worst.
fn short(chosen: &Candidate, best: &Candidate, needs: &[u64], gauges: &[Gauge]) -> f64 {
    let (mut sum, mut worst) = (0.0, 0.0);
    for (at, (gauge, need)) in gauges.iter().zip(needs).enumerate() {
        if at > 0 && gauges[at - 1].service != gauge.service {
            (sum, worst) = (sum + worst, 0.0);
        }
        let lack = lack(*need, chosen.capacities[at]);
        if lack > 0.0 && gauge.of != Kind::Rank {
            let more = lack - lack.min(self::lack(*need, best.capacities[at]));
            worst = f64::max(worst, power(more * chosen.prices[at] as f64 / 100.0 * weight(gauge.of)));
        }
    }
    sum + worst
}

/// The part of a capacity by which a need exceeds it.
fn lack(need: u64, capacity: Option<u64>) -> f64 {
    match capacity {
        Some(capacity) if need > capacity => (need - capacity) as f64 / capacity.max(1) as f64,
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::Show;
    use super::*;

    #[test]
    fn too_little_is_worse_than_too_much() {
        // $1,000 too much: 1000^1.2 = 3981.07; too little: 1250^1.2 = 5203.44.
        assert!((spend(300_000, 200_000) - 3_981.071_705_534_97).abs() < 1e-6);
        assert!((spend(200_000, 300_000) - 5_203.457_546_261).abs() < 1e-3, "{}", spend(200_000, 300_000));
        assert_eq!(spend(5, 5).to_bits(), 0);
        assert!((dollars(spend(300_000, 200_000)) - 1000.0).abs() < 1e-9);
    }

    #[test]
    fn what_is_short_counts_beyond_what_the_best_plan_lacks() {
        let plan = |capacity| Candidate {
            tier: String::new(),
            set: None,
            cents: 100_000,
            capacities: vec![capacity],
            prices: vec![100_000],
            because: Vec::new(),
        };
        let gauge =
            |of| Gauge { service: String::new(), what: String::new(), of, show: Show::Amount(|n| n.to_string()) };
        let short = |chosen, best, of| dollars(short(&plan(chosen), &plan(best), &[150], &[gauge(of)]));
        // Half of the memory more is needed: half of $1,000, times 1.5.
        assert!((short(Some(100), None, Kind::Memory) - 750.0).abs() < 1e-9);
        assert!((short(Some(100), Some(120), Kind::Disk) - 275.0).abs() < 1e-9);
        assert_eq!(short(Some(100), Some(100), Kind::Disk).to_bits(), 0);
        assert_eq!(short(Some(150), None, Kind::Disk).to_bits(), 0);
        assert_eq!(short(Some(1), None, Kind::Rank).to_bits(), 0);
    }
}
