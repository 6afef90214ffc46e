//! Lots that may share machines, with the offers that can hold them: one part of the whole that is solved by itself.

use std::collections::BTreeSet;

use super::offer::{Amounts, Offer, takes};
use super::types::{Lot, Rules, Spread};

/// Most zones that are told apart; no region has as many.
const MOST_ZONES: u32 = 64;

/// A lot within a group.
#[derive(Debug, Clone)]
pub(super) struct Item {
    /// Index into the lots.
    pub lot: usize,
    pub copies: u64,
    /// Most copies on one machine.
    pub most: u64,
    /// Most copies in one zone.
    pub zone_most: u64,
    /// For each offer of the group what a copy takes of it; `None` when it cannot be there.
    pub takes: Vec<Option<Amounts>>,
}

/// Lots of which any two are kept together only within this group.
#[derive(Debug, Clone)]
pub(super) struct Group<'a> {
    pub items: Vec<Item>,
    /// The cheapest first; none that another one replaces in every case.
    pub offers: Vec<Offer<'a>>,
    /// Zones, when copies must be spread over them; else 1.
    pub zones: u32,
}

impl Group<'_> {
    /// What a bundle of items leaves of an offer, or `None` when it does not fit.
    pub fn left(&self, offer: usize, bundle: &[(usize, u64)]) -> Option<Amounts> {
        let mut left = self.offers[offer].room;
        for &(item, count) in bundle.iter().filter(|(_, count)| *count > 0) {
            let takes = self.items[item].takes[offer]?;
            if count > self.items[item].most {
                return None;
            }
            for (left, takes) in left.iter_mut().zip(takes) {
                *left = left.checked_sub(takes.saturating_mul(count))?;
            }
        }
        Some(left)
    }

    /// The cheapest offer that holds a bundle.
    pub fn cheapest(&self, bundle: &[(usize, u64)]) -> Option<usize> {
        (0..self.offers.len()).find(|offer| self.left(*offer, bundle).is_some())
    }
}

/// Splits lots into parts that share no machine: by role when roles are kept apart, then by whether any offer could hold
/// two of them.
pub(super) fn parts(lots: &[Lot], order: &[usize], offers: &[Offer<'_>], rules: &Rules) -> Vec<Vec<usize>> {
    let live: Vec<usize> = order.iter().copied().filter(|lot| lots[*lot].copies > 0).collect();
    let taken: Vec<Vec<Option<Amounts>>> =
        live.iter().map(|lot| offers.iter().map(|offer| takes(&lots[*lot], offer).ok()).collect()).collect();
    let share = |a: usize, b: usize| {
        (!rules.separate_roles || lots[live[a]].role == lots[live[b]].role)
            && taken[a].iter().zip(&taken[b]).zip(offers).any(|((a, b), offer)| match (a, b) {
                (Some(a), Some(b)) => (0..a.len()).all(|at| a[at].saturating_add(b[at]) <= offer.room[at]),
                _ => false,
            })
    };
    let mut left: BTreeSet<usize> = (0..live.len()).collect();
    let mut found = Vec::new();
    while let Some(first) = left.pop_first() {
        let mut members = vec![first];
        let mut at = 0;
        while at < members.len() {
            let near: Vec<usize> = left.iter().copied().filter(|other| share(members[at], *other)).collect();
            left.retain(|other| !near.contains(other));
            members.extend(near);
            at += 1;
        }
        members.sort_unstable();
        found.push(members.into_iter().map(|at| live[at]).collect());
    }
    found
}

impl<'a> Group<'a> {
    /// The group of some lots, with the offers of machine types that are not left out.
    pub fn new(
        lots: &[Lot],
        members: &[usize],
        offers: &[Offer<'a>],
        rules: &Rules,
        without: &BTreeSet<String>,
    ) -> Self {
        let offers: Vec<&Offer<'a>> = offers.iter().filter(|offer| !without.contains(&offer.machine.name)).collect();
        let taken: Vec<Vec<Option<Amounts>>> =
            members.iter().map(|lot| offers.iter().map(|offer| takes(&lots[*lot], offer).ok()).collect()).collect();
        let kept = undominated(&taken, &offers);
        let zones = rules.zones.clamp(1, MOST_ZONES);
        let spread = |lot: usize| lots[lot].spread == Spread::Zones && lots[lot].copies > 1 && zones > 1;
        let items = members.iter().zip(&taken).map(|(&lot, takes)| {
            let copies = u64::from(lots[lot].copies);
            Item {
                lot,
                copies,
                most: if lots[lot].spread == Spread::None { copies } else { 1 },
                zone_most: if spread(lot) { copies.div_ceil(zones.into()) } else { copies },
                takes: kept.iter().map(|at| takes[*at]).collect(),
            }
        });
        Self {
            items: items.collect(),
            offers: kept.iter().map(|at| offers[*at].clone()).collect(),
            zones: if members.iter().any(|lot| spread(*lot)) { zones } else { 1 },
        }
    }
}

/// Offers that hold something and that no other one replaces at the same or a lower price; the cheapest first.
fn undominated(taken: &[Vec<Option<Amounts>>], offers: &[&Offer<'_>]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..offers.len()).filter(|at| taken.iter().any(|takes| takes[*at].is_some())).collect();
    order.sort_by_key(|at| (offers[*at].price, offers[*at].rank));
    let replaces = |better: usize, at: usize| {
        let roomier = (0..4).all(|d| offers[better].room[d] >= offers[at].room[d]);
        roomier
            && taken.iter().all(|takes| match (takes[better], takes[at]) {
                (_, None) => true,
                (Some(less), Some(more)) => (0..4).all(|d| less[d] <= more[d]),
                (None, Some(_)) => false,
            })
    };
    let mut kept: Vec<usize> = Vec::new();
    for at in order {
        if !kept.iter().any(|better| replaces(*better, at)) {
            kept.push(at);
        }
    }
    kept
}
