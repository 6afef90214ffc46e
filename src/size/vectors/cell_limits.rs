//! The limits of one Milvus cluster.

use schemars::JsonSchema;
use serde::Serialize;

use super::amount::{product, to_bytes};
use super::cluster::{Collection, raw_with_scalars};
use crate::size::coordination;
use crate::units::{Bytes, Count};

/// Sum over the collections of partitions x shards (`rootCoord.maxGeneralCapacity` of `milvus.yaml`, default 65,536:
/// milvus.io/docs, configure_rootcoord.md and limit_collection_counts.md of 2.6, read 2026-11-21). It can be raised.
const CAPACITY: u64 = 65_536;

/// "Clusters handling tens of billions of vectors" (milvus-docs, install-overview.md of 2.6, read 2026-11-21). Taken at its
/// lower end, an assumption; the calculator's slider ends there too (10,000 million).
const VECTORS: u64 = 10_000_000_000;

/// A limit of one cluster, and what the demand makes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CellLimit {
    /// Stable name: `general-capacity`, `vectors`, `etcd-metadata`.
    pub id: String,
    /// What may not be passed, and how clusters follow from it.
    pub text: String,
    /// The limit.
    pub limit: String,
    /// What the demand is in the same unit.
    pub demand: String,
    /// Clusters that keep it.
    pub cells: u64,
    /// Who says so.
    pub source: String,
}

impl CellLimit {
    /// The limit in words: what is limited.
    pub fn title(&self) -> &str {
        match self.id.as_str() {
            "general-capacity" => "partitions x shards",
            "vectors" => "vectors",
            "etcd-metadata" => "metadata in etcd",
            other => other,
        }
    }
}

/// Every limit of one cluster, and the clusters that it asks for.
///
/// That the calculator shows no figures above 1 B x 768 dimensions is none: its page for enterprises goes on for one cluster
/// (see `CALCULATOR_RAW`), and clusters beyond it are run (3.5 and 6 billion vectors: milvus-io/milvus, issue 45815).
pub(super) fn limits(whole: &Collection, partitions: Count, shards: u32) -> Vec<CellLimit> {
    let of = |id: &str, text: &str, limit: String, demand: String, cells: u64, source: &str| CellLimit {
        id: id.to_owned(),
        text: text.to_owned(),
        limit,
        demand,
        cells: cells.max(1),
        source: source.to_owned(),
    };
    let shards = u64::from(shards.max(1));
    vec![
        of(
            "general-capacity",
            "ceil(partitions / floor(65,536 / shards))",
            Count(CAPACITY).to_string(),
            Count(to_bytes(product(&[partitions.0.into(), shards.into()])).0.0).to_string(),
            partitions.0.div_ceil((CAPACITY / shards).max(1)),
            "milvus.yaml, rootCoord.maxGeneralCapacity; milvus.io/docs, limit_collection_counts.md (2.6, 2026-11-21)",
        ),
        of(
            "vectors",
            "ceil(vectors / 10 billion)",
            Count(VECTORS).spoken(),
            whole.vectors.spoken(),
            whole.vectors.0.div_ceil(VECTORS),
            "milvus-docs, install-overview.md (2.6, 2026-11-21): tens of billions; the lower end is an assumption",
        ),
        of(
            "etcd-metadata",
            "fewest clusters with metadata of at most half the 8 GiB that etcd suggests as the largest quota",
            "4 GiB".to_owned(),
            metadata(whole, partitions, 1).approx(),
            by_metadata(whole, partitions),
            "etcd.io, System limits; assumption: 16 KiB a segment and 4 KiB a partition",
        ),
    ]
}

/// Metadata of one of so many clusters.
fn metadata(whole: &Collection, partitions: Count, cells: u64) -> Bytes {
    let part = Collection { vectors: Count(whole.vectors.0.div_ceil(cells)), ..*whole };
    let partitions = Count(partitions.0.div_ceil(cells));
    let segments = coordination::segments(raw_with_scalars(&part), partitions, whole.params.segment);
    coordination::metadata(segments, partitions)
}

/// The fewest clusters whose metadata etcd holds: more clusters never have more each, so halving finds it.
fn by_metadata(whole: &Collection, partitions: Count) -> u64 {
    let fits = |cells: u64| !coordination::outgrows(metadata(whole, partitions, cells));
    let (mut low, mut high) = (1u64, u64::MAX);
    while low < high {
        let middle = low + (high - low) / 2;
        if fits(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}
