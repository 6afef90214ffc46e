//! What a language model service must bear, and with which settings it is run.

use super::dtype::{Dtype, Quantization};
use super::lora;
use super::model::Architecture;
use crate::blueprint::service::Service;
use crate::units::{Bytes, Cores, Share};

/// `--gpu-memory-utilization` of vLLM when nothing is set (`vllm/config/cache.py`: 0.9; newer versions 0.92).
pub const UTILIZATION: Share = Share::percent(90);

/// Tokens of a block of the key-value cache when nothing is set (`--block-size`, on CUDA).
pub const BLOCK: u64 = 16;

/// What activations and CUDA graphs take at the peak that vLLM measures at start: 0.5 to 1 GiB. An assumption for models of
/// some billion parameters; vLLM's log tells the true figure.
pub const ACTIVATIONS: (Bytes, Bytes) = (Bytes::mib(512), Bytes::gib(1));

/// Adapters that are held at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Adapters {
    /// How many (`--max-loras`).
    pub max: u64,
    /// Rank of the largest (`--max-lora-rank`); vLLM's own 16 unless said.
    pub rank: Option<u64>,
    /// What they add to weights and key-value cache, for models whose layer sizes are not known.
    pub share: Option<Share>,
}

/// A language model service under load.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// The model.
    pub model: Architecture,
    /// What it is calculated in, when that is fixed.
    pub dtype: Option<Dtype>,
    /// Whether its weights are quantised.
    pub quantization: Option<Quantization>,
    /// Whether keys and values are kept in 8 bits (`--kv-cache-dtype fp8`).
    pub kv_fp8: bool,
    /// Longest sequence that must be taken (`--max-model-len`); the model's own unless said.
    pub context: Option<u64>,
    /// Tokens of a usual request, question and answer together; the longest sequence unless said.
    pub request: Option<u64>,
    /// Requests at the same time.
    pub concurrent: u64,
    /// Adapters, when there are any.
    pub adapters: Option<Adapters>,
    /// Part of the GPU memory that vLLM may use.
    pub utilization: Share,
    /// What activations take, at least and at most; the most is what is planned with.
    pub activations: (Bytes, Bytes),
    /// Tokens of a block of the key-value cache.
    pub block: u64,
    /// GPUs that share one copy of the model (`--tensor-parallel-size`), when that is fixed.
    pub gpus: Option<u32>,
    /// Processors that the server takes of its machine; zero when nothing is said.
    pub cpu: Cores,
    /// Memory that the server takes of its machine; zero when nothing is said.
    pub memory: Bytes,
}

impl Load {
    /// A model with vLLM's own settings and `concurrent` requests of its longest sequence.
    pub fn new(model: Architecture, concurrent: u64) -> Self {
        Self {
            model,
            dtype: None,
            quantization: None,
            kv_fp8: false,
            context: None,
            request: None,
            concurrent,
            adapters: None,
            utilization: UTILIZATION,
            activations: ACTIVATIONS,
            block: BLOCK,
            gpus: None,
            cpu: Cores(0),
            memory: Bytes(0),
        }
    }

    /// What a blueprint says of a service, and one request at a time where it does not say how many.
    ///
    /// # Errors
    /// The fields of `model` that are missing; `model` itself when the service has none.
    pub fn of(service: &Service) -> Result<Self, Vec<&'static str>> {
        let model = service.model.as_ref().ok_or_else(|| vec!["model"])?;
        let concurrent = model.concurrent_requests.map_or(1, |count| count.0.max(1));
        let mut load = Self::new(Architecture::of(model)?, concurrent);
        let needs = service.needs.as_ref();
        load.cpu = needs.and_then(|needs| needs.cpu).unwrap_or_default();
        load.memory = needs.and_then(|needs| needs.memory).unwrap_or_default();
        load.dtype = model.dtype.as_deref().and_then(Dtype::named);
        let max = model.max_adapters.map_or(model.adapters.len() as u64, u64::from);
        load.adapters =
            (max > 0).then(|| Adapters { max, rank: None, share: model.adapter_memory_max.or(model.adapter_memory) });
        Ok(load)
    }

    /// Longest sequence: what is asked, held at what the model can.
    pub fn context(&self) -> u64 {
        self.context.unwrap_or(self.model.context).clamp(1, self.model.context.max(1))
    }

    /// Tokens of a usual request, held at the longest sequence.
    pub fn request(&self) -> u64 {
        self.request.unwrap_or_else(|| self.context()).clamp(1, self.context())
    }

    /// Blocks of the cache that so many tokens take.
    pub fn blocks(&self, tokens: u64) -> u64 {
        tokens.div_ceil(self.block.max(1))
    }

    /// The rank that room is made for.
    pub(super) fn rank(&self) -> u64 {
        self.adapters.and_then(|adapters| adapters.rank).unwrap_or(lora::DEFAULT_RANK)
    }
}
