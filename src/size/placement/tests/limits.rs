//! What is impossible, large or empty.

use super::{lot, machine, rules};
use crate::blueprint::service::Arch;
use crate::catalog::Machine;
use crate::error::Code;
use crate::size::placement::place;
use crate::size::placement::types::{Lot, Proof, Rules, Spread};
use crate::units::{Bytes, Usd};

fn failure(lots: &[Lot], machines: &[Machine], rules: &Rules) -> String {
    place(lots, &machines.iter().collect::<Vec<_>>(), rules).unwrap_err().to_string()
}

#[test]
fn what_fits_nowhere_is_named_with_the_nearest_machine() {
    let machines = [machine("m7g.medium", 1, 4, 10), machine("m7g.4xlarge", 16, 64, 160)];
    let mut vllm = lot("vllm", "llm", 1, 4000, 16 * 1024);
    vllm.each.gpu_memory = Bytes::gib(16);
    let shown = failure(&[vllm], &machines, &rules());
    // The page of the error shows this very text.
    assert!(Code::NoMachine.page().contains(&shown), "{shown}");
    let large = lot("milvus", "db", 1, 4000, 256 * 1024);
    let shown = failure(&[large], &machines, &Rules { system_memory: Bytes::gib(1), ..rules() });
    let cause = "it needs 4 cores, 256 GiB; m7g.4xlarge: milvus needs 256 GiB, has 63 GiB of 64 GiB left by the system";
    assert!(shown.contains(cause), "{shown}");
    let x86 = Lot { arch: vec![Arch::Amd64], ..lot("app", "web", 1, 1000, 1024) };
    assert!(failure(&[x86], &machines, &rules()).contains("app has images for amd64 only, is arm64"));
    let named = Lot { machine: Some("m7g.mediun".to_owned()), ..lot("app", "web", 1, 1000, 1024) };
    assert!(failure(&[named], &machines, &rules()).contains("m7g.medium"));
    let mut free = machine("m9g.medium", 1, 4, 0);
    free.prices.on_demand = None;
    let shown = failure(&[lot("app", "web", 1, 1000, 1024)], &[free], &rules());
    assert!(shown.contains("m9g.medium: no on-demand price is known"), "{shown}");
}

#[test]
fn every_lot_without_a_machine_is_named() {
    let lots = [lot("a", "r", 1, 9000, 1), lot("b", "r", 1, 1000, 1), lot("c", "r", 1, 9000, 1)];
    let error = place(&lots, &[&machine("m.a", 2, 4, 10)], &rules()).unwrap_err();
    assert_eq!(error.problems().len(), 2);
}

#[test]
fn too_low_a_limit_names_the_least_that_does() {
    let lots = ["backend", "frontend", "in-memory", "nosql", "rdb"].map(|role| lot(role, role, 1, 1000, 1024));
    let rules = Rules { separate_roles: true, max_machines: Some(3), ..rules() };
    let shown = failure(&lots, &[machine("m7g.4xlarge", 16, 64, 160)], &rules);
    assert!(Code::TooFewMachines.page().contains(&shown), "{shown}");
    let copies = Lot { spread: Spread::Machines, ..lot("api", "web", 4, 1000, 1024) };
    let shown = failure(&[copies], &[machine("m7g.4xlarge", 16, 64, 160)], &rules);
    assert!(
        shown.starts_with("error[E0304]: at least 4 machines are needed, and no more than 3 are allowed"),
        "{shown}"
    );
}

#[test]
fn nothing_costs_nothing() {
    let placement = place(&[lot("a", "r", 0, 9000, 1)], &[&machine("m.a", 2, 4, 10)], &rules()).unwrap();
    assert_eq!((placement.hosts.len(), placement.monthly_usd, placement.proof), (0, Usd(0), Proof::Optimal));
    assert_eq!(place(&[lot("a", "r", 1, 1, 1)], &[], &rules()).unwrap_err().problems()[0].code, Code::NoMachine);
}

#[test]
fn many_copies_of_one_lot_are_proven() {
    // 1,000 copies of 1 core: 62 machines of 16 cores and one of 8, at 10 a core.
    let machines = [machine("m.a", 1, 4, 12), machine("m.b", 8, 32, 80), machine("m.c", 16, 64, 160)];
    let all: Vec<&Machine> = machines.iter().collect();
    let placement = place(&[lot("a", "r", 1000, 1000, 1024)], &all, &rules()).unwrap();
    let cost: u32 = placement.hosts.iter().map(|host| host.count * if host.machine == "m.c" { 160 } else { 80 }).sum();
    assert_eq!((cost, placement.proof), (10_000, Proof::Optimal));
}

#[test]
fn a_large_group_has_a_bound_near_its_cost() {
    let sizes = [1u64, 2, 4, 8, 16, 32];
    let machines: Vec<Machine> = sizes.iter().map(|n| machine(&format!("m7g.{n}"), *n, 4 * n, 40_800 * n)).collect();
    let lots: Vec<Lot> = (0..40u64)
        .map(|at| lot(&format!("s{at}"), "r", 1 + (at % 3) as u32, 250 * (1 + at * 7 % 13), 512 * (1 + at * 5 % 11)))
        .collect();
    let all: Vec<&Machine> = machines.iter().collect();
    let placement = place(&lots, &all, &rules()).unwrap();
    if let Proof::AtLeast { bound_usd } = placement.proof {
        let gap = placement.monthly_usd.0 - bound_usd.0;
        assert!(gap * 100 <= placement.monthly_usd.0 * 3, "{placement:?}");
    }
    let limited = place(&lots, &all, &Rules { max_machines: Some(8), ..rules() }).unwrap();
    assert!(limited.hosts.iter().map(|host| host.count).sum::<u32>() <= 8);
    assert!(limited.monthly_usd >= placement.monthly_usd);
}
