//! Google Cloud: regional managed instance groups, released by rolling updates with surge instances.

pub mod action;
pub mod desire;
pub mod desired;
pub mod effect;
pub mod kind;
pub mod labels;
pub mod network_proof;
pub mod reconcile;
mod shown;
pub mod sim;
pub mod world;

pub use action::Action;
pub use desired::Desired;
pub use kind::Kind;
pub use reconcile::Gcp;
pub use world::World;
