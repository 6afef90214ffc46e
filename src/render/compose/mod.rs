//! The Compose file of a stack.

mod comments;
pub mod model;
mod service;
mod text;

use indexmap::IndexMap;

use super::yaml;
use crate::design::topology::{Stack, Topology, Unit, VolumeDesign};
use crate::error::Result;
use model::{Compose, Network, SecretFile, Volume};

/// Name of the file in the folder of its stack.
pub const FILE: &str = "compose.yaml";

/// The text of a stack's Compose file.
///
/// # Errors
/// A fault in rapplan: a part has no YAML form.
pub fn render(topology: &Topology, stack: &Stack) -> Result<String> {
    let compose = compose(topology, stack);
    let body = yaml::with_comments(&compose, &comments::of(stack))?;
    Ok(format!("{}\n{body}", yaml::comment(&comments::header(topology, stack), 0)))
}

/// The Compose file as data.
pub fn compose(topology: &Topology, stack: &Stack) -> Compose {
    let network = |internal| Network { internal };
    Compose {
        name: topology.project(stack),
        services: stack.units.iter().map(|unit| (unit.name.clone(), service::of(stack, unit))).collect(),
        networks: stack.networks.iter().map(|design| (design.name.clone(), network(design.internal))).collect(),
        volumes: stack.volumes.iter().map(|design| (design.name.clone(), volume(design))).collect(),
        secrets: secrets(stack),
    }
}

/// The storage layout bound to named volumes, so that Compose refuses to start when a folder is missing (a storage that
/// is not mounted) in place of filling an empty one.
fn volume(design: &VolumeDesign) -> Volume {
    let options =
        |path: &String| [("type", "none".to_owned()), ("o", "bind".to_owned()), ("device", text::literal(path))];
    let options = design.path.iter().flat_map(options);
    Volume { driver_opts: options.map(|(name, value)| (name.to_owned(), value)).collect() }
}

fn secrets(stack: &Stack) -> IndexMap<String, SecretFile> {
    let file = |unit: &Unit, name: &String| {
        let file = format!("./{}", unit.secret_file(name));
        (service::secret_name(unit, name), SecretFile { file })
    };
    let mut all: IndexMap<_, _> =
        stack.units.iter().flat_map(|unit| unit.secret_files.iter().map(move |name| file(unit, name))).collect();
    all.sort_keys();
    all
}
