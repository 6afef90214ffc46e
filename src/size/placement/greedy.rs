//! A plan that is found at once: machine by machine, each time the one that holds most for its price.

use super::item::Group;
use super::solved::{Bundle, Machines, Plan, Worth};

/// A plan of a group in which every item fits somewhere. `values` say what a copy of each item is worth, in any unit.
pub(super) fn plan(group: &Group<'_>, values: &[u64]) -> Option<Plan> {
    let mut machines = Machines::new();
    for zone in 0..group.zones {
        let mut left: Vec<u64> = group.items.iter().map(|item| in_zone(item.copies, item.zone_most, zone)).collect();
        while left.iter().any(|copies| *copies > 0) {
            let bundle = (0..group.offers.len())
                .map(|offer| fill(group, offer, values, &left))
                .filter(|bundle| !bundle.is_empty())
                .max_by(|a, b| better(group, values, a, b))?;
            let offer = group.cheapest(&bundle)?;
            let times = bundle.iter().map(|(item, n)| left[*item] / n).min()?;
            bundle.iter().for_each(|(item, n)| left[*item] -= n * times);
            let counts = machines.entry((offer, bundle)).or_insert_with(|| vec![0; group.zones as usize]);
            *counts.get_mut(zone as usize)? += times;
        }
    }
    Some(weigh(group, machines))
}

/// Copies that lie in a zone when each zone takes as many as it may.
fn in_zone(copies: u64, zone_most: u64, zone: u32) -> u64 {
    copies.saturating_sub(zone_most.saturating_mul(zone.into())).min(zone_most)
}

/// The plan of machines, with what it is worth.
pub(super) fn weigh(group: &Group<'_>, machines: Machines) -> Plan {
    let worth = machines.iter().fold(Worth::default(), |worth, ((offer, _), counts)| {
        let offer = &group.offers[*offer];
        let one = Worth { cost: offer.price.into(), machines: 1, rank: offer.rank.into() };
        counts.iter().fold(worth, |worth, count| worth.plus(one.times(*count)))
    });
    Plan { worth, machines }
}

/// Fills an offer with what is left, the most valuable for the largest share that it takes first.
fn fill(group: &Group<'_>, offer: usize, values: &[u64], left: &[u64]) -> Bundle {
    let room = group.offers[offer].room;
    let mut order: Vec<(f64, usize)> = (0..group.items.len())
        .filter(|item| left[*item] > 0)
        .filter_map(|item| {
            let takes = group.items[item].takes[offer]?;
            let share = (0..4).map(|d| takes[d] as f64 / room[d].max(1) as f64).fold(1e-12, f64::max);
            Some((values[item] as f64 / share, item))
        })
        .collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut free = room;
    let mut bundle = Bundle::new();
    for (_, item) in order {
        let Some(takes) = group.items[item].takes[offer] else { continue };
        let most = left[item].min(group.items[item].most);
        let fits = (0..4).filter(|d| takes[*d] > 0).map(|d| free[d] / takes[d]).fold(most, u64::min);
        if fits > 0 {
            (0..4).for_each(|d| free[d] -= takes[d] * fits);
            bundle.push((item, fits));
        }
    }
    bundle.sort_unstable();
    bundle
}

/// Which of two bundles holds more for its price.
fn better(group: &Group<'_>, values: &[u64], a: &Bundle, b: &Bundle) -> std::cmp::Ordering {
    let worth = |bundle: &Bundle| -> (f64, f64) {
        let value: f64 = bundle.iter().map(|(item, n)| values[*item] as f64 * *n as f64).sum();
        let price = group.cheapest(bundle).map_or(u64::MAX, |offer| group.offers[offer].price);
        (value / price.max(1) as f64, value)
    };
    let (a, b) = (worth(a), worth(b));
    a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
}

/// What a copy of each item costs on a machine of its own that is filled with it.
pub(super) fn alone(group: &Group<'_>) -> Vec<u64> {
    let one = |item: usize| {
        let costs = (0..group.offers.len()).filter_map(|offer| {
            let takes = group.items[item].takes[offer]?;
            let room = group.offers[offer].room;
            let most = group.items[item].most;
            let fits = (0..4).filter(|d| takes[*d] > 0).map(|d| room[d] / takes[d]).fold(most, u64::min);
            Some(group.offers[offer].price / fits.max(1))
        });
        costs.min().unwrap_or_default().max(1)
    };
    (0..group.items.len()).map(one).collect()
}
