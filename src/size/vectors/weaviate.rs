//! Weaviate.

use super::load::{Copy, Load, Quantisation, all, spread, unsupported};
use crate::size::component::Need;
use crate::size::plan::Setting;

/// Connections of a vector (`maxConnections`) in the example of the page below, 10 bytes each.
const CONNECTIONS: u128 = 64 * 10;

const SOURCE: &str = "weaviate/docs, docs/weaviate/concepts/resources.md (072dae81): twice the footprint of the vectors, \
                      or vectors + maxConnections x 10 B where that is more; LIMIT_RESOURCES leaves 80 % of the memory; \
                      assumptions: compressed codes count as the footprint, disk twice what is stored for compaction";

/// What Weaviate needs: the larger of its two rules, in the 80 % of the memory that it takes.
pub fn need(load: &Load) -> Need {
    let mut warnings = Vec::new();
    let mut load = *load;
    if load.quantisation == Quantisation::Half {
        warnings.push(unsupported(&load, "8-bit (SQ, RQ) and 1-bit (BQ) compression, and PQ"));
        load.quantisation = Quantisation::None;
    }
    let kept = load.quantisation.bytes(load.dims);
    let each = kept.saturating_mul(2).max(kept.saturating_add(CONNECTIONS));
    let extra = if load.quantisation == Quantisation::None { 0 } else { kept };
    let raw = Quantisation::None.bytes(load.dims);
    let stored = raw.saturating_add(extra).saturating_add(CONNECTIONS).saturating_add(load.payload.0.into());
    let copy = Copy {
        memory: all(&load, each).saturating_mul(5).div_ceil(4),
        memory_formula: format!("{} x max(2 x {kept} B, {kept} B + 64 x 10 B) / 0.8", load.vectors),
        disk: all(&load, stored).saturating_mul(2),
        disk_formula: format!("{} x {stored} B (vector, codes, graph, payload) x 2", load.vectors),
        source: SOURCE,
    };
    let mut need = spread(&load, copy, load.shards, warnings);
    need.settings.push(Setting {
        name: "LIMIT_RESOURCES".to_owned(),
        value: "true".to_owned(),
        because: "Weaviate then stops at 80 % of the memory and leaves a core to the system".to_owned(),
    });
    need
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::size::vectors::Engine;
    use crate::units::{Bytes, Count};

    #[test]
    fn the_examples_of_the_documentation() {
        // One million vectors of 1536 dimensions: 2 x 6,144,000,000 = 12,288,000,000; / 0.8.
        let got = need(&Load::new(Engine::Weaviate, Count(1_000_000), 1536));
        assert_eq!(got.each.memory, Bytes(15_360_000_000));
        // 384 dimensions: 2 x 1,536 = 3,072 B ("3 GB"), more than 1,536 + 640 ("2.2 GB"); / 0.8.
        let small = need(&Load::new(Engine::Weaviate, Count(1_000_000), 384));
        assert_eq!(small.each.memory, Bytes(3_840_000_000));
    }

    #[test]
    fn with_few_bits_the_graph_decides() {
        let base = Load::new(Engine::Weaviate, Count(1_000_000), 768);
        // 96 + 640 = 736 B; / 0.8 = 920.
        assert_eq!(need(&Load { quantisation: Quantisation::Binary, ..base }).each.memory, Bytes(920_000_000));
        let half = need(&Load { quantisation: Quantisation::Half, ..base });
        assert_eq!(half.each.memory, need(&base).each.memory);
        assert_eq!(half.warnings[0].id, "quantisation-not-available");
    }
}
