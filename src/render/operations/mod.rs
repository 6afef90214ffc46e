//! What an operator runs: backup and restore, storage, preparation, units of systemd, status, updates, and the page that
//! says in which order.

mod backup;
mod firewall;
mod install;
mod paths;
mod prepare;
mod readme;
mod status;
mod storage;
mod systemd;
mod update;

use serde_json::json;

use super::templates::Templates;
use super::tree::Tree;
use crate::design::topology::{Stack, Topology};
use crate::error::Result;

/// Everything that the files of one stack are made from.
#[derive(Clone, Copy)]
struct Scene<'a> {
    topology: &'a Topology,
    stack: &'a Stack,
    templates: &'a Templates,
}

impl Scene<'_> {
    /// Fills in a template of this folder.
    fn text(&self, template: &str, values: &serde_json::Value) -> Result<String> {
        self.templates.render(&format!("operations/{template}.tera"), values)
    }

    /// The path of a file of this stack in the tree.
    fn path(&self, name: &str) -> String {
        format!("{}/{name}", self.stack.name)
    }
}

/// The files for operators.
///
/// # Errors
/// `E0401` for a way of backup that is not rendered for Compose, `E0403` when a template cannot be filled in.
pub fn files(topology: &Topology, templates: &Templates) -> Result<Tree> {
    let mut tree = Tree::default();
    tree.add(".gitignore", templates.render("operations/gitignore.tera", &json!({}))?);
    tree.add("README.md", readme::page(topology, templates)?);
    for stack in &topology.stacks {
        let scene = Scene { topology, stack, templates };
        tree.extend(backup::files(scene)?);
        tree.extend(storage::files(scene)?);
        tree.extend(prepare::files(scene)?);
        tree.extend(systemd::files(scene)?);
        tree.extend(install::files(scene)?);
        tree.extend(status::files(scene)?);
        tree.extend(update::files(scene)?);
    }
    Ok(tree)
}
