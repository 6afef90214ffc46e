//! YAML of rendered files, in the order in which it was put together.

use serde::Serialize;

use crate::error::{Code, Problem, Result};

/// The YAML of a value.
///
/// # Errors
/// `E0901` when the value cannot be written as YAML, which the types of the renderers rule out.
pub fn to_string(value: &impl Serialize) -> Result<String> {
    yaml_serde::to_string(value)
        .map_err(|error| Problem::new(Code::Internal, "a rendered file is not YAML").because(error.to_string()).into())
}
