//! Placeholder.

/// Placeholder.
pub fn derive() {}
