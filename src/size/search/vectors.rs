//! Memory and disk of `dense_vector` fields.
//!
//! Source: `elastic/docs-content`, `approximate-knn-search.md`, "Ensure data nodes have enough memory" (read 2026-11-21).

use super::super::component::Reckoning;
use super::super::reckon::{because, sum, times};
use super::Load;
use crate::units::Bytes;

/// How the elements of a vector are stored for the search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Element {
    /// Four bytes each.
    Float,
    /// Floats, searched in one byte each: `int8_hnsw`.
    #[default]
    Int8,
    /// Floats, searched in half a byte each: `int4_hnsw`.
    Int4,
    /// Floats, searched in one bit each: `bbq_hnsw`.
    Bbq,
    /// One byte each, as given.
    Byte,
    /// One bit each, as given.
    Bit,
}

impl Element {
    /// Bytes of one vector that must be in memory, in words.
    fn formula(self) -> &'static str {
        match self {
            Self::Float => "4 x dims",
            Self::Int8 => "dims + 4",
            Self::Int4 => "dims / 2 + 4",
            Self::Bbq => "dims / 8 + 14",
            Self::Byte => "dims",
            Self::Bit => "dims / 8",
        }
    }

    /// Bytes of one vector that must be in memory; parts of a byte count as a whole one.
    pub fn bytes(self, dims: u32) -> u64 {
        let dims = u64::from(dims);
        match self {
            Self::Float => 4 * dims,
            Self::Int8 => dims + 4,
            Self::Int4 => dims.div_ceil(2) + 4,
            Self::Bbq => dims.div_ceil(8) + 14,
            Self::Byte => dims,
            Self::Bit => dims.div_ceil(8),
        }
    }

    /// Whether the vectors as given are kept beside those that are searched.
    fn keeps_floats(self) -> bool {
        matches!(self, Self::Int8 | Self::Int4 | Self::Bbq)
    }
}

/// Bytes of a vector's links: `4 x m`.
fn links(load: &Load) -> u64 {
    4 * u64::from(load.hnsw_m.unwrap_or(0))
}

/// Memory of one copy of the vectors with their graph, outside the heap.
pub(super) fn in_memory(load: &Load) -> u64 {
    times(&[load.vectors.0, sum(&[load.element.bytes(load.dims), links(load)])])
}

/// Disk of one copy: what is in memory, and the floats beside their short forms.
pub(super) fn on_disk(load: &Load) -> u64 {
    let floats = if load.element.keeps_floats() { 4 * u64::from(load.dims) } else { 0 };
    sum(&[in_memory(load), times(&[load.vectors.0, floats])])
}

/// How the memory came about.
pub(super) fn why(load: &Load) -> Reckoning {
    because(
        "elasticsearch vectors outside the heap",
        Bytes(in_memory(load)).approx(),
        &format!("vectors x ({} + 4 x m)", load.element.formula()),
        &[
            ("vectors", load.vectors.to_string()),
            ("dims", load.dims.to_string()),
            ("m", load.hnsw_m.map_or_else(|| "none".to_owned(), |m| m.to_string())),
        ],
        "Elastic, Tune approximate kNN search",
    )
}
