//! Every store through the one entry.

use proptest::prelude::*;

use super::super::{IndexParams, Quantisation};
use super::*;
use crate::blueprint::platform::Provider;
use crate::blueprint::service::Arch;
use crate::catalog::Prices;
use crate::units::{Cores, Count};

fn machine(gib: u64, disk: u64, burstable: bool) -> Machine {
    Machine {
        provider: Provider::Aws,
        region: "us-east-1".to_owned(),
        name: "some.large".to_owned(),
        family: "some".to_owned(),
        cpu: Cores::whole(gib / 4),
        memory: Bytes::gib(gib),
        arch: Arch::Amd64,
        burstable,
        gpu: None,
        local_disk: Bytes::gib(disk),
        prices: Prices::default(),
        note: None,
    }
}

fn bottleneck(load: &Load, machine: &Machine) -> Option<Bottleneck> {
    fit(load, &need(load), machine).err().map(|excuse| excuse.bottleneck)
}

#[test]
fn a_machine_holds_it_or_says_why_not() {
    let ten_million = |engine| Load::new(engine, Count(10_000_000), 768);
    // HNSW: 4 x 1e7 x 828 + 2 GiB, x 1.15 = 37.8 GiB: a machine of 64 GiB and 16 cores.
    let milvus = ten_million(Engine::Milvus);
    assert_eq!((need(&milvus).each.memory, need(&milvus).each.cpu), (Bytes::gib(64), Cores::whole(16)));
    assert_eq!(bottleneck(&milvus, &machine(64, 0, false)), None);
    assert_eq!(bottleneck(&milvus, &machine(32, 0, false)), Some(Bottleneck::Memory));
    assert_eq!(bottleneck(&milvus, &machine(64, 0, true)), Some(Bottleneck::Burstable));
    assert_eq!(bottleneck(&ten_million(Engine::Chroma), &machine(64, 0, true)), None);
    // 4 x 1e7 x 824 = 30.7 GiB of disk.
    let disk = Load { index: Some(Index::DiskAnn), ..milvus };
    assert_eq!(bottleneck(&disk, &machine(64, 0, false)), Some(Bottleneck::Disk));
    assert_eq!(bottleneck(&disk, &machine(64, 31, false)), None);
    let excuse = fit(&disk, &need(&disk), &machine(64, 30, false)).unwrap_err();
    assert_eq!(excuse.because, "DISKANN needs 30.7 GiB of NVMe in the machine, has 30 GiB");
}

#[test]
fn impossible_input_is_named_with_the_way_out() {
    let ids = |load: Load| {
        let warnings = need(&load).warnings;
        assert!(warnings.iter().all(|warning| warning.hint.is_some()));
        warnings.into_iter().map(|warning| warning.id).collect::<Vec<_>>()
    };
    let billion = Load::new(Engine::Milvus, Count(1_000_000_001), 768);
    assert_eq!(ids(billion), ["beyond-milvus-standalone"]);
    assert_eq!(ids(Load { distributed: true, ..billion }), ["beyond-the-calculator"]);
    let small = Load::new(Engine::Milvus, Count(1000), 40_000);
    assert_eq!(ids(small), ["too-many-dimensions"]);
    assert_eq!(ids(Load { dims: 8, replicas: 2, ..small }), ["standalone-keeps-one-copy"]);
    assert_eq!(ids(Load { dims: 8, index: Some(Index::Aisaq), ..small }), ["vector-memory-is-doubtful"]);
}

#[test]
fn only_milvus_has_a_deployment() {
    for (_, engine) in Engine::ALL {
        let load = Load::new(engine, Count(1_000_000), 768);
        assert_eq!(deployment(&load).is_some(), engine == Engine::Milvus);
        assert!(need(&load).why.iter().all(|why| !why.formula.is_empty() && !why.source.is_empty()));
    }
}

fn any_load() -> impl Strategy<Value = Load> {
    let engine = prop::sample::select(Engine::ALL.map(|(_, engine)| engine).to_vec());
    let kinds = vec![Quantisation::None, Quantisation::Half, Quantisation::Int8, Quantisation::Binary];
    let index = prop::option::of(prop::sample::select(Index::ALL.to_vec()));
    let amounts = (0u64..1 << 40, 1u32..10_000, 1u32..5, 1u32..5, 0u64..1 << 16);
    (engine, prop::sample::select(kinds), index, amounts, any::<bool>(), any::<bool>()).prop_map(
        |(engine, quantisation, index, (vectors, dims, replicas, shards, payload), distributed, mmap)| Load {
            quantisation,
            index,
            replicas,
            shards,
            payload: Bytes(payload),
            distributed,
            params: IndexParams { mmap, ..IndexParams::default() },
            ..Load::new(engine, Count(vectors), dims)
        },
    )
}

/// Instances times what each takes.
fn sum(load: &Load) -> (u128, u128) {
    let got = need(load);
    let all = |each: u64| u128::from(got.instances) * u128::from(each);
    (all(got.each.memory.0), all(got.each.disk.0))
}

/// Splitting the disk over nodes rounds up by at most a byte each, and more memory may mean fewer, larger nodes.
fn at_most(less: (u128, u128), more: (u128, u128), slack: u128) -> bool {
    less.0 <= more.0 + slack && less.1 <= more.1 + slack
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    /// The sum over all instances, in memory and disk.
    #[test]
    fn more_never_needs_less(load in any_load(), vectors in 0u64..1 << 40, dims in 1u32..10_000, replicas in 1u32..5, payload in 0u64..1 << 16) {
        let slack = u128::from(need(&load).instances);
        let vectors = Load { vectors: Count(vectors.max(load.vectors.0)), ..load };
        prop_assert!(at_most(sum(&load), sum(&vectors), slack));
        let dims = Load { dims: dims.max(load.dims), ..load };
        prop_assert!(at_most(sum(&load), sum(&dims), slack));
        let replicas = Load { replicas: replicas.max(load.replicas), ..load };
        prop_assert!(at_most(sum(&load), sum(&replicas), slack));
        let payload = Load { payload: Bytes(payload.max(load.payload.0)), ..load };
        prop_assert!(at_most(sum(&load), sum(&payload), slack));
    }

    /// In memory and disk of the sum over all instances: each part rounds up by itself. Of Milvus the memory and disk of the
    /// index: the machines of its calculator come in steps (8, 16, 32, 64, 128 GiB), and two parts may fall on better ones
    /// than the whole does, as with 17 GiB on a server of 32, and 8 and 9 on servers of 8 and 16.
    #[test]
    fn a_split_load_never_needs_less(load in any_load(), part in 0u64..1 << 40) {
        let first = part.min(load.vectors.0);
        let of = |vectors: u64| {
            let load = Load { vectors: Count(vectors), ..load };
            let index = deployment(&load).map(|plan| (plan.index.memory.0.into(), plan.index.disk.0.into()));
            index.unwrap_or_else(|| sum(&load))
        };
        let (whole, a, b) = (of(load.vectors.0), of(first), of(load.vectors.0 - first));
        let slack = u128::from(need(&load).instances);
        prop_assert!(at_most(whole, (a.0 + b.0, a.1 + b.1), slack));
    }

    #[test]
    fn nothing_overflows(load in any_load(), vectors: u64, dims: u32, replicas: u32, shards: u32, payload: u64) {
        let most = Load { vectors: Count(u64::MAX - vectors % 2), dims, replicas, shards, payload: Bytes(payload), ..load };
        need(&most);
        need(&Load { vectors: Count(vectors), dims: u32::MAX, ..most });
        deployment(&most);
    }
}
