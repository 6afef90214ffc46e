//! The limits of one Milvus cluster.

use schemars::JsonSchema;
use serde::Serialize;

use super::amount::{product, to_bytes};
use super::cluster::{Collection, raw_with_scalars};
use crate::size::coordination::coordinate;
use crate::units::{Bytes, Count};

/// Sum over the collections of partitions x shards (`rootCoord.maxGeneralCapacity` of `milvus.yaml`, default 65,536:
/// milvus.io/docs, configure_rootcoord.md and limit_collection_counts.md of 2.6, read 2026-11-21). It can be raised.
const CAPACITY: u64 = 65_536;

/// "Clusters handling tens of billions of vectors" (milvus-docs, install-overview.md of 2.6, read 2026-11-21). Taken at its
/// lower end, an assumption; the calculator's slider ends there too (10,000 million).
const VECTORS: u64 = 10_000_000_000;

/// Raw size above which the calculator asks to be contacted: 1 B x 768 dimensions (`$1B768D`).
const RAW: u64 = 1_000_000_000 * 768 * 4;

/// A limit of one cluster, and what the demand makes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CellLimit {
    /// Stable name: `general-capacity`, `vectors`, `calculator-raw`, `etcd-metadata`.
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
            "calculator-raw" => "raw size of the vectors",
            "etcd-metadata" => "metadata in etcd",
            other => other,
        }
    }
}

/// Every limit of one cluster, and the clusters that it asks for.
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
    let row = product(&[4, whole.dims.into()]).saturating_add(whole.params.scalars.bytes.into());
    let rows = u64::try_from(u128::from(RAW) / row.max(1)).unwrap_or(u64::MAX).max(1);
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
            "calculator-raw",
            "ceil(vectors / floor(1 B x 768 x 4 B / bytes of a row)): beyond it the official calculator sizes no cluster",
            Bytes(RAW).approx(),
            raw_with_scalars(whole).approx(),
            whole.vectors.0.div_ceil(rows),
            "milvus-io/milvus.io, sizingTool.ts, $1B768D",
        ),
        of(
            "etcd-metadata",
            "fewest clusters with metadata of at most half the 8 GiB that etcd suggests as the largest quota",
            "4 GiB".to_owned(),
            metadata(whole, partitions, 1).metadata.approx(),
            by_metadata(whole, partitions),
            "etcd.io, System limits; assumption: 16 KiB a segment and 4 KiB a partition",
        ),
    ]
}

fn metadata(whole: &Collection, partitions: Count, cells: u64) -> crate::size::coordination::Coordination {
    let part = Collection { vectors: Count(whole.vectors.0.div_ceil(cells)), ..*whole };
    coordinate(raw_with_scalars(&part), Count(partitions.0.div_ceil(cells)), whole.params.segment)
}

/// The fewest clusters whose metadata etcd holds: more clusters never have more each, so halving finds it.
fn by_metadata(whole: &Collection, partitions: Count) -> u64 {
    let fits = |cells: u64| !metadata(whole, partitions, cells).outgrown;
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
