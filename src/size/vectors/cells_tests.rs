//! Cells by hand, and what holds for all of them.

use proptest::prelude::*;

use super::*;

fn of(vectors: u64, partitions: u64, dims: u32, index: Index) -> Cells {
    cells(Count(vectors), Count(partitions), dims, index, &CellParams::default())
}

#[test]
fn one_cluster_while_it_bears_the_demand() {
    let got = of(1_000_000_000, 500, 768, Index::Hnsw);
    assert_eq!((got.count, got.forced_by), (1, None));
    assert_eq!(got.total, got.each.deployment.total);
    // A hundred gibibytes are nodes and fixed roles of 390 GiB; two halves would have 328, and are not worth a router.
    assert_eq!(of(60_000_000, 300, 384, Index::Hnsw).count, 1);
}

/// That the calculator shows no figures is told, and divides nothing.
#[test]
fn beyond_the_calculator_one_cluster_is_told() {
    assert_eq!(of(1_000_000_000, 500, 768, Index::Hnsw).note, None);
    let more = of(1_000_000_001, 500, 768, Index::Hnsw);
    assert_eq!((more.count, more.forced_by), (1, None));
    assert!(more.note.unwrap().contains("shows no figures above 2.79 TiB"));
}

#[test]
fn each_limit_forces_cells() {
    let by = |got: Cells| (got.least, got.forced_by.unwrap_or_default());
    assert_eq!(by(of(1_000_000, 65_536, 8, Index::Flat)).0, 1);
    assert_eq!(by(of(1_000_000, 65_537, 8, Index::Flat)), (2, "general-capacity".to_owned()));
    assert_eq!(by(of(10_000_000_001, 1, 8, Index::IvfSq8)), (2, "vectors".to_owned()));
    let shards = CellParams { shards: 2, ..CellParams::default() };
    assert_eq!(cells(Count(1), Count(65_536), 8, Index::Flat, &shards).least, 2);
    // 2 x 131,072 segments at most: with segments of 512 MiB and rows of 40 kB the raw size asks for more, never etcd alone.
    let etcd = of(1_000_000_000_000, 3_000_000, 2, Index::IvfSq8).limits.into_iter().find(|l| l.id == "etcd-metadata");
    // (ceil(8e12 / k / 2^30) + 3e6 / k) x 16 KiB + 3e6 / k x 4 KiB <= 4 GiB: (7,451 + 3e6 x 1.25) / 262,144 = 14.3.
    assert_eq!(etcd.unwrap().cells, 15);
}

#[test]
fn a_million_partitions_and_ten_trillion_vectors() {
    let got = of(10_000_000_000_000, 1_000_000, 384, Index::IvfSq8);
    let asked: Vec<(&str, u64)> = got.limits.iter().map(|limit| (limit.id.as_str(), limit.cells)).collect();
    // 1e13 x 1,536 / 2^30 = 14,305,115 segments and 1e6 more.
    let want = [("general-capacity", 16), ("vectors", 1000), ("etcd-metadata", 60)];
    assert_eq!(asked, want);
    assert_eq!((got.least, got.forced_by.as_deref()), (1000, Some("vectors")));
    // 1,000 = 125 x 8.
    assert!(got.count >= 1000 && got.count.is_multiple_of(8), "{}", got.count);
    assert!(u128::from(got.each.vectors.0) * u128::from(got.count) >= 10_000_000_000_000);
    assert_eq!(got.each.partitions, Count(1_000_000u64.div_ceil(got.count)));
    // A quarter of the raw 15.36 PB, x 1.15, is the least there can be.
    assert!(got.total.memory > Bytes(15_360_000_000_000_000 / 4));
    assert!(got.total.memory < Bytes(15_360_000_000_000_000));
    assert!(!got.partitions_are_split);
    assert_eq!(got.why.len(), 5);
    serde_json::to_string(&got).unwrap();
}

#[test]
fn collections_of_1024_partitions() {
    assert_eq!(of(1000, 1024, 8, Index::Flat).each.collections, Count(1));
    assert_eq!(of(1000, 1025, 8, Index::Flat).each.collections, Count(2));
    assert_eq!(of(0, 0, 8, Index::Flat).each.collections, Count(1));
}

#[test]
fn a_partition_may_be_too_large_for_one_cluster() {
    assert!(of(100_000_000_000, 1, 768, Index::IvfSq8).partitions_are_split);
}

#[test]
fn steps_have_seven_digits_that_count() {
    for (count, want) in [(1, 1), (127, 127), (128, 128), (129, 130), (5000, 5056), (u64::MAX, u64::MAX)] {
        assert_eq!(step(count), want);
    }
}

fn demand() -> impl Strategy<Value = (u64, u64, u32)> {
    (0u64..100_000_000_000_000, 0u64..10_000_000, 1u32..4_000)
}

/// The memory of all nodes never falls, but where the second cluster is asked for: there that of the index does not.
fn falls_not(less: &Cells, more: &Cells) -> bool {
    let index = |cells: &Cells| u128::from(cells.each.deployment.index.memory.0) * u128::from(cells.count);
    match less.count == 1 && more.count > 1 {
        true => index(less) <= index(more),
        false => less.total.memory <= more.total.memory,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn memory_without_words_is_that_of_the_nodes(index in prop::sample::select(Index::ALL.to_vec()), a in demand(), pulsar: bool, old: bool) {
        let queue = if pulsar { Queue::Pulsar } else { Queue::Woodpecker };
        let release = if old { Release::V2_5 } else { Release::V2_6 };
        let collection = Collection { index, vectors: Count(a.0), dims: a.2, params: IndexParams::default(), replicas: 2, release, queue };
        prop_assert_eq!(to_bytes(memory(&collection)).0, distributed(&collection).total.memory);
    }

    #[test]
    fn more_never_needs_less(index in prop::sample::select(Index::ALL.to_vec()), a in demand(), b in demand()) {
        let less = of(a.0.min(b.0), a.1.min(b.1), a.2.min(b.2), index);
        let more = of(a.0.max(b.0), a.1.max(b.1), a.2.max(b.2), index);
        prop_assert!(falls_not(&less, &more));
        prop_assert!(less.least <= more.least);
    }

    /// Close demands are where steps show.
    #[test]
    fn a_little_more_never_needs_less(a in demand(), more_vectors in 0u64..1_000_000_000, more_partitions in 0u64..70_000) {
        let less = of(a.0, a.1, a.2, Index::Hnsw);
        let more = of(a.0 + more_vectors, a.1 + more_partitions, a.2, Index::Hnsw);
        prop_assert!(falls_not(&less, &more));
    }

    #[test]
    fn every_cell_keeps_every_limit(a in demand()) {
        let got = of(a.0, a.1, a.2, Index::IvfSq8);
        let one = of(got.each.vectors.0, got.each.partitions.0, a.2, Index::IvfSq8);
        prop_assert_eq!(one.least, 1);
        prop_assert!(got.each.vectors.0 * got.count >= a.0 && got.each.partitions.0 * got.count >= a.1);
    }

    /// The bound that ends the search leaves no better number out.
    #[test]
    fn no_number_beyond_takes_less(a in demand(), times in 2u64..200, replicas in 1u32..4) {
        let params = CellParams { replicas, ..CellParams::default() };
        let got = cells(Count(a.0), Count(a.1), a.2, Index::IvfSq8, &params);
        prop_assume!(got.least > 1);
        let count = step(got.least.saturating_mul(times) / 2);
        let whole = Collection { index: Index::IvfSq8, vectors: Count(a.0), dims: a.2, params: params.index, replicas, release: params.release, queue: params.queue };
        let other = memory(&part(&whole, count)) * u128::from(count);
        prop_assert!(u128::from(got.each.deployment.total.memory.0) * u128::from(got.count) <= other);
    }

}

proptest! {
    #[test]
    fn nothing_overflows(index in prop::sample::select(Index::ALL.to_vec()), vectors: u64, partitions: u64, dims: u32, shards: u32, replicas: u32) {
        let params = CellParams { shards, replicas, ..CellParams::default() };
        cells(Count(vectors), Count(partitions), dims, index, &params);
        cells(Count(u64::MAX), Count(u64::MAX), u32::MAX, index, &params);
    }
}
