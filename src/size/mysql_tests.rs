//! The tables of the manual, the worked example of S5, and laws.

use proptest::prelude::*;

use super::*;
use crate::size::queueing::Importance;
use crate::size::test_machine::machine;
use crate::units::Rate;

fn load(working_set: u64, connections: u32) -> Load {
    Load {
        data: Bytes(working_set),
        working_set: Bytes(working_set),
        cached: Share::percent(100),
        connections,
        work: None,
        copies: 1,
        version: Version::V84,
    }
}

fn value(need: &Need, name: &str) -> String {
    need.settings.iter().find(|setting| setting.name == name).unwrap().value.clone()
}

#[test]
fn the_worked_example() {
    // S5: 12,000 rows of 100 KB are 1.2 GB in use; a pool of 1 GB on a machine of 2 GB holds 89 % of it.
    let asked = Load { cached: Share::percent(85), ..load(12_000 * 100_000, 50) };
    let got = need(&asked);
    assert_eq!((got.each.memory, value(&got, "innodb_buffer_pool_size").as_str()), (Bytes::gib(2), "1024M"));
    assert!(got.warnings[0].text.contains("89 %"));
    assert!(fit(&got, &machine("m7g.medium", 1, 4), Environment::Prod).is_ok());
    // All of it in memory takes 3 GiB and a pool of 1.5 GiB, which is 12 chunks: 6 instances of 2.
    let whole = need(&load(12_000 * 100_000, 50));
    assert_eq!((whole.each.memory, value(&whole, "innodb_buffer_pool_size").as_str()), (Bytes::gib(3), "1536M"));
    assert_eq!((value(&whole, "innodb_buffer_pool_instances").as_str(), whole.warnings.len()), ("6", 0));
}

#[test]
fn the_tables_of_the_manual() {
    for (mib, pool) in [(512, 128), (1023, 128), (1024, 512), (4096, 2048), (4100, 3075), (16_384, 12_288)] {
        assert_eq!(dedicated_pool(Bytes::mib(mib)), Bytes::mib(pool), "{mib}");
    }
    // 8.0: 3 GB gives round(1.5) x 0.5; 8 GB round(6) x 0.5; 64 GB round(36) x 1.
    for (gib, mib) in [(1, 100), (2, 512), (3, 1024), (8, 3072), (64, 36_864), (200, 131_072)] {
        assert_eq!(redo_log(Version::V80, Bytes::gib(gib), 4), Bytes::mib(mib), "{gib}");
    }
    for (cpus, mib) in [(0, 512), (1, 512), (4, 2048), (32, 16_384), (96, 16_384)] {
        assert_eq!(redo_log(Version::V84, Bytes::gib(8), cpus), Bytes::mib(mib), "{cpus}");
    }
}

#[test]
fn small_servers_and_many_connections() {
    assert_eq!(need(&load(0, 0)).each.memory, Bytes::mib(512));
    // 2,000 connections of 2 MiB, 384 MiB and a chunk: 4,512 MiB.
    let busy = need(&load(0, 2_000));
    assert_eq!((busy.each.memory, value(&busy, "max_connections").as_str()), (Bytes::gib(5), "2010"));
    assert_eq!(need(&load(0, 200_000)).warnings[0].id, "too-many-connections");
    let work = Work { rate: Rate::per_second(2_500), service_micros: 2_000, importance: Importance::High };
    let wide = need(&Load { work: Some(work), ..load(0, 10) });
    assert_eq!((wide.each.cpu, value(&wide, "innodb_redo_log_capacity").as_str()), (Cores::whole(9), "4608M"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn more_never_takes_less(set: u64, more: u64, connections: u32, share: u64, old: bool) {
        let version = if old { Version::V80 } else { Version::V84 };
        let of = |set| need(&Load { cached: Share(share), version, ..load(set, connections) });
        let (small, large) = (of(set), of(set.saturating_add(more)));
        prop_assert!(large.each.memory >= small.each.memory);
    }

    #[test]
    fn two_halves_never_take_less(a in 0u64..1 << 50, b in 0u64..1 << 50, some in 0u32..1 << 20, others in 0u32..1 << 20) {
        let of = |set, connections| need(&load(set, connections)).each.memory.0;
        // What is in use is counted in chunks, so two halves round up twice.
        prop_assert!(of(a, some) + of(b, others) >= of(a + b, some + others));
    }

    #[test]
    fn the_pool_holds_what_it_must(set in 0u64..1 << 50, connections in 0u32..1 << 20) {
        let got = need(&load(set, connections));
        let pool: u64 = value(&got, "innodb_buffer_pool_size").trim_end_matches('M').parse().unwrap();
        let instances: u64 = value(&got, "innodb_buffer_pool_instances").parse().unwrap();
        prop_assert!(pool << 20 >= set && (pool << 20) + beside(&load(set, connections)) <= got.each.memory.0);
        prop_assert!((pool << 20).is_multiple_of(CHUNK * instances));
    }
}
