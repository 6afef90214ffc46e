//! What takes requests in and passes them on.

use super::scene::{Placed, Scene};
use super::secrets::{CERTIFICATE, KEY};
use super::topology::GatewayDesign;
use crate::blueprint::service::{Connect, Exposure, Kind, Port};
use crate::error::{Code, Problem, Result};

/// The gateway, when the plan runs one.
///
/// # Errors
/// It passes requests to nothing that runs on its own server.
pub fn design(scene: &Scene<'_>) -> Result<Option<GatewayDesign>> {
    let Some(gateway) = scene.gateway() else { return Ok(None) };
    let (target, port) = behind(scene, &gateway)?;
    let public: Vec<&Port> = gateway.service.ports.iter().filter(|p| p.exposure == Exposure::Public).collect();
    let named =
        |name: &str, otherwise: u16| public.iter().find(|port| port.name == name).map_or(otherwise, |port| port.port);
    Ok(Some(GatewayDesign {
        stack: gateway.server.name.clone(),
        unit: gateway.name.to_owned(),
        http_port: named("http", 80),
        https_port: named("https", 443),
        upstreams: target.unit_names().iter().map(|unit| format!("{unit}:{port}")).collect(),
        health_path: target.service.health.as_ref().and_then(|h| h.http.clone()).unwrap_or_else(|| "/".to_owned()),
        certificate: CERTIFICATE.to_owned(),
        key: KEY.to_owned(),
        trusted: Vec::new(),
    }))
}

/// What requests are passed to: what the blueprint connects it to, else the first application on its server.
fn behind<'a>(scene: &Scene<'a>, gateway: &Placed<'a>) -> Result<(Placed<'a>, u16)> {
    let default = Connect::default();
    let said = gateway.service.connects.iter().find_map(|(name, c)| Some((scene.nearest(gateway.server, name)?, c)));
    let web = || scene.on(gateway.server).find(|placed| placed.service.kind == Kind::Web);
    let found = said.or_else(|| Some((web()?, &default)));
    let here = found.filter(|(target, _)| target.server.name == gateway.server.name);
    here.and_then(|(target, connect)| Some((target, target.port(connect)?.port))).ok_or_else(|| {
        let what = format!("gateway `{}` passes requests to nothing on its server", gateway.name);
        Problem::new(Code::NotRendered, what)
            .because("a gateway in front of instances on other servers is not rendered yet")
            .hint(format!("run the application on the server `{}` too", gateway.server.name))
            .into()
    })
}
