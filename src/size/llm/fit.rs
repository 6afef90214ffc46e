//! Whether a machine bears a language model service.

use super::budget::{Budget, Refusal, budget};
use super::gpu::facts;
use super::load::Load;
use super::need::SIZES;
use super::why::hundredths;
use crate::catalog::Machine;
use crate::size::component::{self, Bottleneck, Excuse, Fit, Resources};
use crate::units::Bytes;

/// Whether one machine bears all requests at once, with the copies of the model that its GPUs hold.
///
/// # Errors
/// What the machine lacks: processors, memory, a GPU, a number format the GPU has not, or room for the weights or the cache.
pub fn fit(load: &Load, machine: &Machine) -> Result<Fit, Excuse> {
    let excuse = |bottleneck, because| Excuse { machine: machine.name.clone(), bottleneck, because };
    let gpu = machine.gpu.as_ref().filter(|gpu| gpu.count > 0);
    let gpu = gpu.ok_or_else(|| excuse(Bottleneck::Gpu, "vLLM needs a GPU, has none".to_owned()))?;
    let facts = facts(gpu);
    let tried = load.gpus.map_or_else(|| SIZES.to_vec(), |gpus| vec![gpus]);
    let mut best: Option<(u64, Budget)> = None;
    let mut refused = None;
    for size in tried.into_iter().filter(|size| *size <= gpu.count) {
        match budget(load, &facts, size) {
            Ok(budget) => {
                let copies = u64::from(gpu.count / size.max(1));
                let held = budget.requests.saturating_mul(copies);
                if best.as_ref().is_none_or(|(most, _)| held > *most) {
                    best = Some((held, budget));
                }
            }
            Err(refusal) => refused = Some(refusal),
        }
    }
    let Some((held, budget)) = best else {
        let Refusal { bottleneck, because } = refused.unwrap_or_else(|| Refusal {
            bottleneck: Bottleneck::Gpu,
            because: format!(
                "a copy of the model is to be shared by {} GPUs, has {}",
                load.gpus.unwrap_or(1),
                gpu.count
            ),
        });
        return Err(excuse(bottleneck, because));
    };
    if held < load.concurrent {
        return Err(excuse(Bottleneck::GpuMemory, short_of(load, &budget, held)));
    }
    let rest = Resources { cpu: load.cpu, memory: load.memory, disk: Bytes(0), gpu_memory: Bytes(0) };
    let fit = component::fit(&rest, machine)?;
    let used = u64::try_from(u128::from(load.concurrent) * 1_000_000 / u128::from(held.max(1))).unwrap_or(u64::MAX);
    Ok(match used > fit.used_millionths {
        true => Fit { tightest: Bottleneck::GpuMemory, used_millionths: used, ..fit },
        false => fit,
    })
}

fn short_of(load: &Load, budget: &Budget, held: u64) -> String {
    format!(
        "{} requests of {} tokens at once; its key-value cache holds {held} (one copy {} tokens: {} sequences of {})",
        load.concurrent,
        load.request(),
        budget.tokens,
        hundredths(budget.sequences_hundredths(load.context())),
        load.context()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blueprint::platform::Provider;
    use crate::blueprint::service::Arch;
    use crate::catalog::{Gpu, Prices};
    use crate::size::llm::model::named;
    use crate::units::Cores;

    fn machine(gpu: Option<(&str, u32, u64)>) -> Machine {
        Machine {
            provider: Provider::Gcp,
            region: "asia-northeast3".to_owned(),
            name: "m".to_owned(),
            family: "f".to_owned(),
            cpu: Cores::whole(4),
            memory: Bytes::gib(16),
            arch: Arch::Amd64,
            burstable: false,
            gpu: gpu.map(|(model, count, gib)| Gpu { model: model.to_owned(), count, memory: Bytes::gib(gib) }),
            local_disk: Bytes(0),
            prices: Prices::default(),
            note: None,
        }
    }

    fn polyglot(concurrent: u64) -> Load {
        Load::new(named("polyglot-ko-5.8b").unwrap().clone(), concurrent)
    }

    #[test]
    fn polyglot_on_t4_and_l4() {
        let (t4, l4) = (machine(Some(("T4", 1, 16))), machine(Some(("L4", 1, 24))));
        let excuse = fit(&polyglot(30), &t4).unwrap_err();
        assert_eq!(excuse.bottleneck, Bottleneck::GpuMemory);
        assert!(excuse.because.contains("1.75 sequences of 2048"), "{}", excuse.because);
        assert_eq!(fit(&polyglot(1), &t4).unwrap().used_millionths, 1_000_000);
        let got = fit(&polyglot(3), &l4).unwrap();
        assert_eq!((got.tightest, got.used_millionths), (Bottleneck::GpuMemory, 333_333));
        assert!(fit(&polyglot(30), &machine(Some(("L4", 4, 24)))).is_ok());
    }

    #[test]
    fn what_is_lacking_is_named() {
        let of = |load: &Load, machine: &Machine| {
            fit(load, machine).map(|fit| fit.tightest).map_err(|excuse| excuse.bottleneck)
        };
        assert_eq!(of(&polyglot(1), &machine(None)), Err(Bottleneck::Gpu));
        assert_eq!(of(&polyglot(1), &machine(Some(("P4", 1, 8)))), Err(Bottleneck::Gpu));
        let l4 = machine(Some(("L4", 1, 24)));
        assert_eq!(of(&Load { gpus: Some(2), ..polyglot(1) }, &l4), Err(Bottleneck::Gpu));
        assert_eq!(of(&Load { memory: Bytes::gib(32), ..polyglot(1) }, &l4), Err(Bottleneck::Memory));
        assert_eq!(of(&Load { cpu: Cores::whole(8), ..polyglot(1) }, &l4), Err(Bottleneck::Cpu));
        let gemma = Load::new(named("google/gemma-2-9b").unwrap().clone(), 1);
        assert_eq!(of(&gemma, &machine(Some(("T4", 4, 16)))), Err(Bottleneck::Gpu));
    }

    #[test]
    fn a_need_is_borne_by_the_machines_it_asks_for() {
        for concurrent in [1, 2, 16, 17, 30, 500] {
            let load = polyglot(concurrent);
            let need = crate::size::llm::need(&load, machine(Some(("T4", 1, 16))).gpu.as_ref().unwrap()).unwrap();
            let gpus = u32::try_from(need.each.gpu_memory.0 / Bytes::gib(16).0).unwrap();
            let each = Load { concurrent: concurrent.div_ceil(need.instances.into()), ..load };
            assert!(fit(&each, &machine(Some(("T4", gpus, 16)))).is_ok(), "{concurrent}");
        }
    }
}
