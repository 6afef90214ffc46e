//! Machines, disks, prices, charts and images: dated tables, never figures in code.

pub mod machine;

pub use machine::{Gpu, Machine, Prices, Purchase, Quote};

/// The newest date of any table of the catalogue; `rapplan version` prints it.
pub const DATE: &str = "2026-11-21";
