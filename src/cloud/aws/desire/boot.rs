//! What the machines of a stack are started with, as AWS takes it.

use super::layout::{Layout, NAT, Server};
use super::options::Network;
use super::secrets;
use crate::cloud::desire::boot::{self, Around};
use crate::error::Result;
use crate::render::cloud_init::{self, Host};
use crate::render::templates::Templates;
use crate::render::tree::Tree;

/// The user data of the machines of a stack, as AWS takes it.
///
/// # Errors
/// `E0602` when it is more than fits, `E0204` for a variable without a value, `E0403` for a template.
pub(super) fn user_data(layout: &Layout<'_>, server: &Server, tree: &Tree, templates: &Templates) -> Result<String> {
    let place = |server: &Server| layout.place(&server.role).filter(|_| !server.is_fleet);
    let around = Around {
        host: Host::Aws,
        region: &layout.options.region,
        address: &|server| Some(place(server)?.address()),
        secret: &|name| secrets::parameter(layout.options, name),
        asks: &|host| host.contains(".dkr.ecr."),
    };
    let start = boot::start(layout, &around, server, tree)?;
    cloud_init::pack(&server.stack, &cloud_init::stack(&start, templates)?)
}

/// The user data of the machine that translates addresses.
///
/// # Errors
/// `E0403` for a template.
pub(super) fn nat(layout: &Layout<'_>, templates: &Templates) -> Result<String> {
    let network = match &layout.options.network {
        Network::New { cidr } => cidr.clone(),
        Network::Existing { .. } => String::new(),
    };
    let name = format!("{}-{NAT}", layout.options.deployment);
    cloud_init::pack(NAT, &cloud_init::nat(&name, &network, templates)?)
}
