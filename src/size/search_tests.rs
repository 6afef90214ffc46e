//! The formulas of the documentation by hand, the worked example of S1, and laws.

use proptest::prelude::*;

use super::*;
use crate::size::test_machine::machine;

fn load(data: u64, vectors: u64) -> Load {
    Load {
        documents: Count(0),
        data: Bytes(data),
        hot: Share(0),
        vectors: Count(vectors),
        dims: 768,
        element: Element::Int8,
        hnsw_m: Some(16),
        indices: Count(10),
        mappings: Bytes(0),
        heap: None,
        replicas: 0,
        nodes: 1,
        work: None,
        environment: Environment::Dev,
    }
}

fn value(need: &Need, name: &str) -> String {
    need.settings.iter().find(|setting| setting.name == name).unwrap().value.clone()
}

#[test]
fn the_worked_example() {
    // S1 in production: a heap of 2g, and so a node of at least 4 GiB.
    let got = need(&Load { heap: Some(Bytes::gib(2)), environment: Environment::Prod, ..load(Bytes::gib(1).0, 0) });
    assert_eq!(value(&got, "ES_JAVA_OPTS"), "-Xms2g -Xmx2g");
    assert_eq!(
        (got.instances, got.each.memory, value(&got, "discovery.type").as_str()),
        (1, Bytes::gib(4), "single-node")
    );
    assert_eq!(got.warnings[0].id, "no-quorum");
    assert!(fit(&got, &machine("m7g.large", 2, 8), Environment::Prod).is_ok());
    assert_eq!(fit(&got, &machine("small", 2, 2), Environment::Prod).unwrap_err().bottleneck, Bottleneck::Memory);
    let mut local = machine("i4g.large", 2, 16);
    local.local_disk = Bytes::mib(100);
    assert_eq!(fit(&got, &local, Environment::Prod).unwrap_err().bottleneck, Bottleneck::Disk);
}

#[test]
fn bytes_of_a_vector() {
    let bytes = [Element::Float, Element::Int8, Element::Int4, Element::Bbq, Element::Byte, Element::Bit];
    assert_eq!(bytes.map(|element| element.bytes(1024)), [4096, 1028, 516, 142, 1024, 128]);
    // 10 M vectors of 768 dimensions in int8 with m = 16: 10 M x (772 + 64) = 8.36 GB, on disk 3,072 more each.
    let many = load(0, 10_000_000);
    assert_eq!((vectors::in_memory(&many), vectors::on_disk(&many)), (8_360_000_000, 39_080_000_000));
    let flat = Load { hnsw_m: None, ..many };
    assert_eq!(vectors::in_memory(&flat), 7_720_000_000);
    // Heap of 0.5 + 10/3000 GiB in steps of 0.5: 1 GiB; with 0.5 direct and 8.36 GB.
    let got = need(&many);
    assert_eq!(
        (value(&got, "ES_JAVA_OPTS").as_str(), got.each.memory.0),
        ("-Xms1g -Xmx1g", GIB + GIB / 2 + 8_360_000_000)
    );
    assert_eq!(got.each.disk.0, 39_080_000_000 * 100 / 85 + 1);
}

#[test]
fn shards_and_nodes() {
    let shards = |data: u64, documents: u64| {
        value(&need(&Load { documents: Count(documents), ..load(data, 0) }), "index.number_of_shards")
    };
    assert_eq!([shards(0, 0), shards(50 * GIB, 0), shards(50 * GIB + 1, 0)], ["1", "1", "2"]);
    assert_eq!(shards(GIB, 1_000_000_000), "5");
    // Each copy lies on a node of its own; 8 TiB a node, filled to 85 %.
    assert_eq!(need(&Load { replicas: 2, ..load(0, 0) }).instances, 3);
    assert_eq!(need(&load(34 << 40, 0)).instances, 5);
    // 100 M vectors: 83.6 GB beside 1.5 GiB on nodes of 64 GiB.
    assert_eq!(need(&load(0, 100_000_000)).instances, 2);
    let floats = need(&Load { element: Element::Float, heap: Some(Bytes::gib(40)), ..load(0, 1) });
    let ids: Vec<_> = floats.warnings.iter().map(|warning| warning.id.as_str()).collect();
    assert_eq!(ids, ["heap-loses-compressed-pointers", "vectors-not-quantised"]);
    assert_eq!(value(&floats, "ES_JAVA_OPTS"), "-Xms31g -Xmx31g");
}

fn any(data: u64, vectors: u64, hot: u64, replicas: u32, heap: Option<u64>) -> Load {
    Load { hot: Share(hot), replicas, heap: heap.map(Bytes), ..load(data, vectors) }
}

/// Memory of all nodes in bytes.
fn memory(need: &Need) -> u128 {
    u128::from(need.instances) * u128::from(need.each.memory.0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn any_input_is_borne(data: u64, vectors: u64, hot: u64, replicas: u32, heap: Option<u64>, indices: u64, dims: u32, m: Option<u32>) {
        let got = need(&Load { indices: Count(indices), mappings: Bytes(hot), dims, hnsw_m: m, ..any(data, vectors, hot, replicas, heap) });
        prop_assert!(got.instances > 0 && got.each.memory.0 > 0);
    }

    #[test]
    fn more_never_takes_less(data in 0u64..1 << 50, vectors in 0u64..1 << 36, more in 0u64..1 << 36, hot in 0u64..1_000_000, replicas in 0u32..4) {
        let of = |data, vectors| need(&any(data, vectors, hot, replicas, None));
        let (small, large) = (of(data, vectors), of(data + more, vectors + more));
        prop_assert!(large.instances >= small.instances);
        // Memory of a node is rounded up to a byte.
        prop_assert!(memory(&large) + u128::from(large.instances) >= memory(&small));
    }

    #[test]
    fn two_halves_never_take_less(a in 0u64..1 << 46, b in 0u64..1 << 46, some in 0u64..1 << 33, others in 0u64..1 << 33, replicas in 0u32..4) {
        let of = |data, vectors| need(&any(data, vectors, 300_000, replicas, None));
        let (first, second, whole) = (of(a, some), of(b, others), of(a + b, some + others));
        prop_assert!(u64::from(first.instances) + u64::from(second.instances) >= u64::from(whole.instances));
        prop_assert!(memory(&first) + memory(&second) + u128::from(whole.instances) + 2 >= memory(&whole));
    }

    #[test]
    fn the_heap_is_at_most_half(data in 0u64..1 << 50, vectors in 0u64..1 << 36, heap: Option<u64>) {
        let load = any(data, vectors, 100_000, 1, heap);
        prop_assert!(totals(&load).heap * 2 <= need(&load).each.memory.0);
    }
}
