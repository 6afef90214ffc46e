//! What Neo4j's own code gives, the worked example of S1, and laws.

use proptest::prelude::*;

use super::*;
use crate::size::test_machine::machine;

/// Machine, system, heap and page cache in MiB: the methods of `MemoryRecommendation.java`, run with OpenJDK 17.0.15.
const OFFICIAL: [[u64; 4]; 30] = [
    [128, 83, 37, 8],
    [512, 333, 153, 26],
    [1024, 665, 307, 52],
    [1536, 844, 409, 283],
    [2048, 1024, 512, 512],
    [3072, 1280, 1280, 512],
    [4096, 1536, 2048, 512],
    [5120, 1792, 2560, 768],
    [6144, 2048, 3072, 1024],
    [7424, 2368, 3392, 1664],
    [8192, 2560, 3584, 2048],
    [9216, 2816, 3840, 2560],
    [11264, 3328, 4352, 3584],
    [16384, 4096, 5120, 7168],
    [20480, 5120, 6656, 8704],
    [24576, 6144, 8192, 10240],
    [31744, 7936, 11776, 12032],
    [32768, 8192, 12288, 12288],
    [49152, 10240, 18432, 20480],
    [65536, 12288, 24576, 28672],
    [102400, 14592, 28608, 59200],
    [131072, 16384, 31744, 82944],
    [204800, 18688, 31744, 154368],
    [262144, 20480, 31744, 209920],
    [393216, 22528, 31744, 338944],
    [524288, 24576, 31744, 467968],
    [1024000, 30432, 31744, 961824],
    [1048576, 30720, 31744, 986112],
    [2097152, 30720, 31744, 2034688],
    [33554432, 30720, 31744, 16777216],
];

fn load(store: u64) -> Load {
    Load {
        nodes: Count(0),
        relationships: Count(0),
        properties: Count(0),
        others: Bytes(store),
        growth: Share(0),
        heap: None,
        heap_initial: None,
        work: None,
        copies: 1,
    }
}

fn value(need: &Need, name: &str) -> String {
    need.settings.iter().find(|setting| setting.name.ends_with(name)).unwrap().value.clone()
}

#[test]
fn divides_as_neo4j_does() {
    for [machine, system, heap, page_cache] in OFFICIAL {
        let got = recommended(Bytes(machine << 20));
        assert_eq!(
            [got.system, got.heap, got.page_cache].map(|part| part.0 >> 20),
            [system, heap, page_cache],
            "{machine}"
        );
    }
    assert_eq!(recommended(Bytes::gib(1)).transactions, Bytes::mib(128));
    assert_eq!(recommended(Bytes::gib(128)).transactions, Bytes::mib(31 * 256));
}

#[test]
fn the_worked_example() {
    // S1 in production: heap 1g growing to 2g, page cache 1g. 5 GiB leave 1.75 to the system.
    let asked = Load { heap: Some(Bytes::gib(2)), heap_initial: Some(Bytes::gib(1)), ..load(Bytes::gib(1).0) };
    let got = need(&asked);
    assert_eq!(got.each.memory, Bytes::gib(5));
    assert_eq!(
        [value(&got, "initial_size"), value(&got, "max_size"), value(&got, "pagecache.size")],
        ["1g", "2g", "1g"]
    );
    assert_eq!(got.warnings[0].id, "heap-grows");
    let even = need(&Load { heap_initial: None, ..asked });
    assert_eq!((value(&even, "initial_size").as_str(), even.warnings.len()), ("2g", 0));
}

#[test]
fn records_add_up() {
    // 10 M nodes, 100 M relationships, 50 M properties: 150 MB + 3.4 GB + 2.05 GB = 5.6 GB, with growth 6.72 GB.
    let graph = Load {
        nodes: Count(10_000_000),
        relationships: Count(100_000_000),
        properties: Count(50_000_000),
        growth: Share::percent(20),
        ..load(0)
    };
    let got = need(&graph);
    assert_eq!(got.each.disk, Bytes(6_720_000_000));
    // 6.26 + 0.5 GiB: 10 GiB leave 3 to the system; 9 GiB would leave 6.25 beside 2.75.
    assert_eq!(got.each.memory, Bytes::gib(10));
    assert!(fit(&got, &machine("r7g.large", 2, 16), Environment::Prod).is_ok());
    assert!(fit(&got, &machine("m7g.large", 2, 8), Environment::Prod).is_err());
}

#[test]
fn a_graph_past_all_machines_is_told() {
    assert_eq!(need(&load(u64::MAX)).warnings[0].id, "graph-larger-than-page-cache");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn more_never_takes_less(nodes: u64, more: u64, relationships: u64, others: u64, growth: u64, heap: Option<u64>) {
        let small = Load {
            nodes: Count(nodes),
            relationships: Count(relationships),
            growth: Share(growth),
            heap: heap.map(Bytes),
            ..load(others)
        };
        let large = Load { nodes: Count(nodes.saturating_add(more)), ..small };
        prop_assert!(need(&large).each.memory >= need(&small).each.memory);
        prop_assert!(need(&large).each.disk >= need(&small).each.disk);
    }

    #[test]
    fn two_halves_never_take_less(a in 0u64..1 << 50, b in 0u64..1 << 50) {
        let of = |store| need(&load(store)).each.memory.0;
        prop_assert!(of(a) + of(b) >= of(a + b));
    }

    #[test]
    fn the_parts_fit_the_machine(store in 0u64..1 << 43, heap in proptest::option::of(0u64..1 << 40)) {
        let got = need(&Load { heap: heap.map(|bytes| Bytes(bytes >> 30 << 30)), ..load(store) });
        let size = |name: &str| {
            let text = value(&got, name);
            let number: u64 = text[..text.len() - 1].parse().unwrap();
            if text.ends_with('g') { number << 30 } else { number << 20 }
        };
        let system = recommended(got.each.memory).system.0;
        prop_assert!(size("max_size") + size("pagecache.size") + system <= got.each.memory.0);
        prop_assert!(size("pagecache.size") + (1 << 20) > store);
    }
}
