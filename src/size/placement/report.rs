//! Plans in the words of the user: hosts with their costs, and how one plan differs from another.

use std::collections::BTreeMap;

use super::item::Group;
use super::offer::{DIMENSIONS, Offer};
use super::types::{Alternative, Host, Lot};
use super::whole::{Total, Whole};
use crate::size::component::{Bottleneck, Resources};
use crate::units::{Bytes, Cores, HOURS_A_MONTH, Usd};

/// A host with the offer behind it and its bundle as indexes of lots.
pub(super) struct Placed<'a> {
    pub host: Host,
    pub offer: Offer<'a>,
    pub lots: Vec<(usize, u64)>,
    /// Millionths of a dollar an hour for all of them.
    pub cost: u128,
}

/// What millionths of a dollar an hour are a month, rounded half up to a cent.
pub(super) fn monthly(cost: u128) -> Usd {
    let cents = cost.saturating_mul(HOURS_A_MONTH.into()).saturating_add(5_000) / 10_000;
    Usd(u64::try_from(cents).unwrap_or(u64::MAX))
}

/// The hosts of one site, by role, then by what they hold; each cost is rounded by itself, as a line of a bill is.
pub(super) fn hosts<'a>(whole: &Whole<'a>, site: usize, total: &Total) -> Vec<Placed<'a>> {
    let mut placed = Vec::new();
    for (at, part) in whole.parts.iter().enumerate().filter(|(_, part)| part.site == site) {
        let group = whole.group(at, &total.without[at]);
        let lots = whole.sites[part.site].lots;
        for ((offer, bundle), counts) in &total.plans[at].0.machines {
            placed.push(host(&group, lots, *offer, bundle, counts));
        }
    }
    placed.sort_by(|a, b| {
        let key = |placed: &Placed<'_>| (placed.host.role.clone(), placed.host.holds.clone());
        key(a).cmp(&key(b)).then_with(|| a.offer.rank.cmp(&b.offer.rank))
    });
    for one in &mut placed {
        one.host.monthly_usd = monthly(one.cost);
    }
    placed
}

/// What the hosts cost together: the sum of what is shown for each.
pub(super) fn sum<'a>(hosts: impl IntoIterator<Item = &'a Host>) -> Usd {
    Usd(hosts.into_iter().fold(0, |sum, host| sum.saturating_add(host.monthly_usd.0)))
}

fn host<'a>(group: &Group<'a>, lots: &[Lot], offer: usize, bundle: &[(usize, u64)], counts: &[u64]) -> Placed<'a> {
    let held: Vec<(usize, u64)> = bundle.iter().map(|(item, n)| (group.items[*item].lot, *n)).collect();
    let count = counts.iter().fold(0u64, |sum, count| sum.saturating_add(*count));
    let left = group.left(offer, bundle).unwrap_or_default();
    let offer = &group.offers[offer];
    let mut roles: Vec<&str> = held.iter().map(|(lot, _)| lots[*lot].role.as_str()).collect();
    roles.sort_unstable();
    roles.dedup();
    let mut used = Resources::default();
    for (lot, n) in &held {
        let each = lots[*lot].each;
        let add = |sum: u64, one: u64| sum.saturating_add(one.saturating_mul(*n));
        used.cpu = Cores(add(used.cpu.0, each.cpu.0));
        used.memory = Bytes(add(used.memory.0, each.memory.0));
        used.disk = Bytes(add(used.disk.0, each.disk.0));
        used.gpu_memory = Bytes(add(used.gpu_memory.0, each.gpu_memory.0));
    }
    let mut tightest = (0, Bottleneck::Cpu);
    for (at, what) in DIMENSIONS.into_iter().enumerate() {
        let (room, used) = (u128::from(offer.room[at]), u128::from(offer.room[at] - left[at]));
        let share = used * 1_000_000 / room.max(1);
        if share > tightest.0 {
            tightest = (share, what);
        }
    }
    let short = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    let spread = group.zones > 1;
    let host = Host {
        machine: offer.machine.name.clone(),
        purchase: offer.purchase,
        count: short(count),
        role: roles.join("+"),
        holds: held.iter().map(|(lot, n)| (lots[*lot].name.clone(), short(*n))).collect(),
        used,
        tightest: tightest.1,
        zones: if spread { short(counts.iter().filter(|count| **count > 0).count() as u64) } else { 1 },
        per_zone: if spread { counts.iter().map(|count| short(*count)).collect() } else { Vec::new() },
        monthly_usd: Usd(0),
    };
    Placed { host, offer: offer.clone(), lots: held, cost: u128::from(offer.price).saturating_mul(count.into()) }
}

/// A runner-up in words.
pub(super) fn alternative(whole: &Whole<'_>, site: usize, best: &Total, other: &Total) -> Alternative {
    let placed = hosts(whole, site, other);
    let least = sum(hosts(whole, site, best).iter().map(|one| &one.host));
    let parts = whole.parts.iter().enumerate().filter(|(_, part)| part.site == site);
    let differs: Vec<String> = parts
        .filter_map(|(at, part)| {
            let (old, new) = (whole.types(at, best), whole.types(at, other));
            let lots = whole.sites[part.site].lots;
            let names: Vec<&str> = part.members.iter().map(|lot| lots[*lot].name.as_str()).collect();
            let (more, less) = (beyond(&new, &old), beyond(&old, &new));
            let change = match (more.is_empty(), less.is_empty()) {
                (true, true) => return None,
                (false, false) => format!("{more} instead of {less}"),
                (false, true) => format!("{more} more"),
                (true, false) => format!("{less} less"),
            };
            Some(format!("{change} for {}", list(&names)))
        })
        .collect();
    Alternative {
        // Rounding of the lines must not make a runner-up look cheaper than the best.
        monthly_usd: sum(placed.iter().map(|one| &one.host)).max(least),
        hosts: placed.into_iter().map(|one| one.host).collect(),
        differs: differs.join("; "),
    }
}

/// What one plan has of each machine type beyond the other: `2 x m7g.medium + m7g.large`.
fn beyond(these: &BTreeMap<String, u64>, those: &BTreeMap<String, u64>) -> String {
    let more = these.iter().filter_map(|(name, n)| {
        let n = n.saturating_sub(those.get(name).copied().unwrap_or_default());
        (n > 0).then(|| if n == 1 { name.clone() } else { format!("{n} x {name}") })
    });
    more.collect::<Vec<_>>().join(" + ")
}

/// Names with `+` between them, the first four of many.
pub(super) fn list(names: &[&str]) -> String {
    match names.len() {
        0..=5 => names.join(" + "),
        n => format!("{} and {} more", names[..4].join(" + "), n - 4),
    }
}
