//! What PostgreSQL needs for a load: pgtune's rules turned round.

use super::super::component::{Excuse, Fit, Need, Reckoning, Resources};
use super::super::plan::Warning;
use super::super::queueing::Work;
use super::super::reckon::{because, fit_database, part, sum, times, up_to, warning};
use super::{DataSize, Server, Storage, Workload, max_connections, tune};
use crate::blueprint::tier::Environment;
use crate::catalog::Machine;
use crate::units::{Bytes, Cores, Share};

const MIB: u64 = 1 << 20;
/// Below this pgtune says of itself that it is not optimal.
const LEAST_MEMORY: u64 = 256 * MIB;
/// The least `work_mem` that pgtune gives.
const WORK_MEM: u64 = 4 * MIB;

/// Tables and how they are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// All data on disk, with indexes.
    pub data: Bytes,
    /// Data and indexes in use.
    pub working_set: Bytes,
    /// The part of the working set that memory must hold.
    pub cached: Share,
    /// Connections; `None` is what pgtune takes for the workload.
    pub connections: Option<u32>,
    /// Queries; `None` takes one core.
    pub work: Option<Work>,
    /// How the database is used.
    pub workload: Workload,
    /// What the data lies on.
    pub storage: Storage,
    /// Major version.
    pub version: u32,
    /// The primary and its standbys.
    pub copies: u32,
}

impl Load {
    /// The machine as pgtune sees it.
    fn server(&self, memory: Bytes, cpus: u32) -> Server {
        let data = match self.data {
            data if data < memory => DataSize::BelowMemory,
            data if data.0 / 4 < memory.0 => DataSize::AboutMemory,
            _ => DataSize::AboveMemory,
        };
        let (storage, workload, version) = (self.storage, self.workload, self.version);
        Server { memory, cpus, storage, workload, connections: self.connections, data, version }
    }
}

/// The least memory of which pgtune gives the cache what it must hold, and each session its least `work_mem`.
///
/// `effective_cache_size` is 3/4 of the memory (1/4 on a desktop), and `(memory - shared_buffers) / ((connections + workers)
/// x 3)`, divided by workload, is at least 4 MB where connections were given.
pub fn need(load: &Load) -> Need {
    let cpus = load.work.map_or(1, |work| work.cores());
    let probe = load.server(Bytes(0), cpus);
    let wanted = part(load.working_set.0, load.cached.0, 1_000_000);
    let desktop = load.workload == Workload::Desktop;
    let for_cache = if desktop { times(&[wanted, 4]) } else { part(wanted, 4, 3) };
    let sessions = sum(&[max_connections(&probe).into(), if cpus < 4 { 8 } else { cpus.into() }]);
    let divisor = match load.workload {
        Workload::Web | Workload::Oltp => 1,
        Workload::Dw | Workload::Mixed => 2,
        Workload::Desktop => 6,
    };
    let shared = times(&[sessions, 3, divisor, WORK_MEM]);
    let for_sessions = match load.connections {
        None => 0,
        Some(_) if desktop => part(shared, 16, 15),
        Some(_) => part(shared, 4, 3),
    };
    let memory = Bytes(up_to(for_cache.max(for_sessions).max(LEAST_MEMORY), 256 * MIB));
    let server = load.server(memory, cpus);
    let log = match load.workload {
        Workload::Desktop => 2,
        Workload::Web | Workload::Mixed => 4,
        Workload::Oltp => 8,
        Workload::Dw => 16,
    };
    let mut why = reckonings(load, memory, sessions, log);
    why.extend(load.work.map(|work| work.why("postgresql cores")));
    Need {
        instances: load.copies.max(1),
        each: Resources {
            cpu: Cores::whole(cpus.into()),
            memory,
            disk: Bytes(sum(&[load.data.0, log << 30])),
            ..Resources::default()
        },
        settings: tune(&server),
        why,
        warnings: warnings(&server, load),
    }
}

fn reckonings(load: &Load, memory: Bytes, sessions: u64, log: u64) -> Vec<Reckoning> {
    vec![
        because(
            "postgresql memory",
            memory.approx(),
            "max(cached working set x 4/3, (connections + workers) x 3 x 4 MiB x 4/3), by workload",
            &[
                ("working set", load.working_set.approx()),
                ("cached", load.cached.to_string()),
                ("connections + workers", sessions.to_string()),
            ],
            "pgtune, configurationSlice.js, turned round",
        ),
        because(
            "postgresql disk",
            Bytes(sum(&[load.data.0, log << 30])).approx(),
            "data + max_wal_size",
            &[("data", load.data.approx()), ("max_wal_size", format!("{log} GiB"))],
            "pgtune, configurationSlice.js; room for dead rows is not in it",
        ),
    ]
}

fn warnings(server: &Server, load: &Load) -> Vec<Warning> {
    let connections = max_connections(server);
    let many = load.connections.filter(|_| u64::from(connections) > 100 * u64::from(server.cpus.max(1)));
    many.map(|_| {
        warning(
            "many-connections",
            false,
            format!(
                "{connections} connections on {} cores: each is a process, and few of them can work at a time",
                server.cpus
            ),
            "put PgBouncer between and give PostgreSQL cores x 2 + disks connections",
        )
    })
    .into_iter()
    .collect()
}

/// Whether a machine holds one server.
///
/// # Errors
/// What the machine lacks.
pub fn fit(need: &Need, machine: &Machine, environment: Environment) -> Result<Fit, Excuse> {
    fit_database(need, machine, environment)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::size::component::Bottleneck;
    use crate::size::test_machine::machine;

    fn load(working_set: u64, connections: Option<u32>) -> Load {
        Load {
            data: Bytes(working_set),
            working_set: Bytes(working_set),
            cached: Share::percent(100),
            connections,
            work: None,
            workload: Workload::Web,
            storage: Storage::Ssd,
            version: 15,
            copies: 1,
        }
    }

    #[test]
    fn by_hand() {
        // 48 GiB of cache take 64 GiB of memory, and shared_buffers 16 of it.
        let got = need(&load(48 << 30, None));
        assert_eq!((got.each.memory, got.each.disk), (Bytes::gib(64), Bytes::gib(52)));
        assert!(got.settings.iter().any(|set| set.name == "shared_buffers" && set.value == "16GB"));
        // (20 + 8) x 3 x 4 MiB x 4/3 = 448 MiB, so 512: S2.T1 gives the same.
        assert_eq!(need(&load(0, Some(20))).each.memory, Bytes::mib(512));
        assert_eq!(need(&load(0, Some(500))).warnings[0].id, "many-connections");
        let mut small = machine("t4g.small", 2, 2);
        small.burstable = true;
        let excuse = fit(&need(&load(0, None)), &small, Environment::Prod).unwrap_err();
        assert_eq!(excuse.bottleneck, Bottleneck::Burstable);
    }

    const WORKLOADS: [Workload; 5] = [Workload::Web, Workload::Oltp, Workload::Dw, Workload::Desktop, Workload::Mixed];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn more_never_takes_less(set: u64, more: u64, connections: Option<u32>, share: u64, which in 0usize..5) {
            let of = |set| need(&Load { cached: Share(share), workload: WORKLOADS[which], ..load(set, connections) });
            let (small, large) = (of(set), of(set.saturating_add(more)));
            prop_assert!(large.each.memory >= small.each.memory && large.each.disk >= small.each.disk);
        }

        #[test]
        fn two_halves_never_take_less(a in 0u64..1 << 50, b in 0u64..1 << 50, some in 1u32..1 << 20, others in 1u32..1 << 20, which in 0usize..5) {
            let of = |set, connections| {
                need(&Load { workload: WORKLOADS[which], ..load(set, Some(connections)) }).each.memory.0
            };
            prop_assert!(of(a, some) + of(b, others) >= of(a + b, some + others));
        }
    }
}
