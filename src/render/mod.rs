//! From a topology to files: one file per output, sorted and byte-stable.

pub mod checks;
pub mod compose;
pub mod env;
pub mod gateway;
pub mod monitoring;
pub mod operations;
pub mod templates;
pub mod tree;
pub mod yaml;
