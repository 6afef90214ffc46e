//! From a demand to a sized deployment.

pub mod plan;
pub mod vectors;
