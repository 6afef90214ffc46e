//! GPUs that are ordered beside a machine: on Google Cloud a T4 goes with a machine of the family n1.

use super::{Gpu, Machine, Prices, Purchase, Quote, oldest};
use crate::units::{Cores, Price};

/// A GPU that can be attached, in one region.
#[derive(Debug, Clone)]
pub struct Accelerator {
    /// Where it is offered.
    pub region: String,
    /// One of it.
    pub gpu: Gpu,
    /// What one of it costs an hour.
    pub prices: Prices,
}

/// How many may be attached to how large a machine.
///
/// Google's page on GPU machine types gives 48 processors for one or two T4 and 96 for four; the table has them as
/// generally known, since the page itself could not be opened when the table was made.
#[derive(Debug, Clone)]
pub struct Limit {
    /// Model of the GPU.
    pub model: String,
    /// How many.
    pub count: u32,
    /// The most processors of a machine with that many.
    pub max_cpu: Cores,
}

/// The family that takes GPUs beside its machines.
const FAMILY: &str = "n1-standard";

/// Every machine with GPUs attached that the limits allow.
pub fn all(machines: &[Machine], accelerators: &[Accelerator], limits: &[Limit]) -> Vec<Machine> {
    let mut out = Vec::new();
    for machine in machines.iter().filter(|machine| machine.family == FAMILY && machine.gpu.is_none()) {
        for accelerator in accelerators.iter().filter(|accelerator| accelerator.region == machine.region) {
            let fits = |limit: &&Limit| limit.model == accelerator.gpu.model && machine.cpu <= limit.max_cpu;
            out.extend(limits.iter().filter(fits).map(|limit| with(machine, accelerator, limit.count)));
        }
    }
    out
}

/// A machine with `count` of a GPU.
fn with(machine: &Machine, accelerator: &Accelerator, count: u32) -> Machine {
    let model = &accelerator.gpu.model;
    let mut prices = Prices::default();
    for (_, purchase) in Purchase::ALL {
        *prices.of_mut(purchase) = machine
            .prices
            .of(purchase)
            .zip(accelerator.prices.of(purchase))
            .map(|(base, gpu)| sum(base, gpu, count, model));
    }
    Machine {
        name: format!("{} + {count} x {model}", machine.name),
        gpu: Some(Gpu { count, ..accelerator.gpu.clone() }),
        prices,
        note: Some(format!("{count} x {model} attached to {}", machine.name)),
        ..machine.clone()
    }
}

/// Both prices together, with the days of both.
fn sum(base: &Quote, gpu: &Quote, count: u32, model: &str) -> Quote {
    let price = Price(base.price.0.saturating_add(gpu.price.0.saturating_mul(u64::from(count))));
    let source =
        if base.source == gpu.source { base.source.clone() } else { format!("{}; {}", base.source, gpu.source) };
    let parts = format!("machine {} of {} + {count} x {model} at {} of {}", base.price, base.date, gpu.price, gpu.date);
    let notes: Vec<String> =
        [Some(parts), base.note.clone(), gpu.note.clone().filter(|note| base.note.as_ref() != Some(note))]
            .into_iter()
            .flatten()
            .collect();
    let date = oldest([base.date.as_str(), &gpu.date]).unwrap_or_default().to_owned();
    Quote { price, date, source, note: Some(notes.join("; ")) }
}
