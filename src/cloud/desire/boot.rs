//! What the machines of a stack are started with.

use super::layout::{Layout, Server};
use crate::design::topology::Stack;
use crate::design::topology_names::{PRIVATE_ADDRESS, STORAGE_ADDRESS, STORAGE_CLIENTS, hosts_variable};
use crate::error::{Code, Error, Problem, Result};
use crate::render::cloud_init::{Group, Host, Start};
use crate::render::tree::Tree;

/// Rendered files that no machine of a cloud is started with: pages and tools for people, who bring them along, and what
/// replaces services on a server that stays, where here the server is replaced.
const NOT_NEEDED: [&str; 6] =
    [".env.example", "update.sh", "restore.sh", "status.sh", "RUNBOOKS.md", "prometheus/targets/README.md"];
/// Folder of tests of the rules.
const TESTS: &str = "prometheus/tests/";

/// A load balancer inside the network passes packets on as they are: they are for its address, and not for the machine's.
const EVERY_ADDRESS: &str = "0.0.0.0";

/// Whether a load balancer inside the network is before the machines of a stack.
fn is_inner(server: &Server) -> bool {
    server.is_fleet && server.front.as_ref().is_some_and(|front| !front.public)
}

/// What a cloud tells of the surroundings of a machine.
pub(in crate::cloud) struct Around<'a> {
    /// Whose programs and disks it finds when it starts.
    pub host: Host,
    /// Region.
    pub region: &'a str,
    /// The address that others reach a stack by, where one is known before its machines are.
    pub address: &'a dyn Fn(&Server) -> Option<String>,
    /// Where a secret is kept.
    pub secret: &'a dyn Fn(&str) -> String,
    /// Whether the registry of this host asks who pulls.
    pub asks: &'a dyn Fn(&str) -> bool,
}

/// Names of the secrets that the machines of a stack read; nothing rendered ever has their values.
pub(in crate::cloud) fn secrets(layout: &Layout<'_>, server: &Server) -> Vec<String> {
    layout.stack(server).map(|stack| stack.secrets.clone()).unwrap_or_default()
}

/// Whether the machines of a stack ask for the addresses of others.
pub(in crate::cloud) fn discovers(layout: &Layout<'_>, server: &Server) -> bool {
    !groups(layout, server).is_empty()
}

/// What the machines of a stack must do when they start.
///
/// # Errors
/// `E0204` for a variable without a value.
pub(in crate::cloud) fn start(layout: &Layout<'_>, around: &Around<'_>, server: &Server, tree: &Tree) -> Result<Start> {
    let Some(stack) = layout.stack(server) else {
        return Err(Problem::new(Code::Internal, format!("there is no stack `{}`", server.stack)).into());
    };
    let deployment = layout.terms.deployment;
    let files = files(tree, &server.stack);
    let here = |name: &&str| files.iter().any(|(path, ..)| path == name);
    let scripts = ["prepare-storage.sh", "install.sh", "prepare.sh"].iter().filter(|name| here(name));
    let own = |name: &str| server.is_fleet && !is_inner(server) && name == PRIVATE_ADDRESS;
    let mut problems = Vec::new();
    let mut variables = Vec::new();
    for variable in stack.variables.iter().filter(|variable| !own(&variable.name)) {
        match value(layout, around, server, &variable.name) {
            Some(value) => variables.push((variable.name.clone(), value)),
            None => problems.push(unknown(layout, &variable.name, stack)),
        }
    }
    Error::check(problems)?;
    let parameter = |name: String| {
        let parameter = (around.secret)(&name);
        (name, parameter)
    };
    Ok(Start {
        name: format!("{deployment}-{}", server.stack),
        stack: server.stack.clone(),
        title: stack.title.clone(),
        folder: format!("/opt/{deployment}/{}", server.stack),
        region: around.region.to_owned(),
        host: around.host,
        scripts: scripts.map(|name| (*name).to_owned()).collect(),
        variables,
        own_address: stack.variables.iter().map(|v| v.name.clone()).find(|name| own(name)),
        secrets: secrets(layout, server).into_iter().map(parameter).collect(),
        registries: registries(layout, around, server),
        disk: server.disk.as_ref().map(|disk| disk.mount.clone()),
        address: (!server.is_fleet).then(|| (around.address)(server)).flatten(),
        unit: (!stack.units.is_empty()).then(|| format!("{deployment}-{}.service", server.stack)),
        groups: groups(layout, server),
        files,
    })
}

fn unknown(layout: &Layout<'_>, variable: &str, stack: &Stack) -> Problem {
    let cloud = layout.terms.cloud;
    Problem::new(Code::MissingField, format!("nothing says what `{variable}` of `{}` is on {cloud}", stack.name))
}

/// The rendered files of a stack, by their path in its folder.
fn files(tree: &Tree, stack: &str) -> Vec<(String, String, bool)> {
    let folder = format!("{stack}/");
    let ours = tree.files.iter().filter_map(|(path, file)| Some((path.strip_prefix(&folder)?, file)));
    let needed = ours.filter(|(path, _)| !NOT_NEEDED.contains(path) && !path.starts_with(TESTS));
    needed.map(|(path, file)| (path.to_owned(), compact(path, &file.text), file.executable)).collect()
}

/// JSON without the spaces, and everything else without the lines that are for people: there is room for little.
///
/// Rendered files have no line that begins with `#` and is no comment; a test holds them to it.
fn compact(path: &str, text: &str) -> String {
    let read = path.ends_with(".json").then(|| serde_json::from_str::<serde_json::Value>(text).ok()).flatten();
    if let Some(value) = read {
        return value.to_string();
    }
    let comment = |line: &str| line.trim_start().starts_with('#') && !line.starts_with("#!");
    let kept = text.lines().filter(|line| !comment(line) && !line.trim().is_empty());
    kept.fold(String::with_capacity(text.len()), |all, line| all + line + "\n")
}

/// What a variable of `.env` is here.
fn value(layout: &Layout<'_>, around: &Around<'_>, server: &Server, name: &str) -> Option<String> {
    let address = around.address;
    let stack_of = |other: &&Server| layout.stack(other);
    match name {
        PRIVATE_ADDRESS if is_inner(server) => return Some(EVERY_ADDRESS.to_owned()),
        PRIVATE_ADDRESS => return address(server),
        STORAGE_ADDRESS => {
            let host = layout.servers.iter().find(|other| stack_of(other).is_some_and(|stack| stack.storage_host))?;
            return address(host);
        }
        STORAGE_CLIENTS => {
            let clients = layout.servers.iter().filter(|o| stack_of(o).is_some_and(|stack| stack.mounts_storage));
            let clients: Vec<String> = clients.filter_map(address).collect();
            return Some(clients.join(" "));
        }
        _ => {}
    }
    let other =
        layout.servers.iter().find(|other| [1, 2].iter().any(|count| hosts_variable(&other.stack, *count) == name));
    if let Some(other) = other {
        return address(other);
    }
    let services = layout.blueprint.services.keys();
    let service = services.into_iter().find(|service| crate::design::image_variable(service) == name)?;
    layout.terms.images.get(service).cloned()
}

/// Registries that ask who pulls, and that a stack pulls from.
fn registries(layout: &Layout<'_>, around: &Around<'_>, server: &Server) -> Vec<String> {
    let hosts = super::images::own(layout, server).filter_map(|service| {
        let host = layout.terms.images.get(service)?.split('/').next()?;
        (around.asks)(host).then(|| host.to_owned())
    });
    hosts.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}

/// Groups that the stack measures.
fn groups(layout: &Layout<'_>, server: &Server) -> Vec<Group> {
    let Some(monitoring) = layout.topology.monitoring.as_ref().filter(|found| found.stack == server.stack) else {
        return Vec::new();
    };
    let mut groups = Vec::new();
    for fleet in layout.servers.iter().filter(|server| server.is_fleet) {
        let mut files: Vec<(String, Vec<u16>)> = Vec::new();
        for target in monitoring.targets.iter().filter(|target| target.stack == fleet.stack) {
            let Some(path) = &target.file else { continue };
            match files.iter_mut().find(|(known, _)| known == path) {
                Some((_, ports)) => ports.push(target.port),
                None => files.push((path.clone(), vec![target.port])),
            }
        }
        if !files.is_empty() {
            let (deployment, service) = (layout.terms.deployment.to_owned(), fleet.stack.clone());
            groups.push(Group { deployment, service, files });
        }
    }
    groups
}
