//! The most valuable bundles of one machine: a depth-first search with a fractional bound.

use super::item::Group;
use super::offer::Amounts;
use super::solved::Bundle;

/// One item as the search sees it.
struct Choice {
    item: usize,
    takes: Amounts,
    most: u64,
    value: f64,
    /// What one copy takes of the blended capacity, which is 1.
    weight: f64,
}

/// A search over the bundles of one offer.
pub(super) struct Search {
    choices: Vec<Choice>,
    room: Amounts,
    blend: [f64; 4],
    /// Nodes that may still be looked at.
    budget: u64,
    /// The best so far, or what a bundle must reach to be kept.
    floor: f64,
    /// No bundle is worth more.
    pub bound: f64,
    /// Bundles that reach the floor: the best only, or all that nothing can be added to.
    pub found: Vec<Bundle>,
    all: Option<usize>,
    cut: bool,
}

/// Blends of cores, memory, disk and GPUs into one capacity that are tried; the one with the least bound is used.
const BLENDS: [[f64; 4]; 5] =
    [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.5, 0.5, 0.0, 0.0], [0.25, 0.25, 0.25, 0.25], [0.0, 0.0, 0.0, 1.0]];

impl Search {
    /// The most valuable bundle of an offer; its worth must be above `floor`.
    pub fn best(group: &Group<'_>, offer: usize, values: &[f64], floor: f64, budget: u64) -> Self {
        Self::run(group, offer, values, (floor, None), budget)
    }

    /// All bundles worth at least `floor` that nothing can be added to, up to a number of them.
    pub fn all(group: &Group<'_>, offer: usize, values: &[f64], floor: f64, (most, budget): (usize, u64)) -> Self {
        Self::run(group, offer, values, (floor, Some(most)), budget)
    }

    fn run(group: &Group<'_>, offer: usize, values: &[f64], (floor, all): (f64, Option<usize>), budget: u64) -> Self {
        let room = group.offers[offer].room;
        let choices = (0..group.items.len()).filter_map(|item| {
            let takes = group.items[item].takes[offer]?;
            let most =
                (0..4).filter(|d| takes[*d] > 0).map(|d| room[d] / takes[d]).fold(group.items[item].most, u64::min);
            // What is worth nothing may be left out of the best bundle, but not of those that nothing can be added to.
            let wanted = most > 0 && (all.is_some() || values[item] > 0.0);
            wanted.then_some(Choice { item, takes, most, value: values[item], weight: 0.0 })
        });
        let choices = choices.collect();
        let mut search =
            Self { choices, room, blend: BLENDS[2], budget, floor, bound: floor, found: Vec::new(), all, cut: false };
        search.weigh();
        let mut counts = vec![0; search.choices.len()];
        search.descend(0, room, 0.0, &mut counts);
        search
    }

    /// Whether every bundle was looked at or ruled out.
    pub fn whole(&self) -> bool {
        !self.cut
    }

    /// Takes the blend with the least bound, and sorts by value for what is taken of it.
    fn weigh(&mut self) {
        let mut best = (f64::INFINITY, self.blend);
        for blend in BLENDS {
            self.blend_by(blend);
            let bound = self.rest(0, self.room);
            if bound < best.0 {
                best = (bound, blend);
            }
        }
        self.blend_by(best.1);
    }

    fn blend_by(&mut self, blend: [f64; 4]) {
        self.blend = blend;
        for choice in &mut self.choices {
            choice.weight = blended(blend, choice.takes, self.room);
        }
        let density = |choice: &Choice| choice.value / choice.weight.max(1e-12);
        self.choices.sort_by(|a, b| density(b).total_cmp(&density(a)).then(a.item.cmp(&b.item)));
    }

    /// What the choices from `at` on can add at most.
    fn rest(&self, at: usize, free: Amounts) -> f64 {
        let mut capacity = blended(self.blend, free, self.room);
        let mut sum = 0.0;
        for choice in &self.choices[at..] {
            let most = choice.most as f64;
            if choice.weight * most <= capacity {
                capacity -= choice.weight * most;
                sum += choice.value * most;
            } else {
                return sum + choice.value * (capacity / choice.weight);
            }
        }
        sum
    }

    /// Looks at all bundles that begin like this one; says whether none of them could reach the floor.
    fn descend(&mut self, at: usize, free: Amounts, value: f64, counts: &mut Vec<u64>) -> bool {
        let bound = value + self.rest(at, free);
        let hopeless = if self.all.is_some() { bound < self.floor } else { bound <= self.floor * (1.0 + 1e-12) };
        if hopeless {
            return true;
        }
        if self.budget == 0 || self.all.is_some_and(|most| self.found.len() >= most) {
            self.cut = true;
            self.bound = self.bound.max(bound);
            return false;
        }
        self.budget -= 1;
        let Some(choice) = self.choices.get(at) else {
            self.keep(free, value, counts);
            return false;
        };
        let (takes, worth) = (choice.takes, choice.value);
        let fits = (0..4).filter(|d| takes[*d] > 0).map(|d| free[d] / takes[d]).fold(choice.most, u64::min);
        for n in (0..=fits).rev() {
            let mut less = free;
            (0..4).for_each(|d| less[d] -= takes[d] * n);
            counts[at] = n;
            // What is worth most for its weight comes first, so with fewer of it the bound is no higher.
            if self.descend(at + 1, less, value + worth * n as f64, counts) {
                break;
            }
            if self.cut && n > 0 {
                // What is left of this branch is bounded as a whole.
                self.bound = self.bound.max(bound);
                break;
            }
        }
        counts[at] = 0;
        false
    }

    fn keep(&mut self, free: Amounts, value: f64, counts: &[u64]) {
        let bundle = || -> Bundle {
            let held = self.choices.iter().zip(counts).filter(|(_, n)| **n > 0);
            let mut bundle: Bundle = held.map(|(choice, n)| (choice.item, *n)).collect();
            bundle.sort_unstable();
            bundle
        };
        if self.all.is_none() {
            let bundle = bundle();
            self.floor = value;
            self.bound = self.bound.max(value);
            self.found = vec![bundle];
            return;
        }
        let more = |(choice, n): (&Choice, &u64)| *n < choice.most && (0..4).all(|d| choice.takes[d] <= free[d]);
        if value >= self.floor && !self.choices.iter().zip(counts).any(more) {
            let bundle = bundle();
            self.found.push(bundle);
        }
    }
}

fn blended(blend: [f64; 4], amounts: Amounts, room: Amounts) -> f64 {
    (0..4).map(|d| blend[d] * (amounts[d] as f64 / room[d].max(1) as f64)).sum()
}
