//! From a sized blueprint to the complete wanted state on AWS: network, rules, load balancer, machines, disks, registries.
//!
//! A stack that keeps nothing and takes requests in is a group of machines, released Blue/Green; every other one is a single
//! machine with its disk and its address. Who may call whom follows from what the blueprint's services call, and becomes
//! security groups and network ACLs alike; [`super::network_proof`] tells from the result alone what passes.

mod acl;
mod balancer;
mod boot;
mod identity;
mod layout;
mod machines;
mod made;
mod network;
mod options;
mod places;
mod secrets;
mod security;
mod storage;
mod template;

pub use crate::cloud::desire::images::problem as image_problem;
pub use crate::cloud::desire::machine::MachineChoice;
pub use options::{Nat, Network, Options, Subnet, machines};
pub use secrets::parameter;

use std::collections::BTreeMap;

use super::Desired;
use crate::blueprint::Blueprint;
use crate::cloud::desire::{calls, images};
use crate::cloud::names::DEPLOYMENT;
use crate::error::Result;
use crate::render;
use crate::render::templates::Templates;
use crate::size::plan::Plan;
use layout::{BALANCER, Layout};
use made::Made;

/// What is wanted on AWS for a sized blueprint: the same input always gives the same bytes.
///
/// # Errors
/// An image without a digest or a tag to go back to, a machine type that is not known, a network too small for the roles,
/// user data beyond what AWS takes, and all that [`crate::design`] and [`crate::render`] refuse.
pub fn desire(blueprint: &Blueprint, plan: &Plan, templates: &Templates, options: &Options) -> Result<Desired> {
    let mut layout = Layout::new(blueprint, plan, options)?;
    images::check(&layout)?;
    let trusted: Vec<String> =
        layout.place(BALANCER).into_iter().flat_map(|place| place.blocks()).map(|b| b.to_string()).collect();
    layout.trust(trusted);
    let tree = render::files(&layout.topology, templates)?;
    let own_network = matches!(options.network, Network::New { .. });
    let around = calls::around(&layout.calls, own_network, &balancer::public_ports(&layout));
    let calls: Vec<calls::Call> = layout.calls.iter().cloned().chain(around).collect();
    let mut made = Made::nameless(&options.deployment);
    let net = network::add(&layout, &mut made);
    security::add(&layout, &mut made, &net, &calls);
    acl::add(&layout, &mut made, &net, &calls)?;
    identity::add(&layout, &mut made);
    balancer::add(&layout, &mut made, &net);
    storage::add(&layout, &mut made)?;
    let fleets = machines::fleets(&layout, &made, &net, &tree, templates)?;
    let mut singles = machines::singles(&layout, &made, &tree, templates)?;
    if own_network && options.nat == Nat::Instance {
        identity::add_nat(&mut made, layout::NAT);
        singles.insert(layout::NAT.to_owned(), machines::nat(&layout, &made, templates)?);
    }
    Ok(Desired {
        deployment: options.deployment.clone(),
        tags: BTreeMap::from([(DEPLOYMENT.to_owned(), options.deployment.clone())]),
        resources: made.graph,
        fleets,
        singles,
        allow_data_loss: options.allow_data_loss,
    })
}
