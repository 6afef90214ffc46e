//! What is known of a GPU model.

use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::Serialize;

use super::dtype::Capability;
use super::rows::rows;
use crate::catalog::Gpu;
use crate::units::Bytes;

/// A GPU model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GpuFacts {
    /// Model: `T4`.
    pub model: String,
    /// Memory as it is sold, in bytes.
    #[serde(rename = "memory_bytes")]
    pub memory: Bytes,
    /// Memory that `nvidia-smi` shows, in bytes: error correction takes some where it shares the memory. A CUDA program sees
    /// another 2% or so less (14.74 GiB of a T4, 22.03 GiB of an L4); the allowance for activations stands for that too.
    #[serde(rename = "visible_bytes")]
    pub visible: Bytes,
    /// Compute capability; absent when it is not known.
    pub capability: Option<Capability>,
    /// Memory bandwidth in bytes per second; absent when it is not known.
    pub bandwidth: Option<u64>,
    /// Where the figures were seen.
    pub source: String,
}

static TABLE: LazyLock<Vec<GpuFacts>> = LazyLock::new(|| rows(include_str!("gpus.csv"), 6).filter_map(read).collect());

fn read(cells: Vec<&str>) -> Option<GpuFacts> {
    let [model, memory, visible, capability, bandwidth, seen] = cells.try_into().ok()?;
    Some(GpuFacts {
        model: model.to_owned(),
        memory: Bytes::mib(memory.parse().ok()?),
        visible: Bytes::mib(visible.parse().ok()?),
        capability: Some(Capability(capability.parse().ok()?)),
        bandwidth: Some(bandwidth.parse::<u64>().ok()?.saturating_mul(1_000_000_000)),
        source: format!("{seen}; NVIDIA's data sheet; 2026-11-21"),
    })
}

/// Every GPU of the table.
pub fn gpus() -> &'static [GpuFacts] {
    &TABLE
}

/// The word by which a GPU is known: `T4` of `nvidia-tesla-t4`, `A100` of `NVIDIA A100 80GB`.
pub fn short_name(name: &str) -> String {
    let upper = name.to_ascii_uppercase();
    let mut words = upper.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.find(|word| !["NVIDIA", "TESLA"].contains(word)).unwrap_or_default().to_owned()
}

/// The GPU of that name; of several sizes the one that the name tells (`A100 80GB`), else the smallest.
pub fn named(name: &str) -> Option<&'static GpuFacts> {
    let wanted = short_name(name);
    let mut sizes = TABLE.iter().filter(|gpu| gpu.model == wanted);
    let digits = |gpu: &GpuFacts| (gpu.memory.0 >> 30).to_string();
    let told = sizes.clone().find(|gpu| name.to_ascii_uppercase().contains(&format!("{}GB", digits(gpu))));
    told.or_else(|| sizes.next())
}

/// What is known of the GPU of a machine: the row of its model whose memory is nearest, else what the catalogue says, of which
/// fifteen sixteenths are taken to be visible, as on the T4 and the L4 (an assumption).
pub fn facts(gpu: &Gpu) -> GpuFacts {
    let wanted = short_name(&gpu.model);
    let known = TABLE.iter().filter(|row| row.model == wanted).min_by_key(|row| row.memory.0.abs_diff(gpu.memory.0));
    known.filter(|row| row.memory.0.abs_diff(gpu.memory.0) <= row.memory.0 / 4).cloned().unwrap_or_else(|| GpuFacts {
        model: gpu.model.clone(),
        memory: gpu.memory,
        visible: Bytes(gpu.memory.0 / 16 * 15),
        capability: None,
        bandwidth: None,
        source: "the catalogue; that 15/16 of the memory is visible is an assumption".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read() {
        let lines = include_str!("gpus.csv").lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(gpus().len(), lines);
        assert!(gpus().iter().all(|gpu| gpu.visible <= gpu.memory && gpu.visible.0 >= gpu.memory.0 / 16 * 14));
    }

    #[test]
    fn found_by_any_usual_name() {
        for (name, gib) in [("nvidia-tesla-t4", 16), ("NVIDIA L4", 24), ("A100", 40), ("A100 80GB", 80), ("a10g", 24)] {
            assert_eq!(named(name).map(|gpu| gpu.memory), Some(Bytes::gib(gib)), "{name}");
        }
        assert_eq!(named("L40S"), None);
        assert_eq!(named(""), None);
        assert_eq!(named("T4").map(|gpu| gpu.visible), Some(Bytes::gib(15)));
    }

    #[test]
    fn the_nearest_size_and_else_an_assumption() {
        let of = |model: &str, memory| facts(&Gpu { model: model.to_owned(), count: 1, memory });
        assert_eq!(of("A100", Bytes(80_000_000_000)).memory, Bytes::gib(80));
        let unknown = of("Z9", Bytes::gib(32));
        assert_eq!((unknown.visible, unknown.capability), (Bytes::gib(30), None));
        // A known name with a memory that none of its sizes has is another GPU.
        assert_eq!(of("T4", Bytes::gib(64)).visible, Bytes::gib(60));
        assert_eq!(of("T4", Bytes(u64::MAX)).capability, None);
    }
}
