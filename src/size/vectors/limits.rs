//! How far Milvus Standalone and the official calculator go.

use schemars::JsonSchema;
use serde::Serialize;

use super::Index;
use super::amount::{product, to_bytes};
use crate::units::{Bytes, Count};

/// Vectors that the Milvus documentation gives Standalone ("up to 100 million"; `install-overview.md`, 2024-10).
const STANDALONE_VECTORS: Count = Count(100_000_000);

/// Raw size above which the calculator turns Standalone off: 100 M x 768 dimensions (`$100M768D`).
const STANDALONE_RAW: Bytes = Bytes(100_000_000 * 768 * 4);

/// The same for DISKANN: 500 M x 768 dimensions (`$500M768D`).
const STANDALONE_RAW_DISKANN: Bytes = Bytes(500_000_000 * 768 * 4);

/// Raw size above which the calculator shows dashes in place of figures: 1 B x 768 dimensions (`$1B768D`; `isOutOfCalculate`
/// in `formSection.tsx`, `formatOutOfCalData`). It is no limit of a cluster: the same form without this threshold is its page
/// for enterprises (`src/pages/tools/sizing-enterprise.tsx`, `disableCalculationThreshold`), which plans one cluster of any
/// size by the same formulas (milvus-io/milvus.io, read 2026-11-21).
const CALCULATOR_RAW: Bytes = Bytes(1_000_000_000 * 768 * 4);

/// A limit that a collection is beyond.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Exceeded {
    /// Stable name: `standalone-vectors`, `standalone-raw`, `calculator-raw`.
    pub id: String,
    /// What the limit is, what there is, and who says so.
    pub text: String,
}

/// The vectors as they are, four bytes for each dimension; held at the largest amount there is.
pub fn raw(vectors: Count, dims: u32) -> Bytes {
    to_bytes(product(&[4, vectors.0.into(), dims.into()])).0
}

/// Whether both the documentation and the calculator still offer Standalone.
pub fn fits_standalone(index: Index, vectors: Count, dims: u32) -> bool {
    vectors <= STANDALONE_VECTORS && raw(vectors, dims) <= standalone_raw(index)
}

/// Every limit that the vectors are beyond under this index, nearest first.
pub fn exceeded(index: Index, vectors: Count, dims: u32) -> Vec<Exceeded> {
    let mut out = Vec::new();
    let size = raw(vectors, dims);
    let mut push = |id: &str, text: String| out.push(Exceeded { id: id.to_owned(), text });
    if vectors > STANDALONE_VECTORS {
        push(
            "standalone-vectors",
            format!(
                "Milvus documents Standalone for up to {} vectors; there are {}",
                STANDALONE_VECTORS.spoken(),
                vectors.spoken()
            ),
        );
    }
    let most = standalone_raw(index);
    if size > most {
        let under = match index {
            Index::DiskAnn => " under DISKANN",
            // Other indexes share a limit, and the calculator does not have all of them.
            _ => "",
        };
        push(
            "standalone-raw",
            format!(
                "the official calculator offers Standalone{under} up to {} of raw vectors; there are {}",
                most.approx(),
                size.approx()
            ),
        );
    }
    if let Some(text) = beyond_calculator(size, "there are") {
        push("calculator-raw", text);
    }
    out
}

/// That vectors of this raw size are more than the calculator shows figures for; `of` leads to the size.
pub(super) fn beyond_calculator(raw: Bytes, of: &str) -> Option<String> {
    (raw > CALCULATOR_RAW).then(|| {
        format!(
            "the official calculator shows no figures above {} of raw vectors, and {of} {}: sized by the same formulas, as on \
             its page for enterprises",
            CALCULATOR_RAW.approx(),
            raw.approx()
        )
    })
}

fn standalone_raw(index: Index) -> Bytes {
    if index == Index::DiskAnn { STANDALONE_RAW_DISKANN } else { STANDALONE_RAW }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(index: Index, vectors: u64, dims: u32) -> Vec<String> {
        exceeded(index, Count(vectors), dims).into_iter().map(|limit| limit.id).collect()
    }

    #[test]
    fn limits_are_inclusive() {
        assert!(ids(Index::Hnsw, 100_000_000, 768).is_empty());
        assert_eq!(ids(Index::Hnsw, 100_000_000, 769), ["standalone-raw"]);
        assert_eq!(ids(Index::Hnsw, 100_000_001, 384), ["standalone-vectors"]);
        assert_eq!(ids(Index::DiskAnn, 500_000_000, 768), ["standalone-vectors"]);
        assert_eq!(ids(Index::Flat, 1_000_000_001, 768), ["standalone-vectors", "standalone-raw", "calculator-raw"]);
    }

    #[test]
    fn standalone_offered_or_not() {
        assert!(fits_standalone(Index::Hnsw, Count(100_000_000), 768));
        assert!(!fits_standalone(Index::Hnsw, Count(100_000_000), 1536));
        assert!(fits_standalone(Index::DiskAnn, Count(100_000_000), 1536));
        assert_eq!(raw(Count(u64::MAX), u32::MAX), Bytes(u64::MAX));
    }
}
