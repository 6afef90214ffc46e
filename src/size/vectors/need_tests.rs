//! Golden values worked out by hand, and what holds for every demand.

use proptest::prelude::*;

use super::super::{Refine, Segment};
use super::*;

const SEGMENTS: u64 = 2 * 1024 * 1024 * 1024;

fn with(change: impl FnOnce(&mut IndexParams)) -> IndexParams {
    let mut params = IndexParams::default();
    change(&mut params);
    params
}

/// The size before loading, from the loaded one: `memory = ceil((size + 2 GiB) x 115 / 100)`.
fn loaded(size: u64) -> Bytes {
    Bytes((size + SEGMENTS).checked_mul(115).unwrap().div_ceil(100))
}

#[test]
fn hnsw_by_hand() {
    // raw 3.6e9 x 384 x 4 = 5,529,600,000,000; graph 3.6e9 x 2 x 30 x 4 = 864,000,000,000; sum 6,393,600,000,000.
    // + 2,147,483,648 = 6,395,747,483,648; x 1.15 = 7,355,109,606,195.2, rounded up.
    let got = need(Index::Hnsw, Count(3_600_000_000), 384, &IndexParams::default());
    assert_eq!(got.memory, Bytes(7_355_109_606_196));
    assert_eq!(got.disk, Bytes(0));
    assert_eq!(got.formula, "(4 B x 3.6B x (384 + 2 x 30) + 2 segments x 1 GiB) x 1.15 = 6.69 TiB memory");
    assert_eq!((got.basis, got.note), (Basis::Calculator, None));
}

#[test]
fn ivf_sq8_by_hand() {
    // raw 15e9 x 384 x 4 = 23,040,000,000,000; / 4 = 5,760,000,000,000; lists 128 x 384 x 4 = 196,608.
    // (5,760,000,196,608 + 2,147,483,648) x 1.15 = 6,626,469,832,294.4; / 2^30 = 6,171.4 GiB.
    let got = need(Index::IvfSq8, Count(15_000_000_000), 384, &IndexParams::default());
    assert_eq!(got.memory, Bytes(6_626_469_832_295));
    assert_eq!(got.memory.as_gib().floor(), 6171.0);
}

#[test]
fn each_index_by_hand() {
    // 1M x 768: raw 3,072,000,000; lists 128 x 768 x 4 = 393,216.
    let million = |index, params: &IndexParams| need(index, Count(1_000_000), 768, params);
    let plain = IndexParams::default();
    let refined = |refine| with(|p| p.refine = refine);
    for (index, params, size) in [
        (Index::Flat, plain, 3_072_000_000),
        (Index::IvfFlat, plain, 3_072_393_216),
        (Index::IvfSq8, plain, 768_393_216),
        // m = 768 / 8 = 96 bytes each.
        (Index::IvfPq, plain, 96_393_216),
        // A bit per dimension: 96 bytes each; refinement adds 6, 8, 16 or 32 bits.
        (Index::IvfRabitq, refined(Refine::None), 96_393_216),
        (Index::IvfRabitq, refined(Refine::Sq6), 672_393_216),
        (Index::IvfRabitq, refined(Refine::Sq8), 864_393_216),
        (Index::IvfRabitq, refined(Refine::Fp16), 1_632_393_216),
        (Index::IvfRabitq, refined(Refine::Bf16), 1_632_393_216),
        (Index::IvfRabitq, refined(Refine::Fp32), 3_168_393_216),
        (Index::Scann, plain, 3_456_000_000),
        (Index::Scann, with(|p| p.raw_data = false), 384_000_000),
        // 4 x 1M x (768 + 60).
        (Index::Hnsw, plain, 3_312_000_000),
        (Index::Aisaq, plain, 16_777_216),
    ] {
        assert_eq!(million(index, &params).memory, loaded(size), "{index} {}", params.refine);
    }
    // DISKANN has no segments: 768,000,000 x 1.15; disk 4 x 1M x (768 + 56).
    let disk = million(Index::DiskAnn, &plain);
    assert_eq!((disk.memory, disk.disk), (Bytes(883_200_000), Bytes(3_296_000_000)));
    // 4 x 1M x (768 + 768 x 56 / 8 + 56) = 4 x 1M x 6,200.
    assert_eq!(million(Index::Aisaq, &plain).disk, Bytes(24_800_000_000));
}

#[test]
fn segment_size_counts_twice() {
    let memory = |segment| need(Index::Flat, Count(0), 768, &with(|p| p.segment = segment)).memory;
    assert_eq!(memory(Segment::Mib512), Bytes((1u64 << 30) * 115 / 100 + 1));
    assert!(memory(Segment::Mib2048) > memory(Segment::Mib1024));
}

#[test]
fn mapped_index_lies_on_disk() {
    let params = with(|p| p.mmap = true);
    let got = need(Index::Flat, Count(1_000_000), 768, &params);
    assert_eq!((got.memory, got.disk), (loaded(307_200_000), Bytes(3_072_000_000)));
    assert_eq!(got.basis, Basis::Assumption);
    assert_eq!(
        need(Index::DiskAnn, Count(1_000_000), 768, &params),
        need(Index::DiskAnn, Count(1_000_000), 768, &IndexParams::default())
    );
}

#[test]
fn the_largest_demand_saturates_and_says_so() {
    // 10^13 x 32,768 x 4 is 1.3e18 and still fits; FLAT is exact.
    let fits = need(Index::Flat, Count(10_000_000_000_000), 32_768, &IndexParams::default());
    assert!(!fits.overflow);
    assert_eq!(fits.memory, Bytes(1_507_328_002_469_606_196));
    for index in Index::ALL {
        let most = with(|p| (p.m, p.max_degree, p.inline_pq, p.pq_m) = (u32::MAX, u32::MAX, u32::MAX, Some(u32::MAX)));
        let got = need(index, Count(u64::MAX), u32::MAX, &most);
        assert!(got.overflow, "{index}");
        assert_eq!(got.memory.max(got.disk), Bytes(u64::MAX));
        assert!(got.note.unwrap().contains("larger than can be counted"));
    }
}

#[test]
fn aisaq_carries_its_caution() {
    let got = need(Index::Aisaq, Count(1_500_000_000), 768, &IndexParams::default());
    assert_eq!(got.basis, Basis::Doubtful);
    assert!(got.note.unwrap().contains("16 MiB"));
}

fn any_index() -> impl Strategy<Value = Index> {
    prop::sample::select(Index::ALL.to_vec())
}

fn any_params() -> impl Strategy<Value = IndexParams> {
    (prop::sample::select(Refine::ALL.to_vec()), any::<bool>(), any::<bool>(), 2u32..=2048, 1u32..=65_536).prop_map(
        |(refine, raw_data, mmap, m, nlist)| {
            with(|p| (p.refine, p.raw_data, p.mmap, p.m, p.nlist) = (refine, raw_data, mmap, m, nlist))
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn more_vectors_never_need_less(index in any_index(), params in any_params(), dims in 1u32..40_000, a: u64, b: u64) {
        let (less, more) = (a.min(b), a.max(b));
        let (less, more) = (need(index, Count(less), dims, &params), need(index, Count(more), dims, &params));
        prop_assert!(less.memory <= more.memory && less.disk <= more.disk);
    }

    #[test]
    fn more_dimensions_never_need_less(index in any_index(), params in any_params(), vectors in 0u64..20_000_000_000_000, a: u32, b: u32) {
        let (few, many) = (need(index, Count(vectors), a.min(b), &params), need(index, Count(vectors), a.max(b), &params));
        prop_assert!(few.memory <= many.memory && few.disk <= many.disk);
    }

    #[test]
    fn mapping_never_needs_more_memory(index in any_index(), params in any_params(), dims in 1u32..40_000, vectors: u64) {
        let held = need(index, Count(vectors), dims, &IndexParams { mmap: false, ..params });
        let mapped = need(index, Count(vectors), dims, &IndexParams { mmap: true, ..params });
        prop_assert!(mapped.memory <= held.memory);
        prop_assert!(mapped.disk >= held.disk);
    }
}
