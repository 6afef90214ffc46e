//! Neo4j: heap, page cache and what is left to the operating system.
//!
//! The interpolation is that of `neo4j-admin server memory-recommendation` (`neo4j/neo4j`,
//! `org.neo4j.dbms.MemoryRecommendation`, read 2026-11-21); record sizes are those of Neo4j's knowledge base,
//! "Understanding Neo4j's data on disk" (read 2026-11-21).

use super::component::{Excuse, Fit, Need, Reckoning, Resources};
use super::plan::{Setting, Warning};
use super::queueing::Work;
use super::reckon::{because, fit_database, instances, jvm_size, part, setting, sum, times, warning};
use crate::blueprint::tier::Environment;
use crate::catalog::Machine;
use crate::units::{Bytes, Cores, Count, Share};

const SOURCE: &str = "neo4j-admin server memory-recommendation (MemoryRecommendation.java)";
/// Bytes of a node, a relationship and a property in the store files.
const RECORDS: [u64; 3] = [15, 34, 41];
/// Heap where none is asked for: what Neo4j recommends on 2 GiB.
const LEAST_HEAP: Bytes = Bytes::mib(512);
/// The largest page cache that Neo4j recommends, and so the largest store that one server is sized for.
const MOST_PAGE_CACHE: u64 = 16 << 40;

/// Memory of the machine, left to the system, and heap, in GiB: `datapoints` of Neo4j.
const BRACKETS: [(f64, f64, f64); 16] = [
    (0.01, 0.007, 0.002),
    (1.0, 0.65, 0.3),
    (2.0, 1.0, 0.5),
    (4.0, 1.5, 2.0),
    (6.0, 2.0, 3.0),
    (8.0, 2.5, 3.5),
    (10.0, 3.0, 4.0),
    (12.0, 3.5, 4.5),
    (16.0, 4.0, 5.0),
    (24.0, 6.0, 8.0),
    (32.0, 8.0, 12.0),
    (64.0, 12.0, 24.0),
    (128.0, 16.0, 31.0),
    (256.0, 20.0, 31.0),
    (512.0, 24.0, 31.0),
    (1024.0, 30.0, 31.0),
];

/// How Neo4j divides the memory of a machine of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Division {
    /// Left to the operating system.
    pub system: Bytes,
    /// Heap.
    pub heap: Bytes,
    /// Page cache, where the transaction state is kept on the heap.
    pub page_cache: Bytes,
    /// Transaction state where it is kept off the heap (`db.tx_state.memory_allocation=OFF_HEAP`); the page cache is then
    /// that much smaller.
    pub transactions: Bytes,
}

/// Neo4j's own recommendation for a machine with so much memory.
pub fn recommended(memory: Bytes) -> Division {
    let gib = memory.as_gib();
    let last = BRACKETS[BRACKETS.len() - 1];
    let at = BRACKETS.iter().skip(1).position(|bracket| gib < bracket.0);
    let (lower, upper) = at.map_or((last, last), |at| (BRACKETS[at], BRACKETS[at + 1]));
    let factor = if lower == upper { 0.0 } else { (gib - lower.0) / (upper.0 - lower.0) };
    // Down to whole MiB, as the cast to long does there.
    let between = |low: f64, high: f64| Bytes((((low + (high - low) * factor) * 1024.0) as u64) << 20);
    let (system, heap) = (between(lower.1, upper.1), between(lower.2, upper.2));
    let rest = memory.0.saturating_sub(system.0).saturating_sub(heap.0);
    Division {
        system,
        heap,
        page_cache: Bytes(rest.clamp(8 << 20, MOST_PAGE_CACHE)),
        transactions: Bytes((heap.0 / 4).clamp(128 << 20, 8 << 30)),
    }
}

/// The graph and how it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Nodes.
    pub nodes: Count,
    /// Relationships.
    pub relationships: Count,
    /// Properties of both.
    pub properties: Count,
    /// Indexes and long strings, or the whole store where it was measured.
    pub others: Bytes,
    /// Room to grow before the next resize; Neo4j's manual calculates with 20 %.
    pub growth: Share,
    /// Largest heap, where it is known; else what the machine allows, at least 512 MiB.
    pub heap: Option<Bytes>,
    /// First heap, where it differs.
    pub heap_initial: Option<Bytes>,
    /// Queries; `None` takes one core.
    pub work: Option<Work>,
    /// Servers that hold the whole graph.
    pub copies: u32,
}

/// The page cache holds the whole store with its growth; heap and system come on top.
pub fn need(load: &Load) -> Need {
    let counts = [load.nodes.0, load.relationships.0, load.properties.0];
    let records = [0, 1, 2].map(|at| times(&[counts[at], RECORDS[at]]));
    let store = sum(&[sum(&records), load.others.0]);
    let wanted = part(store, 1_000_000u64.saturating_add(load.growth.0), 1_000_000).max(8 << 20);
    let heap = load.heap.unwrap_or(LEAST_HEAP).0;
    let memory = machine_for(sum(&[heap, wanted]));
    let division = recommended(memory);
    let room = memory.0.saturating_sub(division.system.0);
    let page_cache = division.page_cache.0.max(wanted).min(room.saturating_sub(heap)).max(8 << 20);
    let heap =
        load.heap.map_or_else(|| division.heap.0.clamp(heap, room.saturating_sub(page_cache).max(heap)), |h| h.0);
    let cpu = Cores::whole(load.work.map_or(1, |work| work.cores()).into());
    let mut why = reckonings(load, store, wanted, heap, memory);
    why.extend(load.work.map(|work| work.why("neo4j cores")));
    Need {
        instances: instances(load.copies.max(1).into()),
        each: Resources { cpu, memory, disk: Bytes(wanted), ..Resources::default() },
        settings: settings(load, heap, page_cache),
        why,
        warnings: warnings(load, wanted),
    }
}

/// The least machine in whole GiB that has `room` beside what Neo4j leaves to the system.
///
/// The share of the system falls with the size of the machine, so two halves never take less than the whole.
fn machine_for(room: u64) -> Bytes {
    let (mut low, mut high) = (0u64, (u64::MAX >> 30) - 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let memory = Bytes(middle << 30);
        if memory.0.saturating_sub(recommended(memory).system.0) >= room { high = middle } else { low = middle + 1 }
    }
    Bytes(low << 30)
}

fn reckonings(load: &Load, store: u64, wanted: u64, heap: u64, memory: Bytes) -> Vec<Reckoning> {
    vec![
        because(
            "neo4j page cache",
            Bytes(wanted).approx(),
            "(nodes x 15 + relationships x 34 + properties x 41 + others) x (1 + growth)",
            &[
                ("nodes", load.nodes.to_string()),
                ("relationships", load.relationships.to_string()),
                ("properties", load.properties.to_string()),
                ("others", load.others.approx()),
                ("store", Bytes(store).approx()),
                ("growth", load.growth.to_string()),
            ],
            "Neo4j knowledge base, Understanding Neo4j's data on disk; manual, Memory configuration",
        ),
        because(
            "neo4j memory",
            memory.approx(),
            "the least whole GiB with heap + page cache beside what is left to the system",
            &[
                ("heap", Bytes(heap).approx()),
                ("page cache", Bytes(wanted).approx()),
                ("system", recommended(memory).system.approx()),
            ],
            SOURCE,
        ),
    ]
}

fn settings(load: &Load, heap: u64, page_cache: u64) -> Vec<Setting> {
    let initial = load.heap_initial.map_or(heap, |initial| initial.0.min(heap));
    vec![
        setting("server.memory.heap.initial_size", jvm_size(initial), "equal to the largest unless it was given"),
        setting("server.memory.heap.max_size", jvm_size(heap), SOURCE),
        setting(
            "server.memory.pagecache.size",
            jvm_size(page_cache),
            "the store and its growth, and what else is free",
        ),
    ]
}

fn warnings(load: &Load, wanted: u64) -> Vec<Warning> {
    let uneven = load.heap_initial.zip(load.heap).filter(|(initial, most)| initial != most).map(|(initial, most)| {
        warning(
            "heap-grows",
            false,
            format!("the heap of Neo4j starts at {} and grows to {}, with full collections on the way", initial, most),
            "set server.memory.heap.initial_size and server.memory.heap.max_size to the same value",
        )
    });
    let large = (wanted > MOST_PAGE_CACHE).then(|| {
        warning(
            "graph-larger-than-page-cache",
            true,
            format!("a store of {} is larger than the 16 TiB of page cache that Neo4j plans", Bytes(wanted).approx()),
            "split the graph into several databases (composite databases), or keep only the hot part in memory",
        )
    });
    uneven.into_iter().chain(large).collect()
}

/// Whether a machine holds one server.
///
/// # Errors
/// What the machine lacks.
pub fn fit(need: &Need, machine: &Machine, environment: Environment) -> Result<Fit, Excuse> {
    fit_database(need, machine, environment)
}

#[cfg(test)]
#[path = "graph_tests.rs"]
mod tests;
