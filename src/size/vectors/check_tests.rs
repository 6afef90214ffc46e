//! Checks of the tiers of a partition table whose memory is known to be too small.

use proptest::prelude::*;

use super::*;

const NONE: Bytes = Bytes(0);

fn label(row: Option<&Row>) -> Option<&str> {
    row.map(|row| row.label.as_str())
}

#[test]
fn small_collections_take_hnsw() {
    let got = check(Count(1_000_000), 384, Bytes::gib(32), NONE, None);
    assert_eq!(label(got.best.as_ref()), Some("HNSW"));
    assert!(got.verdict == Verdict::Fits && got.otherwise.is_empty() && got.limits.is_empty());
}

#[test]
fn one_and_a_half_billion_on_128_gib() {
    // Raw 1.5e9 x 384 x 4 = 2,304 GB. DISKANN 662.4 GB; IVF_RABITQ 72 GB x 1.15 = 82.8 GB = 77.1 GiB + 2.3 GiB.
    let got = check(Count(1_500_000_000), 384, Bytes::gib(128), Bytes(2_000_000_000_000), None);
    assert_eq!(label(got.best.as_ref()), Some("IVF_PQ"));
    let fitting: Vec<&str> = got.fitting().map(|row| row.label.as_str()).collect();
    assert_eq!(
        fitting,
        ["IVF_PQ", "IVF_RABITQ", "IVF_SQ8 mapped from disk", "IVF_PQ mapped from disk", "IVF_RABITQ mapped from disk"]
    );
    assert_eq!(label(got.otherwise.first()), Some("HNSW"));
    let limits: Vec<&str> = got.limits.iter().map(|limit| limit.id.as_str()).collect();
    assert_eq!(limits, ["standalone-vectors", "standalone-raw"]);
}

#[test]
fn fifteen_billion_on_256_gib_rest_on_an_assumption() {
    let got = check(Count(15_000_000_000), 384, Bytes::gib(256), Bytes(2_000_000_000_000), None);
    // Codes of IVF_PQ 15e9 x 48 B = 720 GB; a tenth resident x 1.15 = 77.1 GiB.
    assert_eq!((got.verdict, label(got.best.as_ref())), (Verdict::FitsByAssumption, Some("IVF_PQ mapped from disk")));
    assert_eq!(got.limits.len(), 3);
    let sq8 = got.rows.iter().find(|row| row.label == "IVF_SQ8").unwrap();
    assert_eq!((sq8.query_nodes.count, sq8.query_nodes.memory), (49, Bytes::gib(128)));
    assert_eq!(sq8.query_nodes.cores.as_f64(), 32.0);
    let labels: Vec<&str> = got.otherwise.iter().map(|row| row.label.as_str()).collect();
    assert_eq!(labels, ["HNSW", "IVF_PQ"]);
    let less = check(Count(15_000_000_000), 384, Bytes::gib(64), Bytes(2_000_000_000_000), None);
    assert_eq!((less.verdict, less.best, less.otherwise.len()), (Verdict::DoesNotFit, None, 2));
}

#[test]
fn the_doubtful_figure_is_never_the_best() {
    // AISAQ: 1e9 x 384 on disk, 2.3 GiB in memory by the official constant.
    let got = check(Count(1_000_000_000), 384, Bytes::gib(4), Bytes(u64::MAX), None);
    assert_eq!((got.verdict, got.best.as_ref()), (Verdict::FitsDoubtfully, None));
    assert_eq!(got.rows.iter().filter(|row| row.fits).map(|row| row.index).collect::<Vec<_>>(), [Index::Aisaq]);
    assert_eq!(got.fitting().count(), 0);
    let asked = check(Count(1_000_000_000), 384, Bytes::gib(4), Bytes(u64::MAX), Some(Index::Aisaq));
    assert_eq!((asked.verdict, asked.best), (Verdict::FitsDoubtfully, None));
    assert!(asked.asked.unwrap().fits);
}

#[test]
fn the_index_asked_for_may_fit_another_way() {
    // HNSW takes 2,130 GiB as usual and 215 GiB mapped.
    let got = check(Count(1_120_000_000), 384, Bytes::gib(256), Bytes(4_000_000_000_000), Some(Index::Hnsw));
    assert_eq!(label(got.asked.as_ref()), Some("HNSW mapped from disk"));
    assert_eq!(label(got.best.as_ref()), Some("HNSW mapped from disk"));
    assert_eq!(label(got.otherwise.first()), Some("HNSW"));
    let none = check(Count(1_120_000_000), 384, Bytes::gib(8), NONE, Some(Index::Hnsw));
    assert_eq!((label(none.asked.as_ref()), none.best), (Some("HNSW"), None));
}

#[test]
fn what_cannot_be_counted_never_fits() {
    let got = check(Count(u64::MAX), u32::MAX, Bytes(u64::MAX), Bytes(u64::MAX), None);
    assert_eq!((got.verdict, got.best), (Verdict::DoesNotFit, None));
}

#[test]
fn json_names_its_units() {
    let got = check(Count(1_000_000), 384, Bytes::gib(32), NONE, Some(Index::IvfSq8));
    let json = serde_json::to_value(&got).unwrap();
    assert_eq!(json["raw_bytes"], 1_536_000_000);
    assert_eq!(json["available_memory_bytes"], 34_359_738_368_u64);
    assert_eq!(json["best"]["index"], "IVF_SQ8");
    assert_eq!(json["best"]["memory_bytes"], json["asked"]["memory_bytes"]);
    assert_eq!(json["best"]["machine"]["memory_bytes"], 8_589_934_592_u64);
    assert_eq!(json["rows"].as_array().unwrap().len(), 22);
}

proptest! {
    #[test]
    fn more_memory_never_fits_less(vectors in 0u64..20_000_000_000, dims in 1u32..4096, a: u64, b: u64) {
        let fits = |memory| check(Count(vectors), dims, Bytes(memory), Bytes(1 << 50), None);
        let (less, more) = (fits(a.min(b)), fits(a.max(b)));
        for (less, more) in less.rows.iter().zip(&more.rows) {
            prop_assert!(!less.fits || more.fits);
        }
    }

    #[test]
    fn the_best_is_the_first_that_fits(vectors in 0u64..20_000_000_000, dims in 1u32..4096, gib in 0u64..4096) {
        let got = check(Count(vectors), dims, Bytes::gib(gib), Bytes(1 << 42), None);
        prop_assert_eq!(got.best.as_ref(), got.fitting().next());
        prop_assert_eq!(got.otherwise.is_empty(), got.rows[0].fits);
    }
}
