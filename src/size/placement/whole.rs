//! The parts put together: the best plan of each, under the limit on machines, and the plans that come next.

use std::collections::{BTreeMap, BTreeSet};

use super::item::{Group, parts};
use super::offer::{Offer, offers};
use super::solved::{Keep, Plan, Solved, Worth};
use super::types::{Lot, Rules};
use super::{exact, large};
use crate::catalog::Machine;

/// Lots with the machines of the place where they go.
pub(super) struct Site<'a> {
    pub lots: &'a [Lot],
    pub machines: Vec<&'a Machine>,
    pub offers: Vec<Offer<'a>>,
}

impl<'a> Site<'a> {
    pub fn new(lots: &'a [Lot], machines: &[&'a Machine], rules: &Rules) -> Self {
        let mut machines = machines.to_vec();
        machines.sort_by(|a, b| (&a.name, &a.region).cmp(&(&b.name, &b.region)));
        Self { lots, offers: offers(&machines, rules), machines }
    }

    /// The lots in an order that does not depend on how they were given.
    pub fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.lots.len()).collect();
        order.sort_by_cached_key(|at| {
            let lot = &self.lots[*at];
            let each = lot.each;
            let size = (each.cpu, each.memory, each.disk, each.gpu_memory, lot.copies, lot.spread as u8, lot.steady);
            (lot.name.clone(), lot.role.clone(), size, lot.arch.clone(), lot.machine.clone())
        });
        order
    }
}

/// A part: the site it belongs to and its lots.
pub(super) struct Part {
    pub site: usize,
    pub members: Vec<usize>,
}

/// Machine types that each part does without.
pub(super) type Without = Vec<BTreeSet<String>>;

/// A plan of all parts.
#[derive(Debug, Clone)]
pub(super) struct Total {
    pub worth: Worth,
    /// For each part its plan and what any plan of it costs at least.
    pub plans: Vec<(Plan, u128)>,
    pub without: Without,
    /// Whether it is known to be the cheapest.
    pub proven: bool,
}

/// More machines are needed than the limit allows: the least that would do, and whether that is known to be the least.
pub(super) struct Short {
    pub least: u128,
    pub exact: bool,
}

pub(super) struct Whole<'a> {
    pub sites: &'a [Site<'a>],
    pub rules: &'a Rules,
    pub parts: Vec<Part>,
    known: BTreeMap<(usize, BTreeSet<String>, Keep), Option<Solved>>,
}

impl<'a> Whole<'a> {
    pub fn new(sites: &'a [Site<'a>], rules: &'a Rules) -> Self {
        let of = |(at, site): (usize, &Site<'a>)| {
            let found = parts(site.lots, &site.order(), &site.offers, rules);
            found.into_iter().map(move |members| Part { site: at, members })
        };
        Self { sites, rules, parts: sites.iter().enumerate().flat_map(of).collect(), known: BTreeMap::new() }
    }

    /// The group of a part without some machine types.
    pub fn group(&self, part: usize, without: &BTreeSet<String>) -> Group<'a> {
        let Part { site, members } = &self.parts[part];
        let site = &self.sites[*site];
        Group::new(site.lots, members, &site.offers, self.rules, without)
    }

    fn solve(&mut self, part: usize, without: &BTreeSet<String>, keep: Keep) -> Option<&Solved> {
        let key = (part, without.clone(), keep);
        if !self.known.contains_key(&key) {
            let group = self.group(part, without);
            let held = |at: usize| group.items[at].takes.iter().any(Option::is_some);
            let held = (0..group.items.len()).all(held);
            let solved = if held { self.solve_group(part, &group, without, keep) } else { None };
            self.known.insert(key.clone(), solved);
        }
        self.known.get(&key)?.as_ref()
    }

    fn solve_group(&self, part: usize, group: &Group<'_>, without: &BTreeSet<String>, keep: Keep) -> Option<Solved> {
        if let Some(solved) = exact::solve(group, keep) {
            return Some(solved);
        }
        // Runner-ups of a large part are found by what the copies were worth in the best plan, without a search.
        let best = self.known.get(&(part, BTreeSet::new(), Keep::Best)).and_then(Option::as_ref);
        match best.filter(|best| !without.is_empty() && !best.values.is_empty()) {
            Some(Solved { values, .. }) => {
                let plan = large::quick(group, values)?;
                let least_machines = plan.worth.machines;
                Some(Solved { plans: vec![plan], bound: 0, complete: false, least_machines, values: Vec::new() })
            }
            None => large::solve(group, keep),
        }
    }

    /// The best plan without some machine types; `None` when there is none.
    ///
    /// # Errors
    /// That the limit on machines is too low.
    pub fn best(&mut self, without: &Without) -> Result<Option<Total>, Short> {
        let most = self.rules.max_machines.map_or(u128::MAX, u128::from);
        let mut best = Vec::new();
        for (part, without) in without.iter().enumerate() {
            let Some(solved) = self.solve(part, without, Keep::Best) else { return Ok(None) };
            let Some(plan) = solved.plans.last() else { return Ok(None) };
            best.push((plan.clone(), solved.bound));
        }
        let total = total(best, without.clone());
        if total.worth.machines <= most {
            return Ok(Some(total));
        }
        self.limited(without, most).map(Some)
    }

    /// The best plan with no more than so many machines.
    fn limited(&mut self, without: &Without, most: u128) -> Result<Total, Short> {
        let mut fronts = Vec::new();
        for (part, without) in without.iter().enumerate() {
            fronts.extend(self.solve(part, without, Keep::Front).cloned());
        }
        let complete = fronts.iter().all(|solved| solved.complete);
        let least = fronts.iter().fold(0u128, |sum, solved| sum.saturating_add(solved.least_machines));
        // Best choices of the parts so far, by how many machines they have.
        let mut choices: Vec<(Worth, Vec<usize>)> = vec![(Worth::default(), Vec::new())];
        for solved in &fronts {
            let mut next: BTreeMap<u128, (Worth, Vec<usize>)> = BTreeMap::new();
            for (worth, picks) in &choices {
                for (at, plan) in solved.plans.iter().enumerate() {
                    let sum = worth.plus(plan.worth);
                    let better = next.get(&sum.machines).is_none_or(|(old, _)| sum < *old);
                    if sum.machines <= most && better {
                        next.insert(sum.machines, (sum, picks.iter().copied().chain([at]).collect()));
                    }
                }
            }
            choices = next.into_values().collect();
        }
        let Some((_, picks)) = choices.into_iter().min() else {
            return Err(Short { least, exact: complete });
        };
        let plans = fronts.iter().zip(picks).map(|(solved, at)| (solved.plans[at].clone(), solved.bound));
        let mut found = total(plans.collect(), without.clone());
        found.proven |= complete;
        Ok(found)
    }

    /// The plans that come next, cheapest first: each is the cheapest without machine types that better plans use.
    pub fn next_best(&mut self, best: &Total) -> Vec<Total> {
        let mut seen: BTreeSet<Without> = BTreeSet::from([best.without.clone()]);
        let mut waiting: Vec<Total> = Vec::new();
        let mut found: Vec<Total> = Vec::new();
        let mut from = best.clone();
        while found.len() < self.rules.runners_up {
            for part in 0..self.parts.len() {
                for name in self.names(part, &from) {
                    let mut without = from.without.clone();
                    without[part].insert(name);
                    if seen.insert(without.clone()) {
                        waiting.extend(self.best(&without).ok().flatten());
                    }
                }
            }
            let order = |a: &&Total, b: &&Total| a.worth.cmp(&b.worth).then_with(|| a.without.cmp(&b.without));
            let Some(next) = waiting.iter().min_by(|a, b| order(a, b)).cloned() else { break };
            waiting.retain(|total| total.without != next.without);
            let types = |whole: &Self, total: &Total| -> Vec<BTreeMap<String, u64>> {
                (0..whole.parts.len()).map(|part| whole.types(part, total)).collect()
            };
            let known = std::iter::once(best).chain(&found).any(|old| types(self, old) == types(self, &next));
            if !known {
                found.push(next.clone());
            }
            from = next;
        }
        found
    }

    /// Machine types that a part uses in a plan.
    fn names(&self, part: usize, total: &Total) -> BTreeSet<String> {
        self.types(part, total).into_keys().collect()
    }

    /// Machine types that a part uses in a plan, with how many of each.
    pub fn types(&self, part: usize, total: &Total) -> BTreeMap<String, u64> {
        let group = self.group(part, &total.without[part]);
        let mut types = BTreeMap::new();
        for ((offer, _), counts) in &total.plans[part].0.machines {
            let name = group.offers[*offer].machine.name.clone();
            let sum = types.entry(name).or_insert(0u64);
            *sum = counts.iter().fold(*sum, |sum, count| sum.saturating_add(*count));
        }
        types
    }
}

fn total(plans: Vec<(Plan, u128)>, without: Without) -> Total {
    let worth = plans.iter().fold(Worth::default(), |sum, (plan, _)| sum.plus(plan.worth));
    let proven = plans.iter().all(|(plan, bound)| *bound >= plan.worth.cost);
    Total { worth, plans, without, proven }
}
