//! Where the rendered configuration of a program is found in its container.
//!
//! Folders are mounted, not files: a file that is replaced as a whole keeps its old content in a container that mounted
//! it by itself, so that a reload would read the old one.

use super::scene::{Placed, Scene};
use super::topology::{Mount, MountSource};
use crate::blueprint::service::Kind;

/// Folder in the container in which nginx finds the rendered `nginx.conf`.
pub const NGINX: &str = "/etc/nginx/rapplan";

/// Folder of the stack and folder in the container, for each program that is configured by rendered files.
pub fn mounts(scene: &Scene<'_>, placed: &Placed<'_>) -> Vec<Mount> {
    let folders: &[(&str, &str)] = if is_nginx(placed) {
        &[("nginx", NGINX)]
    } else if let Some(monitoring) = &scene.blueprint.monitoring {
        let name = Some(placed.name);
        if monitoring.collector == placed.name {
            &[("prometheus", "/etc/prometheus")]
        } else if monitoring.alerts.as_deref() == name {
            &[("alertmanager", "/etc/alertmanager")]
        } else if monitoring.dashboards.as_deref() == name {
            &[("grafana/provisioning", "/etc/grafana/provisioning"), ("grafana/dashboards", "/etc/grafana/dashboards")]
        } else {
            &[]
        }
    } else {
        &[]
    };
    let own = |at: &str| placed.service.volumes.iter().any(|usage| usage.at == at);
    let mount = |(from, at): &(&str, &str)| Mount {
        from: MountSource::File((*from).to_owned()),
        at: (*at).to_owned(),
        read_only: true,
    };
    folders.iter().filter(|(_, at)| !own(at)).map(mount).collect()
}

/// The command that makes nginx read the rendered configuration, unless the blueprint gives one.
pub fn command(placed: &Placed<'_>) -> Vec<String> {
    let conf = format!("{NGINX}/nginx.conf");
    let words = ["nginx", "-c", &conf, "-g", "daemon off;"];
    if is_nginx(placed) { words.map(str::to_owned).to_vec() } else { Vec::new() }
}

fn is_nginx(placed: &Placed<'_>) -> bool {
    let nginx = placed.service.image.as_ref().is_some_and(|image| image.name.contains("nginx"));
    placed.service.kind == Kind::Gateway && nginx
}
