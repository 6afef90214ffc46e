//! From a topology to files: one file per output, sorted and byte-stable.

pub mod checks;
pub mod compose;
pub mod env;
pub mod gateway;
pub mod monitoring;
pub mod operations;
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
    let mut tree = Tree::default();
    for stack in &topology.stacks {
        tree.add(format!("{}/compose.yaml", stack.name), compose::render(topology, stack)?);
        tree.add(format!("{}/.env.example", stack.name), env::render(topology, stack));
    }
    tree.extend(gateway::render(topology, templates)?);
    tree.extend(monitoring::render(topology, templates)?);
    tree.extend(operations::files(topology, templates)?);
    Ok(tree)
}
