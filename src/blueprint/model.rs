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
