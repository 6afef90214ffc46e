//! In which order indexes are tried: the first that fits is the one to take.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Index, IndexParams, Refine};

/// Whether somebody said it, or we judge so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Grounds {
    /// The documentation of Milvus says it ("Index Explained": trade-offs and decision matrix).
    Documented,
    /// A judgement of this tool, from what the index keeps of the vectors.
    Judgement,
}

/// An index with the parameters that set it apart, and why it has its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// The index.
    pub index: Index,
    /// What sets it apart from the same index elsewhere in the list; empty when nothing does.
    pub variant: &'static str,
    /// Its parameters.
    pub params: IndexParams,
    /// Why it has this place.
    pub reason: &'static str,
    /// Who says so.
    pub grounds: Grounds,
}

impl Candidate {
    /// Name for people: `HNSW`, `IVF_RABITQ with SQ8`, `IVF_SQ8 mapped from disk`.
    pub fn label(&self) -> String {
        match self.variant {
            "" => self.index.to_string(),
            variant => format!("{} {variant}", self.index),
        }
    }
}

/// What sets candidates of one index apart.
#[derive(Clone, Copy)]
enum Twist {
    Plain,
    NoRawData,
    Refined(Refine),
    Mapped,
}

use Grounds::{Documented, Judgement};
use Twist::{Mapped, NoRawData, Plain, Refined};

/// The order: whole vectors in memory, then on NVMe, then quantised in memory, then mapped from disk.
///
/// "Index Explained" (`milvus-io/milvus-docs`, site/en/userGuide/indexes/index-explained.md at 63b645eb) says: raw data fits
/// in memory: HNSW, or IVF with refinement; a quarter of it fits: DISKANN, for its stable latency; quantised indexes and
/// mapping trade accuracy for capacity; mapped with most data on disk, DISKANN is faster. Places that this does not settle
/// are judgements. AISAQ is last because its memory figure is doubtful.
const ORDER: [(Index, Twist, Grounds, &str); 22] = [
    (Index::Hnsw, Plain, Documented, "first choice when the raw vectors fit in memory: high recall at low latency"),
    (Index::Scann, Plain, Judgement, "IVF with refinement by the raw vectors; fast, recall near HNSW"),
    (Index::IvfRabitq, Refined(Refine::Fp32), Documented, "IVF with refinement, for raw vectors that fit in memory"),
    (Index::IvfFlat, Plain, Documented, "whole vectors in clusters; graph indexes usually answer more queries"),
    (Index::IvfRabitq, Refined(Refine::Fp16), Judgement, "refined by half precision, which loses little recall"),
    (Index::IvfRabitq, Refined(Refine::Bf16), Judgement, "refined by half precision with a shorter mantissa"),
    (Index::DiskAnn, Plain, Documented, "for a quarter of the raw vectors in memory: stable latency on NVMe"),
    (Index::IvfRabitq, Refined(Refine::Sq8), Judgement, "refined by 8 bits per dimension"),
    (Index::IvfSq8, Plain, Documented, "a quarter of the memory for a small loss of recall"),
    (Index::IvfRabitq, Refined(Refine::Sq6), Judgement, "refined by 6 bits per dimension"),
    (Index::Scann, NoRawData, Judgement, "product-quantised without the raw vectors to refine by"),
    (Index::IvfPq, Plain, Documented, "compresses 4 to 32 times at some cost of recall"),
    (Index::IvfRabitq, Plain, Judgement, "a bit per dimension and nothing to refine by: the lowest recall"),
    (Index::Flat, Plain, Judgement, "exact, but each search reads every vector: for small collections"),
    (Index::IvfSq8, Mapped, Documented, "quantised and mapped, for raw vectors on disk and little memory"),
    (Index::IvfPq, Mapped, Documented, "quantised and mapped, for raw vectors on disk and little memory"),
    (Index::IvfRabitq, Mapped, Judgement, "a bit per dimension, mapped: low recall"),
    (Index::Scann, Mapped, Judgement, "refining reads raw vectors from disk"),
    (Index::IvfFlat, Mapped, Judgement, "each search reads whole clusters from disk"),
    (Index::Hnsw, Mapped, Judgement, "each step through the graph may wait for the disk; DISKANN is made for this"),
    (Index::Flat, Mapped, Judgement, "each search reads every vector from disk"),
    (Index::Aisaq, Plain, Judgement, "everything on disk; slower than DISKANN, and its memory figure is doubtful"),
];

/// Every candidate, best first.
pub fn candidates() -> impl Iterator<Item = Candidate> {
    ORDER.into_iter().map(|(index, twist, grounds, reason)| {
        let base = IndexParams::default();
        let (variant, params) = match twist {
            Plain => ("", base),
            NoRawData => ("without raw data", IndexParams { raw_data: false, ..base }),
            Refined(refine) => (refined(refine), IndexParams { refine, ..base }),
            Mapped => ("mapped from disk", IndexParams { mmap: true, ..base }),
        };
        Candidate { index, variant, params, reason, grounds }
    })
}

fn refined(refine: Refine) -> &'static str {
    match refine {
        Refine::None => "",
        Refine::Sq6 => "with SQ6",
        Refine::Sq8 => "with SQ8",
        Refine::Fp16 => "with FP16",
        Refine::Bf16 => "with BF16",
        Refine::Fp32 => "with FP32",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_index_and_every_refinement_is_there_once() {
        let labels: Vec<String> = candidates().map(|candidate| candidate.label()).collect();
        let distinct: BTreeSet<&String> = labels.iter().collect();
        assert_eq!(distinct.len(), labels.len());
        for index in Index::ALL {
            assert!(candidates().any(|c| c.index == index && !c.params.mmap), "{index}");
            assert_eq!(candidates().any(|c| c.index == index && c.params.mmap), index.maps(), "{index}");
        }
        for refine in Refine::ALL {
            assert!(candidates().any(|c| c.index == Index::IvfRabitq && c.params.refine == refine), "{refine}");
        }
    }

    #[test]
    fn whole_vectors_in_memory_come_first_and_doubt_last() {
        let order: Vec<Candidate> = candidates().collect();
        assert_eq!(order.first().map(Candidate::label).as_deref(), Some("HNSW"));
        assert_eq!(order.last().map(|c| c.index), Some(Index::Aisaq));
        let place = |wanted: &str| order.iter().position(|c| c.label() == wanted).unwrap();
        assert!(place("DISKANN") < place("IVF_SQ8 mapped from disk"));
    }
}
