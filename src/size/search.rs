//! Elasticsearch: heap, vectors outside the heap, shards and nodes.
//!
//! Sources, read 2026-11-21: `elastic/docs-content`, "Tune approximate kNN search", "Size your shards", "Set the JVM heap size";
//! `elastic/elasticsearch`, `MachineDependentHeap.java` (31 GB) and `JvmErgonomics.java` (direct memory is half the heap).

use super::component::{Bottleneck, Excuse, Fit, Need, Reckoning, Resources};
use super::plan::{Setting, Warning};
use super::queueing::Work;
use super::reckon::{because, fit_database, instances, jvm_size, part, setting, sum, times, up_to, warning};
use crate::blueprint::tier::Environment;
use crate::catalog::Machine;
use crate::units::{Bytes, Cores, Count, Share};

mod vectors;

pub use vectors::Element;

const GIB: u64 = 1 << 30;
/// The largest heap that Elasticsearch takes by itself: below 32 GB, where pointers grow.
pub const MOST_HEAP: Bytes = Bytes::gib(31);
/// Heap for the node itself and a moderate load of searches.
const BASE_HEAP: u64 = 512 << 20;
/// Indices for each GB of heap on a node that can be master.
const INDICES_A_GIB: u64 = 3000;
/// Largest shard that is advised.
const SHARD: u64 = 50 * GIB;
/// Most documents in a shard that are advised.
const SHARD_DOCUMENTS: u64 = 200_000_000;
/// `cluster.max_shards_per_node`.
const SHARDS_A_NODE: u64 = 1000;
/// `cluster.routing.allocation.disk.watermark.low`, in percent: above it no shard is put on a node.
const WATERMARK_PERCENT: u64 = 85;
/// An assumption: memory of the largest node, twice the largest heap.
const NODE_MEMORY: u64 = 64 * GIB;
/// An assumption: data of the largest node, as Netflix's service-capacity-modeling caps it.
const NODE_DATA: u64 = 8 << 40;

/// What is searched, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Documents.
    pub documents: Count,
    /// One copy of the indexed data on disk, without vectors.
    pub data: Bytes,
    /// The part of it that the file system's cache must hold.
    pub hot: Share,
    /// Vectors.
    pub vectors: Count,
    /// Their dimensions.
    pub dims: u32,
    /// How their elements are stored.
    pub element: Element,
    /// `m` of the HNSW graph (16 by default); `None` for flat indexes.
    pub hnsw_m: Option<u32>,
    /// Indices.
    pub indices: Count,
    /// Heap that mapped fields take on a node: `total_deduplicated_mapping_size` and `total_estimated_overhead` together.
    pub mappings: Bytes,
    /// Heap, where it is given; else by mappings and indices.
    pub heap: Option<Bytes>,
    /// Copies beside the primary.
    pub replicas: u32,
    /// At least so many nodes.
    pub nodes: u32,
    /// Searches, counted for each shard; `None` takes one core a node.
    pub work: Option<Work>,
    /// What the cluster is for.
    pub environment: Environment,
}

/// Sizes of the whole cluster, before they are divided among nodes.
struct Totals {
    heap: u64,
    cache: u64,
    disk: u64,
    shards: u64,
    copies: u64,
    nodes: u64,
}

fn totals(load: &Load) -> Totals {
    let gib_of_indices = part(load.indices.0, GIB, INDICES_A_GIB);
    let reckoned = up_to(sum(&[BASE_HEAP, load.mappings.0, gib_of_indices]), BASE_HEAP);
    let heap = load.heap.map_or(reckoned, |heap| heap.0).clamp(1 << 20, MOST_HEAP.0);
    let copies = u64::from(load.replicas).saturating_add(1);
    let in_memory = vectors::in_memory(load);
    let primary = sum(&[load.data.0, vectors::on_disk(load)]);
    let hot = sum(&[in_memory, part(load.data.0, load.hot.0, 1_000_000)]);
    let documents = load.documents.0.max(load.vectors.0);
    let shards = primary.div_ceil(SHARD).max(documents.div_ceil(SHARD_DOCUMENTS)).max(1);
    let (cache, disk) = (times(&[hot, copies]), part(times(&[primary, copies]), 100, WATERMARK_PERCENT));
    let room = NODE_MEMORY - heap - heap / 2;
    let nodes = [
        cache.div_ceil(room),
        disk.div_ceil(NODE_DATA),
        times(&[shards, copies]).div_ceil(SHARDS_A_NODE),
        copies,
        load.nodes.into(),
    ];
    Totals { heap, cache, disk, shards, copies, nodes: nodes.into_iter().max().unwrap_or(1).min(u32::MAX.into()) }
}

/// Nodes that hold heap, direct memory and the hot data; heap is at most half of the memory of a node.
pub fn need(load: &Load) -> Need {
    let totals = totals(load);
    let (heap, nodes) = (totals.heap, totals.nodes);
    let memory = sum(&[heap, heap / 2, totals.cache.div_ceil(nodes)]).max(heap * 2);
    let cores = load.work.map_or(nodes, |work| u64::from(work.cores()).max(nodes));
    let mut why = reckonings(load, &totals, memory);
    why.extend(load.work.map(|work| work.why("elasticsearch cores")));
    Need {
        instances: instances(nodes),
        each: Resources {
            cpu: Cores(times(&[cores, 1000]).div_ceil(nodes)),
            memory: Bytes(memory),
            disk: Bytes(totals.disk.div_ceil(nodes)),
            ..Resources::default()
        },
        settings: settings(&totals),
        why,
        warnings: warnings(load, &totals),
    }
}

fn reckonings(load: &Load, totals: &Totals, memory: u64) -> Vec<Reckoning> {
    let heap = Bytes(totals.heap).approx();
    let given =
        if load.heap.is_some() { "as given" } else { "0.5 GiB + mappings + indices / 3000 GiB, at most 31 GiB" };
    let mut out = vec![because(
        "elasticsearch heap",
        &heap,
        given,
        &[("mappings", load.mappings.approx()), ("indices", load.indices.to_string())],
        "Elastic, Size your shards; MachineDependentHeap.java",
    )];
    out.extend((load.vectors.0 > 0).then(|| vectors::why(load)));
    out.push(because(
        "elasticsearch shards",
        totals.shards,
        "max(data / 50 GiB, documents / 200 million), at least 1",
        &[
            ("data", sum_text(&[load.data.0, vectors::on_disk(load)])),
            ("documents", load.documents.0.max(load.vectors.0).to_string()),
        ],
        "Elastic, Size your shards",
    ));
    out.push(because(
        "elasticsearch memory of a node",
        Bytes(memory).approx(),
        "max(2 x heap, heap + heap / 2 direct + hot data x copies / nodes)",
        &[
            ("heap", heap),
            ("hot data", Bytes(totals.cache / totals.copies).approx()),
            ("copies", totals.copies.to_string()),
            ("nodes", totals.nodes.to_string()),
        ],
        "Elastic, Set the JVM heap size (at most half); nodes of at most 64 GiB and 8 TiB are an assumption",
    ));
    out
}

fn sum_text(parts: &[u64]) -> String {
    Bytes(sum(parts)).approx()
}

fn settings(totals: &Totals) -> Vec<Setting> {
    let heap = jvm_size(totals.heap);
    let mut out = vec![
        setting("ES_JAVA_OPTS", format!("-Xms{heap} -Xmx{heap}"), "both equal, at most half of the memory"),
        setting("index.number_of_shards", totals.shards, "shards of at most 50 GiB and 200 million documents"),
        setting("index.number_of_replicas", totals.copies - 1, "as given"),
    ];
    if totals.nodes == 1 {
        out.push(setting("discovery.type", "single-node", "there is one node"));
    }
    out
}

fn warnings(load: &Load, totals: &Totals) -> Vec<Warning> {
    let mut out = Vec::new();
    let asked = load.heap.unwrap_or_default();
    if asked > MOST_HEAP {
        out.push(warning(
            "heap-loses-compressed-pointers",
            true,
            format!("a heap of {asked} passes the limit of short pointers; 31 GiB are set"),
            "leave the rest to the file system's cache, or run more nodes",
        ));
    }
    if load.environment == Environment::Prod && totals.nodes < 3 {
        out.push(warning(
            "no-quorum",
            false,
            if totals.nodes == 1 {
                "the only node is the only one that can be master: no search while it is away".to_owned()
            } else {
                format!("{} nodes cannot elect a master once one of them is lost", totals.nodes)
            },
            "run three nodes that can be master, and keep one replica of each index",
        ));
    }
    if load.element == Element::Float && load.vectors.0 > 0 && load.dims >= 384 {
        out.push(warning(
            "vectors-not-quantised",
            false,
            format!("{} float vectors of {} dimensions are held in full", load.vectors, load.dims),
            "use index_options int8_hnsw (a quarter) or bbq_hnsw (about a thirtieth); Elastic advises it from 384 dimensions",
        ));
    }
    out
}

/// Whether a machine holds one node, with a heap of no more than half of its memory.
///
/// # Errors
/// What the machine lacks.
pub fn fit(need: &Need, machine: &Machine, environment: Environment) -> Result<Fit, Excuse> {
    let fits = fit_database(need, machine, environment)?;
    let local = machine.local_disk;
    if local.0 > 0 && local < need.each.disk {
        return Err(Excuse {
            machine: machine.name.clone(),
            bottleneck: Bottleneck::Disk,
            because: format!("needs {} of disk, has {} local", need.each.disk.approx(), local.approx()),
        });
    }
    Ok(fits)
}

#[cfg(test)]
#[path = "search_tests.rs"]
mod tests;
