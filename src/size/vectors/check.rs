//! Whether the vectors fit into the memory there is, under which indexes, and what it would take otherwise.

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    Basis, Candidate, Exceeded, Grounds, Index, Need, Nodes, candidates, exceeded, fits_standalone, need, query_nodes,
    raw, standalone_machine,
};
use crate::units::{Bytes, Count};

/// Every index against the memory and the disk there is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MemoryCheck {
    /// Vectors.
    pub vectors: Count,
    /// Dimensions of each.
    pub dims: u32,
    /// The vectors as they are, four bytes for each dimension, in bytes.
    #[serde(rename = "raw_bytes")]
    pub raw: Bytes,
    /// Memory there is for the index, in bytes.
    #[serde(rename = "available_memory_bytes")]
    pub available_memory: Bytes,
    /// Local disk there is for the index, in bytes.
    #[serde(rename = "available_disk_bytes")]
    pub available_disk: Bytes,
    /// Index that the user asked for, with the way of using it that fits, or else its usual way.
    pub asked: Option<Row>,
    /// The best that fits: of the index asked for, else of all; never one whose figure is doubtful.
    pub best: Option<Row>,
    /// Whether it holds, and how sure that is.
    pub verdict: Verdict,
    /// What it takes otherwise: the index asked for in its usual way, HNSW when none was; then, unless something fits by
    /// a sound figure, the index that takes least by one. Empty when the usual way of the first fits.
    pub otherwise: Vec<Row>,
    /// Limits of Milvus Standalone and of the official calculator that the vectors are beyond, under the index that is
    /// best, else the one asked for, else HNSW.
    pub limits: Vec<Exceeded>,
    /// Every index, best first.
    pub rows: Vec<Row>,
}

/// Whether the vectors can be held, under the index asked for, else under any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// An index fits by a sound figure.
    Fits,
    /// An index fits, but only by a figure that rests on an assumption: mapped from disk.
    FitsByAssumption,
    /// An index fits, but only by a doubtful figure: not to be relied on.
    FitsDoubtfully,
    /// No index fits.
    DoesNotFit,
}

/// One index against the memory and the disk there is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Row {
    /// The index.
    pub index: Index,
    /// Its name with what sets it apart: `IVF_SQ8 mapped from disk`.
    pub label: String,
    /// What it takes.
    #[serde(flatten)]
    pub need: Need,
    /// Whether its memory fits.
    pub memory_fits: bool,
    /// Whether its local disk fits.
    pub disk_fits: bool,
    /// Whether both fit.
    pub fits: bool,
    /// Whether Milvus and its calculator offer Standalone for this many vectors.
    pub standalone: bool,
    /// The machine that the official calculator takes for Standalone, whether offered or not.
    pub machine: Nodes,
    /// The query nodes that the official calculator takes for Distributed.
    pub query_nodes: Nodes,
    /// Why it has its place in the order.
    pub reason: String,
    /// Who says so.
    pub grounds: Grounds,
}

impl MemoryCheck {
    /// The rows that fit by a figure that is not doubtful, best first: what may be recommended.
    pub fn fitting(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.fits && row.need.basis != Basis::Doubtful)
    }
}

/// Checks every index with usual parameters against `available` memory and `disk_available` local disk.
pub fn check(vectors: Count, dims: u32, available: Bytes, disk_available: Bytes, asked: Option<Index>) -> MemoryCheck {
    let row = |candidate| row(&candidate, vectors, dims, available, disk_available);
    let rows: Vec<Row> = candidates().map(row).collect();
    let wanted = |row: &&Row| asked.is_none_or(|index| row.index == index);
    let sound = |row: &&Row| row.need.basis != Basis::Doubtful;
    let best = rows.iter().filter(wanted).filter(sound).find(|row| row.fits).cloned();
    let usual = |index| rows.iter().find(move |row| row.index == index).cloned();
    let verdict = match &best {
        Some(row) if row.need.basis == Basis::Assumption => Verdict::FitsByAssumption,
        Some(_) => Verdict::Fits,
        None if rows.iter().filter(wanted).any(|row| row.fits) => Verdict::FitsDoubtfully,
        None => Verdict::DoesNotFit,
    };
    let fits_as_asked = asked.and_then(|index| rows.iter().find(|row| row.index == index && row.fits)).cloned();
    let subject = best.as_ref().map(|row| row.index).or(asked).unwrap_or(Index::Hnsw);
    MemoryCheck {
        vectors,
        dims,
        raw: raw(vectors, dims),
        available_memory: available,
        available_disk: disk_available,
        asked: fits_as_asked.or_else(|| asked.and_then(usual)),
        verdict,
        otherwise: otherwise(&rows, asked.unwrap_or(Index::Hnsw), verdict),
        limits: exceeded(subject, vectors, dims),
        best,
        rows,
    }
}

fn row(candidate: &Candidate, vectors: Count, dims: u32, memory: Bytes, disk: Bytes) -> Row {
    let need = need(candidate.index, vectors, dims, &candidate.params);
    let memory_fits = !need.overflow && need.memory <= memory;
    let disk_fits = !need.overflow && need.disk <= disk;
    Row {
        index: candidate.index,
        label: candidate.label(),
        memory_fits,
        disk_fits,
        fits: memory_fits && disk_fits,
        standalone: fits_standalone(candidate.index, vectors, dims),
        machine: standalone_machine(need.memory),
        query_nodes: query_nodes(need.memory),
        reason: candidate.reason.to_owned(),
        grounds: candidate.grounds,
        need,
    }
}

/// The usual way of the index one would choose, then the smallest by a figure that rests on no assumption.
fn otherwise(rows: &[Row], choice: Index, verdict: Verdict) -> Vec<Row> {
    let usual = rows.iter().find(|row| row.index == choice);
    if usual.is_some_and(|row| row.fits) {
        return Vec::new();
    }
    let smallest = rows
        .iter()
        .filter(|row| matches!(row.need.basis, Basis::Calculator | Basis::Documentation))
        .min_by_key(|row| row.need.memory);
    let second = smallest.filter(|row| verdict != Verdict::Fits && usual.is_none_or(|first| first.label != row.label));
    usual.into_iter().chain(second).cloned().collect()
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
