//! From a topology to files: one file per output, sorted and byte-stable.

pub mod templates;
pub mod tree;
