//! Whether vectors fit into memory.

use schemars::JsonSchema;
use serde::Serialize;

/// Placeholder.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct MemoryCheck {}
