//! Worked by hand from the manual's rules, and laws.

use proptest::prelude::*;

use super::*;
use crate::size::test_machine::machine;
use crate::units::Rate;

fn load(keys: u64, each: u64) -> Load {
    Load {
        keys: Count(keys),
        each: Bytes(each),
        persistence: Persistence::None,
        written_while_saving: Share::percent(100),
        evicts: true,
        clients: 0,
        slow_subscribers: 0,
        work: None,
        replicas: 0,
    }
}

#[test]
fn a_million_keys() {
    // 1 M x (56 + 200) = 256 MB = 244.1 MiB: 245; x 1.1 = 269.5; + 4 = 274 MiB.
    let cache = need(&load(1_000_000, 200));
    assert_eq!((cache.settings[0].value.as_str(), cache.each.memory), ("245mb", Bytes::mib(274)));
    assert_eq!((cache.each.cpu, cache.each.disk, cache.warnings.len()), (Cores::whole(1), Bytes(0), 0));
    // A store that saves copies all of it in the worst case: 269.5 x 2 + 4 = 543 MiB, more than 512 MiB.
    let store = need(&Load { persistence: Persistence::Snapshots, evicts: false, ..load(1_000_000, 200) });
    assert_eq!(
        (store.each.memory, store.each.disk, store.each.cpu),
        (Bytes::mib(543), Bytes::mib(490), Cores::whole(2))
    );
    assert_eq!((store.settings[1].value.as_str(), store.warnings[0].id.as_str()), ("noeviction", "overcommit-memory"));
    assert!(fit(&cache, &machine("m7g.medium", 1, 4), Environment::Prod).is_ok());
    assert!(fit(&store, &machine("m7g.medium", 1, 4), Environment::Prod).is_err());
}

#[test]
fn clients_and_threads() {
    // 100 clients of 64 KiB and 2 subscribers of 32 MiB: 70.25 MiB; 1.1 + 4.
    assert_eq!(need(&Load { clients: 100, slow_subscribers: 2, ..load(0, 0) }).each.memory, Bytes::mib(76));
    // 200,000 commands of 10 us keep two threads busy; at 70 % that takes three.
    let work = Work { rate: Rate::per_second(200_000), service_micros: 10, ..Work::default() };
    let busy = need(&Load { work: Some(work), replicas: 1, ..load(1_000, 100) });
    assert_eq!((busy.instances, busy.warnings[1].id.as_str()), (6, "one-thread-is-not-enough"));
}

/// Memory of all instances in bytes.
fn memory(need: &Need) -> u128 {
    u128::from(need.instances) * u128::from(need.each.memory.0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn more_never_takes_less(keys: u64, more: u64, each: u64, clients: u32, slow: u32, written: u64, replicas: u32, saves: bool) {
        let persistence = if saves { Persistence::AppendOnly } else { Persistence::None };
        let of = |keys| need(&Load { clients, slow_subscribers: slow, written_while_saving: Share(written), replicas, persistence, ..load(keys, each) });
        prop_assert!(of(keys.saturating_add(more)).each.memory >= of(keys).each.memory);
    }

    #[test]
    fn two_halves_never_take_less(a in 0u64..1 << 36, b in 0u64..1 << 36, each in 0u64..1 << 12, saves: bool) {
        let persistence = if saves { Persistence::Snapshots } else { Persistence::None };
        let of = |keys| memory(&need(&Load { persistence, ..load(keys, each) }));
        prop_assert!(of(a) + of(b) >= of(a + b));
    }

    #[test]
    fn more_work_never_takes_fewer(rate: u64, more: u64, micros: u64) {
        let of = |rate| need(&Load { work: Some(Work { rate: Rate(rate), service_micros: micros, ..Work::default() }), ..load(9, 9) });
        prop_assert!(of(rate.saturating_add(more)).instances >= of(rate).instances);
    }
}
