//! Redis: `maxmemory`, and what the process takes beside it.
//!
//! Sources, read 2026-11-21: redis.io, "Memory optimization" (provision for the peak, `maxmemory` limits what keys take),
//! "Redis administration" (while it saves or rewrites, a write-heavy instance may take up to twice its memory; set
//! `vm.overcommit_memory` to 1), `MEMORY USAGE` (an empty string key takes 56 bytes in 7.2), `redis.conf` (defaults).

use super::component::{Excuse, Fit, Need, Reckoning, Resources};
use super::plan::{Setting, Warning};
use super::queueing::Work;
use super::reckon::{because, fit_database, instances, part, setting, sum, times, up_to, warning};
use crate::blueprint::tier::Environment;
use crate::catalog::Machine;
use crate::units::{Bytes, Cores, Count, Share};

const MIB: u64 = 1 << 20;
/// Bytes of an empty key with an empty string.
const KEY: u64 = 56;
/// An assumption: fragmentation, in percent; `active-defrag-threshold-lower` starts to act at 10.
const FRAGMENTATION_PERCENT: u64 = 10;
/// The server itself: an empty instance takes about 3 MB (redis.io, FAQ), and `repl-backlog-size` is 1 MB.
const SERVER: u64 = 4 * MIB;
/// An assumption: buffers of a client that reads what it is sent.
const CLIENT: u64 = 64 << 10;
/// `client-output-buffer-limit pubsub`: a subscriber that does not keep up is closed at 32 MB.
const SLOW_SUBSCRIBER: u64 = 32 * MIB;
/// An assumption: how busy the one thread that runs commands may be, in percent.
const THREAD_PERCENT: u64 = 70;

/// How data outlives the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Persistence {
    /// It does not.
    #[default]
    None,
    /// Snapshots by a forked child.
    Snapshots,
    /// A log of every write, rewritten by a forked child.
    AppendOnly,
}

/// Keys and clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Keys at the peak.
    pub keys: Count,
    /// Name and value of a key together, on average.
    pub each: Bytes,
    /// How data outlives the process.
    pub persistence: Persistence,
    /// The part of the memory that is written while a child saves, and so copied; 100 % is the worst case of the manual.
    pub written_while_saving: Share,
    /// Whether keys may be evicted when memory is full.
    pub evicts: bool,
    /// Clients.
    pub clients: u32,
    /// Subscribers that may fall behind at the same time.
    pub slow_subscribers: u32,
    /// Commands; `None` is a load that one thread bears.
    pub work: Option<Work>,
    /// Copies beside each primary.
    pub replicas: u32,
}

/// Primaries: Redis runs commands on one thread, so more work than one core bears takes a cluster.
fn primaries(load: &Load) -> u64 {
    let busy = load.work.map_or(0.0, |work| work.offered());
    // A cast holds at the largest number.
    ((busy * 100.0 / THREAD_PERCENT as f64).ceil() as u64).clamp(1, 16_384)
}

/// Memory for keys, fragmentation, copies of pages while a child saves, and clients.
pub fn need(load: &Load) -> Need {
    let primaries = primaries(load);
    let keys = times(&[load.keys.0, sum(&[KEY, load.each.0])]);
    let maxmemory = up_to(keys.div_ceil(primaries), MIB).max(MIB);
    let resident = part(maxmemory, 100 + FRAGMENTATION_PERCENT, 100);
    let forks = load.persistence != Persistence::None || load.replicas > 0;
    let copied = if forks { part(resident, load.written_while_saving.0.min(1_000_000), 1_000_000) } else { 0 };
    let slow = times(&[load.slow_subscribers.into(), SLOW_SUBSCRIBER]);
    let clients = sum(&[times(&[load.clients.into(), CLIENT]), slow]);
    let memory = Bytes(up_to(sum(&[resident, copied, clients, SERVER]), MIB));
    // The child that saves must not take the core of the thread that serves.
    let cpu = Cores::whole(if forks { 2 } else { 1 });
    let disk = match load.persistence {
        Persistence::None => 0,
        // The new file is written beside the old one.
        Persistence::Snapshots => times(&[maxmemory, 2]),
        // The log grows to twice its size before it is rewritten (`auto-aof-rewrite-percentage 100`).
        Persistence::AppendOnly => times(&[maxmemory, 3]),
    };
    Need {
        instances: instances(times(&[primaries, u64::from(load.replicas) + 1])),
        each: Resources { cpu, memory, disk: Bytes(disk), ..Resources::default() },
        settings: settings(load, maxmemory),
        why: reckonings(load, [maxmemory, resident, copied, clients], memory),
        warnings: warnings(primaries, forks),
    }
}

fn reckonings(load: &Load, [maxmemory, resident, copied, clients]: [u64; 4], memory: Bytes) -> Vec<Reckoning> {
    let text = |bytes: u64| Bytes(bytes).approx();
    vec![
        because(
            "redis maxmemory",
            text(maxmemory),
            "keys x (56 B + name and value) / primaries",
            &[("keys", load.keys.to_string()), ("name and value", load.each.approx())],
            "redis.io, MEMORY USAGE",
        ),
        because(
            "redis memory",
            memory.approx(),
            "maxmemory x 1.1 + pages copied while a child saves + clients + server",
            &[
                ("with fragmentation", text(resident)),
                ("copied", text(copied)),
                ("clients", text(clients)),
                ("server", text(SERVER)),
            ],
            "redis.io, Redis administration (up to twice); fragmentation of 10 % and 64 KiB a client are assumptions",
        ),
    ]
}

fn settings(load: &Load, maxmemory: u64) -> Vec<Setting> {
    let policy = if load.evicts { "allkeys-lru" } else { "noeviction" };
    let mut out = vec![
        setting("maxmemory", format!("{}mb", maxmemory / MIB), "what keys take at the peak"),
        setting("maxmemory-policy", policy, "whether keys may be evicted when memory is full"),
    ];
    out.push(match load.persistence {
        Persistence::AppendOnly => setting("appendonly", "yes", "every write is logged"),
        Persistence::None => setting("save", "\"\"", "nothing is kept, so nothing is forked"),
        Persistence::Snapshots => setting("save", "3600 1 300 100 60 10000", "the default of redis.conf"),
    });
    out
}

fn warnings(primaries: u64, forks: bool) -> Vec<Warning> {
    let overcommit = forks.then(|| {
        warning(
            "overcommit-memory",
            false,
            "Redis forks to save or to bring a replica up to date, which the kernel may refuse".to_owned(),
            "set vm.overcommit_memory = 1 and switch transparent huge pages off on the host",
        )
    });
    let cluster = (primaries > 1).then(|| {
        warning(
            "one-thread-is-not-enough",
            false,
            format!("the load keeps more than one thread busy at {THREAD_PERCENT} %; {primaries} primaries share it"),
            "run Redis Cluster, which takes at least three primaries; clients must follow its redirects, and pub/sub is best \
             sharded (SSUBSCRIBE)",
        )
    });
    overcommit.into_iter().chain(cluster).collect()
}

/// Whether a machine holds one instance.
///
/// # Errors
/// What the machine lacks.
pub fn fit(need: &Need, machine: &Machine, environment: Environment) -> Result<Fit, Excuse> {
    fit_database(need, machine, environment)
}

#[cfg(test)]
#[path = "cache_tests.rs"]
mod tests;
