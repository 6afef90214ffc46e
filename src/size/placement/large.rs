//! Groups that are too large to look at every way: bundles by linear programming, then an integer program over them.
//!
//! The linear program gives a bound; a plan whose cost meets it is proven. Otherwise every bundle that a cheaper plan could
//! have is listed (its cost beyond its value is less than what the best plan costs beyond the bound), and when the list is
//! whole and the integer program is solved to its end, the plan is proven, too. All searches are cut off by counting, not by
//! a clock, so the answer is always the same.

use std::collections::BTreeSet;

use super::bound::{Bound, bound};
use super::item::Group;
use super::knapsack::Search;
use super::solved::{Bundle, Keep, Machines, Plan, Solved};
use super::zoned::zoned;
use super::{greedy, master};

/// Nodes of the integer program: over the first bundles, and over all that matter.
const NODES: (u64, u64) = (60, 120);
/// Most bundles, and most nodes in the search for those of one offer.
const LIST: (usize, u64) = (1_500, 6_000);
/// How many limits on machines are tried between the fewest and the cheapest.
const LIMITS: u64 = 6;

/// Solves a group with a bound; `None` when an item fits nowhere.
pub(super) fn solve(group: &Group<'_>, keep: Keep) -> Option<Solved> {
    let first = quick(group, &greedy::alone(group))?;
    let known: BTreeSet<(usize, Bundle)> = first.machines.keys().cloned().collect();
    let Some(bound) = bound(group, known) else {
        let least_machines = first.worth.machines;
        return Some(Solved { plans: vec![first], bound: 0, complete: false, least_machines, values: Vec::new() });
    };
    let values: Vec<u64> = bound.values.iter().map(|value| (value * 1e9) as u64).collect();
    let mut best = first.clone();
    improve(&mut best, quick(group, &values));
    let step = group.offers.iter().fold(0, |step, offer| gcd(step, offer.price)).max(1);
    let floor = lowest(&bound, step);
    let mut bundles: Vec<(usize, Bundle)> = bound.bundles.iter().chain(best.machines.keys()).cloned().collect();
    bundles.sort_unstable();
    bundles.dedup();
    let mut proven = best.worth.cost <= floor;
    if !proven {
        let found = master::plan(group, &bundles, Some(&flat(&best)), None, NODES.0);
        improve(&mut best, found.and_then(|(plan, _)| zoned(group, plan)));
        proven = best.worth.cost <= floor;
    }
    if !proven && let Some(list) = worthwhile(group, &bound, best.worth.cost, &bundles) {
        let found = master::plan(group, &list, Some(&flat(&best)), None, NODES.1);
        let solved = found.as_ref().is_some_and(|(_, proven)| *proven);
        let cost = found.as_ref().map(|(plan, _)| plan.worth.cost);
        improve(&mut best, found.and_then(|(plan, _)| zoned(group, plan)));
        // Without zones the integer program's own cost is the least; with them it is still no more than the truth.
        proven = solved && cost.is_some_and(|cost| best.worth.cost <= cost);
    }
    let least = if proven { best.worth.cost } else { floor.min(best.worth.cost) };
    let plans = match keep {
        Keep::Best => vec![best],
        Keep::Front => front(group, best, bundles)?,
    };
    let least_machines = plans.first()?.worth.machines;
    Some(Solved { plans, bound: least, complete: false, least_machines, values })
}

/// A plan at once, by what a copy of each item is worth.
pub(super) fn quick(group: &Group<'_>, values: &[u64]) -> Option<Plan> {
    greedy::plan(group, values)
}

fn improve(best: &mut Plan, other: Option<Plan>) {
    if let Some(other) = other
        && other.worth < best.worth
    {
        *best = other;
    }
}

/// The machines of a plan as if they were in one zone.
fn flat(plan: &Plan) -> Machines {
    plan.machines.iter().map(|(key, counts)| (key.clone(), vec![counts.iter().sum()])).collect()
}

/// The bound in whole steps of the prices: every cost is a multiple of their greatest common divisor.
fn lowest(bound: &Bound, step: u64) -> u128 {
    // The sum of floating-point numbers may be off by a few of its last digits.
    let cost = bound.cost * bound.unit * (1.0 - 1e-9) - 1e-3;
    let steps = (cost.max(0.0) / step as f64).ceil();
    (steps as u128).saturating_mul(step.into())
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Every bundle that a plan cheaper than `cost` could have, with those that are known; `None` when there are too many.
fn worthwhile(group: &Group<'_>, bound: &Bound, cost: u128, known: &[(usize, Bundle)]) -> Option<Vec<(usize, Bundle)>> {
    let gap = (cost as f64 / bound.unit - bound.cost).max(0.0) * (1.0 + 1e-9) + 1e-9;
    let mut list: BTreeSet<(usize, Bundle)> = known.iter().cloned().collect();
    for offer in 0..group.offers.len() {
        let floor = group.offers[offer].price as f64 / bound.unit - gap;
        let search = Search::all(group, offer, &bound.values, floor, LIST);
        if !search.whole() || list.len() + search.found.len() > LIST.0 {
            return None;
        }
        list.extend(search.found.into_iter().map(|bundle| (offer, bundle)));
    }
    Some(list.into_iter().collect())
}

/// Plans with fewer machines than the cheapest: the fewest that are found, and some between.
fn front(group: &Group<'_>, best: Plan, mut bundles: Vec<(usize, Bundle)>) -> Option<Vec<Plan>> {
    let mut even = group.clone();
    even.offers.iter_mut().for_each(|offer| offer.price = 1);
    let fewest = solve(&even, Keep::Best)?.plans.pop()?;
    let machines = fewest.machines.iter().map(|((_, bundle), counts)| {
        // In the even group any offer that holds the bundle is as good; here the cheapest is.
        Some(((group.cheapest(bundle)?, bundle.clone()), counts.clone()))
    });
    let fewest = greedy::weigh(group, machines.collect::<Option<Machines>>()?);
    bundles.extend(fewest.machines.keys().cloned());
    bundles.sort_unstable();
    bundles.dedup();
    let (least, most) = (fewest.worth.machines, best.worth.machines);
    let mut plans = vec![best, fewest];
    let between = u64::try_from(most.saturating_sub(least)).unwrap_or(u64::MAX);
    for at in 1..LIMITS.min(between) {
        let limit = u64::try_from(least).unwrap_or(u64::MAX).saturating_add(between / LIMITS.min(between) * at);
        let found = master::plan(group, &bundles, None, Some(limit), NODES.0);
        plans.extend(found.and_then(|(plan, _)| zoned(group, plan)));
    }
    plans.sort_by_key(|plan| (plan.worth.machines, plan.worth));
    let mut kept: Vec<Plan> = Vec::new();
    for plan in plans {
        if kept.last().is_none_or(|last| plan.worth.cost < last.worth.cost) {
            kept.push(plan);
        }
    }
    Some(kept)
}
