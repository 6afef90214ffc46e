//! The placement against every way to place, on small instances.

use proptest::prelude::*;

use super::{lot, machine, rules, with_gpu, x86};
use crate::blueprint::service::Arch;
use crate::catalog::{Machine, Purchase};
use crate::size::placement::types::{Lot, Proof, Rules, Spread};
use crate::size::placement::{Placement, place};
use crate::units::{Bytes, Cores};

/// The least cost (millionths of a dollar an hour) and machines of all ways to part the copies and to lay the machines
/// into zones.
/// Cores, GiB, price, ARM, burstable, GPUs, spot.
type AnyMachine = (u64, u64, u64, bool, bool, u32, bool);

/// Copies, cores, memory, architecture, spread, steady, GPU, role.
type AnyLot = (u32, u64, u64, u8, u8, bool, bool, u8);

fn brute(lots: &[Lot], machines: &[Machine], rules: &Rules) -> Option<(u64, usize)> {
    let copies: Vec<usize> =
        lots.iter().enumerate().flat_map(|(at, lot)| std::iter::repeat_n(at, lot.copies as usize)).collect();
    let mut best = None;
    part(&copies, &mut Vec::new(), &mut |bins| {
        let costs: Option<Vec<u64>> = bins.iter().map(|bin| cheapest(bin, lots, machines, rules)).collect();
        let Some(costs) = costs else { return };
        let found = (costs.iter().sum(), bins.len());
        let few = rules.max_machines.is_none_or(|most| bins.len() <= most as usize);
        if few && best.is_none_or(|best| found < best) && zoned(bins, lots, rules) {
            best = Some(found);
        }
    });
    best
}

fn part(copies: &[usize], bins: &mut Vec<Vec<usize>>, each: &mut impl FnMut(&[Vec<usize>])) {
    let Some((first, rest)) = copies.split_first() else { return each(bins) };
    for at in 0..bins.len() {
        bins[at].push(*first);
        part(rest, bins, each);
        bins[at].pop();
    }
    bins.push(vec![*first]);
    part(rest, bins, each);
    bins.pop();
}

fn cheapest(bin: &[usize], lots: &[Lot], machines: &[Machine], rules: &Rules) -> Option<u64> {
    let twice = |at: usize| bin.iter().filter(|other| **other == at).count() > 1;
    if bin.iter().any(|at| lots[*at].spread != Spread::None && twice(*at)) {
        return None;
    }
    if rules.separate_roles && bin.iter().any(|at| lots[*at].role != lots[bin[0]].role) {
        return None;
    }
    let prices = machines.iter().filter(|machine| holds(bin, lots, machine, rules)).filter_map(|machine| {
        let steady = bin.iter().any(|at| lots[*at].steady);
        let spot = machine.prices.spot.as_ref().filter(|_| rules.purchase == Purchase::Spot && !steady);
        let both = [machine.prices.on_demand.as_ref(), spot];
        both.into_iter().flatten().map(|quote| quote.price.0).min()
    });
    prices.min()
}

fn holds(bin: &[usize], lots: &[Lot], machine: &Machine, rules: &Rules) -> bool {
    let cpu: u64 = bin.iter().map(|at| lots[*at].each.cpu.0).sum();
    let memory: u64 = bin.iter().map(|at| lots[*at].each.memory.0).sum();
    let gpus: u64 = bin
        .iter()
        .map(|at| lots[*at].each.gpu_memory.0)
        .map(|need| machine.gpu.as_ref().map_or(need * 1000, |gpu| need.div_ceil(gpu.memory.0)))
        .sum();
    cpu <= machine.cpu.0
        && memory + rules.system_memory.0 <= machine.memory.0
        && gpus <= machine.gpu.as_ref().map_or(0, |gpu| gpu.count.into())
        && bin.iter().map(|at| &lots[*at]).all(|lot| {
            (lot.arch.is_empty() || lot.arch.contains(&machine.arch))
                && lot.machine.as_ref().is_none_or(|name| *name == machine.name)
                && !(lot.steady && machine.burstable && lot.machine.is_none())
        })
}

fn zoned(bins: &[Vec<usize>], lots: &[Lot], rules: &Rules) -> bool {
    let zones = rules.zones.max(1) as usize;
    if zones == 1 || lots.iter().all(|lot| lot.spread != Spread::Zones) {
        return true;
    }
    (0..zones.pow(bins.len() as u32)).any(|code| {
        let zone = |bin: usize| code / zones.pow(bin as u32) % zones;
        (0..lots.len()).filter(|at| lots[*at].spread == Spread::Zones).all(|at| {
            (0..zones).all(|z| {
                let there = (0..bins.len()).filter(|bin| zone(*bin) == z && bins[*bin].contains(&at)).count();
                there <= (lots[at].copies as usize).div_ceil(zones)
            })
        })
    })
}

/// What a placement costs an hour by its own hosts, after a check that it keeps the rules.
fn checked(placement: &Placement, lots: &[Lot], machines: &[Machine], rules: &Rules) -> (u64, usize) {
    let mut cost = 0;
    let mut bins = Vec::new();
    for host in &placement.hosts {
        let machine = machines.iter().find(|machine| machine.name == host.machine).unwrap();
        let price = machine.prices.of(host.purchase).unwrap().price.0;
        cost += price * u64::from(host.count);
        let index = |name: &str| lots.iter().position(|lot| lot.name == name).unwrap();
        let bin: Vec<usize> =
            host.holds.iter().flat_map(|(name, n)| std::iter::repeat_n(index(name), *n as usize)).collect();
        assert!(holds(&bin, lots, machine, rules), "{host:?}");
        assert!(cheapest(&bin, lots, machines, rules).is_some(), "roles or copies share a machine: {host:?}");
        let steady = bin.iter().any(|at| lots[*at].steady);
        assert!(!(steady && host.purchase == Purchase::Spot), "{host:?}");
        bins.extend(std::iter::repeat_n(bin, host.count as usize));
        if !host.per_zone.is_empty() {
            assert_eq!(host.per_zone.iter().sum::<u32>(), host.count);
        }
    }
    for (at, lot) in lots.iter().enumerate() {
        let placed = bins.iter().flatten().filter(|other| **other == at).count();
        assert_eq!(placed, lot.copies as usize, "{}", lot.name);
        if lot.spread == Spread::Zones && rules.zones > 1 && lot.copies > 1 {
            for zone in 0..rules.zones as usize {
                let there: u32 = placement
                    .hosts
                    .iter()
                    .filter(|host| host.holds.iter().any(|(name, _)| *name == lot.name))
                    .map(|host| host.per_zone[zone])
                    .sum();
                assert!(there <= lot.copies.div_ceil(rules.zones), "{placement:?}");
            }
        }
    }
    let sum: u64 = placement.hosts.iter().map(|host| host.monthly_usd.0).sum();
    assert_eq!(sum, placement.monthly_usd.0);
    (cost, bins.len())
}

fn any_machine() -> impl Strategy<Value = (u64, u64, u64, bool, bool, u32, bool)> {
    (1..9u64, 1..17u64, 1..60u64, any::<bool>(), prop::bool::weighted(0.2), 0..3u32, any::<bool>())
}

pub(super) fn machines() -> impl Strategy<Value = Vec<Machine>> {
    prop::collection::vec(any_machine(), 1..6).prop_map(|all| {
        let one = |(at, (cores, gib, price, arm, burst, gpus, spot)): (usize, AnyMachine)| {
            let mut one = machine(&format!("m{}a.{at}", at % 3), cores, gib, price * 10_000);
            if !arm {
                one = x86(one);
            }
            if gpus > 0 && price > 40 {
                one = with_gpu(one, "L4", gpus, 24);
            }
            one.burstable = burst;
            one.prices.spot = spot.then(|| super::quote(price * 3_000));
            one
        };
        all.into_iter().enumerate().map(one).collect()
    })
}

pub(super) fn lots(most: usize) -> impl Strategy<Value = Vec<Lot>> {
    let one =
        (1..3u32, 1..9u64, 1..13u64, 0..3u8, 0..3u8, prop::bool::weighted(0.3), prop::bool::weighted(0.1), 0..3u8);
    prop::collection::vec(one, 1..=most).prop_map(|all| {
        let make = |(at, (copies, cpu, memory, arch, spread, steady, gpu, role)): (usize, AnyLot)| {
            let mut one: Lot = lot(&format!("s{at}"), &format!("r{role}"), copies, cpu * 500, memory * 512);
            one.arch = [vec![], vec![Arch::Arm64], vec![Arch::Amd64, Arch::Arm64]][usize::from(arch)].clone();
            one.spread = [Spread::None, Spread::Machines, Spread::Zones][usize::from(spread)];
            one.steady = steady;
            if gpu {
                one.each.gpu_memory = Bytes::gib(30);
            }
            one
        };
        all.into_iter().enumerate().map(make).collect()
    })
}

pub(super) fn any_rules() -> impl Strategy<Value = Rules> {
    (any::<bool>(), prop::option::weighted(0.5, 1..6u32), 1..4u32, any::<bool>(), 0..2u64).prop_map(
        |(separate_roles, max_machines, zones, spot, system)| Rules {
            separate_roles,
            max_machines,
            zones,
            purchase: if spot { Purchase::Spot } else { Purchase::OnDemand },
            system_memory: Bytes::mib(system * 256),
            ..rules()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn nothing_is_cheaper(lots in lots(4), machines in machines(), rules in any_rules()) {
        prop_assume!(lots.iter().map(|lot| lot.copies).sum::<u32>() <= 6);
        let all: Vec<&Machine> = machines.iter().collect();
        match (place(&lots, &all, &rules), brute(&lots, &machines, &rules)) {
            (Ok(placement), Some(least)) => {
                prop_assert_eq!(checked(&placement, &lots, &machines, &rules), least);
                prop_assert_eq!(placement.proof, Proof::Optimal);
            }
            (Err(_), None) => {}
            (placed, least) => prop_assert!(false, "{:?} against {:?}", placed, least),
        }
    }

    /// The same by the way that large groups go: never better than the truth, and its bound never above it.
    #[test]
    fn large_groups_are_bounded(lots in lots(4), machines in machines(), rules in any_rules()) {
        use crate::size::placement::solved::Keep;
        use crate::size::placement::whole::{Site, Whole};
        let rules = Rules { max_machines: None, ..rules };
        let all: Vec<&Machine> = machines.iter().collect();
        let sites = [Site::new(&lots, &all, &rules)];
        if place(&lots, &all, &rules).is_err() {
            return Ok(());
        }
        let whole = Whole::new(&sites, &rules);
        for part in 0..whole.parts.len() {
            let group = whole.group(part, &Default::default());
            let exact = crate::size::placement::exact::solve(&group, Keep::Best).unwrap();
            let large = crate::size::placement::large::solve(&group, Keep::Best).unwrap();
            let (exact, found) = (exact.plans[0].worth.cost, large.plans.last().unwrap().worth.cost);
            prop_assert!(large.bound <= exact, "bound {} above {}", large.bound, exact);
            prop_assert!(found >= exact, "{} below {}", found, exact);
        }
    }
}

#[test]
fn brute_force_knows_its_answer() {
    // Two copies apart: 2 x 1 core at 10; together: 1 x 2 cores at 15.
    let machines = [machine("m1.a", 1, 4, 10), machine("m1.b", 2, 4, 15)];
    let mut one = lot("a", "r", 2, 1000, 1024);
    assert_eq!(brute(&[one.clone()], &machines, &rules()), Some((15, 1)));
    one.spread = Spread::Machines;
    assert_eq!(brute(&[one.clone()], &machines, &rules()), Some((20, 2)));
    one.each.cpu = Cores(3000);
    assert_eq!(brute(&[one], &machines, &rules()), None);
}
