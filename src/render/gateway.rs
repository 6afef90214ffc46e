//! The configuration of nginx in front of the instances.

use serde::Serialize;

use crate::design::topology::Topology;
use crate::error::Result;
use crate::render::templates::Templates;
use crate::render::tree::Tree;

/// Where Compose mounts a secret.
const SECRETS: &str = "/run/secrets";

/// What the template is told.
#[derive(Serialize)]
struct Gateway<'a> {
    title: &'a str,
    deployment: &'a str,
    unit: &'a str,
    http_port: u16,
    https_port: u16,
    upstreams: &'a [String],
    trusted: &'a [String],
    health_path: &'a str,
    certificate: String,
    key: String,
}

/// The file `nginx/nginx.conf` of the stack that has the gateway; none when the tier has no gateway.
///
/// # Errors
/// `E0403` when the template cannot be filled in.
pub fn render(topology: &Topology, templates: &Templates) -> Result<Tree> {
    let mut tree = Tree::default();
    let Some(gateway) = &topology.gateway else { return Ok(tree) };
    let values = Gateway {
        title: &topology.title,
        deployment: &topology.deployment,
        unit: &gateway.unit,
        http_port: gateway.http_port,
        https_port: gateway.https_port,
        upstreams: &gateway.upstreams,
        trusted: &gateway.trusted,
        health_path: &gateway.health_path,
        certificate: format!("{SECRETS}/{}", gateway.certificate),
        key: format!("{SECRETS}/{}", gateway.key),
    };
    tree.add(format!("{}/nginx/nginx.conf", gateway.stack), templates.render("nginx/nginx.conf.tera", &values)?);
    Ok(tree)
}
