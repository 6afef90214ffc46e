//! The memory and the local disk that one index takes.

use schemars::JsonSchema;
use serde::Serialize;

use super::amount::{product, to_bytes};
use super::{Index, IndexParams, Scalars};
use crate::units::{Bytes, Count};

/// Memory that the calculator gives an AISAQ index, whatever its size (`AISAQ_MEMORY_BYTE` of `sizingTool.ts`).
const AISAQ_MEMORY: Bytes = Bytes::mib(16);

/// Loading takes 15 % on top (the factor 1.15 of `memoryAndDiskCalculator` in `sizingTool.ts`), in percent.
const LOADING_PERCENT: u128 = 115;

/// One part in this many of a memory-mapped index is counted as resident: 10 %.
///
/// An assumption. The calculator has the ratio for mapped scalar fields, as a value from experience
/// (`MMAP_RESIDENT_RATIO` in a design document of `milvus-io/milvus.io`); nothing was found that says it of vectors.
const MMAP_RESIDENT_PART: u128 = 10;

/// How far a figure can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The official calculator has the formula.
    Calculator,
    /// The calculator lacks the index; the formula follows from the Milvus documentation of the index.
    Documentation,
    /// The formula rests on an assumption, which the note names.
    Assumption,
    /// The official figure cannot be right for large collections, as the note says.
    Doubtful,
}

/// What one index takes for a number of vectors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Need {
    /// Memory of the loaded index, in bytes.
    #[serde(rename = "memory_bytes")]
    pub memory: Bytes,
    /// Local disk of the nodes that search, in bytes.
    #[serde(rename = "disk_bytes")]
    pub disk: Bytes,
    /// How it was calculated, with numbers.
    pub formula: String,
    /// How far the figure can be trusted.
    pub basis: Basis,
    /// What must be known beside the figure.
    pub note: Option<String>,
    /// True when the need is larger than 64 bits can count; the amounts are then the largest there are.
    pub overflow: bool,
}

/// Sizes before loading, each with its formula.
struct Parts {
    memory: u128,
    memory_text: String,
    disk: u128,
    disk_text: String,
}

/// What `index` takes for `vectors` vectors of `dims` dimensions with four bytes each.
///
/// Memory is `(index + 2 segments) x 1.15`, for DISKANN `index x 1.15`, plus the scalar fields as they are, rounded up to
/// a byte. Mapped from disk, a tenth of the index is counted as memory and the whole of it as disk.
///
/// The calculator reckons in floating point and does not round; here the exact value is rounded up. The two agree to the
/// byte once the last bits of floating point, below a hundredth of a byte, are rounded off.
pub fn need(index: Index, vectors: Count, dims: u32, params: &IndexParams) -> Need {
    let mut parts = parts(index, vectors, dims, params);
    let mapped = params.mmap && index.maps();
    if mapped {
        parts.disk = parts.memory;
        parts.disk_text = parts.memory_text.clone();
        parts.memory = parts.memory.div_ceil(MMAP_RESIDENT_PART);
        parts.memory_text = format!("({}) / {MMAP_RESIDENT_PART} resident", parts.memory_text);
    }
    // DISKANN alone is loaded without the two segments (`memoryAndDiskCalculator`).
    let (held, text) = match index {
        Index::DiskAnn => (parts.memory, format!("({}) x 1.15", parts.memory_text)),
        _ => {
            let segment = params.segment.bytes();
            let held = parts.memory.saturating_add(2 * u128::from(segment.0));
            (held, format!("({} + 2 segments x {segment}) x 1.15", parts.memory_text))
        }
    };
    let scalars = scalars(vectors, params.scalars);
    let hundredths = product(&[held, LOADING_PERCENT]).saturating_add(scalars.hundredths);
    let (memory, memory_over) = to_bytes(hundredths.div_ceil(100));
    let (disk, disk_over) = to_bytes(parts.disk.saturating_add(scalars.disk));
    let text = format!("{text}{}", scalars.text);
    let disk_text = match (parts.disk_text.as_str(), scalars.disk) {
        (index, 0) => index.to_owned(),
        ("", _) => scalars.disk_text,
        (index, _) => format!("{index} + {}", scalars.disk_text),
    };
    let overflow = memory_over || disk_over;
    let mut formula = format!("{text} = {} memory", memory.approx());
    if disk > Bytes(0) {
        formula = format!("{formula}; {disk_text} = {} local disk", disk.approx());
    }
    let (basis, note) = standing(index, mapped, overflow);
    Need { memory, disk, formula, basis, note, overflow }
}

/// The table of the calculator: size in memory and on local disk, in bytes, before loading.
///
/// A ratio to the raw size such as `raw (1 + 2M/d)` is written as a sum of whole numbers, `4N (d + 2M)`, so that nothing
/// is rounded on the way.
fn parts(index: Index, vectors: Count, dims: u32, params: &IndexParams) -> Parts {
    let (n, d) = (u128::from(vectors.0), u128::from(dims));
    let raw = product(&[4, n, d]);
    let raw_text = format!("4 B x {vectors} x {dims}");
    let nlist = product(&[4, u128::from(params.nlist), d]);
    let nlist_text = format!("{} lists x 4 B x {dims}", params.nlist);
    let in_memory =
        |memory: u128, memory_text: String| Parts { memory, memory_text, disk: 0, disk_text: String::new() };
    match index {
        Index::Flat => in_memory(raw, raw_text),
        Index::IvfFlat => in_memory(raw.saturating_add(nlist), format!("{raw_text} + {nlist_text}")),
        Index::IvfSq8 => in_memory((raw / 4).saturating_add(nlist), format!("{raw_text} / 4 + {nlist_text}")),
        Index::IvfPq => {
            let m = params.pq_m.unwrap_or_else(|| dims.div_ceil(8)).max(1);
            let codes = product(&[n, u128::from(m), u128::from(params.pq_nbits)]).div_ceil(8);
            let text = format!("{vectors} x {m} parts x {} bit / 8 + {nlist_text}", params.pq_nbits);
            in_memory(codes.saturating_add(nlist), text)
        }
        Index::IvfRabitq => {
            let bits = params.refine.bits();
            let codes = product(&[raw, 1 + u128::from(bits)]).div_ceil(32);
            in_memory(codes.saturating_add(nlist), format!("{raw_text} x (1 + {bits}) / 32 + {nlist_text}"))
        }
        Index::Scann if params.raw_data => in_memory(product(&[raw, 9]).div_ceil(8), format!("{raw_text} x 9 / 8")),
        Index::Scann => in_memory(raw.div_ceil(8), format!("{raw_text} / 8")),
        Index::Hnsw => {
            let each = d.saturating_add(2 * u128::from(params.m));
            in_memory(product(&[4, n, each]), format!("4 B x {vectors} x ({dims} + 2 x {})", params.m))
        }
        Index::DiskAnn => {
            let each = d.saturating_add(u128::from(params.max_degree));
            Parts {
                memory: raw / 4,
                memory_text: format!("{raw_text} / 4"),
                disk: product(&[4, n, each]),
                disk_text: format!("4 B x {vectors} x ({dims} + {})", params.max_degree),
            }
        }
        Index::Aisaq => aisaq(vectors, dims, params),
    }
}

/// What the scalar fields add: in hundredths of a byte of memory, and in bytes of disk.
struct ScalarParts {
    hundredths: u128,
    text: String,
    disk: u128,
    disk_text: String,
}

/// The scalar fields of `memoryAndDiskCalculator`: all in memory, or a tenth in memory and all on disk.
fn scalars(vectors: Count, scalars: Scalars) -> ScalarParts {
    let all = product(&[vectors.0.into(), scalars.bytes.into()]);
    let disk_text = format!("{} B of scalars x {vectors}", scalars.bytes);
    match (all, scalars.offloaded) {
        (0, _) => ScalarParts { hundredths: 0, text: String::new(), disk: 0, disk_text },
        (_, true) => {
            let text = format!(" + {disk_text} / 10");
            ScalarParts { hundredths: product(&[all, 10]), text, disk: all, disk_text }
        }
        (_, false) => {
            let text = format!(" + {disk_text}");
            ScalarParts { hundredths: product(&[all, 100]), text, disk: 0, disk_text }
        }
    }
}

/// AISAQ: a constant in memory; on disk `raw (1 + inline_pq / 8 + max_degree / d)`.
fn aisaq(vectors: Count, dims: u32, params: &IndexParams) -> Parts {
    let (n, d) = (u128::from(vectors.0), u128::from(dims));
    let edges = product(&[8, u128::from(params.max_degree)]);
    let inline = product(&[d, u128::from(params.inline_pq)]);
    let eighths = product(&[8, d]).saturating_add(inline).saturating_add(edges);
    Parts {
        memory: u128::from(AISAQ_MEMORY.0),
        memory_text: AISAQ_MEMORY.to_string(),
        disk: product(&[4, n, eighths]).div_ceil(8),
        disk_text: format!("4 B x {vectors} x ({dims} + {dims} x {} / 8 + {})", params.inline_pq, params.max_degree),
    }
}

/// How far the figure can be trusted, and what must be said about it.
fn standing(index: Index, mapped: bool, overflow: bool) -> (Basis, Option<String>) {
    let (basis, note) = match index {
        Index::Aisaq => (
            Basis::Doubtful,
            Some(
                "the official calculator gives AISAQ a constant of 16 MiB whatever the number of vectors; each segment \
                 keeps entry points and caches in memory, so measure before relying on it",
            ),
        ),
        _ if mapped => (
            Basis::Assumption,
            Some("assumes that a tenth of a mapped index stays in memory; searches that touch more wait for the disk"),
        ),
        Index::IvfPq => (
            Basis::Documentation,
            Some(
                "the official calculator has no IVF_PQ; the size of the codes follows from m and nbits, ids not counted",
            ),
        ),
        Index::DiskAnn => (
            Basis::Calculator,
            Some(
                "needs the index on local NVMe; with the cache ratios of milvus.yaml (0.125 codes + 0.1 cache) less is held",
            ),
        ),
        _ => (Basis::Calculator, None),
    };
    let over = "larger than can be counted: the amounts are the largest there are";
    match (note, overflow) {
        (note, false) => (basis, note.map(str::to_owned)),
        (None, true) => (basis, Some(over.to_owned())),
        (Some(note), true) => (basis, Some(format!("{over}; {note}"))),
    }
}

#[cfg(test)]
#[path = "need_tests.rs"]
mod tests;
