//! Machines into zones, so that no zone has too many copies of what is spread.

use super::item::Group;
use super::solved::{Machines, Plan};

/// Most machines that are laid into zones one by one.
const MOST_MACHINES: u128 = 100_000;

/// The plan with its machines in zones; `None` when no way was found.
pub(super) fn zoned(group: &Group<'_>, plan: Plan) -> Option<Plan> {
    let zones = group.zones as usize;
    if zones == 1 {
        return Some(plan);
    }
    if plan.worth.machines > MOST_MACHINES {
        return None;
    }
    let spread = |item: usize| group.items[item].zone_most < group.items[item].copies;
    let mut order: Vec<_> = plan.machines.iter().collect();
    let spread_items = |bundle: &[(usize, u64)]| bundle.iter().filter(|(item, _)| spread(*item)).count();
    order.sort_by_key(|((_, bundle), _)| std::cmp::Reverse(spread_items(bundle)));
    let mut loads = vec![vec![0u64; group.items.len()]; zones];
    let mut machines = Machines::new();
    for (key, counts) in order {
        for _ in 0..counts.iter().sum::<u64>() {
            let held = || key.1.iter().filter(|(item, _)| spread(*item));
            let fits = |zone: &usize| held().all(|(item, n)| loads[*zone][*item] + n <= group.items[*item].zone_most);
            let zone =
                (0..zones).filter(fits).min_by_key(|zone| held().map(|(item, _)| loads[*zone][*item]).sum::<u64>())?;
            held().for_each(|(item, n)| loads[zone][*item] += n);
            machines.entry(key.clone()).or_insert_with(|| vec![0; zones])[zone] += 1;
        }
    }
    Some(Plan { worth: plan.worth, machines })
}
