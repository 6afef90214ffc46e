//! What must hold for any placement.

use proptest::prelude::*;

use super::brute::{any_rules, lots, machines};
use crate::catalog::Machine;
use crate::size::placement::types::{Lot, Rules};
use crate::size::placement::{Placement, place};
use crate::units::Usd;

fn run(lots: &[Lot], machines: &[Machine], rules: &Rules) -> Option<Placement> {
    place(lots, &machines.iter().collect::<Vec<_>>(), rules).ok()
}

/// What it costs, or more than anything when it is impossible.
fn cost(lots: &[Lot], machines: &[Machine], rules: &Rules) -> Usd {
    run(lots, machines, rules).map_or(Usd(u64::MAX), |placement| placement.monthly_usd)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn one_lot_more_never_costs_less(lots in lots(5), machines in machines(), rules in any_rules()) {
        let less = &lots[..lots.len() - 1];
        prop_assert!(cost(less, &machines, &rules) <= cost(&lots, &machines, &rules));
    }

    #[test]
    fn one_machine_type_less_never_costs_less(lots in lots(5), machines in machines(), rules in any_rules()) {
        let fewer = &machines[..machines.len() - 1];
        prop_assert!(cost(&lots, &machines, &rules) <= cost(&lots, fewer, &rules));
    }

    #[test]
    fn the_order_does_not_matter(lots in lots(5), machines in machines(), rules in any_rules(), turn in 0..5usize) {
        let rules = Rules { runners_up: 2, ..rules };
        let (mut other_lots, mut other_machines) = (lots.clone(), machines.clone());
        other_lots.rotate_left(turn % lots.len());
        other_lots.reverse();
        other_machines.rotate_left(turn % machines.len());
        other_machines.reverse();
        prop_assert_eq!(run(&lots, &machines, &rules), run(&other_lots, &other_machines, &rules));
    }

    #[test]
    fn runners_up_come_in_order_and_differ(lots in lots(4), machines in machines(), rules in any_rules()) {
        let rules = Rules { runners_up: 3, ..rules };
        let Some(placement) = run(&lots, &machines, &rules) else { return Ok(()) };
        let mut last = placement.monthly_usd;
        for other in &placement.runners_up {
            prop_assert!(other.monthly_usd >= last, "{:?}", placement);
            last = other.monthly_usd;
            prop_assert!(!other.differs.is_empty() && other.hosts != placement.hosts);
        }
        let mut names: Vec<&str> = placement.rejected.iter().map(|excuse| excuse.machine.as_str()).collect();
        names.extend(placement.hosts.iter().map(|host| host.machine.as_str()));
        names.sort_unstable();
        names.dedup();
        prop_assert_eq!(names.len(), machines.len(), "each machine is on a host or has an excuse, not both");
        let excused = placement.rejected.len();
        let hosts: std::collections::BTreeSet<_> = placement.hosts.iter().map(|host| &host.machine).collect();
        prop_assert_eq!(excused + hosts.len(), machines.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    /// Two lots of one copy each may be anywhere; one lot of two copies may, too.
    #[test]
    fn a_lot_in_two_costs_the_same_when_copies_may_share(
        lots in lots(4), machines in machines(), rules in any_rules(),
    ) {
        let mut whole = lots.clone();
        whole[0].copies = 2;
        whole[0].spread = crate::size::placement::types::Spread::None;
        let mut split = whole.clone();
        split[0].copies = 1;
        split.push(Lot { name: "other half".to_owned(), ..split[0].clone() });
        prop_assert_eq!(cost(&whole, &machines, &rules), cost(&split, &machines, &rules));
    }

    #[test]
    fn any_amounts_are_borne(
        cpu in any::<u64>(), memory in any::<u64>(), gpu in any::<u64>(), copies in any::<u32>(), zones in any::<u32>(),
        price in any::<u64>(), room in any::<u64>(),
    ) {
        let mut one = super::lot("a", "r", copies, cpu, 1);
        one.each.memory.0 = memory;
        one.each.gpu_memory.0 = gpu;
        one.each.disk.0 = memory;
        one.spread = crate::size::placement::types::Spread::Zones;
        let mut machine = super::with_gpu(super::machine("m1.a", 1, 1, price), "L4", u32::MAX, 1);
        machine.cpu.0 = room;
        machine.memory.0 = u64::MAX;
        let rules = Rules { zones, ..super::rules() };
        let _ = run(&[one], &[machine], &rules);
    }
}
