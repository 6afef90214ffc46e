//! Small groups: every way to part the copies, by dynamic programming over what is still to be placed.
//!
//! A state is how many copies of each item are placed, written as one number with a digit for each item. The best plan of
//! a state is a machine that holds the state's first item, with the best plan of the rest. All amounts are integers, so
//! the answer is exact. Zones come second: the best plan of a state over `z` zones is what lies in the zone that has the
//! first item, with the best plan of the rest over `z - 1`.

use super::item::Group;
use super::solved::{Keep, Machines, Plan, Solved, Worth};

/// Pairs of state and part that are looked at before a group counts as large.
const MOST_PAIRS: u128 = 1_000_000;

#[derive(Debug, Clone, Copy)]
struct Step {
    worth: Worth,
    /// The state that is split off, and which of its plans.
    part: (u32, u32),
    /// Which plan of the rest.
    rest: u32,
}

type Table = Vec<Vec<Step>>;

struct States {
    /// Copies of each item.
    digits: Vec<u64>,
    /// Worth of one in each digit.
    weights: Vec<usize>,
    count: usize,
}

/// Solves a group exactly, or says `None` when it is too large for that or when an item fits nowhere.
pub(super) fn solve(group: &Group<'_>, keep: Keep) -> Option<Solved> {
    let states = States::of(group)?;
    let units: Table = (0..states.count).map(|state| unit(group, &states, state)).collect();
    let within = states.compose(&units, None, |_| true, keep);
    let fits = |state: usize| states.bundle(state).all(|(item, n)| n <= group.items[item].zone_most);
    let mut zones: Vec<Table> = Vec::new();
    if group.zones > 1 {
        let none: Table = (0..states.count).map(|state| start(state == 0)).collect();
        zones.push(none);
        // More zones than copies add nothing.
        for _ in 0..u64::from(group.zones).min(states.digits.iter().sum()) {
            let before = zones.last()?;
            let next = states.compose(&within, Some(before), fits, keep);
            zones.push(next);
        }
    }
    let last = zones.last().unwrap_or(&within).last()?;
    let plans: Vec<Plan> =
        (0..last.len()).map(|at| plan(group, &states, &within, &zones, at)).collect::<Option<Vec<_>>>()?;
    let best = plans.last()?.worth;
    let least_machines = plans.first()?.worth.machines;
    Some(Solved { bound: best.cost, complete: true, least_machines, plans, values: Vec::new() })
}

fn start(yes: bool) -> Vec<Step> {
    if yes { vec![Step { worth: Worth::default(), part: (0, 0), rest: 0 }] } else { Vec::new() }
}

/// One machine that holds just this state.
fn unit(group: &Group<'_>, states: &States, state: usize) -> Vec<Step> {
    let bundle: Vec<(usize, u64)> = states.bundle(state).collect();
    let offer = if bundle.is_empty() { None } else { group.cheapest(&bundle) };
    offer.map_or_else(Vec::new, |offer| {
        let offer = &group.offers[offer];
        let worth = Worth { cost: offer.price.into(), machines: 1, rank: offer.rank.into() };
        vec![Step { worth, part: (state as u32, 0), rest: 0 }]
    })
}

impl States {
    fn of(group: &Group<'_>) -> Option<Self> {
        let digits: Vec<u64> = group.items.iter().map(|item| item.copies).collect();
        digits.iter().try_fold(1u128, |pairs, copies| {
            let copies = u128::from(*copies);
            pairs.checked_mul((copies + 1) * (copies + 2) / 2).filter(|pairs| *pairs <= MOST_PAIRS)
        })?;
        let mut weights = Vec::with_capacity(digits.len());
        let mut count = 1usize;
        for copies in &digits {
            weights.push(count);
            count *= *copies as usize + 1;
        }
        Some(Self { digits, weights, count })
    }

    fn digit(&self, state: usize, item: usize) -> usize {
        state / self.weights[item] % (self.digits[item] as usize + 1)
    }

    fn bundle(&self, state: usize) -> impl Iterator<Item = (usize, u64)> + '_ {
        (0..self.digits.len()).map(move |item| (item, self.digit(state, item) as u64)).filter(|(_, n)| *n > 0)
    }

    /// Best plans of every state out of one part that holds its first item and a plan of the rest; without `rest` the
    /// rest is parted in the same way.
    fn compose(&self, parts: &Table, rest: Option<&Table>, allowed: impl Fn(usize) -> bool, keep: Keep) -> Table {
        let allowed: Vec<bool> = (0..self.count).map(|state| !parts[state].is_empty() && allowed(state)).collect();
        let mut table: Table = vec![start(true)];
        for state in 1..self.count {
            let mut best = Vec::new();
            self.each_part(state, |part| {
                if !allowed[part] {
                    return;
                }
                let others = rest.unwrap_or(&table);
                for (at, one) in (0u32..).zip(&parts[part]) {
                    for (rest, other) in (0u32..).zip(&others[state - part]) {
                        let worth = one.worth.plus(other.worth);
                        insert(&mut best, Step { worth, part: (part as u32, at), rest }, keep);
                    }
                }
            });
            table.push(best);
        }
        table
    }

    /// Every part of a state that holds at least one copy of its first item.
    fn each_part(&self, state: usize, mut each: impl FnMut(usize)) {
        let digits: Vec<(usize, usize)> =
            self.bundle(state).map(|(item, n)| (self.weights[item], n as usize)).collect();
        let mut now = vec![0; digits.len()];
        let Some(&(first, _)) = digits.first() else { return };
        now[0] = 1;
        let mut part = first;
        loop {
            each(part);
            let mut at = 0;
            loop {
                let Some(&(weight, most)) = digits.get(at) else { return };
                if now[at] < most {
                    now[at] += 1;
                    part += weight;
                    break;
                }
                let least = usize::from(at == 0);
                part -= (now[at] - least) * weight;
                now[at] = least;
                at += 1;
            }
        }
    }
}

/// Keeps what is not worse in both cost and machines, fewer machines first.
fn insert(best: &mut Vec<Step>, step: Step, keep: Keep) {
    if keep == Keep::Best {
        match best.first_mut() {
            Some(old) if old.worth <= step.worth => {}
            Some(old) => *old = step,
            None => best.push(step),
        }
        return;
    }
    let covers =
        |a: &Worth, b: &Worth| a.machines <= b.machines && (a.cost, a.machines, a.rank) <= (b.cost, b.machines, b.rank);
    if best.iter().any(|old| covers(&old.worth, &step.worth)) {
        return;
    }
    best.retain(|old| !covers(&step.worth, &old.worth));
    let at = best.partition_point(|old| old.worth.machines < step.worth.machines);
    best.insert(at, step);
}

/// Walks back through the tables.
fn plan(group: &Group<'_>, states: &States, within: &Table, zones: &[Table], at: usize) -> Option<Plan> {
    let mut machines = Machines::new();
    let mut state = states.count - 1;
    let worth = zones.last().unwrap_or(within).get(state)?.get(at)?.worth;
    if zones.is_empty() {
        walk(group, states, within, (state, at), 0, &mut machines)?;
        return Some(Plan { worth, machines });
    }
    let mut at = at;
    for (zone, table) in zones.iter().skip(1).rev().enumerate() {
        if state == 0 {
            break;
        }
        let step = table.get(state)?.get(at)?;
        walk(group, states, within, (step.part.0 as usize, step.part.1 as usize), zone, &mut machines)?;
        state -= step.part.0 as usize;
        at = step.rest as usize;
    }
    Some(Plan { worth, machines })
}

fn walk(
    group: &Group<'_>,
    states: &States,
    within: &Table,
    from: (usize, usize),
    zone: usize,
    machines: &mut Machines,
) -> Option<()> {
    let (mut state, mut at) = from;
    while state > 0 {
        let step = within.get(state)?.get(at)?;
        let bundle: Vec<(usize, u64)> = states.bundle(step.part.0 as usize).collect();
        let offer = group.cheapest(&bundle)?;
        let counts = machines.entry((offer, bundle)).or_insert_with(|| vec![0; group.zones as usize]);
        *counts.get_mut(zone)? += 1;
        state -= step.part.0 as usize;
        at = step.rest as usize;
    }
    Some(())
}
