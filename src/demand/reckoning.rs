//! How a figure was reckoned.

use schemars::JsonSchema;
use serde::Serialize;

/// A figure with the formula and the inputs that gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Reckoning {
    /// What was reckoned: `milvus memory`, `vllm KV cache`.
    pub figure: String,
    /// Its value, for people.
    pub value: String,
    /// The formula in words and symbols: `2 x layers x kv heads x head size x bytes`.
    pub formula: String,
    /// What went in, by name.
    pub inputs: Vec<(String, String)>,
    /// Where formula and constants come from; says so when it is an assumption.
    pub source: String,
}
