//! Whole deployments by hand, and what holds for every one.

use proptest::prelude::*;

use super::*;

fn collection(index: Index, vectors: u64, dims: u32) -> Collection {
    Collection {
        index,
        vectors: Count(vectors),
        dims,
        params: IndexParams::default(),
        replicas: 1,
        release: Release::V2_6,
        queue: Queue::Woodpecker,
    }
}

#[test]
fn a_cluster_by_hand() {
    // HNSW of 100 M x 768: 4 x 1e8 x 828 = 331,200,000,000 + 2 GiB, x 1.15 = 383,349,606,195.2; / 2^30 = 357.02 GiB.
    let got = distributed(&collection(Index::Hnsw, 100_000_000, 768));
    assert_eq!(got.index.memory, Bytes(383_349_606_196));
    let counts: Vec<(&str, u64, Bytes)> =
        got.roles.iter().map(|role| (role.role.as_str(), role.count, role.each.memory)).collect();
    let want = [
        ("query-node", 12, 32),
        ("proxy", 1, 32),
        ("mix-coordinator", 1, 32),
        ("data-node", 8, 16),
        // 12 x 8 cores / 16 = 6 units.
        ("streaming-node", 2, 32),
        ("etcd", 3, 8),
        ("minio", 4, 8),
    ];
    assert_eq!(counts, want.map(|(name, count, gib)| (name, count, Bytes::gib(gib))));
    assert_eq!(got.total.memory, Bytes::gib(12 * 32 + 32 + 32 + 8 * 16 + 2 * 32 + 24 + 32));
    // (307,200,000,000 + 383,349,606,196) / 2^30 = 643.1.
    assert_eq!(got.role("minio").unwrap().each.disk, Bytes::gib(644));
    assert!(got.roles.iter().all(|role| !role.why.formula.is_empty() && !role.why.source.is_empty()));
}

#[test]
fn an_index_on_disk_needs_it_in_the_machine() {
    let got = standalone(&collection(Index::DiskAnn, 10_000_000, 768));
    let machine = got.role("standalone").unwrap();
    assert_eq!((machine.local_disk, machine.each.disk), (Bytes(4 * 10_000_000 * 824), Bytes(0)));
    // The calculator counts the loaded memory for the object store, not the index on disk.
    let minio = got.role("minio").unwrap();
    assert_eq!(minio.calculator.unwrap().disk, Bytes::gib(37));
    assert_eq!(minio.each.disk, Bytes::gib(60));
}

#[test]
fn older_release_and_queues() {
    let mut old = collection(Index::Flat, 1_000_000, 768);
    old.release = Release::V2_5;
    let roles: Vec<String> = distributed(&old).roles.into_iter().map(|role| role.role).collect();
    assert!(roles.contains(&"index-node".to_owned()) && roles.contains(&"pulsar-bookie".to_owned()));
    assert!(!roles.contains(&"streaming-node".to_owned()));
    let kafka = Collection { queue: Queue::Kafka, ..collection(Index::Flat, 1_000_000, 768) };
    assert_eq!(distributed(&kafka).role("kafka-broker").unwrap().each.disk, Bytes::gib(20));
}

#[test]
fn replicas_take_query_nodes_of_their_own() {
    let one = collection(Index::DiskAnn, 1_000_000_000, 768);
    let (single, triple) = (distributed(&one), distributed(&Collection { replicas: 3, ..one }));
    let (single, triple) = (single.role("query-node").unwrap(), triple.role("query-node").unwrap());
    assert_eq!((triple.count, triple.local_disk), (3 * single.count, single.local_disk));
}

fn any_collection() -> impl Strategy<Value = Collection> {
    let queue = prop::sample::select(vec![Queue::Woodpecker, Queue::Pulsar, Queue::Kafka]);
    let release = prop::sample::select(vec![Release::V2_5, Release::V2_6]);
    (prop::sample::select(Index::ALL.to_vec()), 0u64..1 << 44, 1u32..40_000, 1u32..5, queue, release).prop_map(
        |(index, vectors, dims, replicas, queue, release)| Collection {
            replicas,
            queue,
            release,
            ..collection(index, vectors, dims)
        },
    )
}

fn covers(less: &Resources, more: &Resources) -> bool {
    less.memory <= more.memory && less.disk <= more.disk && less.cpu <= more.cpu
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn more_never_takes_less(base in any_collection(), vectors in 0u64..1 << 44, dims in 1u32..40_000, replicas in 1u32..5) {
        for plan in [standalone, distributed] {
            let least = plan(&base).total;
            let more = |change: Collection| plan(&change).total;
            let v = more(Collection { vectors: Count(vectors.max(base.vectors.0)), ..base });
            let d = more(Collection { dims: dims.max(base.dims), ..base });
            let r = more(Collection { replicas: replicas.max(base.replicas), ..base });
            prop_assert!(covers(&least, &v) && covers(&least, &d) && covers(&least, &r));
        }
    }

    #[test]
    fn nothing_overflows(base in any_collection(), vectors: u64, dims: u32, replicas: u32, bytes: u64) {
        let mut most = Collection { vectors: Count(u64::MAX - vectors % 3), dims, replicas, ..base };
        most.params.scalars.bytes = bytes;
        standalone(&most);
        distributed(&most);
    }

    /// Each half takes an index of its own, so the sum of the halves' memory and disk is never below the whole's.
    #[test]
    fn the_index_of_a_split_load_is_never_smaller(base in any_collection(), part in 0u64..1 << 44) {
        let first = part.min(base.vectors.0);
        let of = |vectors: u64| need(base.index, Count(vectors), base.dims, &base.params);
        let (whole, a, b) = (of(base.vectors.0), of(first), of(base.vectors.0 - first));
        prop_assert!(a.memory.0.saturating_add(b.memory.0) >= whole.memory.0);
        prop_assert!(a.disk.0.saturating_add(b.disk.0) >= whole.disk.0);
    }
}
