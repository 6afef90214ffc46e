//! What decides the size of an index besides the vectors.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

use crate::units::Bytes;

/// Parameters of an index; each formula reads its own and ignores the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexParams {
    /// HNSW: neighbours of each vector and layer (`M`). The calculator starts at 30.
    pub m: u32,
    /// IVF family: number of clusters. The calculator starts at 128.
    pub nlist: u32,
    /// DISKANN and AISAQ: most edges of a vector. Default 56, in the calculator and in `milvus.yaml`.
    pub max_degree: u32,
    /// AISAQ: compressed neighbours stored beside each vector. The calculator starts at 56, its `max_degree`, which keeps
    /// one disk access per step.
    pub inline_pq: u32,
    /// IVF_PQ: parts that a vector is cut into; `None` is an eighth of the dimensions, rounded up.
    pub pq_m: Option<u32>,
    /// IVF_PQ: bits that encode each part. Default 8.
    pub pq_nbits: u32,
    /// IVF_RABITQ: the finer copy that candidates are ranked again by.
    pub refine: Refine,
    /// SCANN: whether the raw vectors are kept to rank candidates again. Milvus's default is true (`with_raw_data`).
    pub raw_data: bool,
    /// Size at which Milvus seals a segment.
    pub segment: Segment,
    /// Whether the index is mapped from local disk instead of held in memory; ignored where it cannot be.
    pub mmap: bool,
    /// Scalar fields that are loaded beside the vectors.
    pub scalars: Scalars,
}

impl Default for IndexParams {
    fn default() -> Self {
        Self {
            m: 30,
            nlist: 128,
            max_degree: 56,
            inline_pq: 56,
            pq_m: None,
            pq_nbits: 8,
            refine: Refine::None,
            raw_data: true,
            segment: Segment::default(),
            mmap: false,
            scalars: Scalars::default(),
        }
    }
}

/// Scalar fields of a row, as the calculator asks for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct Scalars {
    /// Bytes of all scalar fields of one row, on average.
    pub bytes: u64,
    /// Whether they are mapped from local disk ("offloading"): a tenth stays in memory, the whole lies on disk.
    pub offloaded: bool,
}

/// Copy of the vectors by which IVF_RABITQ ranks candidates again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub enum Refine {
    /// No copy: least memory, least recall.
    #[default]
    None,
    /// 6 bits per dimension.
    #[serde(rename = "SQ6")]
    Sq6,
    /// 8 bits per dimension.
    #[serde(rename = "SQ8")]
    Sq8,
    /// 16 bits per dimension.
    #[serde(rename = "FP16")]
    Fp16,
    /// 16 bits per dimension, with the exponent of 32.
    #[serde(rename = "BF16")]
    Bf16,
    /// 32 bits per dimension.
    #[serde(rename = "FP32")]
    Fp32,
}

impl Refine {
    /// Every choice, finest last.
    pub const ALL: [Self; 6] = [Self::None, Self::Sq6, Self::Sq8, Self::Fp16, Self::Bf16, Self::Fp32];

    /// Bits per dimension (`REFINE_VALUE_TO_N_MAP` of the calculator's `src/types/sizing.ts`).
    pub const fn bits(self) -> u32 {
        match self {
            Self::None => 0,
            Self::Sq6 => 6,
            Self::Sq8 => 8,
            Self::Fp16 | Self::Bf16 => 16,
            Self::Fp32 => 32,
        }
    }
}

impl fmt::Display for Refine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::None => "no refinement",
            Self::Sq6 => "SQ6",
            Self::Sq8 => "SQ8",
            Self::Fp16 => "FP16",
            Self::Bf16 => "BF16",
            Self::Fp32 => "FP32",
        })
    }
}

/// Size at which Milvus seals a segment; the calculator offers these three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Segment {
    /// 512 MiB.
    Mib512,
    /// 1024 MiB, `dataCoord.segment.maxSize` of `milvus.yaml` unless changed; the default here for that reason.
    #[default]
    Mib1024,
    /// 2048 MiB.
    Mib2048,
}

impl Segment {
    /// The size.
    pub const fn bytes(self) -> Bytes {
        match self {
            Self::Mib512 => Bytes::mib(512),
            Self::Mib1024 => Bytes::mib(1024),
            Self::Mib2048 => Bytes::mib(2048),
        }
    }
}
