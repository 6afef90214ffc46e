//! The worked example of S5, what a real HotSpot took, and laws.

use proptest::prelude::*;

use super::*;
use crate::size::test_machine::machine;

/// The arithmetic of S5: heap 512, metaspace 150, 50 threads, NIO 100, collector 500, in MiB.
fn backend() -> Load {
    Load {
        vm: Vm::HotSpot,
        instances: 1,
        cpu: Cores::whole(1),
        heap: Bytes::mib(512),
        metaspace: Bytes::mib(150),
        threads: 50,
        stack: None,
        code_cache: Some(Bytes(0)),
        direct: Bytes::mib(100),
        collector: Some(Bytes::mib(500)),
    }
}

#[test]
fn the_worked_example() {
    let without = parts(&backend()).map(|(_, bytes)| bytes);
    assert_eq!(sum(&without), Bytes::mib(1312).0);
    let got = need(&Load { code_cache: None, ..backend() });
    // 1,312 and the code cache of 240 that was left out: 1,552 MiB, still within 2 GiB.
    assert_eq!(got.each.memory, Bytes::gib(2));
    assert!(got.why[0].inputs.contains(&("code cache".to_owned(), "240 MiB".to_owned())));
    assert_eq!(got.why[0].value, "1.52 GiB");
    assert!(got.warnings.iter().any(|warning| warning.id == "collector-as-large-as-heap"));
    assert_eq!(
        got.settings[0].value,
        "-Xms512m -Xmx512m -Xss1024k -XX:MaxMetaspaceSize=150m -XX:ReservedCodeCacheSize=240m \
         -XX:MaxDirectMemorySize=100m"
    );
    assert!(fit(&got, &machine("m7g.medium", 1, 4)).is_ok());
    assert!(fit(&got, &machine("small", 1, 1)).is_err());
}

#[test]
fn default_heaps() {
    // `java -XX:MaxRAM=..m -XX:+PrintFlagsFinal` of OpenJDK 17.0.15: limit and MaxHeapSize in MiB.
    for (limit, heap) in
        [(128, 64), (200, 100), (255, 126), (256, 126), (400, 126), (512, 128), (1024, 256), (2048, 512), (8192, 2048)]
    {
        assert_eq!(default_heap(Vm::HotSpot, Bytes::mib(limit)), Bytes::mib(heap), "{limit}");
    }
    // Compressed pointers end it: 30 GiB less 32 MiB, as OpenJDK with G1 prints on machines from 128 GB on.
    for limit in [120 << 10, 128 << 10, 512 << 10] {
        assert_eq!(default_heap(Vm::HotSpot, Bytes::mib(limit)), Bytes(32_178_700_288), "{limit}");
    }
    assert_eq!(default_heap(Vm::HotSpot, Bytes::gib(119)), Bytes::mib(119 << 8));
    // The table of OpenJ9's documentation.
    for (limit, heap) in [(512, 256), (1024, 512), (1536, 1024), (2048, 1536), (4096, 3072), (65_536, 25_600)] {
        assert_eq!(default_heap(Vm::OpenJ9, Bytes::mib(limit)), Bytes::mib(heap), "{limit}");
    }
}

#[test]
fn large_heaps_lose_short_pointers() {
    let ids = |gib| need(&Load { heap: Bytes::gib(gib), collector: None, ..backend() }).warnings;
    assert!(ids(31).is_empty());
    assert_eq!(ids(32)[0].id, "heap-loses-compressed-pointers");
}

fn any(heap: u64, metaspace: u64, threads: u32, direct: u64, collector: Option<u64>) -> Load {
    Load {
        heap: Bytes(heap),
        metaspace: Bytes(metaspace),
        threads,
        direct: Bytes(direct),
        collector: collector.map(Bytes),
        stack: None,
        code_cache: None,
        ..backend()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn more_never_takes_less(heap: u64, more: u64, metaspace: u64, threads: u32, direct: u64, collector: Option<u64>) {
        let load = any(heap, metaspace, threads, direct, collector);
        let larger = any(heap.saturating_add(more), metaspace, threads, direct, collector);
        prop_assert!(need(&larger).each.memory >= need(&load).each.memory);
        for vm in [Vm::HotSpot, Vm::OpenJ9] {
            prop_assert!(default_heap(vm, Bytes(heap)).0 <= heap.saturating_add(2 << 20));
        }
    }

    #[test]
    fn two_halves_never_take_less(a in 0u64..1 << 45, b in 0u64..1 << 45, threads in 0u32..10_000, others in 0u32..10_000) {
        let of = |heap, threads| need(&any(heap, heap / 3, threads, heap / 5, None)).each.memory.0;
        let whole = need(&any(a + b, a / 3 + b / 3, threads + others, a / 5 + b / 5, None)).each.memory.0;
        prop_assert!(of(a, threads) + of(b, others) >= whole);
    }
}
