//! Amazon Web Services: Auto Scaling Groups behind a load balancer, released Blue/Green.

pub mod action;
pub mod desire;
pub mod desired;
pub mod effect;
pub mod kind;
pub mod network_proof;
pub mod reconcile;
mod shown;
pub mod sim;
pub mod world;

pub use action::Action;
pub use desired::Desired;
pub use kind::Kind;
pub use reconcile::Aws;
pub use world::World;
