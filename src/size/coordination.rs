//! etcd, where Milvus keeps its metadata: quota, compaction, machine.

use super::plan::Setting;
use super::vectors::Segment;
use crate::units::{Bytes, Cores, Count};

/// `--quota-backend-bytes` of the Compose file that Milvus publishes (`ETCD_QUOTA_BACKEND_BYTES=4294967296`,
/// `milvus-io/milvus`, deployments/docker/standalone/docker-compose.yml). etcd's own default is 2 GiB.
const USUAL_QUOTA: Bytes = Bytes::gib(4);

/// The most that etcd suggests in normal environments; it warns at start above it (etcd.io, "System limits").
const MOST_QUOTA: Bytes = Bytes::gib(8);

/// Metadata of one segment: its record, one entry per field and file, its index records. An assumption, on the high side.
const PER_SEGMENT: u64 = 16 * 1024;

/// Metadata of one partition. An assumption, on the high side.
const PER_PARTITION: u64 = 4 * 1024;

/// Raw size of 1 M and of 100 M vectors of 768 dimensions, where the Milvus calculator takes larger members.
const RAW_1M: Bytes = Bytes(1_000_000 * 768 * 4);
const RAW_100M: Bytes = Bytes(100_000_000 * 768 * 4);

/// The members of an etcd cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Members {
    /// How many.
    pub count: u32,
    /// Cores of each.
    pub cores: Cores,
    /// Memory of each.
    pub memory: Bytes,
    /// Disk of each, which must be local and fast: Milvus asks for 500 IOPS and a p99 of fsync below 10 ms.
    pub disk: Bytes,
}

/// What etcd is given and started with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coordination {
    /// Sealed segments to be expected.
    pub segments: Count,
    /// Metadata to be expected, in bytes; an estimate that rests on assumptions.
    pub metadata: Bytes,
    /// Flags of etcd without the dashes.
    pub settings: Vec<Setting>,
    /// True when the metadata may outgrow the largest quota that etcd suggests.
    pub outgrown: bool,
}

/// Sealed segments of `raw` bytes of vectors: at least one for each partition, as segments never mix partitions.
pub fn segments(raw: Bytes, partitions: Count, segment: Segment) -> Count {
    Count(raw.0.div_ceil(segment.bytes().0).saturating_add(partitions.0))
}

/// Metadata to be expected of so many segments and partitions, an estimate on the high side.
pub fn metadata(segments: Count, partitions: Count) -> Bytes {
    let of_segments = segments.0.saturating_mul(PER_SEGMENT);
    Bytes(of_segments.saturating_add(partitions.0.saturating_mul(PER_PARTITION)))
}

/// Whether metadata may outgrow the largest quota that etcd suggests: it needs room between compacting and defragmenting.
pub fn outgrows(metadata: Bytes) -> bool {
    metadata.0 > MOST_QUOTA.0 / 2
}

/// Quota and compaction for `raw` bytes of vectors in `partitions` partitions.
///
/// The quota is Milvus's own 4 GiB until the metadata may take half of it, since etcd needs room between compacting and
/// defragmenting; then 8 GiB.
pub fn coordinate(raw: Bytes, partitions: Count, segment: Segment) -> Coordination {
    let segments = segments(raw, partitions, segment);
    let metadata = metadata(segments, partitions);
    let small = metadata.0 <= USUAL_QUOTA.0 / 2;
    let quota = if small { USUAL_QUOTA } else { MOST_QUOTA };
    let expected = format!(
        "{} segments and {partitions} partitions, some {} of metadata (assuming 16 KiB and 4 KiB each)",
        segments,
        metadata.approx()
    );
    let why = match small {
        true => format!("{expected}, stay below half of the 4 GiB that Milvus's Compose file sets"),
        false => format!("{expected}, may pass half of Milvus's 4 GiB; 8 GiB is the most that etcd suggests"),
    };
    let set = |name: &str, value: String, because: &str| Setting {
        name: name.to_owned(),
        value,
        because: because.to_owned(),
    };
    let compose = "as in Milvus's Compose file";
    Coordination {
        segments,
        metadata,
        settings: vec![
            set("quota-backend-bytes", quota.0.to_string(), &why),
            set("auto-compaction-mode", "revision".to_owned(), compose),
            set("auto-compaction-retention", "1000".to_owned(), "keeps 1000 revisions, as in Milvus's Compose file"),
            set("snapshot-count", "50000".to_owned(), compose),
        ],
        outgrown: outgrows(metadata),
    }
}

/// The members that the Milvus calculator takes (`dependencyCalculator` in `sizingTool.ts`).
pub fn members(raw: Bytes, distributed: bool) -> Members {
    let (count, cores, memory, disk) = match distributed {
        false if raw < RAW_1M => (1, Cores(500), 1, 10),
        false => (1, Cores(500), 2, 10),
        true if raw < RAW_100M => (3, Cores::whole(1), 4, 20),
        true => (3, Cores::whole(1), 8, 50),
    };
    Members { count, cores, memory: Bytes::gib(memory), disk: Bytes::gib(disk) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn quota(got: &Coordination) -> u64 {
        let setting = got.settings.iter().find(|setting| setting.name == "quota-backend-bytes").unwrap();
        setting.value.parse().unwrap()
    }

    #[test]
    fn five_hundred_partitions_keep_the_usual_quota() {
        // 15e9 x 384 x 4 / 2^30 = 21,457.7 segments, and one more for each partition.
        let got = coordinate(Bytes(23_040_000_000_000), Count(500), Segment::Mib1024);
        assert_eq!(got.segments, Count(21_458 + 500));
        assert_eq!(got.metadata, Bytes(21_958 * 16_384 + 500 * 4096));
        assert_eq!((quota(&got), got.outgrown), (4_294_967_296, false));
    }

    #[test]
    fn many_segments_take_the_largest_quota() {
        // Half of 4 GiB at 16 KiB each is 131,072 segments.
        let at = |segments: u64| coordinate(Bytes::gib(segments), Count(0), Segment::Mib1024);
        assert_eq!(quota(&at(131_072)), USUAL_QUOTA.0);
        assert_eq!(quota(&at(131_073)), MOST_QUOTA.0);
        assert!(!at(262_144).outgrown);
        assert!(at(262_145).outgrown);
    }

    #[test]
    fn members_as_in_the_calculator() {
        let of = |raw: u64, distributed| {
            let got = members(Bytes(raw), distributed);
            (got.count, got.cores.0, got.memory, got.disk)
        };
        assert_eq!(of(3_071_999_999, false), (1, 500, Bytes::gib(1), Bytes::gib(10)));
        assert_eq!(of(3_072_000_000, false), (1, 500, Bytes::gib(2), Bytes::gib(10)));
        assert_eq!(of(307_199_999_999, true), (3, 1000, Bytes::gib(4), Bytes::gib(20)));
        assert_eq!(of(307_200_000_000, true), (3, 1000, Bytes::gib(8), Bytes::gib(50)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn more_never_has_less_metadata_nor_have_two_halves(a: u64, b: u64, some: u64, others: u64) {
            let of = |raw: u64, partitions: u64| {
                let segments = segments(Bytes(raw), Count(partitions), Segment::Mib1024);
                metadata(segments, Count(partitions))
            };
            let whole = of(a.saturating_add(b), some.saturating_add(others));
            prop_assert!(of(a, some) <= whole);
            prop_assert!(u128::from(of(a, some).0) + u128::from(of(b, others).0) >= u128::from(whole.0));
        }

        #[test]
        fn more_data_never_lowers_the_quota(a: u64, b: u64, partitions: u64) {
            let of = |raw: u64| quota(&coordinate(Bytes(raw), Count(partitions), Segment::Mib512));
            prop_assert!(of(a.min(b)) <= of(a.max(b)));
        }
    }
}
