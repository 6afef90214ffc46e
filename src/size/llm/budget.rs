//! How the memory of a GPU divides: weights, adapters, activations, and the key-value cache with what is left.

use super::dtype::{self, Dtype, Quantization};
use super::gpu::GpuFacts;
use super::load::Load;
use super::lora;
use super::model::Architecture;
use crate::size::component::Bottleneck;
use crate::units::Bytes;

/// Why a model does not run on GPUs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What is lacking.
    pub bottleneck: Bottleneck,
    /// A sentence with the figures.
    pub because: String,
}

/// The memory of one GPU of those that share a copy of the model, and what the cache in all of them holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// GPUs that share one copy.
    pub gpus: u32,
    /// What is calculated in.
    pub dtype: Dtype,
    /// What vLLM may use of one GPU.
    pub usable: Bytes,
    /// Weights in one GPU.
    pub weights: Bytes,
    /// Adapters in one GPU.
    pub adapters: Bytes,
    /// Activations in one GPU.
    pub activations: Bytes,
    /// Key-value cache in one GPU.
    pub cache: Bytes,
    /// Cache that one token takes in one GPU.
    pub per_token: Bytes,
    /// Tokens that the cache holds.
    pub tokens: u64,
    /// Usual requests that it holds at the same time, in whole blocks.
    pub requests: u64,
}

impl Budget {
    /// Hundredths of sequences of `length` tokens that the cache holds: 228 for 2.28.
    pub fn sequences_hundredths(&self, length: u64) -> u64 {
        self.tokens.saturating_mul(100) / length.max(1)
    }
}

fn clamp(value: u128) -> u64 {
    u64::try_from(value).unwrap_or(u64::MAX)
}

/// Bytes of the weights: `parameters x bytes`. Quantised ones take their bits, except the embeddings, which stay in 16 bits
/// (`lm_head` is left out by AWQ, GPTQ and llm-compressor's fp8); where the vocabulary is not known, all are taken to be
/// quantised, which is too little.
pub fn weights(model: &Architecture, dtype: Dtype, quantization: Option<Quantization>) -> Bytes {
    let parameters = u128::from(model.parameters);
    let Some(quantization) = quantization else {
        return Bytes(clamp(parameters.saturating_mul(u128::from(dtype.bytes()))));
    };
    let matrices = if model.tied { 1 } else { 2 };
    let embeddings =
        model.vocab.map_or(0, |vocab| u128::from(vocab) * u128::from(model.hidden)).saturating_mul(matrices);
    let embeddings = embeddings.min(parameters);
    let bits = (parameters - embeddings).saturating_mul(u128::from(quantization.bits_of_128()));
    Bytes(clamp(bits.div_ceil(128 * 8).saturating_add(embeddings.saturating_mul(2))))
}

/// Bytes of the key-value cache that one token takes over all GPUs that share a copy, or in one of `gpus` of them:
/// `2 x layers x kv heads x head size x bytes`. Key-value heads are divided among the GPUs, and repeated when there are fewer
/// of them than GPUs (`vllm/config/model.py`, `get_num_kv_heads`). A sliding window, as in every other layer of Gemma 2, makes
/// it less for long sequences; that is not counted on.
pub fn per_token(model: &Architecture, dtype: Dtype, kv_fp8: bool, gpus: u32) -> Bytes {
    let heads = (model.kv_heads / u64::from(gpus.max(1))).max(1);
    let bytes = if kv_fp8 { 1 } else { dtype.bytes() };
    let factors = [model.layers, heads, model.head_size, bytes];
    Bytes(clamp(factors.into_iter().fold(2u128, |product, factor| product.saturating_mul(factor.into()))).max(1))
}

/// Whether the heads divide among so many GPUs (`vllm/config/model.py`, `verify_with_parallel_config`; key-value heads divide
/// or are repeated whole).
///
/// # Errors
/// Which heads do not.
pub fn divides(model: &Architecture, gpus: u32) -> Result<(), Refusal> {
    let by = u64::from(gpus);
    let refuse = |what: &str, heads: u64| {
        let because = format!("{heads} {what} of {} do not divide among {gpus} GPUs", model.name);
        Err(Refusal { bottleneck: Bottleneck::Gpu, because })
    };
    if by == 0 || !model.heads.is_multiple_of(by) {
        return refuse("attention heads", model.heads);
    }
    let kv = model.kv_heads.max(1);
    if !kv.is_multiple_of(by) && !by.is_multiple_of(kv) {
        return refuse("key-value heads", kv);
    }
    Ok(())
}

/// Divides the memory of `gpus` GPUs: `visible x utilization - weights - adapters - activations` is the cache of each.
///
/// `vllm/v1/worker/gpu_worker.py`, `determine_available_memory`: the cache gets `total x gpu_memory_utilization` less the peak
/// that a trial run with the weights loaded takes. The few parameters that are not divided among GPUs are left out.
///
/// # Errors
/// What is lacking: heads that do not divide, a number format the GPU has not, no room for the weights, or none for one
/// longest sequence, which vLLM refuses to start with.
pub fn budget(load: &Load, gpu: &GpuFacts, gpus: u32) -> Result<Budget, Refusal> {
    divides(&load.model, gpus)?;
    let no_gpu = |because| Refusal { bottleneck: Bottleneck::Gpu, because };
    let model = &load.model;
    let dtype = dtype::choose(model.dtype, load.dtype, &model.class, &gpu.model, gpu.capability).map_err(no_gpu)?;
    let needs = load.quantization.map(|quantization| (quantization.word(), quantization.needs()));
    if let (Some((word, needs)), Some(has)) = (needs, gpu.capability)
        && has < needs
    {
        return Err(no_gpu(format!("{word} needs compute capability {needs}, {} has {has}", gpu.model)));
    }
    let by = u64::from(gpus.max(1));
    let usable = clamp(u128::from(gpu.visible.0) * u128::from(load.utilization.0.min(1_000_000)) / 1_000_000);
    let weights = weights(model, dtype, load.quantization).0.div_ceil(by);
    let adapters = adapters(load, dtype, usable, by);
    let activations = load.activations.1.0;
    let taken = weights.saturating_add(adapters).saturating_add(activations);
    let where_ = if gpus == 1 { "one GPU".to_owned() } else { format!("each of {gpus} GPUs") };
    let Some(cache) = usable.checked_sub(taken) else {
        let because = format!(
            "{where_} has {} to use and weights, adapters and activations take {}",
            Bytes(usable).approx(),
            Bytes(taken).approx()
        );
        return Err(Refusal { bottleneck: Bottleneck::GpuMemory, because });
    };
    let per_token = per_token(model, dtype, load.kv_fp8, gpus);
    let tokens = cache / per_token.0;
    let blocks = tokens / load.block.max(1);
    if blocks < load.blocks(load.context()) {
        let because = format!(
            "the key-value cache of {} in {where_} holds {tokens} tokens, less than one sequence of {}",
            Bytes(cache).approx(),
            load.context()
        );
        return Err(Refusal { bottleneck: Bottleneck::GpuMemory, because });
    }
    Ok(Budget {
        gpus,
        dtype,
        usable: Bytes(usable),
        weights: Bytes(weights),
        adapters: Bytes(adapters),
        activations: Bytes(activations),
        cache: Bytes(cache),
        per_token,
        tokens,
        requests: blocks / load.blocks(load.request()).max(1),
    })
}

/// What adapters take in one of `by` GPUs: by the sizes of the layers, else the part that the blueprint names of weights and
/// cache together, else nothing.
fn adapters(load: &Load, dtype: Dtype, usable: u64, by: u64) -> u64 {
    let Some(adapters) = load.adapters else { return 0 };
    if let Some(bytes) = lora::bytes(&load.model, adapters.max, load.rank(), dtype) {
        return bytes.div_ceil(by);
    }
    let share = u128::from(adapters.share.unwrap_or_default().0);
    clamp((u128::from(usable) * share).div_ceil(1_000_000 + share))
}

#[cfg(test)]
#[path = "budget_tests.rs"]
mod tests;
