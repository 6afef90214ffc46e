//! MongoDB: the WiredTiger cache and the memory around it.
//!
//! Source: MongoDB manual, WiredTiger storage engine, "Memory use" (read 2026-11-21): the cache takes by default the larger of
//! half of what is above 1 GB and 256 MB; a container's limit counts as the memory.

use super::component::{Excuse, Fit, Need, Resources};
use super::plan::Warning;
use super::queueing::Work;
use super::reckon::{because, fit_database, part, setting, sum, times, up_to, warning};
use crate::blueprint::tier::Environment;
use crate::catalog::Machine;
use crate::units::{Bytes, Cores, Share};

const SOURCE: &str = "MongoDB manual, WiredTiger storage engine, Memory use";
const LEAST_CACHE: u64 = 256 << 20;
/// The cache cannot be set larger: 10,000 GB.
const MOST_CACHE: u64 = 10_000 << 30;
/// An assumption: memory for sorts, aggregations and the file system beside the cache, at least.
const BESIDE: u64 = 512 << 20;
/// An assumption: a connection takes a thread with a stack of 1 MiB.
const CONNECTION: u64 = 1 << 20;

/// Documents and how they are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// All data on disk, with indexes.
    pub data: Bytes,
    /// Documents and indexes in use, uncompressed as the cache holds them.
    pub working_set: Bytes,
    /// The part of the working set that the cache must hold; the rest comes from the file system's cache.
    pub cached: Share,
    /// Connections from all clients.
    pub connections: u32,
    /// Operations; `None` takes one core.
    pub work: Option<Work>,
    /// Members of the replica set, 1 for a server alone.
    pub members: u32,
}

/// The cache that MongoDB takes by itself: `max((memory - 1 GB) / 2, 256 MB)`.
pub fn default_cache(memory: Bytes) -> Bytes {
    Bytes((memory.0.saturating_sub(1 << 30) / 2).max(LEAST_CACHE))
}

/// The least memory with which MongoDB's own cache holds what it must, and connections find room beside it.
pub fn need(load: &Load) -> Need {
    let wanted = part(load.working_set.0, load.cached.0, 1_000_000);
    let for_cache = if wanted <= LEAST_CACHE { 1 << 30 } else { sum(&[times(&[wanted, 2]), 1 << 30]) };
    let beside = sum(&[BESIDE, times(&[load.connections.into(), CONNECTION])]);
    // A machine of m leaves m/2 + 512 MB beside the cache.
    let for_rest = times(&[beside.saturating_sub(512 << 20), 2]);
    let memory = Bytes(up_to(for_cache.max(for_rest), 512 << 20));
    let cache = default_cache(memory);
    let cpu = Cores::whole(load.work.map_or(1, |work| work.cores()).into());
    let mut why = vec![
        because(
            "mongodb memory",
            memory.approx(),
            "max(2 x cache + 1 GiB, 2 x connections x 1 MiB), in steps of 512 MiB",
            &[
                ("working set", load.working_set.approx()),
                ("cached", load.cached.to_string()),
                ("connections", load.connections.to_string()),
            ],
            "MongoDB manual, Memory use, turned round; 1 MiB a connection is an assumption",
        ),
        because(
            "mongodb cache",
            cache.approx(),
            "max((memory - 1 GiB) / 2, 256 MiB)",
            &[("memory", memory.approx())],
            SOURCE,
        ),
    ];
    why.extend(load.work.map(|work| work.why("mongodb cores")));
    Need {
        instances: load.members.max(1),
        each: Resources { cpu, memory, disk: load.data, ..Resources::default() },
        settings: vec![setting("storage.wiredTiger.engineConfig.cacheSizeGB", in_gb(cache), SOURCE)],
        why,
        warnings: warnings(load, wanted),
    }
}

/// GB with two digits, rounded down, as `cacheSizeGB` is written; MongoDB's GB is 1024^3.
fn in_gb(cache: Bytes) -> String {
    let hundredths = (u128::from(cache.0.min(MOST_CACHE)) * 100) >> 30;
    let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn warnings(load: &Load, wanted: u64) -> Vec<Warning> {
    let even = (load.members > 1 && load.members.is_multiple_of(2)).then(|| {
        warning(
            "replica-set-is-even",
            false,
            format!(
                "a replica set of {} members bears no more failures than one of {}",
                load.members,
                load.members - 1
            ),
            "take an odd number of members, or add an arbiter",
        )
    });
    let large = (wanted > MOST_CACHE).then(|| {
        warning(
            "cache-larger-than-allowed",
            true,
            format!("a cache of {} is more than the 10,000 GB that MongoDB accepts", Bytes(wanted).approx()),
            "shard the collections over several replica sets",
        )
    });
    even.into_iter().chain(large).collect()
}

/// Whether a machine holds one member.
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
    use crate::size::test_machine::machine;

    fn load(working_set: u64, connections: u32) -> Load {
        Load {
            data: Bytes(working_set),
            working_set: Bytes(working_set),
            cached: Share::percent(100),
            connections,
            work: None,
            members: 1,
        }
    }

    #[test]
    fn caches_of_the_manual() {
        // The examples of the manual: 4 GB gives 1.5 GB, 1.25 GB gives 256 MB.
        assert_eq!(default_cache(Bytes::gib(4)), Bytes::mib(1536));
        assert_eq!(default_cache(Bytes::mib(1280)), Bytes::mib(256));
    }

    #[test]
    fn small_and_large() {
        // S5.T1: 1 GB of memory, and so a cache of 256 MB.
        let small = need(&load(Bytes::mib(200).0, 100));
        assert_eq!((small.each.memory, small.settings[0].value.as_str()), (Bytes::gib(1), "0.25"));
        let large = need(&load(Bytes::mib(7_680).0, 100));
        assert_eq!((large.each.memory, large.settings[0].value.as_str()), (Bytes::gib(16), "7.5"));
        // 3,000 connections at 1 MiB beside a small cache.
        assert_eq!(need(&load(0, 3_000)).each.memory, Bytes::gib(6));
        assert_eq!(need(&Load { members: 2, ..load(0, 1) }).warnings[0].id, "replica-set-is-even");
        assert!(fit(&small, &machine("m7g.medium", 1, 4), Environment::Prod).is_ok());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn more_never_takes_less(set: u64, more: u64, connections: u32, share: u64) {
            let of = |set| need(&Load { cached: Share(share), ..load(set, connections) });
            prop_assert!(of(set.saturating_add(more)).each.memory >= of(set).each.memory);
        }

        #[test]
        fn two_halves_never_take_less(a in 0u64..1 << 50, b in 0u64..1 << 50, some in 0u32..1 << 20, others in 0u32..1 << 20) {
            let of = |set, connections| need(&load(set, connections)).each.memory.0;
            prop_assert!(of(a, some) + of(b, others) >= of(a + b, some + others));
        }

        #[test]
        fn the_cache_holds_what_it_must(set in 0u64..1 << 50, connections in 0u32..1 << 20) {
            let memory = need(&load(set, connections)).each.memory;
            prop_assert!(default_cache(memory).0 >= set);
            prop_assert!(memory.0 - default_cache(memory).0 >= u64::from(connections) << 20);
        }
    }
}
