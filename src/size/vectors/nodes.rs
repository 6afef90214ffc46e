//! The machines that the official calculator would take for an amount of memory.

use schemars::JsonSchema;
use serde::Serialize;

use crate::units::{Bytes, Cores};

/// Machines of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Nodes {
    /// How many.
    pub count: u64,
    /// Cores of each.
    pub cores: Cores,
    /// Memory of each, in bytes.
    #[serde(rename = "memory_bytes")]
    pub memory: Bytes,
}

const GIB: u64 = 1 << 30;

/// The machine for Milvus Standalone: 8 or 16 GiB, above that the next multiple of 32 GiB; a core for each 4 GiB.
///
/// Source: `standaloneNodeConfigCalculator` in `sizingToolCommon.ts`. The machine may be larger than any there is: the
/// calculator does not look.
pub fn standalone_machine(memory: Bytes) -> Nodes {
    let gib = match memory.0.div_ceil(GIB) {
        0..=8 => 8,
        9..=16 => 16,
        more => more.div_ceil(32) * 32,
    };
    // 2^34 GiB is the one amount that 64 bits of bytes cannot hold.
    Nodes { count: 1, cores: Cores::whole(gib / 4), memory: Bytes(gib.saturating_mul(GIB)) }
}

/// The query nodes of Milvus Distributed.
///
/// Source: `clusterNodesConfigCalculator` in `sizingTool.ts`; each bound belongs to the larger row.
pub fn query_nodes(memory: Bytes) -> Nodes {
    let (count, cores, gib) = match memory.0 / GIB {
        0..8 => (1, 2, 8),
        8..16 => (1, 4, 16),
        whole @ 16..96 => (whole / 16 + 1, 4, 16),
        96..512 => (memory.0.div_ceil(32 * GIB), 8, 32),
        512..2048 => (memory.0.div_ceil(64 * GIB), 16, 64),
        _ => (memory.0.div_ceil(128 * GIB), 32, 128),
    };
    Nodes { count, cores: Cores::whole(cores), memory: Bytes::gib(gib) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn standalone_steps() {
        for (gib, want) in [(0, 8), (8, 8), (9, 16), (16, 16), (17, 32), (32, 32), (33, 64), (128, 128), (129, 160)] {
            let got = standalone_machine(Bytes::gib(gib));
            assert_eq!((got.memory, got.cores), (Bytes::gib(want), Cores::whole(want / 4)), "{gib}");
        }
        assert_eq!(standalone_machine(Bytes(8 * GIB + 1)).memory, Bytes::gib(16));
        assert_eq!(standalone_machine(Bytes(u64::MAX)).memory, Bytes(u64::MAX));
    }

    #[test]
    fn query_node_table() {
        for (gib, count, cores, each) in [
            (7, 1, 2, 8),
            (8, 1, 4, 16),
            (16, 2, 4, 16),
            (31, 2, 4, 16),
            (32, 3, 4, 16),
            (95, 6, 4, 16),
            (96, 3, 8, 32),
            (511, 16, 8, 32),
            (512, 8, 16, 64),
            (2047, 32, 16, 64),
            (2048, 16, 32, 128),
            // IVF_SQ8 of 15 billion vectors of 384 dimensions: 6,171.4 GiB / 128 = 48.2.
            (6171, 49, 32, 128),
        ] {
            let got = query_nodes(Bytes::gib(gib));
            let want = Nodes { count, cores: Cores::whole(cores), memory: Bytes::gib(each) };
            assert_eq!(got, want, "{gib}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn nodes_hold_what_they_were_sized_for(memory: u64) {
            let (one, many) = (standalone_machine(Bytes(memory)), query_nodes(Bytes(memory)));
            prop_assert!(one.memory.0 >= memory);
            prop_assert!(u128::from(many.count) * u128::from(many.memory.0) >= u128::from(memory));
        }
    }
}
