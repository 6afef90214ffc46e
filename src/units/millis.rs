//! Spans of time in files that rapplan writes for itself: whole milliseconds, read back as they were written.

use serde::{Deserialize, Deserializer, Serializer};

use super::Span;

/// Writes a span as its milliseconds.
///
/// # Errors
/// As the format has it.
pub fn serialize<S: Serializer>(span: &Span, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(span.0)
}

/// Reads milliseconds.
///
/// # Errors
/// What is no whole number.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Span, D::Error> {
    u64::deserialize(deserializer).map(Span)
}
