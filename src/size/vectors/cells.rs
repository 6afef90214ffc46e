//! More than one cluster bears: equal clusters side by side, each within the limits of one.

use schemars::JsonSchema;
use serde::Serialize;

use super::amount::{product, to_bytes};
use super::cell_limits::{CellLimit, limits};
use super::cluster::{Collection, Deployment, distributed, memory};
use super::limits::beyond_calculator;
use super::node_table::Release;
use super::{Index, IndexParams, Nodes, Queue, need, node_table, raw};
use crate::size::component::{Reckoning, Resources};
use crate::units::{Bytes, Cores, Count};

/// Partitions of one collection (`rootCoord.maxPartitionNum` of `milvus.yaml`, default 1,024: milvus.io/docs,
/// configure_rootcoord.md, read 2026-11-21; pages of 2.0 to 2.3 say 4,096).
pub const PARTITIONS_PER_COLLECTION: u64 = 1_024;

/// Shards of a collection at most (`proxy.maxShardNum` of `milvus.yaml`, default 16).
const MOST_SHARDS: u32 = 16;

/// How each cluster is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CellParams {
    /// Parameters of the index.
    pub index: IndexParams,
    /// Shards of each collection, 1 to 16; Milvus takes 1 unless told.
    pub shards: u32,
    /// Copies in memory.
    pub replicas: u32,
    /// Release.
    pub release: Release,
    /// Queue.
    pub queue: Queue,
}

impl Default for CellParams {
    fn default() -> Self {
        Self {
            index: IndexParams::default(),
            shards: 1,
            replicas: 1,
            release: Release::default(),
            queue: Queue::default(),
        }
    }
}

/// One of the equal clusters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Cell {
    /// Vectors that it bears at most.
    pub vectors: Count,
    /// Partitions that it bears at most.
    pub partitions: Count,
    /// Collections that these partitions take, 1,024 in each.
    pub collections: Count,
    /// Its nodes and all that it depends on.
    pub deployment: Deployment,
}

/// A demand divided into equal clusters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Cells {
    /// How many clusters.
    pub count: u64,
    /// The fewest that keep every limit.
    pub least: u64,
    /// The limit that asks for most clusters; none when one cluster does.
    pub forced_by: Option<String>,
    /// Every limit of one cluster, and how many clusters it asks for.
    pub limits: Vec<CellLimit>,
    /// What each cluster is.
    pub each: Cell,
    /// The sum of all clusters, held at the largest amounts there are.
    pub total: Resources,
    /// True when clusters share a partition, as there are fewer partitions than clusters.
    pub partitions_are_split: bool,
    /// What must be known beside the figures, when each cluster is beyond what the calculator shows.
    pub note: Option<String>,
    /// How the figures were reckoned.
    pub why: Vec<Reckoning>,
}

/// Divides vectors in partitions into equal clusters.
///
/// One cluster while it keeps every limit: a second one has to be told apart in the application, which no memory saved by a
/// step of the calculator is worth. Else, among the numbers that keep every limit, the one whose nodes have the least memory
/// in sum is taken, the fewest if several have. As a larger demand allows no number that a smaller one forbids, and needs no
/// less with the same number, more never needs less memory; only where a limit asks for the second cluster may the nodes of
/// both have less than those of the one, by the steps of the calculator. Above 128 clusters only numbers with seven binary
/// digits that count are tried.
pub fn cells(vectors: Count, partitions: Count, dims: u32, index: Index, params: &CellParams) -> Cells {
    let params = CellParams { shards: params.shards.clamp(1, MOST_SHARDS), ..*params };
    let whole = Collection {
        index,
        vectors,
        dims,
        params: params.index,
        replicas: params.replicas,
        release: params.release,
        queue: params.queue,
    };
    let limits = limits(&whole, partitions, params.shards);
    let least = limits.iter().map(|limit| limit.cells).max().unwrap_or(1);
    let count = choose(&whole, least);
    let forced_by = limits.iter().rev().max_by_key(|limit| limit.cells).filter(|limit| limit.cells > 1);
    let forced_by = forced_by.map(|limit| limit.id.clone());
    let each_partitions = partitions.0.div_ceil(count);
    let each = Cell {
        vectors: Count(vectors.0.div_ceil(count)),
        partitions: Count(each_partitions),
        collections: Count(each_partitions.div_ceil(PARTITIONS_PER_COLLECTION).max(1)),
        deployment: distributed(&part(&whole, count)),
    };
    let total = times(&each.deployment.total, count);
    let why = why(&limits, least, count, &each, &total);
    let partitions_are_split = partitions.0 > 0 && count > partitions.0;
    let note = beyond_calculator(raw(each.vectors, dims), "each cluster has");
    Cells { count, least, forced_by, limits, each, total, partitions_are_split, note, why }
}

/// The share of one of `count` clusters.
fn part(whole: &Collection, count: u64) -> Collection {
    Collection { vectors: Count(whole.vectors.0.div_ceil(count)), ..*whole }
}

/// One where one does; else the number of clusters, at least `least`, with the least memory in sum.
fn choose(whole: &Collection, least: u64) -> u64 {
    if least == 1 {
        return 1;
    }
    // No cluster has less than an empty one beside its query and streaming nodes; the query nodes of all hold the whole index
    // in every copy, and the streaming nodes have an eighth of their memory: what `count` clusters take at least.
    let nothing = Collection { vectors: Count(0), ..*whole };
    let table = node_table(index_memory(&nothing), whole.replicas, whole.release);
    let of = |nodes: Nodes| u128::from(nodes.count) * u128::from(nodes.memory.0);
    let beside = memory(&nothing).saturating_sub(of(table.query)).saturating_sub(table.streaming.map_or(0, of));
    let index = product(&[index_memory(whole).0.into(), whole.replicas.max(1).into()]);
    let index = index.saturating_add(if table.streaming.is_some() { index / 8 } else { 0 });
    let at_least = |count: u64| product(&[beside, count.into()]).saturating_add(index);
    let memory = |count: u64| product(&[memory(&part(whole, count)), count.into()]);
    let mut count = step(least);
    let mut best = (memory(count), count);
    while let Some(next) = count.checked_add(1).map(step).filter(|next| *next > count) {
        if at_least(next) >= best.0 {
            break;
        }
        count = next;
        best = best.min((memory(count), count));
    }
    best.1
}

fn index_memory(of: &Collection) -> Bytes {
    need(of.index, of.vectors, of.dims, &of.params).memory
}

/// The smallest number not below `count` with at most seven binary digits that count.
fn step(count: u64) -> u64 {
    let shift = (64 - count.leading_zeros()).saturating_sub(7);
    let tail = (1u64 << shift) - 1;
    count.checked_add(tail).map_or(u64::MAX, |up| up & !tail)
}

fn times(each: &Resources, count: u64) -> Resources {
    let all = |amount: u64| to_bytes(product(&[amount.into(), count.into()])).0;
    Resources {
        cpu: Cores(all(each.cpu.0).0),
        memory: all(each.memory.0),
        disk: all(each.disk.0),
        gpu_memory: Bytes(0),
    }
}

fn why(limits: &[CellLimit], least: u64, count: u64, each: &Cell, total: &Resources) -> Vec<Reckoning> {
    let of = |figure: &str, value: String, formula: &str, inputs: Vec<(String, String)>, source: &str| Reckoning {
        figure: figure.to_owned(),
        value,
        formula: formula.to_owned(),
        inputs,
        source: source.to_owned(),
    };
    let mut out: Vec<Reckoning> = limits
        .iter()
        .map(|limit| {
            let inputs = vec![("limit".to_owned(), limit.limit.clone()), ("demand".to_owned(), limit.demand.clone())];
            of(&format!("clusters by {}", limit.id), limit.cells.to_string(), &limit.text, inputs, &limit.source)
        })
        .collect();
    let formula = match count == least {
        true => "the most that a limit asks for",
        false => {
            "of the numbers that keep every limit (above 128 with seven binary digits), the one with least memory in sum"
        }
    };
    out.push(of(
        "clusters",
        count.to_string(),
        formula,
        vec![("least".to_owned(), least.to_string())],
        "the limits above",
    ));
    let inputs = vec![
        ("clusters".to_owned(), count.to_string()),
        ("memory of each".to_owned(), each.deployment.total.memory.approx()),
        ("vectors of each".to_owned(), each.vectors.to_string()),
        ("partitions of each".to_owned(), each.partitions.to_string()),
    ];
    let source = "the official calculator for each cluster; a sum of equal clusters";
    out.push(of("memory of all clusters", total.memory.approx(), "clusters x memory of each", inputs, source));
    out
}

#[cfg(test)]
#[path = "cells_tests.rs"]
mod tests;
