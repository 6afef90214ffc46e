//! GPUs of a language model for the requests that are asked of it at the same moment.

use super::Facts;
use super::reckon::reckon;
use crate::blueprint::service::Service;
use crate::catalog::{Gpu, Machine};
use crate::size::component::Need;
use crate::size::llm::{self, Load};
use crate::size::outlook::grown;
use crate::units::Price;

/// What the model needs on the GPUs that bear the requests at the least price; `None` unless the demand says how many.
pub(super) fn need(facts: &Facts<'_>, service: &Service) -> Option<Need> {
    let requests = facts.demand.model_requests.as_ref()?.value;
    let load = Load::of(service).ok()?;
    let class = llm::lora::supported(&load.model.class);
    // Adapters that the class does not run take no memory.
    let adapters = load.adapters.filter(|_| class != Some(false));
    let load = Load { concurrent: grown(requests.0, facts.demand.planning_factor()).max(1), adapters, ..load };
    let (provider, region) = facts.place(service);
    let machines = facts.catalog.machines(provider, &region);
    let mut gpus: Vec<&Gpu> = machines.iter().filter_map(|machine| machine.gpu.as_ref()).collect();
    gpus.sort_by(|a, b| (&a.model, a.memory).cmp(&(&b.model, b.memory)));
    gpus.dedup_by(|a, b| a.model == b.model && a.memory == b.memory);
    let offers = gpus.into_iter().filter_map(|gpu| offer(&load, gpu, machines));
    let (price, gpu, mut need, machine) = offers.min_by(|a, b| (a.0, &a.1.model).cmp(&(b.0, &b.1.model)))?;
    need.why.push(reckon(
        "GPU",
        format!("{} of {}", gpu.model, machine.name),
        "of all GPUs there, the one whose copies cost least an hour together",
        &[
            ("requests at once", load.concurrent.to_string()),
            ("copies", need.instances.to_string()),
            ("an hour", Price(price).to_string()),
        ],
        &format!("vLLM's memory for the requests, at the prices of {} {region}", provider.word()),
    ));
    Some(need)
}

/// The price an hour of all copies on one model of GPU, with the need and the machine.
fn offer<'a>(load: &Load, gpu: &'a Gpu, machines: &'a [Machine]) -> Option<(u64, &'a Gpu, Need, &'a Machine)> {
    let need = llm::need(load, gpu).ok()?;
    let count = need.each.gpu_memory.0.div_ceil(llm::facts(gpu).memory.0.max(1));
    let holds = |machine: &&Machine| {
        let enough = machine.gpu.as_ref().is_some_and(|has| has.model == gpu.model && u64::from(has.count) >= count);
        enough && machine.cpu >= need.each.cpu && machine.memory >= need.each.memory
    };
    let price = |machine: &Machine| machine.prices.on_demand.as_ref().map(|quote| quote.price.0);
    let (each, machine) = machines
        .iter()
        .filter(holds)
        .filter_map(|machine| Some((price(machine)?, machine)))
        .min_by_key(|offer| offer.0)?;
    // What is asked of a machine is the memory that the catalogue gives its GPUs.
    let memory = gpu.memory.0.saturating_mul(count);
    let mut need = need;
    need.each.gpu_memory = crate::units::Bytes(memory);
    Some((each.saturating_mul(need.instances.into()), gpu, need, machine))
}
