//! PostgreSQL settings from the machine, by the rules of pgtune.
//!
//! Source: `le0pard/pgtune`, `src/features/configuration/configurationSlice.js` and, for how values are written,
//! `src/common/components/configurationView/index.jsx`, at 7caef27c, for Linux. Everything is in whole kB (1024 bytes), as
//! there.

use super::plan::Setting;
use crate::units::Bytes;

mod need;

pub use need::{Load, fit, need};

const KB: u64 = 1024;
const MB_IN_KB: u64 = 1024;
const GB_IN_KB: u64 = 1024 * 1024;

/// What decides the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Server {
    /// Memory that PostgreSQL and the page cache it relies on may take.
    pub memory: Bytes,
    /// Cores.
    pub cpus: u32,
    /// What the data lies on.
    pub storage: Storage,
    /// How the database is used.
    pub workload: Workload,
    /// Most connections; `None` is what pgtune takes for the workload.
    pub connections: Option<u32>,
    /// The size of the database beside the memory.
    pub data: DataSize,
    /// Major version of PostgreSQL.
    pub version: u32,
}

/// What the data lies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Storage {
    /// Solid state.
    Ssd,
    /// Rotating disk.
    Hdd,
    /// A storage network.
    San,
    /// Solid state on PCIe.
    Nvme,
}

/// How the database is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workload {
    /// A web application: short queries, many connections.
    Web,
    /// Many small transactions.
    Oltp,
    /// A data warehouse: few large queries.
    Dw,
    /// A desktop beside other programs.
    Desktop,
    /// Both kinds.
    Mixed,
}

/// The size of the database beside the memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DataSize {
    /// It fits into memory.
    BelowMemory,
    /// About as large, or not known: pgtune's default.
    #[default]
    AboutMemory,
    /// Much larger.
    AboveMemory,
}

/// The settings, in the order in which pgtune writes them; the later ones only where pgtune sets them.
pub fn tune(server: &Server) -> Vec<Setting> {
    let mut out = memory(server);
    out.extend(write_ahead(server));
    out.extend(planner(server));
    out.extend(parallel(server));
    out.extend(rest(server));
    out
}

/// `max_connections`: as given, else by workload.
pub fn max_connections(server: &Server) -> u32 {
    server.connections.filter(|given| *given > 0).unwrap_or(match server.workload {
        Workload::Web => 200,
        Workload::Oltp => 300,
        Workload::Dw => 40,
        Workload::Desktop => 20,
        Workload::Mixed => 100,
    })
}

/// Memory in kB as PostgreSQL writes it: the largest unit that loses nothing.
fn written(kb: u64) -> String {
    match kb {
        kb if kb.is_multiple_of(GB_IN_KB) => format!("{}GB", kb / GB_IN_KB),
        kb if kb.is_multiple_of(MB_IN_KB) => format!("{}MB", kb / MB_IN_KB),
        kb => format!("{kb}kB"),
    }
}

fn set(name: &str, value: impl ToString, because: impl Into<String>) -> Setting {
    Setting { name: name.to_owned(), value: value.to_string(), because: format!("pgtune: {}", because.into()) }
}

fn total_kb(server: &Server) -> u64 {
    server.memory.0 / KB
}

fn shared_buffers(server: &Server) -> u64 {
    total_kb(server) / if server.workload == Workload::Desktop { 16 } else { 4 }
}

fn maintenance(server: &Server) -> u64 {
    (total_kb(server) / if server.workload == Workload::Dw { 8 } else { 16 }).min(8 * GB_IN_KB)
}

/// `(memory - shared_buffers) / ((connections + workers) x 3)`, then by workload and by the size of the data, at least
/// 4 MB. Without parallel settings pgtune counts the 8 workers that PostgreSQL has by default.
fn work_mem(server: &Server) -> u64 {
    let workers = if server.cpus < 4 { 8 } else { u64::from(server.cpus) };
    let sessions = 3 * (u64::from(max_connections(server)) + workers);
    let divisor = match server.workload {
        Workload::Web | Workload::Oltp => 1,
        Workload::Dw | Workload::Mixed => 2,
        Workload::Desktop => 6,
    };
    let share = (total_kb(server) - shared_buffers(server)) / (sessions * divisor);
    let tenths = match server.data {
        DataSize::BelowMemory => 13,
        DataSize::AboutMemory => 10,
        DataSize::AboveMemory => 9,
    };
    (share * tenths / 10).max(4 * MB_IN_KB)
}

fn memory(server: &Server) -> Vec<Setting> {
    let total = server.memory.approx();
    let (buffers, maintenance) = (shared_buffers(server), maintenance(server));
    let desktop = server.workload == Workload::Desktop;
    let cache = if desktop { total_kb(server) / 4 } else { total_kb(server) * 3 / 4 };
    let connections = max_connections(server);
    let given = if server.connections == Some(connections) { "as given" } else { "usual for the workload" };
    let mut out = vec![
        set("max_connections", connections, given),
        set("shared_buffers", written(buffers), format!("1/{} of {total}", if desktop { 16 } else { 4 })),
        set("effective_cache_size", written(cache), format!("{} of {total}", if desktop { "1/4" } else { "3/4" })),
        set(
            "maintenance_work_mem",
            written(maintenance),
            format!("1/{} of {total}, at most 8 GB", if server.workload == Workload::Dw { 8 } else { 16 }),
        ),
        set(
            "work_mem",
            written(work_mem(server)),
            format!("(memory - shared_buffers) / ((connections + workers) x 3) of {total}, by workload, at least 4 MB"),
        ),
        set("huge_pages", if buffers >= 2 * GB_IN_KB { "try" } else { "off" }, "worth it from 2 GB of shared_buffers"),
    ];
    if maintenance >= 2 * GB_IN_KB {
        out.push(set("autovacuum_work_mem", "2GB", "several workers must not each take maintenance_work_mem"));
    }
    out
}

fn write_ahead(server: &Server) -> Vec<Setting> {
    let near = (3 * shared_buffers(server) / 100).clamp(32, 16 * MB_IN_KB);
    let buffers = if near > 14 * MB_IN_KB { 16 * MB_IN_KB } else { near };
    let (least, most) = match server.workload {
        Workload::Web | Workload::Mixed => ("1GB", "4GB"),
        Workload::Oltp => ("2GB", "8GB"),
        Workload::Dw => ("4GB", "16GB"),
        Workload::Desktop => ("100MB", "2GB"),
    };
    let mut out = vec![
        set("wal_buffers", written(buffers), "3 % of shared_buffers, at most 16 MB, rounded up from 14 MB"),
        set("min_wal_size", least, "by workload"),
        set("max_wal_size", most, "by workload"),
        set("checkpoint_completion_target", "0.9", "spreads the writes of a checkpoint"),
    ];
    if server.version >= 15 {
        out.push(set("wal_compression", "lz4", "version 15 and later; needs a build with lz4"));
    } else if server.version >= 10 {
        out.push(set("wal_compression", "on", "before version 15 there is pglz only"));
    }
    if server.workload == Workload::Desktop {
        out.push(set("wal_level", "minimal", "nothing replicates from a desktop"));
        out.push(set("max_wal_senders", "0", "must be 0 with wal_level = minimal"));
    }
    out
}

fn planner(server: &Server) -> Vec<Setting> {
    let dw = server.workload == Workload::Dw;
    let (page_cost, why) = match (server.data, server.storage) {
        (DataSize::BelowMemory, _) => ("1.1", "the database is read from memory"),
        (_, Storage::Hdd) => ("4", "seeking on a rotating disk is slow"),
        _ if dw => ("4", "large reads are faster in sequence, on any disk"),
        _ => ("1.1", "random reads cost little more on solid state"),
    };
    let concurrency = match server.storage {
        Storage::Hdd => 2,
        Storage::Ssd => 200,
        Storage::San => 300,
        Storage::Nvme => 1000,
    };
    let mut out = vec![
        set("random_page_cost", page_cost, why),
        set("effective_io_concurrency", concurrency, "by storage"),
        set("default_statistics_target", if dw { 500 } else { 100 }, "by workload"),
    ];
    if server.version >= 12 && !matches!(server.workload, Workload::Dw | Workload::Desktop) {
        out.push(set("jit", "off", "compiling costs more than it saves on short queries"));
    }
    out
}

/// Workers for parallel queries; below 4 cores PostgreSQL's own defaults stay.
fn parallel(server: &Server) -> Vec<Setting> {
    if server.cpus < 4 {
        return Vec::new();
    }
    let half = server.cpus.div_ceil(2);
    let gather = if server.workload == Workload::Dw { half } else { half.min(4) };
    let mut out = vec![
        set("max_worker_processes", server.cpus, "one per core"),
        set("max_parallel_workers_per_gather", gather, "half the cores, at most 4 except for data warehouses"),
    ];
    if server.version >= 10 {
        out.push(set("max_parallel_workers", server.cpus, "one per core"));
    }
    if server.version >= 11 {
        out.push(set("max_parallel_maintenance_workers", half.min(4), "half the cores, at most 4"));
    }
    out
}

/// Autovacuum and I/O workers where the machine takes more than the default.
///
/// pgtune also sets `io_method = io_uring` from version 18; that is left out, as the default seccomp profile of Docker
/// refuses io_uring and the server would not start.
fn rest(server: &Server) -> Vec<Setting> {
    let vacuum = match server.cpus {
        32.. => Some(5),
        16.. => Some(4),
        _ => None,
    };
    let io = Some((server.cpus / 4).min(32)).filter(|workers| server.version >= 18 && *workers > 3);
    let vacuum = vacuum.map(|workers| set("autovacuum_max_workers", workers, "4 from 16 cores, 5 from 32"));
    let io = io.map(|workers| set("io_workers", workers, "a quarter of the cores, at most 32"));
    vacuum.into_iter().chain(io).collect()
}

#[cfg(test)]
#[path = "sql_tests.rs"]
mod tests;
