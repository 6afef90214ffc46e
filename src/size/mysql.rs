//! MySQL: InnoDB's buffer pool, redo log and connections.
//!
//! Sources: MySQL Reference Manual 8.0 and 8.4, "Enabling Automatic InnoDB Configuration for a Dedicated MySQL Server"
//! (17.8.12 and 17.8.13), "Configuring InnoDB Buffer Pool Size", "How MySQL Uses Memory" (read 2026-11-21).

use super::component::{Excuse, Fit, Need, Resources};
use super::plan::{Setting, Warning};
use super::queueing::Work;
use super::reckon::{because, fit_database, part, setting, sum, times, up_to, warning};
use crate::blueprint::tier::Environment;
use crate::catalog::Machine;
use crate::units::{Bytes, Cores, Share};

const GIB: u64 = 1 << 30;
const MIB: u64 = 1 << 20;
const DEDICATED: &str = "MySQL manual, innodb_dedicated_server";
/// `innodb_buffer_pool_chunk_size`: the pool is a multiple of it and of the number of pool instances.
const CHUNK: u64 = 128 * MIB;
/// Memory of the server beside the pool: the default configuration starts on 512 MB with a pool of 128 MB.
const BESIDE: u64 = 384 * MIB;
/// An assumption: a connection takes its stack of 1 MiB (`thread_stack`) and as much again in buffers (sort, join, read).
const CONNECTION: u64 = 2 * MIB;

/// Which rules for the redo log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Version {
    /// 8.0.30 to 8.3: by memory.
    V80,
    /// 8.4 and later: by processors.
    #[default]
    V84,
}

/// Tables and how they are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// All data on disk, with indexes.
    pub data: Bytes,
    /// Data and indexes in use.
    pub working_set: Bytes,
    /// The part of the working set that the buffer pool must hold; what is left is read from disk.
    pub cached: Share,
    /// Connections from all clients.
    pub connections: u32,
    /// Statements; `None` takes one core.
    pub work: Option<Work>,
    /// The primary and its replicas.
    pub copies: u32,
    /// Version.
    pub version: Version,
}

/// The buffer pool of `innodb_dedicated_server`: 128 MB below 1 GB, half up to 4 GB, three quarters above.
pub fn dedicated_pool(memory: Bytes) -> Bytes {
    Bytes(match memory.0 {
        memory if memory < GIB => CHUNK,
        memory if memory <= 4 * GIB => memory / 2,
        memory => memory / 4 * 3,
    })
}

/// The redo log of `innodb_dedicated_server`: in 8.4 half a GB for each processor, at most 16 GB; before, by memory.
pub fn redo_log(version: Version, memory: Bytes, cpus: u64) -> Bytes {
    // Rounds `numerator / denominator x memory in GB` to whole numbers, halves upwards.
    let rounded = |numerator: u64, denominator: u64| {
        let product = u128::from(memory.0) * u128::from(numerator) * 2 + u128::from(denominator) * u128::from(GIB);
        u64::try_from(product / (2 * u128::from(denominator) * u128::from(GIB))).unwrap_or(u64::MAX)
    };
    Bytes(match (version, memory.0) {
        (Version::V84, _) => times(&[cpus, GIB / 2]).clamp(GIB / 2, 16 * GIB),
        (_, memory) if memory < 2 * GIB => 100 * MIB,
        (_, memory) if memory <= 4 * GIB => times(&[rounded(1, 2), GIB / 2]),
        // The bounds of the table are 10.66 and 170.66 GB.
        (_, memory) if memory <= part(GIB, 1066, 100) => times(&[rounded(3, 4), GIB / 2]),
        (_, memory) if memory <= part(GIB, 17_066, 100) => times(&[rounded(5625, 10_000), GIB]),
        _ => 128 * GIB,
    })
}

/// What is needed beside the buffer pool.
fn beside(load: &Load) -> u64 {
    sum(&[BESIDE, times(&[load.connections.into(), CONNECTION])])
}

/// The least memory in whole GiB (512 MiB below that) of which InnoDB's own rule gives the pool what it must hold.
pub fn need(load: &Load) -> Need {
    let wanted = up_to(part(load.working_set.0, load.cached.0, 1_000_000), CHUNK).max(CHUNK);
    let by_rule = match wanted {
        CHUNK => 512 * MIB,
        wanted if wanted <= 2 * GIB => 2 * wanted,
        wanted => part(wanted, 4, 3).max(4 * GIB + 1),
    };
    let least = by_rule.max(sum(&[wanted, beside(load)]));
    let memory = Bytes(if least <= 512 * MIB { least } else { up_to(least, GIB) });
    let pool = dedicated_pool(memory).0.min(memory.0.saturating_sub(beside(load))).max(wanted) / CHUNK * CHUNK;
    let cpus: u64 = load.work.map_or(1, |work| work.cores()).into();
    let redo = redo_log(load.version, memory, cpus);
    let mut why = vec![
        because(
            "mysql memory",
            memory.approx(),
            "the least of which the dedicated-server rule gives the wanted pool, and pool + server + connections fit",
            &[
                ("working set", load.working_set.approx()),
                ("cached", load.cached.to_string()),
                ("connections", format!("{} x 2 MiB", load.connections)),
                ("server", Bytes(BESIDE).approx()),
            ],
            "MySQL manual, innodb_dedicated_server, turned round; 2 MiB a connection is an assumption",
        ),
        because(
            "innodb buffer pool",
            Bytes(pool).approx(),
            "128 MB below 1 GB, 1/2 to 4 GB, 3/4 above",
            &[("memory", memory.approx())],
            DEDICATED,
        ),
    ];
    why.extend(load.work.map(|work| work.why("mysql cores")));
    Need {
        instances: load.copies.max(1),
        each: Resources {
            cpu: Cores::whole(cpus),
            memory,
            disk: Bytes(sum(&[load.data.0, redo.0])),
            ..Resources::default()
        },
        settings: settings(load, pool, redo),
        why,
        warnings: warnings(load, pool),
    }
}

fn settings(load: &Load, pool: u64, redo: Bytes) -> Vec<Setting> {
    // A pool that is no multiple of chunk x instances would be rounded up past the memory planned for it.
    let fits = |instances: &u64| pool.is_multiple_of(CHUNK * instances) && pool >= GIB;
    let instances = (1..=8).rev().find(fits).unwrap_or(1);
    // `SUPER` gets one connection more; room for an operator and the exporter is left.
    let connections = load.connections.saturating_add(10).clamp(151, 100_000);
    vec![
        setting("innodb_buffer_pool_size", format!("{}M", pool / MIB), DEDICATED),
        setting("innodb_buffer_pool_instances", instances, "the pool stays a multiple of 128 MiB x instances"),
        setting("innodb_redo_log_capacity", format!("{}M", redo.0 / MIB), DEDICATED),
        setting("max_connections", connections, "all pools and 10 to spare, at least the default of 151"),
    ]
}

fn warnings(load: &Load, pool: u64) -> Vec<Warning> {
    let partly = (pool < load.working_set.0).then(|| {
        let share = u128::from(pool) * 100 / u128::from(load.working_set.0.max(1));
        warning(
            "pool-smaller-than-working-set",
            false,
            format!("the buffer pool of {} holds {share} % of the working set", Bytes(pool).approx()),
            "watch Innodb_buffer_pool_reads; take a larger machine when reads from disk rise",
        )
    });
    let many = (load.connections > 99_990).then(|| {
        warning(
            "too-many-connections",
            true,
            format!("{} connections are more than the 100,000 that MySQL accepts", load.connections),
            "put a pooler such as ProxySQL between, or divide the clients among replicas",
        )
    });
    partly.into_iter().chain(many).collect()
}

/// Whether a machine holds one server.
///
/// # Errors
/// What the machine lacks.
pub fn fit(need: &Need, machine: &Machine, environment: Environment) -> Result<Fit, Excuse> {
    fit_database(need, machine, environment)
}

#[cfg(test)]
#[path = "mysql_tests.rs"]
mod tests;
