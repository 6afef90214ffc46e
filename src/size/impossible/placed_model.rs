//! A language model on the machine that the plan has placed it on, which may be another than its source names.

use crate::blueprint::Blueprint;
use crate::blueprint::service::{Kind, Service};
use crate::catalog::{Catalog, Machine};
use crate::size::component::Bottleneck;
use crate::size::llm::{self, Load};
use crate::size::outlook::grown;
use crate::size::plan::{Plan, Warning};

/// Whether each model runs on the machine that it is placed on, and holds its requests there. A GPU that the source itself names is
/// checked where the source is.
pub fn check(blueprint: &Blueprint, plan: &Plan, catalog: &Catalog) -> Vec<Warning> {
    let mut warnings: Vec<Warning> = Vec::new();
    for cloud in plan.clouds.iter().filter(|cloud| cloud.chosen) {
        for host in &cloud.placement.hosts {
            let Some(machine) = catalog.machine(cloud.provider, &cloud.region, &host.machine) else { continue };
            for (name, _) in &host.holds {
                let service = blueprint.services.get(name).filter(|service| service.kind == Kind::Llm);
                let found = service.and_then(|service| on(name, service, machine, plan));
                warnings.extend(found.filter(|found| !warnings.contains(found)));
            }
        }
    }
    warnings
}

fn on(name: &str, service: &Service, machine: &Machine, plan: &Plan) -> Option<Warning> {
    let gpu = machine.gpu.as_ref()?;
    let named = service.placement.as_ref().and_then(|placement| placement.gpu.as_deref()).and_then(llm::gpu_named);
    if gpu.count == 1 && named.is_some_and(|named| named.model == llm::facts(gpu).model) {
        return None;
    }
    let load = Load::of(service).ok()?;
    let copies = plan.services.iter().find(|size| size.service == name).map_or(1, |size| size.instances.max(1));
    let asked = plan.demand.model_requests.as_ref();
    let asked = asked.map_or(load.concurrent, |figure| grown(figure.value.0, plan.demand.planning_factor()));
    // Adapters that the class does not run take no memory; cores and memory are what it was placed by.
    let adapters = load.adapters.filter(|_| llm::lora::supported(&load.model.class) != Some(false));
    let load = Load { concurrent: asked.div_ceil(copies.into()).max(1), adapters, ..load };
    let excuse = llm::fit(&load, machine).err()?;
    matches!(excuse.bottleneck, Bottleneck::Gpu | Bottleneck::GpuMemory).then(|| Warning {
        id: "model-does-not-fit-where-placed".to_owned(),
        severe: true,
        text: format!("{name} on {} with {} {}: {}", machine.name, gpu.count, gpu.model, excuse.because),
        hint: Some(match plan.demand.model_requests {
            Some(_) => "name a machine for it in the blueprint (placement.machine), or shorten the requests (--max-model-len)",
            None => "say how many requests it gets at once, and GPUs are picked by what the model needs: --model-requests",
        }
        .to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demand::{Ask, Given, Variable};
    use crate::size::clouds::{CloudChoice, Which};
    use crate::size::{Request, size};

    /// Ids of the warnings of S5 with another model on another GPU.
    fn warned(model: &str, ask: Ask) -> Vec<String> {
        let text = include_str!("../../../blueprints/dojangkok.toml")
            .replace("EleutherAI/polyglot-ko-5.8b", model)
            .replace("gpu = \"T4\"", "gpu = \"L4\"")
            .replace("class = \"GPTNeoXForCausalLM\"", "")
            .replace("dtype = \"float16\"", "");
        let blueprint = Blueprint::parse("dojangkok.toml", &text).unwrap().blueprint;
        let provider =
            Some(Given { value: Which::One(crate::blueprint::platform::Provider::Aws), origin: String::new() });
        let cloud = CloudChoice { provider, ..CloudChoice::default() };
        let plan = size(&blueprint, &Request { ask, cloud, ..Request::default() }).unwrap();
        plan.warnings.into_iter().map(|warning| warning.id).collect()
    }

    /// 16 GB of GPU memory are cheapest with a T4, which cannot calculate what Gemma 2 needs.
    #[test]
    fn a_model_that_needs_bfloat16_is_not_left_on_a_t4_in_silence() {
        let id = "model-does-not-fit-where-placed".to_owned();
        assert!(warned("google/gemma-2-9b-it", Ask::default()).contains(&id));
        let asked = Ask::default().with(Variable::ModelRequests, 2, "a test");
        assert!(!warned("EleutherAI/polyglot-ko-5.8b", asked).contains(&id));
    }
}
