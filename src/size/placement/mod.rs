//! Services onto machines at the least cost.

pub mod types;

pub use types::{Alternative, Host, Lot, Placement, Proof, Rules, Spread};
