//! Addresses of what is measured on other servers, made by a script from the variables in `.env`.

use serde::Serialize;

use super::measured::Measured;
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

/// Variable of `.env` with the address of a stack's server, or with all of them apart by spaces or commas.
pub(super) fn variable(stack: &str, count: u32) -> String {
    let name: String =
        stack.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
    if count > 1 { format!("{name}_HOSTS") } else { format!("{name}_HOST") }
}

/// The script that makes the files; `None` when everything is measured on one server.
pub(super) fn script(measured: &Measured, templates: &Templates) -> Result<Option<String>> {
    let mut servers = Vec::new();
    for stack in &measured.topology.stacks {
        let mut files: Vec<File> = Vec::new();
        for target in measured.monitoring.targets.iter().filter(|target| target.stack == stack.name) {
            let Some(path) = &target.file else { continue };
            match files.iter_mut().find(|file| file.path == path) {
                Some(file) => file.ports.push(target.port),
                None => files.push(File { path, ports: vec![target.port] }),
            }
        }
        if !files.is_empty() {
            let variable = variable(&stack.name, stack.count);
            servers.push(Server { stack: &stack.name, title: &stack.title, variable, count: stack.count, files });
        }
    }
    if servers.is_empty() {
        return Ok(None);
    }
    let values = Script { deployment: &measured.topology.deployment, servers };
    templates.render("monitoring/targets.sh.tera", &values).map(Some)
}
