//! How the figures of a language model came about, for people.

use super::budget::Budget;
use super::decode;
use super::gpu::GpuFacts;
use super::load::Load;
use super::lora;
use crate::size::component::Reckoning;
use crate::size::plan::Setting;
use crate::units::{Bytes, Count};

const WORKER: &str = "vllm/v1/worker/gpu_worker.py, determine_available_memory";

/// Hundredths as a number: `2.28`.
pub(super) fn hundredths(value: u64) -> String {
    format!("{}.{:02}", value / 100, value % 100)
}

fn reckoning(figure: &str, value: String, formula: &str, inputs: &[(&str, String)], source: &str) -> Reckoning {
    let inputs = inputs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    Reckoning { figure: figure.to_owned(), value, formula: formula.to_owned(), inputs, source: source.to_owned() }
}

/// The figures of one copy of the model on its GPUs.
pub(super) fn reckonings(load: &Load, gpu: &GpuFacts, budget: &Budget) -> Vec<Reckoning> {
    let model = &load.model;
    let on = ("GPUs per copy", budget.gpus.to_string());
    let weights = reckoning(
        "vllm weights in one GPU",
        budget.weights.approx(),
        "parameters x bytes / GPUs",
        &[
            ("parameters", Count(model.parameters).to_string()),
            ("dtype", load.quantization.map_or(budget.dtype.word(), |quantization| quantization.word()).to_owned()),
            on.clone(),
        ],
        &format!("{}: {}", model.name, model.source),
    );
    let per_token = reckoning(
        "vllm KV cache of one token",
        format!("{} B", budget.per_token.0),
        "2 x layers x kv heads / GPUs x head size x bytes",
        &[
            ("layers", model.layers.to_string()),
            ("kv heads", model.kv_heads.to_string()),
            ("head size", model.head_size.to_string()),
            ("bytes", if load.kv_fp8 { 1 } else { budget.dtype.bytes() }.to_string()),
            on,
        ],
        &format!("a key and a value in every layer; {}: {}", model.name, model.source),
    );
    let mut all = vec![weights, per_token];
    all.extend(adapters(load, budget));
    all.push(cache(load, gpu, budget));
    all.push(held(load, budget));
    all.extend(bound(load, gpu, budget));
    all
}

fn adapters(load: &Load, budget: &Budget) -> Option<Reckoning> {
    let adapters = load.adapters?;
    let value = budget.adapters.approx();
    Some(match load.model.intermediate {
        Some(_) => reckoning(
            "vllm adapters in one GPU",
            value,
            "adapters x rank x layers x sum(in + out of each matrix) x bytes / GPUs",
            &[("adapters", adapters.max.to_string()), ("rank", load.rank().to_string())],
            "vllm/lora/layers, buffers of each layer; rank 16 is vLLM's --max-lora-rank unless said",
        ),
        None => reckoning(
            "vllm adapters in one GPU",
            value,
            "usable x share / (1 + share)",
            &[("share", adapters.share.unwrap_or_default().to_string())],
            "the blueprint's range for adapters; the sizes of the layers are not known",
        ),
    })
}

fn cache(load: &Load, gpu: &GpuFacts, budget: &Budget) -> Reckoning {
    let spare = load.activations.1.0.saturating_sub(load.activations.0.0);
    reckoning(
        "vllm KV cache in one GPU",
        budget.cache.approx(),
        "visible memory x utilization - weights - adapters - activations",
        &[
            ("visible memory", format!("{} of {} ({})", gpu.visible.approx(), gpu.model, gpu.source)),
            ("utilization", load.utilization.to_string()),
            ("weights", budget.weights.approx()),
            ("adapters", budget.adapters.approx()),
            ("activations", budget.activations.approx()),
        ],
        &format!(
            "{WORKER}; activations are an assumption, and {} more cache is there if they take {}",
            Bytes(spare).approx(),
            load.activations.0.approx()
        ),
    )
}

fn held(load: &Load, budget: &Budget) -> Reckoning {
    reckoning(
        "vllm requests at once in one copy",
        budget.requests.to_string(),
        "floor(tokens / block) / ceil(tokens of a request / block), rounded down",
        &[
            ("tokens in the cache", budget.tokens.to_string()),
            ("block", load.block.to_string()),
            ("tokens of a request", load.request().to_string()),
            ("longest sequences", hundredths(budget.sequences_hundredths(load.context()))),
        ],
        "PagedAttention: a request takes whole blocks (--block-size)",
    )
}

fn bound(load: &Load, gpu: &GpuFacts, budget: &Budget) -> Option<Reckoning> {
    let at = |batch| decode::bound_millitokens(load, gpu, budget, batch);
    let (one, all) = (at(1)?, at(budget.requests.max(1))?);
    let show = |milli: u64| format!("{}.{}", milli / 1000, milli % 1000 / 100);
    Some(reckoning(
        "vllm tokens per second, upper bound",
        format!("at most {} for one request, {} for {} together", show(one), show(all), budget.requests.max(1)),
        "batch x bandwidth / (weights + batch x cache of a request)",
        &[("bandwidth", format!("{} GB/s", gpu.bandwidth? / 1_000_000_000))],
        "physical limit of memory bandwidth, by the GPU's data sheet; no forecast: GPUs for a token rate follow from measurements only",
    ))
}

/// The flags that vLLM is started with.
pub(super) fn settings(load: &Load, budget: &Budget, gpu: &GpuFacts) -> Vec<Setting> {
    let set = |name: &str, value: String, because: String| Setting { name: name.to_owned(), value, because };
    let fits = gpu
        .capability
        .map_or_else(String::new, |capability| format!(" ({} has compute capability {capability})", gpu.model));
    let mut all = vec![
        set(
            "dtype",
            budget.dtype.word().to_owned(),
            format!("{} is in {}{fits}", load.model.name, load.model.dtype.word()),
        ),
        set("max-model-len", load.context().to_string(), "the longest sequence that must be taken".to_owned()),
        set(
            "max-num-seqs",
            budget.requests.max(1).to_string(),
            format!(
                "the cache holds {} requests of {} tokens; more would be preempted",
                budget.requests,
                load.request()
            ),
        ),
        set(
            "gpu-memory-utilization",
            hundredths(load.utilization.0 / 10_000),
            "part of the GPU that vLLM may use".to_owned(),
        ),
    ];
    if budget.gpus > 1 {
        let because = "GPUs that share one copy of the model".to_owned();
        all.push(set("tensor-parallel-size", budget.gpus.to_string(), because));
    }
    if let Some(adapters) = load.adapters.filter(|_| lora::supported(&load.model.class) != Some(false)) {
        all.push(set("max-loras", adapters.max.to_string(), "adapters of one batch".to_owned()));
        all.push(set("max-lora-rank", load.rank().to_string(), "room is made for this rank".to_owned()));
    }
    all
}
