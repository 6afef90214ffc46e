//! The log through which Milvus Distributed writes, as the official calculator plans it.

use schemars::JsonSchema;
use serde::Serialize;

use super::nodes::Nodes;
use crate::units::{Bytes, Cores};

/// Message queue, or write-ahead log, of Milvus Distributed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Queue {
    /// Part of the streaming nodes, on the object store; from 2.6 on.
    #[default]
    Woodpecker,
    /// Pulsar with BookKeeper and ZooKeeper.
    Pulsar,
    /// Kafka with ZooKeeper.
    Kafka,
}

/// Servers of one kind with a disk each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueServers {
    /// What they are: `pulsar-bookie`.
    pub role: &'static str,
    /// How many, and their cores and memory.
    pub nodes: Nodes,
    /// Disk of each.
    pub disk: Bytes,
}

/// Raw size from which the calculator takes larger servers: 100 M x 768 dimensions (`$100M768D`).
const RAW_100M: Bytes = Bytes(100_000_000 * 768 * 4);
const GIB: u64 = 1 << 30;

/// Disk for the ledgers of a bookie, and for a Kafka broker: the raw size in whole GiB, at least 20
/// (`pulsarLedgers`, `kafkaBrokerPvc`).
pub fn ledgers(raw: Bytes) -> Bytes {
    Bytes(raw.0.div_ceil(GIB).max(20).saturating_mul(GIB))
}

/// Disk for the journal of a bookie: half the raw size in whole GiB, at most 50 GiB (`pulsarJournal`).
pub fn journal(raw: Bytes) -> Bytes {
    Bytes((raw.0.div_ceil(GIB).saturating_mul(GIB / 2)).min(50 * GIB))
}

/// The servers of a queue for `raw` bytes of vectors and scalars; none for Woodpecker, which is part of the streaming
/// nodes.
///
/// Source: `dependencyCalculator` in `sizingTool.ts`. The page of 2.5 returns to the smaller servers above 1 B x 768
/// dimensions, where it gives no answer any more; here they stay large.
pub fn servers(queue: Queue, raw: Bytes) -> Vec<QueueServers> {
    let large = raw >= RAW_100M;
    let pick = |small: u64, big: u64| if large { big } else { small };
    let of = |role, millis: u64, gib: u64, count, disk| QueueServers {
        role,
        nodes: Nodes { count, cores: Cores(millis), memory: Bytes::gib(gib) },
        disk,
    };
    let zookeeper = |role| of(role, 500, pick(2, 4), 3, Bytes::gib(pick(30, 50)));
    match queue {
        Queue::Woodpecker => Vec::new(),
        Queue::Pulsar => {
            let disk = Bytes(journal(raw).0.saturating_add(ledgers(raw).0));
            vec![
                of("pulsar-bookie", pick(1000, 2000), pick(8, 16), 3, disk),
                of("pulsar-broker", pick(1000, 2000), pick(4, 8), 2, Bytes(0)),
                of("pulsar-proxy", pick(500, 1000), 4, 2, Bytes(0)),
                zookeeper("pulsar-zookeeper"),
            ]
        }
        Queue::Kafka => {
            vec![of("kafka-broker", pick(2000, 4000), pick(8, 16), 3, ledgers(raw)), zookeeper("kafka-zookeeper")]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disks_of_bookies() {
        // 11 M x 767 x 4 + 11 M x 500 = 39,248,000,000; / 2^30 = 36.6: 37 GiB of ledgers, 18.5 of journal.
        let raw = Bytes(39_248_000_000);
        assert_eq!((ledgers(raw), journal(raw)), (Bytes::gib(37), Bytes(18 * GIB + GIB / 2)));
        assert_eq!((ledgers(Bytes(1)), journal(Bytes(1))), (Bytes::gib(20), Bytes(GIB / 2)));
        assert_eq!(journal(Bytes(u64::MAX)), Bytes::gib(50));
    }

    #[test]
    fn woodpecker_has_no_servers_of_its_own() {
        assert!(servers(Queue::Woodpecker, RAW_100M).is_empty());
        assert_eq!(servers(Queue::Kafka, RAW_100M)[0].nodes.memory, Bytes::gib(16));
        assert_eq!(servers(Queue::Kafka, Bytes(RAW_100M.0 - 1))[0].nodes.memory, Bytes::gib(8));
    }
}
