//! Addresses of what is measured on other servers, made by a script from the variables in `.env`.

use serde::Serialize;

use super::measured::Measured;
use crate::design::topology::ScrapeTarget;
use crate::design::topology_names::hosts_variable;
use crate::error::Result;
use crate::render::templates::Templates;

/// Explains the folder.
pub(super) const README: &str = "\
# Addresses of other servers

`../targets.sh` makes the files of this folder from the addresses in `.env`, so that no address is written twice. Run it
again whenever an address changes; Prometheus sees the new files by itself.
";

#[derive(Serialize)]
struct Script<'a> {
    deployment: &'a str,
    servers: Vec<Server<'a>>,
}

/// The servers of one stack.
#[derive(Serialize)]
struct Server<'a> {
    stack: &'a str,
    title: &'a str,
    variable: String,
    count: u32,
    files: Vec<File<'a>>,
}

#[derive(Serialize)]
struct File<'a> {
    path: &'a str,
    ports: Vec<u16>,
}

/// Ports of a target on each of its servers.
fn ports(target: &ScrapeTarget) -> Vec<u16> {
    let port = |address: &String| address.rsplit_once(':')?.1.parse().ok();
    let mut ports: Vec<u16> = target.addresses.iter().filter_map(port).collect();
    ports.sort_unstable();
    ports.dedup();
    if ports.is_empty() { vec![target.port] } else { ports }
}

/// The script that makes the files; `None` when everything is measured on one server.
pub(super) fn script(measured: &Measured, templates: &Templates) -> Result<Option<String>> {
    let mut servers = Vec::new();
    for stack in measured.topology.stacks.iter().filter(|stack| stack.count > 0) {
        let mut files: Vec<File> = Vec::new();
        for target in measured.monitoring.targets.iter().filter(|target| target.stack == stack.name) {
            let Some(path) = &target.file else { continue };
            match files.iter_mut().find(|file| file.path == path) {
                Some(file) => file.ports.extend(ports(target)),
                None => files.push(File { path, ports: ports(target) }),
            }
        }
        if !files.is_empty() {
            let variable = hosts_variable(&stack.name, stack.count);
            servers.push(Server { stack: &stack.name, title: &stack.title, variable, count: stack.count, files });
        }
    }
    if servers.is_empty() {
        return Ok(None);
    }
    let values = Script { deployment: &measured.topology.deployment, servers };
    templates.render("monitoring/targets.sh.tera", &values).map(Some)
}
