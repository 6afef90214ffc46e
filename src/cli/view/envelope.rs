//! What every machine-readable result is wrapped in.

use schemars::JsonSchema;
use serde::Serialize;

use crate::error::{Code, Problem, Result};

/// Version of all machine-readable results. Within a major version fields are only added.
pub const SCHEMA_VERSION: &str = "1.0";

/// A machine-readable result. The result itself is under one key, so that neither side can hide a field of the other
/// and the envelope can grow.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Envelope<T> {
    /// Version of the form of this result, `major.minor`; within a major version fields are only added.
    pub schema_version: &'static str,
    /// What the result is: `size`, `blueprints`.
    pub kind: &'static str,
    /// The result.
    pub data: T,
}

impl<T> Envelope<T> {
    /// Wraps a result.
    pub fn new(kind: &'static str, data: T) -> Self {
        Self { schema_version: SCHEMA_VERSION, kind, data }
    }
}

/// A wrapped result as indented JSON.
///
/// # Errors
/// `E0901` when the result cannot be serialised, which is a fault of the program.
pub fn json<T: Serialize>(kind: &'static str, data: T) -> Result<String> {
    serde_json::to_string_pretty(&Envelope::new(kind, data)).map_err(|error| fault(&error))
}

/// A wrapped result as YAML.
///
/// # Errors
/// As [`json`].
pub fn yaml<T: Serialize>(kind: &'static str, data: T) -> Result<String> {
    yaml_serde::to_string(&Envelope::new(kind, data)).map_err(|error| fault(&error))
}

fn fault(error: &dyn std::fmt::Display) -> crate::error::Error {
    Problem::new(Code::Internal, "a result cannot be written down").because(error.to_string()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_version_and_kind_first() {
        let data = std::collections::BTreeMap::from([("tier", "split")]);
        let json = json("size", &data).unwrap();
        assert_eq!(
            json,
            "{\n  \"schema_version\": \"1.0\",\n  \"kind\": \"size\",\n  \"data\": {\n    \"tier\": \"split\"\n  }\n}"
        );
        assert_eq!(yaml("size", &data).unwrap(), "schema_version: '1.0'\nkind: size\ndata:\n  tier: split\n");
    }
}
