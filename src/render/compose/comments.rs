//! What the file says of itself, and of what a reader may ask about.

use crate::blueprint::service::Kind;
use crate::design::topology::{ImageRef, MountSource, Stack, Topology, Unit};
use crate::render::yaml::Comments;

/// The first lines of the file.
pub fn header(topology: &Topology, stack: &Stack) -> String {
    let servers =
        if stack.count > 1 { format!(" ({} servers, the same files on each)", stack.count) } else { String::new() };
    format!(
        "{title}: {stack}{servers}\n\
         Made by rapplan for deployment {deployment}, tier {tier} ({rows}), for {demand}.\n\
         To change it, change the blueprint or the demand and render again; an edit here is kept, and shown as one.\n\
         Variables come from .env (see .env.example), secrets from files under secrets/. Neither belongs in a repository.",
        title = topology.title,
        stack = stack.title,
        deployment = topology.deployment,
        tier = topology.tier,
        rows = topology.rows.join(", "),
        demand = topology.demand,
    )
}

/// Comments within the file.
pub fn of(stack: &Stack) -> Comments {
    let mut comments = Comments::default();
    for unit in &stack.units {
        comments.add(["services", &unit.name], unit.title.clone());
        let mut say = |field: &str, text: &str| comments.add(["services", &unit.name, field], text);
        for (field, text) in remarks(unit) {
            say(field, text);
        }
    }
    for network in stack.networks.iter().filter(|network| network.internal) {
        let path = ["networks", &network.name, "internal"];
        comments.add(path, "No way out, and no port of it can be published.");
    }
    if stack.volumes.iter().any(|volume| volume.path.is_some()) {
        let text =
            "Bound to folders that must exist: without its storage a store fails to start, and does not begin anew.";
        comments.add(["volumes"], text);
    }
    if stack.units.iter().any(|unit| !unit.secret_files.is_empty()) {
        let text = "A copy for each service, since Compose mounts files with the owner that they have here.";
        comments.add(["secrets"], text);
    }
    comments
}

/// Field and remark, for what an expert would ask about.
fn remarks(unit: &Unit) -> Vec<(&'static str, &'static str)> {
    let mut out = Vec::new();
    if matches!(&unit.image, ImageRef::Pinned { digest: None, .. }) {
        out.push(("image", "No digest is known: pin it after the first pull."));
    }
    if unit.secret_env_file().is_some() {
        out.push((
            "env_file",
            "This image reads the secret from a variable only; the file is mode 0600 and read as it stands.",
        ));
    }
    if unit.mounts.iter().any(|mount| matches!(&mount.from, MountSource::Host(path) if path == "/")) {
        out.push(("volumes", "The whole server, to read only: it measures the disks."));
    }
    if unit.restart_with.is_empty() && !unit.depends_on.is_empty() {
        out.push(match unit.kind {
            _ if !unit.started_suffices.is_empty() => (
                "depends_on",
                "Started is enough: an instance that does not answer is passed over, and must not keep the gateway down. \
                 Reload the gateway, do not restart it, when one is replaced.",
            ),
            Kind::Gateway => {
                ("depends_on", "For the start only: reload it, do not restart it, when an instance is replaced.")
            }
            _ => ("depends_on", "For the start only: it is not restarted when one of these is replaced."),
        });
    }
    if unit.user.is_none() {
        out.push(("cap_drop", "The image chooses its user."));
    }
    if !unit.read_only {
        out.push(("security_opt", "The root file system is writable: the image is not known to work without."));
    }
    out
}
