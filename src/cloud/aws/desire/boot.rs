//! What the machines of a stack are started with.

use super::layout::{Layout, NAT, Server};
use super::options::Network;
use super::secrets;
use crate::design::topology::Stack;
use crate::design::topology_names::{PRIVATE_ADDRESS, STORAGE_ADDRESS, STORAGE_CLIENTS, hosts_variable};
use crate::error::{Code, Error, Problem, Result};
use crate::render::cloud_init::{self, Group, Start};
use crate::render::templates::Templates;
use crate::render::tree::Tree;

/// Rendered files that no machine of a cloud needs: pages for people, tests, and what replaces services on a server that
/// stays, where here the server is replaced.
const NOT_NEEDED: [&str; 4] = [".env.example", "update.sh", "RUNBOOKS.md", "prometheus/targets/README.md"];
/// Folder of tests of the rules.
const TESTS: &str = "prometheus/tests/";

/// The user data of the machines of a stack, as AWS takes it.
///
/// # Errors
/// `E0602` when it is more than fits, `E0204` for a variable without a value, `E0403` for a template.
pub(super) fn user_data(layout: &Layout<'_>, server: &Server, tree: &Tree, templates: &Templates) -> Result<String> {
    let start = start(layout, server, tree)?;
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

/// Whether the machines of a stack ask for the addresses of others.
pub(super) fn discovers(layout: &Layout<'_>, server: &Server) -> bool {
    !groups(layout, server).is_empty()
}

fn start(layout: &Layout<'_>, server: &Server, tree: &Tree) -> Result<Start> {
    let Some(stack) = layout.stack(server) else {
        return Err(Problem::new(Code::Internal, format!("there is no stack `{}`", server.stack)).into());
    };
    let deployment = &layout.options.deployment;
    let files = files(tree, &server.stack);
    let here = |name: &&str| files.iter().any(|(path, ..)| path == name);
    let scripts = ["prepare-storage.sh", "install.sh", "prepare.sh"].iter().filter(|name| here(name));
    let own = |name: &str| server.is_fleet && name == PRIVATE_ADDRESS;
    let mut problems = Vec::new();
    let mut variables = Vec::new();
    for variable in stack.variables.iter().filter(|variable| !own(&variable.name)) {
        match value(layout, server, &variable.name) {
            Some(value) => variables.push((variable.name.clone(), value)),
            None => problems.push(unknown(&variable.name, stack)),
        }
    }
    Error::check(problems)?;
    let parameter = |name: String| {
        let parameter = secrets::parameter(layout.options, &name);
        (name, parameter)
    };
    Ok(Start {
        name: format!("{deployment}-{}", server.stack),
        stack: server.stack.clone(),
        title: stack.title.clone(),
        folder: format!("/opt/{deployment}/{}", server.stack),
        region: layout.options.region.clone(),
        scripts: scripts.map(|name| (*name).to_owned()).collect(),
        variables,
        own_address: stack.variables.iter().map(|v| v.name.clone()).find(|name| own(name)),
        secrets: secrets::names(layout, server).into_iter().map(parameter).collect(),
        registries: registries(layout, server),
        disk: server.disk.as_ref().map(|disk| disk.mount.clone()),
        address: (!server.is_fleet).then(|| layout.place(&server.role).map(|place| place.address())).flatten(),
        unit: (!stack.units.is_empty()).then(|| format!("{deployment}-{}.service", server.stack)),
        groups: groups(layout, server),
        files,
    })
}

fn unknown(variable: &str, stack: &Stack) -> Problem {
    Problem::new(Code::MissingField, format!("nothing says what `{variable}` of `{}` is on AWS", stack.name))
}

/// The rendered files of a stack, by their path in its folder.
fn files(tree: &Tree, stack: &str) -> Vec<(String, String, bool)> {
    let folder = format!("{stack}/");
    let ours = tree.files.iter().filter_map(|(path, file)| Some((path.strip_prefix(&folder)?, file)));
    let needed = ours.filter(|(path, _)| !NOT_NEEDED.contains(path) && !path.starts_with(TESTS));
    needed.map(|(path, file)| (path.to_owned(), compact(path, &file.text), file.executable)).collect()
}

/// JSON without the spaces that are for people; everything else as it is.
fn compact(path: &str, text: &str) -> String {
    let read = path.ends_with(".json").then(|| serde_json::from_str::<serde_json::Value>(text).ok()).flatten();
    read.map_or_else(|| text.to_owned(), |value| value.to_string())
}

/// What a variable of `.env` is here.
fn value(layout: &Layout<'_>, server: &Server, name: &str) -> Option<String> {
    let address = |server: &Server| Some(layout.place(&server.role)?.address());
    let stack_of = |other: &&Server| layout.stack(other);
    match name {
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
        return address(other).filter(|_| !other.is_fleet);
    }
    let services = layout.blueprint.services.keys();
    let service = services.into_iter().find(|service| crate::design::image_variable(service) == name)?;
    layout.options.images.get(service).cloned()
}

/// Registries of AWS that a stack pulls from.
fn registries(layout: &Layout<'_>, server: &Server) -> Vec<String> {
    let hosts = super::images::own(layout, server).filter_map(|service| {
        let host = layout.options.images.get(service)?.split('/').next()?;
        host.contains(".dkr.ecr.").then(|| host.to_owned())
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
            let (deployment, service) = (layout.options.deployment.clone(), fleet.stack.clone());
            groups.push(Group { deployment, service, files });
        }
    }
    groups
}
