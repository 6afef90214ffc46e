//! The nodes of Milvus Distributed besides those that search, as the official calculator plans them.

use schemars::JsonSchema;
use serde::Serialize;

use super::nodes::{Nodes, query_nodes};
use crate::units::{Bytes, Cores};

/// Milvus release, as far as its parts differ.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub enum Release {
    /// 2.5: index nodes, no streaming nodes, no Woodpecker.
    #[serde(rename = "2.5")]
    V2_5,
    /// 2.6 and later: data nodes build the indexes, streaming nodes take what is written.
    #[default]
    #[serde(rename = "2.6")]
    V2_6,
}

/// Every node of the cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NodeTable {
    /// Nodes that hold the index and search.
    pub query: Nodes,
    /// Front doors.
    pub proxy: Nodes,
    /// Coordinator.
    pub mix_coord: Nodes,
    /// Nodes that write segments, from 2.6 on also build indexes.
    pub data: Nodes,
    /// Nodes that build indexes, until 2.5.
    pub index: Option<Nodes>,
    /// Nodes that take what is written, from 2.6 on.
    pub streaming: Option<Nodes>,
}

const GIB: u64 = 1 << 30;

const fn nodes(cores: u64, gib: u64, count: u64) -> Nodes {
    Nodes { count, cores: Cores::whole(cores), memory: Bytes::gib(gib) }
}

/// The nodes for an index that takes `memory`, kept `replicas` times.
///
/// Source: `clusterNodesConfigCalculator` in `sizingTool.ts` (2.6) and `sizingToolV250.ts` with `FIXED_QUERY_NODE_CONFIG`
/// of `src/consts/sizingV250.ts` (2.5). The calculator knows no replicas: each is taken as a set of query nodes of its
/// own, as Milvus's in-memory replicas are.
pub fn node_table(memory: Bytes, replicas: u32, release: Release) -> NodeTable {
    let mut query = query_nodes(memory);
    query.count = query.count.saturating_mul(u64::from(replicas.max(1)));
    let row = memory.0 / GIB;
    let (front, data, index) = match row {
        0..8 => (nodes(1, 4, 1), nodes(2, 8, 1), nodes(2, 8, 1)),
        8..16 => (nodes(2, 8, 1), nodes(4, 16, 1), nodes(4, 16, 1)),
        16..64 => (nodes(2, 8, 1), nodes(4, 16, 2), nodes(4, 16, 2)),
        64..96 => (nodes(2, 8, 1), nodes(4, 16, 4), nodes(4, 16, 4)),
        _ => (nodes(8, 32, 1), nodes(8, 16, 8), nodes(8, 16, 8)),
    };
    let common = NodeTable { query, proxy: front, mix_coord: front, data, index: None, streaming: None };
    match release {
        Release::V2_6 => NodeTable { streaming: Some(streaming(query)), ..common },
        Release::V2_5 => {
            let data = if row < 96 { nodes(2, 8, 1) } else { nodes(8, 32, 1) };
            NodeTable { data, index: Some(index), ..common }
        }
    }
}

/// Streaming nodes by the cores of all query nodes: 2 cores for each 16 of them (`streamNodeConfigCalculator`).
fn streaming(query: Nodes) -> Nodes {
    let units = query.count.saturating_mul(query.cores.0).div_ceil(16_000);
    match units {
        0..=1 => nodes(2, 8, 1),
        2 => nodes(4, 16, 1),
        3..=4 => nodes(4, 16, 2),
        5..=8 => nodes(8, 32, 2),
        more => nodes(8, 32, more.div_ceil(4)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn memory(table: &NodeTable) -> u128 {
        let all = [Some(table.query), Some(table.proxy), Some(table.mix_coord), Some(table.data)];
        let all = all.into_iter().chain([table.index, table.streaming]).flatten();
        all.map(|nodes| u128::from(nodes.count) * u128::from(nodes.memory.0)).sum()
    }

    #[test]
    fn a_small_and_a_large_cluster() {
        let small = node_table(Bytes::gib(3), 1, Release::V2_6);
        assert_eq!((small.query, small.data, small.streaming), (nodes(2, 8, 1), nodes(2, 8, 1), Some(nodes(2, 8, 1))));
        // 6,171 GiB: 49 x 32 cores = 1,568; / 16 = 98 units of 2 cores; / 8 cores = 24.5.
        let large = node_table(Bytes::gib(6171), 1, Release::V2_6);
        assert_eq!((large.query, large.streaming), (nodes(32, 128, 49), Some(nodes(8, 32, 25))));
        let older = node_table(Bytes::gib(6171), 2, Release::V2_5);
        assert_eq!((older.query.count, older.index, older.streaming), (98, Some(nodes(8, 16, 8)), None));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn more_never_takes_less(a in 0u64..1 << 44, b in 0u64..1 << 44, r in 1u32..5, s in 1u32..5) {
            for release in [Release::V2_5, Release::V2_6] {
                let less = node_table(Bytes(a.min(b)), r.min(s), release);
                let more = node_table(Bytes(a.max(b)), r.max(s), release);
                prop_assert!(memory(&less) <= memory(&more));
            }
            node_table(Bytes(u64::MAX - a), u32::MAX, Release::V2_6);
        }
    }
}
