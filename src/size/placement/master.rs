//! Which bundles to take, and how many machines of each: an integer program.

use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem, SolveOptions, Variable};

use super::bound::GUARD;
use super::greedy::weigh;
use super::item::Group;
use super::solved::{Bundle, Machines, Plan};

/// Most copies of a lot for which machines are counted one by one.
const MOST_COPIES: u64 = 100_000;

/// The cheapest plan of the given bundles, with whether the solver proved that, looking at no more than `nodes` nodes;
/// with a limit on machines when there is one.
pub(super) fn plan(
    group: &Group<'_>,
    bundles: &[(usize, Bundle)],
    start: Option<&Machines>,
    limit: Option<u64>,
    nodes: u64,
) -> Option<(Plan, bool)> {
    if group.items.iter().any(|item| item.copies > MOST_COPIES) {
        return None;
    }
    let unit = group.offers.iter().map(|offer| offer.price).max()?.max(1) as f64;
    let mut problem = Problem::new(OptimizationDirection::Minimize);
    let variables: Vec<Variable> = bundles
        .iter()
        .map(|(offer, bundle)| {
            let most = bundle.iter().map(|(item, n)| group.items[*item].copies.div_ceil(*n)).max().unwrap_or(1);
            let price = group.offers[*offer].price as f64 / unit;
            problem.add_integer_var(price, (0, i32::try_from(most).unwrap_or(i32::MAX)))
        })
        .collect();
    for (at, item) in group.items.iter().enumerate() {
        let mut sum = LinearExpr::empty();
        for (variable, (_, bundle)) in variables.iter().zip(bundles) {
            if let Some((_, n)) = bundle.iter().find(|(item, _)| *item == at) {
                sum.add(*variable, *n as f64);
            }
        }
        problem.add_constraint(sum, ComparisonOp::Ge, item.copies as f64);
    }
    if let Some(limit) = limit {
        let all: LinearExpr = variables.iter().map(|variable| (*variable, 1.0)).collect();
        problem.add_constraint(all, ComparisonOp::Le, limit as f64);
    }
    let mut options = SolveOptions::default();
    options.node_limit = Some(nodes);
    options.time_limit = Some(GUARD);
    options.warm_start = start.map(|machines| {
        let count = |bundle: &(usize, Bundle)| machines.get(bundle).map_or(0, |counts| counts.iter().sum::<u64>());
        variables.iter().zip(bundles).map(|(variable, bundle)| (*variable, count(bundle) as f64)).collect()
    });
    let outcome = problem.solve_with(options).ok()?;
    let proven = outcome.is_optimal();
    let solution = outcome.into_solution().ok()?;
    let counts: Vec<u64> =
        variables.iter().map(|variable| solution.var_value(*variable).round().max(0.0) as u64).collect();
    Some((trimmed(group, bundles, &counts)?, proven))
}

/// The plan of so many machines of each bundle, without the copies that are placed too often; `None` when some are missing.
fn trimmed(group: &Group<'_>, bundles: &[(usize, Bundle)], counts: &[u64]) -> Option<Plan> {
    let mut left: Vec<u64> = group.items.iter().map(|item| item.copies).collect();
    let mut machines = Machines::new();
    for ((_, bundle), count) in bundles.iter().zip(counts) {
        for _ in 0..*count {
            let held: Bundle =
                bundle.iter().map(|(item, n)| (*item, left[*item].min(*n))).filter(|(_, n)| *n > 0).collect();
            if held.is_empty() {
                continue;
            }
            held.iter().for_each(|(item, n)| left[*item] -= n);
            let offer = group.cheapest(&held)?;
            machines.entry((offer, held)).or_insert_with(|| vec![0; group.zones as usize])[0] += 1;
        }
    }
    left.iter().all(|copies| *copies == 0).then(|| weigh(group, machines))
}
