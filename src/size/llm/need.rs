//! How many GPUs a language model service needs.

use super::budget::{Budget, Refusal, budget};
use super::gpu::{GpuFacts, facts};
use super::load::Load;
use super::{lora, why};
use crate::catalog::Gpu;
use crate::size::component::{Need, Resources};
use crate::size::plan::Warning;
use crate::units::Bytes;

/// Tensor-parallel sizes that are tried: those of machines that can be rented.
pub(super) const SIZES: [u32; 4] = [1, 2, 4, 8];

/// What the service needs on GPUs of one model: as many copies as bear its requests at once, each on as many GPUs as make the
/// whole cheapest in GPUs. Memory that is asked of the GPU is that of whole GPUs, as sold. Copies are all of one size, so that two
/// loads apart may take a GPU less than both together on copies of one size; with `gpus` fixed they never do.
///
/// # Errors
/// Why the model does not run on such GPUs.
pub fn need(load: &Load, gpu: &Gpu) -> Result<Need, Refusal> {
    let facts = facts(gpu);
    let (budget, copies) = arrange(load, &facts, SIZES.last().copied().unwrap_or(1))?;
    let gpu_memory = Bytes(facts.memory.0.saturating_mul(budget.gpus.into()));
    Ok(Need {
        instances: u32::try_from(copies).unwrap_or(u32::MAX),
        each: Resources { cpu: load.cpu, memory: load.memory, disk: Bytes(0), gpu_memory },
        settings: why::settings(load, &budget, &facts),
        why: why::reckonings(load, &facts, &budget),
        warnings: adapters_in_vain(load).into_iter().collect(),
    })
}

/// The fewest GPUs in all, at most `most` for a copy; among equals the fewest per copy.
fn arrange(load: &Load, gpu: &GpuFacts, most: u32) -> Result<(Budget, u64), Refusal> {
    let fixed = load.gpus.map(|gpus| vec![gpus]);
    let sizes = fixed.unwrap_or_else(|| SIZES.into_iter().filter(|size| *size <= most).collect());
    let mut best: Option<(Budget, u64)> = None;
    let mut refused = None;
    for size in sizes {
        match budget(load, gpu, size) {
            Ok(budget) => {
                let copies = load.concurrent.max(1).div_ceil(budget.requests.max(1));
                let total = |gpus: u32, copies: u64| u128::from(gpus) * u128::from(copies);
                let fewer = |(found, of_found): &(Budget, u64)| total(size, copies) < total(found.gpus, *of_found);
                if best.as_ref().is_none_or(fewer) {
                    best = Some((budget, copies));
                }
            }
            Err(refusal) => refused = Some(refusal),
        }
    }
    let nothing = || Refusal {
        bottleneck: crate::size::component::Bottleneck::Gpu,
        because: format!("no number of GPUs up to {most} can share the model"),
    };
    best.ok_or_else(|| refused.unwrap_or_else(nothing))
}

/// Memory of one GPU, or of several together, that must be visible for the model, its adapters, activations and the cache of all
/// requests at once, whatever the GPU: what a machine is looked for by. In bytes.
pub fn visible_memory(load: &Load) -> Bytes {
    let dtype = load.dtype.unwrap_or(load.model.dtype);
    let weights = super::budget::weights(&load.model, dtype, load.quantization).0;
    let per_token = super::budget::per_token(&load.model, dtype, load.kv_fp8, 1).0;
    let blocks = u128::from(load.blocks(load.request())).saturating_mul(load.concurrent.max(1).into());
    // One longest sequence must fit, or vLLM does not start.
    let blocks = blocks.max(load.blocks(load.context()).into());
    let cache = blocks.saturating_mul(load.block.max(1).into()).saturating_mul(per_token.into());
    let (by_layers, share) = load.adapters.map_or((0, 0), |adapters| {
        let by_layers = lora::bytes(&load.model, adapters.max, load.rank(), dtype);
        by_layers.map_or((0, adapters.share.unwrap_or_default().0), |bytes| (bytes, 0))
    });
    let parts = [u128::from(weights), cache, load.activations.1.0.into(), by_layers.into()];
    let all = parts.into_iter().fold(0u128, u128::saturating_add);
    let all = all.saturating_mul(1_000_000 + u128::from(share)).div_ceil(1_000_000);
    let all = all.saturating_mul(1_000_000).div_ceil(load.utilization.0.clamp(1, 1_000_000).into());
    Bytes(u64::try_from(all).unwrap_or(u64::MAX))
}

/// Adapters of a model whose class runs none.
fn adapters_in_vain(load: &Load) -> Option<Warning> {
    load.adapters?;
    crate::size::impossible::adapters::class_without_adapters("the language model", &load.model.class)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::size::llm::model::named;

    fn t4() -> Gpu {
        Gpu { model: "T4".to_owned(), count: 1, memory: Bytes::gib(16) }
    }

    fn polyglot(concurrent: u64) -> Load {
        Load::new(named("polyglot-ko-5.8b").unwrap().clone(), concurrent)
    }

    #[test]
    fn thirty_requests_of_polyglot() {
        // One T4 holds 225 blocks: 1 request of 128. Two share a copy: 13.5 - 5.48 - 1 = 7.02 GiB each at 229,376 B a token are
        // 32,857 tokens, 2,053 blocks, 16 requests: 2 copies. Four: 13.5 - 2.74 - 1 = 9.76 GiB at 114,688 B are 91,365
        // tokens, 44 requests: 1 copy. 4 GPUs either way; the smaller copies win.
        let got = need(&polyglot(30), &t4()).unwrap();
        assert_eq!((got.instances, got.each.gpu_memory), (2, Bytes::gib(32)));
        let flag = |name: &str| got.settings.iter().find(|set| set.name == name).map(|set| set.value.as_str());
        assert_eq!(
            (flag("tensor-parallel-size"), flag("dtype"), flag("max-num-seqs")),
            (Some("2"), Some("float16"), Some("16"))
        );
        assert_eq!(flag("gpu-memory-utilization"), Some("0.90"));
        assert!(got.why.iter().any(|why| why.value == "229376 B"));
        assert!(got.why.iter().any(|why| why.source.contains("no forecast")));
        let one = need(&polyglot(1), &t4()).unwrap();
        assert_eq!((one.instances, one.each.gpu_memory), (1, Bytes::gib(16)));
    }

    #[test]
    fn a_fixed_number_of_gpus_is_kept() {
        let load = Load { gpus: Some(3), ..polyglot(1) };
        assert!(need(&load, &t4()).unwrap_err().because.contains("do not divide"));
        let got = need(&Load { gpus: Some(4), ..polyglot(1) }, &t4()).unwrap();
        assert_eq!((got.instances, got.each.gpu_memory), (1, Bytes::gib(64)));
    }

    #[test]
    fn memory_that_is_looked_for() {
        // (11,770,118,144 + 1,073,741,824 + 2048 x 458,752) / 0.9 = 13,783,384,064 / 0.9 = 15,314,871,182.2.
        assert_eq!(visible_memory(&polyglot(1)), Bytes(15_314_871_183));
        assert_eq!(visible_memory(&polyglot(u64::MAX)), Bytes(u64::MAX));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn more_requests_and_longer_ones_never_need_less(a in 1u64..1 << 40, b: u64, context in 1u64..4096, longer in 1u64..4096) {
            let (few, many) = (a.min(b.max(1)), a.max(b));
            let (short, long) = (context.min(longer), context.max(longer));
            let load = |concurrent, context| Load { context: Some(context), ..polyglot(concurrent) };
            let gpus = |load: &Load| {
                need(load, &t4()).map_or(u128::MAX, |need| u128::from(need.instances) * u128::from(need.each.gpu_memory.0))
            };
            prop_assert!(visible_memory(&load(few, short)) <= visible_memory(&load(many, short)));
            prop_assert!(visible_memory(&load(few, short)) <= visible_memory(&load(few, long)));
            if many < 1 << 31 {
                prop_assert!(gpus(&load(few, short)) <= gpus(&load(many, short)));
                prop_assert!(gpus(&load(few, short)) <= gpus(&load(few, long)));
            }
        }

        /// Copies of one size each; of mixed sizes 16 + 1 requests would take 2 + 1 T4, and 17 of one size take 4.
        #[test]
        fn splitting_the_requests_in_two_never_needs_less(a in 1u64..1 << 30, b in 1u64..1 << 30, size in 0usize..4) {
            let load = |n| Load { gpus: SIZES.get(size).copied(), ..polyglot(n) };
            let gpus = |n| need(&load(n), &t4()).map(|need| u128::from(need.instances) * u128::from(need.each.gpu_memory.0)).unwrap();
            prop_assert!(gpus(a) + gpus(b) >= gpus(a + b));
            let memory = |n| u128::from(visible_memory(&polyglot(n)).0);
            prop_assert!(memory(a) + memory(b) >= memory(a + b));
        }
    }
}
