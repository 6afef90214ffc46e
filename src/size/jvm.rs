//! Memory of a Java process: heap, metaspace, thread stacks, code cache, direct buffers, the collector's own structures.
//!
//! Defaults are what `java -XX:+PrintFlagsFinal` of OpenJDK 17.0.15 on Linux x86-64 printed on 2026-11-21 (the same on
//! aarch64, `globals_linux_aarch64.hpp`), and for OpenJ9 its documentation (eclipse.dev/openj9/docs, read 2026-11-21).

use super::component::{Excuse, Fit, Need, Resources, fit as fit_any};
use super::plan::{Setting, Warning};
use super::reckon::{because, jvm_size, part, setting, sum, times, up_to, warning};
use crate::catalog::Machine;
use crate::units::{Bytes, Cores};

/// `ThreadStackSize` of HotSpot: 1,024 kB.
pub const STACK: Bytes = Bytes::mib(1);
/// `ReservedCodeCacheSize` of HotSpot with tiered compilation: 251,658,240 bytes.
pub const CODE_CACHE: Bytes = Bytes::mib(240);
/// From this heap on, pointers take 8 bytes instead of 4 (`UseCompressedOops`).
pub const COMPRESSED_OOPS_END: Bytes = Bytes::gib(32);
/// The largest heap that HotSpot takes by itself: what compressed pointers reach, less `HeapBaseMinAddress` (2 GiB) and one
/// region of G1 at its largest (32 MiB). 32,178,700,288 bytes, as machines of 128 GB and more print it.
const MOST_DEFAULT_HEAP: Bytes = Bytes::mib((32 - 2) * 1024 - 32);
/// An assumption: what the collector keeps beside the heap (marking bitmaps, remembered sets), in percent of the heap.
const COLLECTOR_PERCENT: u64 = 10;

/// Which virtual machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Vm {
    /// OpenJDK's own; Corretto, Temurin and Zulu are built from it.
    #[default]
    HotSpot,
    /// Eclipse OpenJ9; IBM Semeru is built with it.
    OpenJ9,
}

/// What the process must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// The virtual machine.
    pub vm: Vm,
    /// Instances.
    pub instances: u32,
    /// Cores of each.
    pub cpu: Cores,
    /// Largest heap.
    pub heap: Bytes,
    /// Classes.
    pub metaspace: Bytes,
    /// Threads at the peak, with those of the server and the pools.
    pub threads: u32,
    /// Stack of each thread; `None` is the default of 1 MiB.
    pub stack: Option<Bytes>,
    /// Code that was compiled; `None` is the default of 240 MiB.
    pub code_cache: Option<Bytes>,
    /// Buffers outside the heap (NIO).
    pub direct: Bytes,
    /// What the collector keeps beside the heap; `None` is a tenth of the heap.
    pub collector: Option<Bytes>,
}

/// The largest heap that the virtual machine takes by itself under a memory limit.
///
/// HotSpot (`Arguments::set_heap_size`): half of a small limit, a quarter of a large one, and between them the default
/// `MaxHeapSize` of 96 MB x 1.3; rounded up to 2 MiB as G1 does, and never past what compressed pointers reach. OpenJ9 (`-XX:+UseContainerSupport`): below 1 GB half,
/// to 2 GB all but 512 MB, above it three quarters, at most 25 GB.
pub fn default_heap(vm: Vm, limit: Bytes) -> Bytes {
    let gib = Bytes::gib(1).0;
    match vm {
        Vm::HotSpot => {
            let default = Bytes::mib(96).0 / 10 * 13;
            let half = limit.0 / 2;
            let heap = if half < default { half } else { default.max(limit.0 / 4) };
            Bytes(up_to(heap, 2 << 20)).min(MOST_DEFAULT_HEAP)
        }
        Vm::OpenJ9 if limit.0 < gib => Bytes(limit.0 / 2),
        Vm::OpenJ9 if limit.0 <= 2 * gib => Bytes(limit.0 - gib / 2),
        Vm::OpenJ9 => Bytes((limit.0 / 4).saturating_mul(3).min(25 * gib)),
    }
}

/// The parts of the process in bytes, by name.
fn parts(load: &Load) -> [(&'static str, u64); 6] {
    let stack = load.stack.unwrap_or(STACK).0;
    [
        ("heap", load.heap.0),
        ("metaspace", load.metaspace.0),
        ("thread stacks", times(&[load.threads.into(), stack])),
        ("code cache", load.code_cache.unwrap_or(CODE_CACHE).0),
        ("direct buffers", load.direct.0),
        ("collector", load.collector.map_or_else(|| part(load.heap.0, COLLECTOR_PERCENT, 100), |given| given.0)),
    ]
}

/// Memory for all parts; the container is that rounded up to whole GiB.
pub fn need(load: &Load) -> Need {
    let parts = parts(load);
    let process = sum(&parts.map(|(_, bytes)| bytes));
    let container = Bytes(up_to(process, Bytes::gib(1).0));
    let inputs = parts.map(|(name, bytes)| (name, Bytes(bytes).approx()));
    let collector = if load.collector.is_some() { "as given" } else { "a tenth of the heap, an assumption" };
    let why = vec![
        because(
            "jvm process",
            Bytes(process).approx(),
            "heap + metaspace + threads x stack + code cache + direct buffers + collector",
            &inputs,
            &format!("OpenJDK 17.0.15 -XX:+PrintFlagsFinal, Linux; collector {collector}"),
        ),
        because(
            "jvm container",
            container,
            "process rounded up to whole GiB",
            &[("process", Bytes(process).approx())],
            "an assumption: limits are set in whole GiB",
        ),
    ];
    let each = Resources { cpu: load.cpu, memory: container, ..Resources::default() };
    Need { instances: load.instances.max(1), each, settings: vec![options(load)], why, warnings: warnings(load) }
}

/// All limits in the one variable that both virtual machines read.
fn options(load: &Load) -> Setting {
    let size = |bytes: Option<Bytes>, default: Bytes| jvm_size(bytes.unwrap_or(default).0);
    let heap = jvm_size(load.heap.0);
    let code = match load.vm {
        Vm::HotSpot => {
            format!("-XX:MaxMetaspaceSize={} -XX:ReservedCodeCacheSize=", jvm_size(load.metaspace.0))
        }
        Vm::OpenJ9 => "-Xcodecachetotal".to_owned(),
    };
    let value = format!(
        "-Xms{heap} -Xmx{heap} -Xss{}k {code}{} -XX:MaxDirectMemorySize={}",
        load.stack.unwrap_or(STACK).0 >> 10,
        size(load.code_cache, CODE_CACHE),
        jvm_size(load.direct.0),
    );
    setting(
        "JAVA_TOOL_OPTIONS",
        value,
        "each part of the sum held to its share, so that the container is never outgrown",
    )
}

fn warnings(load: &Load) -> Vec<Warning> {
    let oops = (load.heap >= COMPRESSED_OOPS_END).then(|| {
        warning(
            "heap-loses-compressed-pointers",
            false,
            format!("a heap of {} is past 32 GiB, where every pointer takes 8 bytes instead of 4", load.heap.approx()),
            "stay at 31 GiB and run more instances, or go well past 40 GiB",
        )
    });
    // The arithmetic of S5 gives the collector 500 MB beside a heap of 512.
    let collector = load.collector.filter(|given| given.0 > 0 && given.0 >= load.heap.0 / 5 * 4);
    let collector = collector.map(|given| {
        warning(
            "collector-as-large-as-heap",
            false,
            format!("{} for the collector is about the heap of {} again", given.approx(), load.heap.approx()),
            "measure with -XX:NativeMemoryTracking=summary; a tenth of the heap is usual for G1",
        )
    });
    oops.into_iter().chain(collector).collect()
}

/// Whether a machine holds one instance.
///
/// # Errors
/// What the machine lacks.
pub fn fit(need: &Need, machine: &Machine) -> Result<Fit, Excuse> {
    fit_any(&need.each, machine)
}

#[cfg(test)]
#[path = "jvm_tests.rs"]
mod tests;
