//! From a sized blueprint to the complete wanted state on Google Cloud: network, rules, load balancers, machines, disks,
//! registry.
//!
//! A stack that keeps nothing and takes requests in, from the world or from another cloud, is a managed instance group,
//! released by rolling updates; every other one is a single machine with its disk and its address. Who may call whom follows
//! from what the blueprint's services call; [`super::network_proof`] tells from the result alone what passes.

mod balancer;
mod boot;
mod firewall;
mod identity;
mod layout;
mod machines;
mod made;
mod network;
mod options;
mod places;
mod secrets;
mod storage;
mod template;

pub use crate::cloud::desire::machine::MachineChoice;
pub use options::{Network, Options, Subnetwork, machines, zones};
pub use secrets::name as secret_name;

use std::collections::BTreeMap;

use super::{Desired, Kind};
use crate::blueprint::Blueprint;
use crate::blueprint::platform::Provider;
use crate::cloud::desire::{images, layout as shared};
use crate::cloud::names::{DEPLOYMENT, ROLE};
use crate::error::Result;
use crate::render;
use crate::render::templates::Templates;
use crate::size::plan::Plan;
use layout::Layout;
use made::Made;

/// What is wanted on Google Cloud for a sized blueprint: the same input always gives the same bytes.
///
/// # Errors
/// An image without a digest or a tag to go back to, a machine type that is not known, a network too small for the roles,
/// user data beyond what Google Cloud takes, and all that [`crate::design`] and [`crate::render`] refuse.
pub fn desire(blueprint: &Blueprint, plan: &Plan, templates: &Templates, options: &Options) -> Result<Desired> {
    let layout = Layout::new(blueprint, plan, options)?;
    images::check(&layout)?;
    let tree = render::files(&layout.topology, templates)?;
    let mut made = Made::new(&options.deployment);
    let net = network::add(&layout, &mut made);
    identity::add(&layout, &mut made);
    firewall::add(&layout, &mut made, &net);
    balancer::add(&layout, &mut made, &net);
    storage::add(&layout, &mut made)?;
    let fleets = machines::fleets(&layout, &made, &net, &tree, templates)?;
    let singles = machines::singles(&layout, &made, &net, &tree, templates)?;
    Ok(Desired {
        deployment: options.deployment.clone(),
        tags: BTreeMap::from([(DEPLOYMENT.to_owned(), options.deployment.clone())]),
        resources: made.graph,
        fleets,
        singles,
        allow_data_loss: options.allow_data_loss,
    })
}

/// Groups that roles on another cloud call, with those of these roles whose addresses nothing says, so that they are not let
/// in.
pub fn unknown_callers(blueprint: &Blueprint, desired: &Desired, options: &Options) -> Vec<(String, Vec<String>)> {
    let accounts = || desired.resources.iter().filter(|(address, _)| address.kind == Kind::ServiceAccount);
    let is_here = |role: &String| accounts().any(|(_, account)| account.tags.get(ROLE) == Some(role));
    let callers = |service: &String| {
        let role = &blueprint.services.get(service)?.placement.as_ref()?.role;
        let admitted = &shared::cloud(blueprint, Provider::Gcp)?.1.private.get(role)?.admits;
        let unknown =
            |role: &&String| *role != shared::BALANCER && !is_here(role) && !options.outside.contains_key(*role);
        let unknown: Vec<String> = admitted.iter().filter(unknown).cloned().collect();
        (!unknown.is_empty()).then(|| (service.clone(), unknown))
    };
    desired.fleets.keys().filter_map(callers).collect()
}
