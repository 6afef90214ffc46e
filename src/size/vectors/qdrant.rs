//! Qdrant.

use super::load::{Copy, Load, Quantisation, all, spread};
use crate::size::component::Need;

/// Neighbours of a vector in the graph (`m` of `hnsw_config`, default 16), twice that many in the lowest layer, four
/// bytes each.
const GRAPH: u128 = 2 * 16 * 4;

const SOURCE: &str = "qdrant.tech/documentation/capacity-planning (read 2026-11-21): vectors x dimensions x 4 B x 1.5; \
                      assumptions: with quantisation the codes take the place of the vectors and the graph is added, on \
                      disk the same half again for segments being merged";

/// What Qdrant needs. All in memory: `N d 4 x 1.5`, of which the half covers indexes, versions and temporary segments.
/// Quantised, codes and graph stay in memory and the vectors lie on disk (`on_disk`, `always_ram`).
pub fn need(load: &Load) -> Need {
    let codes = load.quantisation.bytes(load.dims);
    let (each, formula) = match load.quantisation {
        Quantisation::None => (codes, format!("{} x {} x 4 B x 1.5", load.vectors, load.dims)),
        kind => (
            codes.saturating_add(GRAPH),
            format!("{} x ({codes} B as {} + {GRAPH} B of graph) x 1.5", load.vectors, kind.word()),
        ),
    };
    let raw = Quantisation::None.bytes(load.dims);
    let extra = if load.quantisation == Quantisation::None { 0 } else { codes };
    let stored = raw.saturating_add(extra).saturating_add(GRAPH).saturating_add(load.payload.0.into());
    let half_again = |amount: u128| amount.saturating_mul(3).div_ceil(2);
    let copy = Copy {
        memory: half_again(all(load, each)),
        memory_formula: formula,
        disk: half_again(all(load, stored)),
        disk_formula: format!("{} x {stored} B (vector, codes, graph, payload) x 1.5", load.vectors),
        source: SOURCE,
    };
    spread(load, copy, load.shards, Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::size::vectors::Engine;
    use crate::units::{Bytes, Cores, Count};

    #[test]
    fn the_example_of_the_documentation() {
        // 1,000,000 x 1024 x 4 x 1.5 = 6,144,000,000, "about 5.72 GB".
        let got = need(&Load::new(Engine::Qdrant, Count(1_000_000), 1024));
        assert_eq!((got.instances, got.each.memory, got.each.cpu), (1, Bytes(6_144_000_000), Cores::whole(2)));
        // 1e6 x (4096 + 128) x 1.5.
        assert_eq!(got.each.disk, Bytes(6_336_000_000));
    }

    #[test]
    fn quantised_and_spread() {
        let base = Load::new(Engine::Qdrant, Count(1_000_000), 1024);
        let got = need(&Load { quantisation: Quantisation::Int8, shards: 2, replicas: 3, ..base });
        // 1e6 x (1024 + 128) x 1.5 / 2.
        assert_eq!((got.instances, got.each.memory), (6, Bytes(864_000_000)));
        let binary = need(&Load { quantisation: Quantisation::Binary, ..base });
        assert_eq!(binary.each.memory, Bytes(384_000_000));
    }
}
