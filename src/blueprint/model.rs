//! What a language model service loads: the model, its size, its adapters.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{Count, Share};

/// A language model and its adapters.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Model name.
    pub name: String,
    /// Parameters of the model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Count>,
    /// Bytes that hold one parameter: 2 for float16.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes_per_parameter: Option<u32>,
    /// What its numbers are held in: `float16`, `bfloat16` or `float32`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dtype: Option<String>,
    /// Class that runs it, the first of `architectures` in its config.json: `LlamaForCausalLM`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// Layers (`num_hidden_layers`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layers: Option<u32>,
    /// Size of the hidden state (`hidden_size`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden_size: Option<u32>,
    /// Size of the feed-forward layers (`intermediate_size`); the memory of adapters follows from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intermediate_size: Option<u32>,
    /// Attention heads (`num_attention_heads`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heads: Option<u32>,
    /// Heads that keys and values are kept for (`num_key_value_heads`); as many as `heads` unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kv_heads: Option<u32>,
    /// Size of one head (`head_dim`); `hidden_size` divided by `heads` unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head_size: Option<u32>,
    /// Longest sequence in tokens (`max_position_embeddings`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<u32>,
    /// Requests that are to be answered at the same time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concurrent_requests: Option<Count>,
    /// LoRA adapters that are loaded on demand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub adapters: Vec<String>,
    /// Adapters held at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_adapters: Option<u32>,
    /// GPU memory that the adapters add, as a part of what the model takes without them: the least the source names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adapter_memory: Option<Share>,
    /// The most that the source names for it, when it gives a range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adapter_memory_max: Option<Share>,
    /// Path that loads an adapter into a running server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load_path: Option<String>,
    /// Path that takes an adapter out of a running server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unload_path: Option<String>,
}
