//! MinIO, where Milvus keeps vectors and index files.

use super::vectors::Need;
use crate::units::{Bytes, Cores};

/// Least disk that the Milvus calculator gives (`MINIMUM_MINIO_PVC_SIZE` in `sizingTool.ts`).
const LEAST_DISK: Bytes = Bytes::gib(30);

/// Raw size of 1 M vectors of 768 dimensions, from which the calculator doubles the memory of a single server.
const RAW_1M: Bytes = Bytes(1_000_000 * 768 * 4);

const GIB: u64 = 1 << 30;

/// The servers of an object store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectStore {
    /// How many.
    pub count: u32,
    /// Cores of each.
    pub cores: Cores,
    /// Memory of each.
    pub memory: Bytes,
    /// Disk of each, in whole GiB.
    pub disk: Bytes,
    /// Disk of each as the calculator has it, which forgets the files of an index on local disk.
    pub calculator_disk: Bytes,
    /// How the disk was calculated, with numbers.
    pub formula: String,
}

/// What the object store takes for `raw` bytes of vectors under an index that needs `index`.
///
/// The calculator (`dependencyCalculator` in `sizingTool.ts`) takes `max(30, ceil((raw + loaded memory) / GiB))` and, for
/// an index on local disk, forgets that its files come from here too: so the larger of memory and local disk is
/// counted. With four servers each gets that disk, half of which MinIO's default parity takes.
pub fn store(raw: Bytes, index: &Need, distributed: bool) -> ObjectStore {
    let files = index.memory.max(index.disk);
    let disk_for = |files: Bytes| {
        let gib = raw.0.saturating_add(files.0).div_ceil(GIB);
        Bytes(gib.saturating_mul(GIB)).max(LEAST_DISK)
    };
    let (disk, calculator_disk) = (disk_for(files), disk_for(index.memory));
    let formula = format!(
        "{} raw + {} index = {}, at least {LEAST_DISK}, in whole GiB: {}",
        raw.approx(),
        files.approx(),
        Bytes(raw.0.saturating_add(files.0)).approx(),
        disk.approx()
    );
    let (count, memory) = match distributed {
        true => (4, 8),
        false if raw < RAW_1M => (1, 4),
        false => (1, 8),
    };
    ObjectStore { count, cores: Cores::whole(1), memory: Bytes::gib(memory), disk, calculator_disk, formula }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::size::vectors::{Index, IndexParams, need, raw};
    use crate::units::Count;

    fn of(index: Index, vectors: u64, dims: u32, distributed: bool) -> ObjectStore {
        let vectors = Count(vectors);
        store(raw(vectors, dims), &need(index, vectors, dims, &IndexParams::default()), distributed)
    }

    #[test]
    fn small_collections_take_thirty_gib() {
        let got = of(Index::Hnsw, 100_000, 384, false);
        assert_eq!((got.count, got.memory, got.disk), (1, Bytes::gib(4), Bytes::gib(30)));
    }

    #[test]
    fn raw_and_index_by_hand() {
        // Raw 5,529,600,000,000 + loaded HNSW 7,355,109,606,196 = 12,884,709,606,196; / 2^30 = 11,999.8.
        let got = of(Index::Hnsw, 3_600_000_000, 384, false);
        assert_eq!((got.disk, got.memory), (Bytes::gib(12_000), Bytes::gib(8)));
    }

    #[test]
    fn files_of_an_index_on_disk_count_whole() {
        // Raw 3,072,000,000,000 + 4 x 1e9 x (768 + 56) = 6,368,000,000,000; / 2^30 = 5,930.7.
        let got = of(Index::DiskAnn, 1_000_000_000, 768, true);
        assert_eq!((got.count, got.memory, got.disk), (4, Bytes::gib(8), Bytes::gib(5931)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn more_never_takes_less_nor_do_two_halves(a in 0u64..1 << 40, b in 0u64..1 << 40, dims in 1u32..40_000, distributed: bool) {
            let all = |got: ObjectStore| u128::from(got.count) * u128::from(got.disk.0);
            let of = |vectors| all(super::tests::of(Index::DiskAnn, vectors, dims, distributed));
            prop_assert!(of(a) <= of(a + b));
            prop_assert!(of(a) + of(b) >= of(a + b));
        }

        #[test]
        fn holds_at_least_the_vectors(vectors: u64, dims in 1u32..40_000) {
            let got = of(Index::IvfPq, vectors, dims, false);
            prop_assert!(got.disk >= raw(Count(vectors), dims) && got.disk >= LEAST_DISK);
        }
    }
}
