//! What every component model speaks in: what is needed, how that was reckoned, and why a machine does not do.

use schemars::JsonSchema;
use serde::Serialize;

use super::plan::{Setting, Warning};
use crate::catalog::Machine;
pub use crate::demand::Reckoning;
use crate::units::{Bytes, Cores};

/// What one instance takes of a machine.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Resources {
    /// Cores.
    pub cpu: Cores,
    /// Memory, in bytes.
    #[serde(rename = "memory_bytes")]
    pub memory: Bytes,
    /// Disk that must last, in bytes.
    #[serde(rename = "disk_bytes")]
    pub disk: Bytes,
    /// GPU memory, in bytes.
    #[serde(rename = "gpu_memory_bytes")]
    pub gpu_memory: Bytes,
}

/// What a component needs for a load: the answer of each family's `need`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Need {
    /// Instances of the same size.
    pub instances: u32,
    /// What each of them takes.
    pub each: Resources,
    /// Settings that follow from the size.
    pub settings: Vec<Setting>,
    /// How the figures were reckoned.
    pub why: Vec<Reckoning>,
    /// What must be known beside the figures: impossible or doubtful input, with the way out.
    pub warnings: Vec<Warning>,
}

/// What a machine lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Bottleneck {
    /// Architecture of the image.
    Arch,
    /// Cores.
    Cpu,
    /// Memory.
    Memory,
    /// Disk.
    Disk,
    /// A GPU at all, or its model.
    Gpu,
    /// Memory of one GPU, or of all of them.
    GpuMemory,
    /// Processors that are throttled.
    Burstable,
    /// Machines that are taken away when the provider needs them.
    Interrupted,
    /// Another machine type is named for it.
    Pinned,
    /// No price is known.
    Price,
    /// It does, and costs more than what was chosen.
    Cost,
}

/// Why a machine does not do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Excuse {
    /// The machine.
    pub machine: String,
    /// What it lacks.
    pub bottleneck: Bottleneck,
    /// A sentence with the figures: `needs 256 GiB, has 128 GiB`.
    pub because: String,
}

/// A machine that does, and how much of it is taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Fit {
    /// The machine.
    pub machine: String,
    /// What is taken most of: the next thing to run out.
    pub tightest: Bottleneck,
    /// Millionths of it that are taken.
    pub used_millionths: u64,
}

/// Whether a machine holds one instance, whatever it is; families add what they alone know.
///
/// # Errors
/// What the machine lacks, the plainest first.
pub fn fit(each: &Resources, machine: &Machine) -> Result<Fit, Excuse> {
    let excuse = |bottleneck, because: String| Err(Excuse { machine: machine.name.clone(), bottleneck, because });
    let gpu_memory = machine.gpu.as_ref().map_or(0, |gpu| gpu.memory.0.saturating_mul(gpu.count.into()));
    if each.gpu_memory.0 > 0 && machine.gpu.is_none() {
        return excuse(Bottleneck::Gpu, format!("needs a GPU with {}, has none", each.gpu_memory.approx()));
    }
    let parts = [
        (Bottleneck::GpuMemory, each.gpu_memory.0, gpu_memory),
        (Bottleneck::Memory, each.memory.0, machine.memory.0),
        (Bottleneck::Cpu, each.cpu.0, machine.cpu.0),
    ];
    for (bottleneck, needs, has) in parts {
        if needs > has {
            let show = |amount: u64| match bottleneck {
                Bottleneck::Cpu if amount == 1000 => "1 core".to_owned(),
                Bottleneck::Cpu => format!("{} cores", Cores(amount)),
                _ => Bytes(amount).approx(),
            };
            return excuse(bottleneck, format!("needs {}, has {}", show(needs), show(has)));
        }
    }
    let used = |needs: u64, has: u64| (u128::from(needs) * 1_000_000 / u128::from(has.max(1))) as u64;
    let tightest = parts.into_iter().map(|(what, needs, has)| (used(needs, has), what)).max_by_key(|(used, _)| *used);
    let (used_millionths, tightest) = tightest.unwrap_or((0, Bottleneck::Cpu));
    Ok(Fit { machine: machine.name.clone(), tightest, used_millionths })
}
