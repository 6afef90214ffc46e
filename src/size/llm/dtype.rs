//! How numbers are held on a GPU, and which GPUs can calculate with them.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Compute capability of a GPU, in tenths: 75 is 7.5, the generation of the T4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Capability(pub u32);

impl Capability {
    /// The least that vLLM runs on (docs.vllm.ai, "Installation", GPU: compute capability 7.0 or higher).
    pub const LEAST: Self = Self(70);
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0 / 10, self.0 % 10)
    }
}

/// What vLLM calculates in (`--dtype`), and holds unquantised weights and the key-value cache in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Dtype {
    /// 32 bits.
    Float32,
    /// 16 bits, 5 of them for the exponent.
    Float16,
    /// 16 bits, 8 of them for the exponent.
    Bfloat16,
}

impl Dtype {
    /// All of them, with the word that vLLM takes.
    pub const ALL: [(&'static str, Self); 3] =
        [("float32", Self::Float32), ("float16", Self::Float16), ("bfloat16", Self::Bfloat16)];

    /// The one of that name; `half` is float16 and `float` float32, as in vLLM.
    pub fn named(word: &str) -> Option<Self> {
        match word {
            "half" => Some(Self::Float16),
            "float" => Some(Self::Float32),
            _ => Self::ALL.into_iter().find(|(name, _)| *name == word).map(|(_, dtype)| dtype),
        }
    }

    /// The word that vLLM takes.
    pub fn word(self) -> &'static str {
        match self {
            Self::Float32 => "float32",
            Self::Float16 => "float16",
            Self::Bfloat16 => "bfloat16",
        }
    }

    /// Bytes of one number.
    pub fn bytes(self) -> u64 {
        match self {
            Self::Float32 => 4,
            Self::Float16 | Self::Bfloat16 => 2,
        }
    }

    /// The generation from which GPUs calculate in it: vLLM refuses bfloat16 below 8.0 (`vllm/v1/worker/gpu_worker.py`,
    /// `_check_if_gpu_supports_dtype`).
    pub fn needs(self) -> Capability {
        match self {
            Self::Bfloat16 => Capability(80),
            Self::Float16 | Self::Float32 => Capability::LEAST,
        }
    }
}

/// Weights in fewer bits than the numbers that are calculated with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Quantization {
    /// 8-bit floating point, weights and activations (W8A8).
    Fp8,
    /// 8-bit whole numbers, weights and activations (W8A8).
    Int8,
    /// 4 bits in groups of 128 with a scale and a zero point each (AWQ).
    Awq,
    /// The same by GPTQ.
    Gptq,
}

impl Quantization {
    /// The one of that name, as vLLM takes it; `None` for the many others.
    pub fn named(word: &str) -> Option<Self> {
        [Self::Fp8, Self::Int8, Self::Awq, Self::Gptq].into_iter().find(|one| word.starts_with(one.word()))
    }

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fp8 => "fp8",
            Self::Int8 => "int8",
            Self::Awq => "awq",
            Self::Gptq => "gptq",
        }
    }

    /// Bits that 128 weights take: 128 x 8, or 128 x 4 with a scale of 16 and a zero point of 4.
    pub fn bits_of_128(self) -> u64 {
        match self {
            Self::Fp8 | Self::Int8 => 128 * 8,
            Self::Awq | Self::Gptq => 128 * 4 + 16 + 4,
        }
    }

    /// The generation from which vLLM runs it (docs.vllm.ai v0.11.2, "Quantization", Supported Hardware: Volta 7.0, Turing
    /// 7.5, Ada 8.9). Below 8.9 vLLM can still hold weights in fp8 and calculate in 16 bits, from a version and with kernels
    /// that differ; that is not counted on here.
    pub fn needs(self) -> Capability {
        match self {
            Self::Fp8 => Capability(89),
            Self::Int8 | Self::Awq => Capability(75),
            Self::Gptq => Capability(70),
        }
    }
}

/// Classes that overflow in float16: vLLM refuses it for the model types `gemma2`, `gemma3`, `gemma3_text`, `plamo2` and
/// `glm4` (`vllm/config/model.py`, `_FLOAT16_NOT_SUPPORTED_MODELS`, read 2026-11-21).
const NOT_IN_FLOAT16: [&str; 4] = ["Gemma2ForCausalLM", "Gemma3ForCausalLM", "Plamo2ForCausalLM", "Glm4ForCausalLM"];

/// What the model is calculated in on a GPU: what was asked for, else what its files are in, with float16 in place of bfloat16
/// on GPUs that are too old for it. `capability` is `None` for GPUs that nothing is known of; they are taken to do everything.
///
/// # Errors
/// Why it cannot be calculated, and what to do.
pub fn choose(
    of_model: Dtype,
    asked: Option<Dtype>,
    class: &str,
    gpu: &str,
    capability: Option<Capability>,
) -> Result<Dtype, String> {
    let Some(capability) = capability else { return Ok(asked.unwrap_or(of_model)) };
    if capability < Capability::LEAST {
        let least = Capability::LEAST;
        return Err(format!("vLLM needs compute capability {least}, {gpu} has {capability}: take a newer GPU"));
    }
    let wanted = asked.unwrap_or(of_model);
    let dtype = match asked {
        None if capability < wanted.needs() => Dtype::Float16,
        _ => wanted,
    };
    if capability < dtype.needs() {
        return Err(format!(
            "{} needs compute capability {}, {gpu} has {capability}: use float16, or a GPU from {} on",
            dtype.word(),
            dtype.needs(),
            dtype.needs()
        ));
    }
    if dtype == Dtype::Float16 && NOT_IN_FLOAT16.contains(&class) {
        return Err(format!(
            "{class} overflows in float16 and vLLM refuses it; bfloat16 needs compute capability {}, {gpu} has {capability}",
            Dtype::Bfloat16.needs()
        ));
    }
    Ok(dtype)
}

#[cfg(test)]
mod tests {
    use super::*;

    const T4: Option<Capability> = Some(Capability(75));

    #[test]
    fn a_t4_calculates_in_float16() {
        let choose = |asked, class| choose(Dtype::Bfloat16, asked, class, "T4", T4);
        assert_eq!(choose(None, "LlamaForCausalLM"), Ok(Dtype::Float16));
        let why = choose(Some(Dtype::Bfloat16), "LlamaForCausalLM").unwrap_err();
        assert!(why.contains("8.0") && why.contains("7.5"), "{why}");
        assert!(choose(None, "Gemma2ForCausalLM").unwrap_err().contains("overflows"));
        assert_eq!(choose(Some(Dtype::Float32), "Gemma2ForCausalLM"), Ok(Dtype::Float32));
    }

    #[test]
    fn newer_gpus_keep_the_dtype_of_the_model() {
        for tenths in [80, 89, 90, 120] {
            let got = choose(Dtype::Bfloat16, None, "Gemma2ForCausalLM", "x", Some(Capability(tenths)));
            assert_eq!(got, Ok(Dtype::Bfloat16));
        }
        assert_eq!(choose(Dtype::Bfloat16, None, "x", "unknown", None), Ok(Dtype::Bfloat16));
        assert!(choose(Dtype::Float16, None, "x", "P4", Some(Capability(61))).is_err());
    }

    #[test]
    fn words_read_back() {
        for (word, dtype) in Dtype::ALL {
            assert_eq!((Dtype::named(word), dtype.word()), (Some(dtype), word));
        }
        assert_eq!(Dtype::named("half"), Some(Dtype::Float16));
        assert_eq!(Dtype::named("fp4"), None);
    }
}
