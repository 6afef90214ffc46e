//! How services learn where the others are.

use super::ports::Ports;
use super::scene::{Placed, Scene};
use super::topology::{Part, Value};
use super::topology_names::variable_name;
use crate::blueprint::service::Connect;

/// Where something is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Name of a unit on the same server, or the variable with the address of another server.
    pub host: Part,
    /// Port there.
    pub port: u16,
}

/// The variable with the address of a server.
pub fn host_variable(server: &str) -> String {
    format!("{}_HOST", variable_name(server))
}
/// Where `from` reaches a service, and the server that it is on.
pub fn endpoint<'a>(
    scene: &Scene<'a>,
    ports: &Ports,
    from: &Placed<'_>,
    service: &str,
    connect: &Connect,
) -> Option<(Endpoint, Placed<'a>)> {
    let target = scene.nearest(from.server, service)?;
    let port = target.port(connect)?.port;
    let first = target.unit_names().into_iter().next()?;
    let endpoint = if target.server.name == from.server.name {
        // Instances share the name of their service, so that Docker's name service shares callers among them.
        Endpoint { host: Part::Literal(service.to_owned()), port }
    } else {
        let host = Part::Variable(host_variable(&target.server.name));
        Endpoint { host, port: ports.host_port(&target.server.name, &first, port)? }
    };
    Some((endpoint, target))
}

/// The variables of the environment that tell a service where the others are.
pub fn environment(scene: &Scene<'_>, ports: &Ports, placed: &Placed<'_>) -> Vec<(String, Value)> {
    let mut out = Vec::new();
    for (service, connect) in &placed.service.connects {
        let Some((endpoint, _)) = endpoint(scene, ports, placed, service, connect) else { continue };
        let port = Part::Literal(endpoint.port.to_string());
        if let Some(name) = &connect.host_env {
            out.push((name.clone(), join(vec![endpoint.host.clone()])));
        }
        if let Some(name) = &connect.port_env {
            out.push((name.clone(), join(vec![port.clone()])));
        }
        let whole = vec![endpoint.host, Part::Literal(":".to_owned()), port];
        if let Some(name) = &connect.endpoint_env {
            out.push((name.clone(), join(whole.clone())));
        }
        if let Some(name) = &connect.url_env {
            out.push((name.clone(), url(connect.url.as_deref().unwrap_or("http://{endpoint}"), &whole)));
        }
    }
    out
}

fn url(form: &str, endpoint: &[Part]) -> Value {
    let mut parts = Vec::new();
    for (i, text) in form.split("{endpoint}").enumerate() {
        if i > 0 {
            parts.extend_from_slice(endpoint);
        }
        parts.push(Part::Literal(text.to_owned()));
    }
    join(parts)
}

/// Neighbouring literals become one; a value without variables is a literal.
fn join(parts: Vec<Part>) -> Value {
    let mut out: Vec<Part> = Vec::new();
    for part in parts {
        match (out.last_mut(), part) {
            (Some(Part::Literal(before)), Part::Literal(text)) => before.push_str(&text),
            (_, Part::Literal(text)) if text.is_empty() => {}
            (_, part) => out.push(part),
        }
    }
    match out.as_slice() {
        [] => Value::literal(""),
        [Part::Literal(text)] => Value::literal(text.clone()),
        _ => Value::Parts(out),
    }
}
