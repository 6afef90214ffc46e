//! From a topology to files: one file per output, sorted and byte-stable.

pub mod checks;
pub mod cloud_init;
pub mod compose;
pub mod env;
pub mod gateway;
pub mod monitoring;
pub mod operations;
pub mod report;
pub mod templates;
pub mod tree;
pub mod yaml;

use crate::design::topology::Topology;
use crate::error::Result;
use templates::Templates;
use tree::Tree;

/// Every file of a deployment on servers: a folder for each kind of server, and what concerns all of them.
///
/// # Errors
/// What would make a rendered file wrong (`E0404`), and templates that cannot be filled in (`E0403`).
pub fn files(topology: &Topology, templates: &Templates) -> Result<Tree> {
    checks::check(topology)?;
    let mut tree = Tree::default();
    for stack in &topology.stacks {
        // A storage server may run no container at all; Compose refuses a file without services.
        if !stack.units.is_empty() {
            tree.add(format!("{}/{}", stack.name, compose::FILE), compose::render(topology, stack)?);
        }
        if !stack.units.is_empty() || !stack.variables.is_empty() {
            tree.add(format!("{}/{}", stack.name, env::FILE), env::render(topology, stack));
        }
    }
    tree.extend(gateway::render(topology, templates)?);
    tree.extend(monitoring::render(topology, templates)?);
    tree.extend(operations::files(topology, templates)?);
    Ok(tree)
}
