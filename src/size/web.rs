//! API servers: worker processes, and database connections that the database can bear.

use super::plan::Setting;
use crate::units::Cores;

mod need;

pub use need::{Load, fit, need, pool_too_large};

/// `superuser_reserved_connections` of PostgreSQL, by default: connections that an application never gets.
const RESERVED: u32 = 3;

/// Connections of SQLAlchemy's pool when nothing is set: `pool_size` 5 and `max_overflow` 10.
const POOL_LEFT_ALONE: u32 = 15;

/// API instances and the database behind them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Api {
    /// Instances over all servers.
    pub instances: u32,
    /// Cores of each instance.
    pub cores: Cores,
    /// Cores of the database server.
    pub database_cores: u32,
    /// Disks of the database server that can seek at the same time; 1 for a solid-state disk, 0 for data in memory.
    pub spindles: u32,
    /// `max_connections` of the database.
    pub max_connections: u32,
}

/// Worker processes and connections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Web {
    /// Worker processes of each instance.
    pub workers: u32,
    /// Connections that each worker process keeps.
    pub pool: u32,
    /// Connections of all processes together.
    pub connections: u32,
    /// Connections that serve the database best.
    pub ideal: u32,
    /// Whether the database accepts all of them.
    pub accepted: bool,
    /// Settings of each instance.
    pub settings: Vec<Setting>,
    /// What must be known beside the figures.
    pub note: Option<String>,
}

/// Worker processes of an instance: one for each whole core, at least one.
///
/// An event loop serves many requests in one process and fills one core, so a process per core is enough (`uvicorn
/// --workers`; the FastAPI image of its author starts `WORKERS_PER_CORE` = 1). The known `2 x cores + 1` is gunicorn's rule
/// for workers that block.
pub fn workers(cores: Cores) -> u32 {
    u32::try_from(cores.0 / 1000).unwrap_or(u32::MAX).max(1)
}

/// Connections that serve a database best: `cores x 2 + spindles` (HikariCP, "About Pool Sizing", after the PostgreSQL
/// project; a starting point to be measured).
pub fn ideal_connections(database_cores: u32, spindles: u32) -> u32 {
    database_cores.saturating_mul(2).saturating_add(spindles)
}

/// Divides the connections that serve the database best among all processes, at least one each, and checks the sum
/// against `max_connections` less the reserved ones.
pub fn plan(api: &Api) -> Web {
    let workers = workers(api.cores);
    let processes = workers.saturating_mul(api.instances);
    let ideal = ideal_connections(api.database_cores, api.spindles);
    let pool = ideal.checked_div(processes).unwrap_or(0).max(1);
    let connections = pool.saturating_mul(processes);
    let room = api.max_connections.saturating_sub(RESERVED);
    let accepted = connections <= room;
    let left_alone = processes.saturating_mul(POOL_LEFT_ALONE);
    let note = if !accepted {
        Some(format!(
            "{processes} processes need {connections} connections and PostgreSQL gives {room} ({} less {RESERVED} reserved); \
             run fewer processes, raise max_connections, or put a pooler such as PgBouncer between",
            api.max_connections
        ))
    } else if left_alone > room {
        Some(format!(
            "set the pool: left at SQLAlchemy's {POOL_LEFT_ALONE} connections, {processes} processes may open {left_alone}, and \
             PostgreSQL gives {room}"
        ))
    } else {
        None
    };
    let set =
        |name: &str, value: u32, because: String| Setting { name: name.to_owned(), value: value.to_string(), because };
    let settings = vec![
        set("WEB_CONCURRENCY", workers, format!("a process for each whole core of {}; uvicorn reads it", api.cores)),
        set(
            "pool_size",
            pool,
            format!(
                "{ideal} connections serve {} database cores best (cores x 2 + {}), among {} instances x {workers} processes",
                api.database_cores, api.spindles, api.instances
            ),
        ),
        set("max_overflow", 0, "the sum of the pools must stay what it was planned to be".to_owned()),
    ];
    Web { workers, pool, connections, ideal, accepted, settings, note }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn api(instances: u32, cores: u64, database_cores: u32) -> Api {
        Api { instances, cores: Cores::whole(cores), database_cores, spindles: 1, max_connections: 200 }
    }

    #[test]
    fn four_instances_of_four_cores() {
        // 32 x 2 + 1 = 65; 4 x 4 = 16 processes; 65 / 16 = 4 each, 64 in all. 16 x 15 = 240 would be too many.
        let got = plan(&api(4, 4, 32));
        assert_eq!((got.workers, got.ideal, got.pool, got.connections, got.accepted), (4, 65, 4, 64, true));
        assert!(got.note.unwrap().contains("240"));
    }

    #[test]
    fn part_of_a_core_still_runs() {
        assert_eq!(workers(Cores(500)), 1);
        assert_eq!(workers(Cores(3_900)), 3);
        let got = plan(&api(1, 0, 4));
        assert_eq!((got.pool, got.note), (9, None));
    }

    #[test]
    fn too_many_processes_are_told() {
        let got = plan(&api(50, 4, 8));
        assert_eq!((got.pool, got.connections, got.accepted), (1, 200, false));
        assert!(got.note.unwrap().contains("197"));
        // Exactly what is left over the reserved ones is accepted.
        assert!(plan(&api(197, 1, 8)).accepted);
    }

    proptest! {
        #[test]
        fn the_sum_stays_at_or_below_the_ideal_unless_each_has_one(instances: u32, millicores in 0u64..1 << 50, database_cores: u32) {
            let got = plan(&Api { cores: Cores(millicores), ..api(instances, 0, database_cores) });
            prop_assert!(got.connections <= got.ideal || got.pool == 1);
            prop_assert!(!got.accepted || got.connections <= 197);
        }
    }
}
