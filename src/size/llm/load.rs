//! What a language model service must bear, and with which settings it is run.

use std::str::FromStr;

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

    /// What a blueprint says of a service, the flags of its command among it, and one request at a time where it does not say
    /// how many.
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
        load.read_flags(&service.command);
        let max = model.max_adapters.map_or(model.adapters.len() as u64, u64::from);
        load.adapters = (max > 0).then(|| Adapters {
            max: flag(&service.command, "max-loras").unwrap_or(max),
            rank: flag(&service.command, "max-lora-rank"),
            share: model.adapter_memory_max.or(model.adapter_memory),
        });
        Ok(load)
    }

    /// The settings that are given as flags of vLLM; what cannot be read is left as it is.
    fn read_flags(&mut self, command: &[String]) {
        self.dtype = flag::<String>(command, "dtype").and_then(|word| Dtype::named(&word));
        self.quantization = flag::<String>(command, "quantization").and_then(|word| Quantization::named(&word));
        self.kv_fp8 = flag::<String>(command, "kv-cache-dtype").is_some_and(|word| word.starts_with("fp8"));
        self.context = flag(command, "max-model-len");
        self.gpus = flag(command, "tensor-parallel-size");
        self.block = flag(command, "block-size").filter(|block| *block > 0).unwrap_or(self.block);
        self.utilization = flag(command, "gpu-memory-utilization").unwrap_or(self.utilization);
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

/// The value of a flag, written `--name value` or `--name=value`.
fn flag<T: FromStr>(command: &[String], name: &str) -> Option<T> {
    let of = |(at, word): (usize, &String)| {
        let rest = word.strip_prefix("--")?.strip_prefix(name)?;
        let next = || command.get(at + 1).map(String::as_str);
        if rest.is_empty() { next() } else { rest.strip_prefix('=') }.map(str::to_owned)
    };
    command.iter().enumerate().find_map(of)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_of_the_command_are_read() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let mut load = Load::new(crate::size::llm::model_named("Llama-3.1-8B").unwrap().clone(), 1);
        load.read_flags(&words(
            "--dtype half --max-model-len=8192 --gpu-memory-utilization 0.95 --kv-cache-dtype fp8_e4m3",
        ));
        assert_eq!((load.dtype, load.context(), load.utilization), (Some(Dtype::Float16), 8192, Share::percent(95)));
        assert!(load.kv_fp8);
        load.read_flags(&words("--quantization awq --tensor-parallel-size 2 --block-size 0 --max-model-len many"));
        assert_eq!(
            (load.quantization, load.gpus, load.block, load.context()),
            (Some(Quantization::Awq), Some(2), BLOCK, 131_072)
        );
        load.read_flags(&words("--dtype"));
        assert_eq!(load.dtype, None);
    }

    #[test]
    fn what_dojangkok_says() {
        let dojangkok = crate::size::impossible::tests::builtin("dojangkok");
        let load = Load::of(&dojangkok.services["vllm"]).unwrap();
        assert_eq!((load.concurrent, load.context(), load.cpu), (30, 2048, Cores::whole(4)));
        let adapters = load.adapters.unwrap();
        assert_eq!((adapters.max, adapters.rank, adapters.share), (2, None, Some(Share::percent(20))));
        assert_eq!(load.model.parameters, 5_885_059_072);
        assert_eq!(Load::of(&dojangkok.services["redis"]), Err(vec!["model"]));
    }
}
