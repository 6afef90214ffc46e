//! What any plan of a group costs at least, by linear programming over bundles.
//!
//! The dual of the covering problem of Gilmore and Gomory (A linear programming approach to the cutting-stock problem,
//! Operations Research 9, 1961) for machines of several types: a value for each item such that no bundle is worth more than
//! its machine costs. Bundles that break this are looked for one by one and added. Where the search for them was cut off,
//! the values are scaled down until they hold (Farley, A note on bounding a class of linear programming problems,
//! Operations Research 38, 1990).

use std::collections::BTreeSet;
use std::time::Duration;

use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem, Solution, Variable};

use super::greedy;
use super::item::Group;
use super::knapsack::Search;
use super::solved::Bundle;

/// Nodes of the search for one bundle while values are still moving, and at the end.
const BUDGET: (u64, u64) = (300, 4_000);
/// Most rounds of looking for bundles.
const ROUNDS: usize = 120;
/// No solve takes nearly as long; a guard against a solver that goes round in circles.
pub(super) const GUARD: Duration = Duration::from_secs(20);

/// Values of the items and the bundles that were found on the way.
pub(super) struct Bound {
    /// For each item; in units of `unit`.
    pub values: Vec<f64>,
    /// Millionths of a dollar an hour in one unit of value.
    pub unit: f64,
    /// What any plan costs at least, in units.
    pub cost: f64,
    /// Offers with bundles.
    pub bundles: BTreeSet<(usize, Bundle)>,
}

/// The bound of a group, with bundles of plans that are known beforehand; `None` when the solver gives up.
pub(super) fn bound(group: &Group<'_>, known: BTreeSet<(usize, Bundle)>) -> Option<Bound> {
    let alone = greedy::alone(group);
    let unit = alone.iter().copied().max()?.max(1) as f64;
    let price = |offer: usize| group.offers[offer].price as f64 / unit;
    let mut problem = Problem::new(OptimizationDirection::Maximize);
    problem.set_time_limit(GUARD);
    let most = group.items.iter().map(|item| item.copies).max()?.max(1) as f64;
    let variables: Vec<Variable> = group
        .items
        .iter()
        .zip(&alone)
        // One more than the rounded price of a copy alone, which no value can be above.
        .map(|(item, alone)| problem.add_var(item.copies as f64 / most, (0.0, (*alone + 1) as f64 / unit)))
        .collect();
    let expression = |bundle: &Bundle| {
        let mut sum = LinearExpr::empty();
        bundle.iter().for_each(|(item, n)| sum.add(variables[*item], *n as f64));
        sum
    };
    for (offer, bundle) in &known {
        problem.add_constraint(expression(bundle), ComparisonOp::Le, price(*offer));
    }
    let mut bundles = known;
    let mut solution = problem.solve().ok()?.into_solution().ok()?;
    let values = |solution: &Solution| -> Vec<f64> {
        variables.iter().map(|variable| solution.var_value_raw(*variable).max(0.0)).collect()
    };
    let sum = |values: &[f64]| -> f64 { values.iter().zip(&group.items).map(|(v, item)| v * item.copies as f64).sum() };
    let mut best: Option<(f64, Vec<f64>)> = None;
    for round in 0..ROUNDS {
        let now = values(&solution);
        let (cuts, scale) = price_all(group, &now, price, if round + 1 < ROUNDS { BUDGET.0 } else { BUDGET.1 });
        let fresh: Vec<_> = cuts.into_iter().filter(|cut| bundles.insert(cut.clone())).collect();
        let cost = sum(&now) * scale;
        if best.as_ref().is_none_or(|(old, _)| cost > *old) {
            best = Some((cost, now.iter().map(|value| value * scale).collect()));
        }
        if fresh.is_empty() {
            // Nothing more is found: the last word is with the larger budget.
            let (_, scale) = price_all(group, &now, price, BUDGET.1);
            let cost = sum(&now) * scale;
            if best.as_ref().is_none_or(|(old, _)| cost > *old) {
                best = Some((cost, now.iter().map(|value| value * scale).collect()));
            }
            break;
        }
        for (offer, bundle) in fresh {
            let outcome = solution.add_constraint(expression(&bundle), ComparisonOp::Le, price(offer));
            solution = outcome.ok()?.into_solution().ok()?;
        }
    }
    let (cost, values) = best?;
    Some(Bound { values, unit, cost, bundles })
}

/// For each offer the bundle that is worth more than it costs, and the factor by which the values must shrink to hold.
fn price_all(
    group: &Group<'_>,
    values: &[f64],
    price: impl Fn(usize) -> f64,
    budget: u64,
) -> (Vec<(usize, Bundle)>, f64) {
    let mut cuts = Vec::new();
    let mut scale = 1.0f64;
    for offer in 0..group.offers.len() {
        let cost = price(offer);
        let search = Search::best(group, offer, values, cost * (1.0 + 1e-9), budget);
        if search.bound > cost {
            scale = scale.min(cost / search.bound);
        }
        cuts.extend(search.found.into_iter().map(|bundle| (offer, bundle)));
    }
    (cuts, scale)
}
