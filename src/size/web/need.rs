//! Instances of an API server for a rate of requests, and what waiting then is.

use super::super::component::{Excuse, Fit, Need, Reckoning, Resources, fit as fit_any};
use super::super::plan::Warning;
use super::super::queueing::{Queue, Work};
use super::super::reckon::{because, instances, times, up_to, warning};
use super::{Api, ideal_connections, plan, workers};
use crate::blueprint::tier::Environment;
use crate::catalog::Machine;
use crate::units::{Bytes, Cores};

const MIB: u64 = 1 << 20;
const POOL_SOURCE: &str = "HikariCP, About Pool Sizing: connections = cores x 2 + spindles";

/// Requests and the servers that answer them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Requests and their time on a core.
    pub work: Work,
    /// Cores of an instance.
    pub cores: Cores,
    /// Memory of a worker process.
    pub memory: Bytes,
    /// At least so many instances.
    pub instances: u32,
    /// Connections that each instance keeps to the database, where they are set.
    pub pool: Option<u32>,
    /// Cores of the database; 0 without one.
    pub database_cores: u32,
    /// Disks of the database that seek at the same time, 1 for a solid-state disk.
    pub spindles: u32,
    /// `max_connections` of the database.
    pub max_connections: u32,
    /// What it is for.
    pub environment: Environment,
}

/// Instances by square-root staffing; in production at least two, so that one may fail or be replaced.
pub fn need(load: &Load) -> Need {
    let each = load.cores.0.max(1);
    let staffed = times(&[load.work.cores().into(), 1000]);
    let least = if load.environment == Environment::Prod { 2 } else { 1 };
    let count = instances(staffed.div_ceil(each).max(load.instances.into()).max(least));
    let processes = workers(load.cores);
    let memory = Bytes(up_to(times(&[processes.into(), load.memory.0]), MIB));
    let mut out = Need {
        instances: count,
        each: Resources { cpu: load.cores, memory, ..Resources::default() },
        why: reckonings(load, count),
        ..Need::default()
    };
    if load.database_cores > 0 {
        let (database_cores, spindles, max_connections) = (load.database_cores, load.spindles, load.max_connections);
        let api = Api { instances: count, cores: load.cores, database_cores, spindles, max_connections };
        let planned = plan(&api);
        out.settings = planned.settings;
        let too_many = load.pool.and_then(|pool| pool_too_large(pool, count, database_cores, spindles));
        out.warnings.extend(too_many);
        out.warnings.extend(planned.note.map(|text| Warning {
            id: "database-connections".to_owned(),
            severe: !planned.accepted,
            text,
            hint: None,
        }));
        out.why.push(because(
            "connections that serve the database best",
            planned.ideal,
            "cores x 2 + spindles",
            &[("cores", database_cores.to_string()), ("spindles", spindles.to_string())],
            POOL_SOURCE,
        ));
    }
    out
}

fn reckonings(load: &Load, count: u32) -> Vec<Reckoning> {
    let mut out = vec![load.work.why("web cores")];
    out.push(because(
        "web instances",
        count,
        "max(cores / cores of an instance, least)",
        &[("cores", load.work.cores().to_string()), ("cores of an instance", load.cores.to_string())],
        "two at least in production, so that one may fail",
    ));
    let servers = u32::try_from(u128::from(count) * u128::from(load.cores.0) / 1000).unwrap_or(u32::MAX);
    out.extend(Queue::new(&load.work, servers).map(|queue| {
        because(
            "response time at 95 %",
            format!("{:.1} ms", queue.response_ms(0.95)),
            "M/M/c with Erlang C, wait and service together",
            &[
                ("servers", servers.to_string()),
                ("waits", format!("{:.1} %", queue.waits * 100.0)),
                ("mean wait", format!("{:.2} ms", queue.mean_wait_ms())),
            ],
            "Erlang C; assumes exponential times between arrivals and of service",
        )
    }));
    out
}

/// Warns of pools that together are larger than the database can use, with the way out.
///
/// A pool raised from 30 to 50 before a database of one core and one disk (S5.T6) leaves 47 connections to wait inside the
/// database, where they hold locks and memory, instead of in the pool.
pub fn pool_too_large(pool: u32, instances: u32, database_cores: u32, spindles: u32) -> Option<Warning> {
    let ideal = ideal_connections(database_cores, spindles);
    let all = u64::from(pool) * u64::from(instances);
    (all > u64::from(ideal)).then(|| {
        let fair = (ideal / instances.max(1)).max(1);
        let cores = all.saturating_sub(spindles.into()).div_ceil(2);
        warning(
            "pool-larger-than-database",
            false,
            format!(
                "{instances} x {pool} = {all} connections before a database of {database_cores} cores, which {ideal} keep busy \
                 (cores x 2 + {spindles}); the others wait inside it"
            ),
            &format!(
                "set the pool to {fair} for each instance and measure, or give the database {cores} cores before raising it"
            ),
        )
    })
}

/// Whether a machine holds one instance.
///
/// # Errors
/// What the machine lacks.
pub fn fit(need: &Need, machine: &Machine) -> Result<Fit, Excuse> {
    fit_any(&need.each, machine)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::size::queueing::Importance;
    use crate::size::test_machine::machine;
    use crate::units::Rate;

    fn load(rate: u64, micros: u64) -> Load {
        Load {
            work: Work { rate: Rate(rate), service_micros: micros, importance: Importance::High },
            cores: Cores::whole(4),
            memory: Bytes::mib(300),
            instances: 0,
            pool: None,
            database_cores: 4,
            spindles: 1,
            max_connections: 200,
            environment: Environment::Dev,
        }
    }

    #[test]
    fn instances_by_rate() {
        // 2,500/s of 2 ms take 9 cores: 3 instances of 4, each with 4 processes of 300 MiB.
        let got = need(&load(2_500_000, 2_000));
        assert_eq!((got.instances, got.each.memory), (3, Bytes::mib(1200)));
        assert!(got.why.iter().any(|why| why.figure == "response time at 95 %"));
        assert_eq!(need(&load(0, 0)).instances, 1);
        assert_eq!(need(&Load { environment: Environment::Prod, ..load(0, 0) }).instances, 2);
        assert!(fit(&got, &machine("m7g.xlarge", 4, 16)).is_ok());
        assert!(fit(&got, &machine("m7g.large", 2, 8)).is_err());
    }

    #[test]
    fn a_pool_larger_than_the_database() {
        // S5.T6 raises the pool from 30 to 50 before m7g.medium: 1 core and 1 disk make 3.
        let told = pool_too_large(50, 1, 1, 1).unwrap();
        assert!(told.text.contains("50 connections") && told.text.contains("which 3 keep busy"), "{}", told.text);
        assert!(told.hint.unwrap().contains("25 cores"));
        assert_eq!(pool_too_large(3, 1, 1, 1), None);
        let pool = Load { pool: Some(50), database_cores: 1, ..load(1_000, 1_000) };
        assert_eq!(need(&pool).warnings[0].id, "pool-larger-than-database");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn more_never_takes_less(rate: u64, more: u64, micros: u64, cores: u64, memory: u64, pool: Option<u32>, database: u32, limit: u32) {
            let of = |rate| need(&Load {
                cores: Cores(cores),
                memory: Bytes(memory),
                pool,
                database_cores: database,
                max_connections: limit,
                ..load(rate, micros)
            });
            prop_assert!(of(rate.saturating_add(more)).instances >= of(rate).instances);
        }

        #[test]
        fn two_halves_never_take_less(a in 0u64..1 << 40, b in 0u64..1 << 40, micros in 0u64..1 << 20, cores in 1u64..64_000) {
            let of = |rate| u64::from(need(&Load { cores: Cores(cores), ..load(rate, micros) }).instances);
            prop_assert!(of(a) + of(b) >= of(a + b));
        }
    }
}
