//! Putting reckonings together and taking the larger of two needs.

use crate::size::component::{Need, Reckoning, Resources};
use crate::units::{Bytes, Cores, Count};

/// A figure with its formula, inputs and source.
pub(super) fn reckon(figure: &str, value: String, formula: &str, inputs: &[(&str, String)], source: &str) -> Reckoning {
    Reckoning {
        figure: figure.to_owned(),
        value,
        formula: formula.to_owned(),
        inputs: inputs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
        source: source.to_owned(),
    }
}

/// What holds both: the most instances, and the most of each resource.
pub(super) fn larger(a: Need, b: Need) -> Need {
    let mut settings = a.settings;
    for setting in b.settings {
        if !settings.iter().any(|other| other.name == setting.name) {
            settings.push(setting);
        }
    }
    Need {
        instances: a.instances.max(b.instances),
        each: most(&a.each, &b.each),
        settings,
        why: a.why.into_iter().chain(b.why).collect(),
        warnings: a.warnings.into_iter().chain(b.warnings).collect(),
    }
}

/// The most of each resource.
pub(super) fn most(a: &Resources, b: &Resources) -> Resources {
    Resources {
        cpu: a.cpu.max(b.cpu),
        memory: a.memory.max(b.memory),
        disk: a.disk.max(b.disk),
        gpu_memory: a.gpu_memory.max(b.gpu_memory),
    }
}

/// Resources in a few words: `2 cores, 4 GB, 20 GiB of disk`.
pub fn show(each: &Resources) -> String {
    let mut parts = Vec::new();
    let mut part = |amount: u64, text: String| {
        if amount > 0 {
            parts.push(text);
        }
    };
    part(each.cpu.0, cores(each.cpu));
    part(each.memory.0, brief(each.memory));
    part(each.disk.0, format!("{} of disk", brief(each.disk)));
    part(each.gpu_memory.0, format!("{} of GPU memory", brief(each.gpu_memory)));
    parts.join(", ")
}

/// Cores with their noun.
fn cores(cpu: Cores) -> String {
    if cpu == Cores::whole(1) { "1 core".to_owned() } else { format!("{} cores", grouped(cpu)) }
}

/// Cores with commas between the thousands where they are whole.
fn grouped(cpu: Cores) -> String {
    if cpu.0.is_multiple_of(1000) { Count(cpu.0 / 1000).to_string() } else { cpu.to_string() }
}

/// An amount exactly where that is short, else with three digits.
pub fn brief(amount: Bytes) -> String {
    let exact = amount.to_string();
    if exact.len() <= 8 { exact } else { amount.approx() }
}
