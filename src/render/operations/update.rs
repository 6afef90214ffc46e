//! The script that replaces the instances of a service one at a time.

use indexmap::IndexMap;
use serde_json::{Value as Json, json};

use super::{Scene, paths, systemd};
use crate::design::topology::Unit;
use crate::error::Result;
use crate::render::tree::Tree;

/// The script, for a stack that runs anything.
pub fn files(scene: Scene<'_>) -> Result<Tree> {
    let mut tree = Tree::default();
    if scene.stack.units.is_empty() {
        return Ok(tree);
    }
    let mut by_service: IndexMap<&str, (Vec<&str>, u64)> = IndexMap::new();
    for unit in &scene.stack.units {
        let entry = by_service.entry(&unit.service).or_default();
        entry.0.push(&unit.name);
        entry.1 = entry.1.max(systemd::start_seconds(unit) + 60);
    }
    let services: Vec<Json> = by_service
        .iter()
        .map(|(name, (units, seconds))| json!({ "name": name, "units": units, "seconds": seconds }))
        .collect();
    let gateway = scene.topology.gateway.as_ref().filter(|gateway| gateway.stack == scene.stack.name);
    // Services with an instance among the upstreams of the gateway.
    let behind: Vec<&str> = gateway.map_or_else(Vec::new, |gateway| {
        let is_behind = |unit: &&str| gateway.upstreams.iter().any(|to| to.split(':').next() == Some(unit));
        by_service.iter().filter(|(_, (units, _))| units.iter().any(is_behind)).map(|(name, _)| *name).collect()
    });
    let unit = gateway.and_then(|gateway| scene.stack.units.iter().find(|unit| unit.name == gateway.unit));
    let values = json!({
        "services": services,
        "gateway": gateway.map(|gateway| &gateway.unit),
        "gateway_config": unit.and_then(config),
        "behind": behind,
    });
    tree.add_script(scene.path("update.sh"), scene.text("update.sh", &values)?);
    Ok(tree)
}

/// The file of settings that nginx is started with: without it, `nginx -t` would check the one of the image.
fn config(unit: &Unit) -> Option<String> {
    let at = unit.command.iter().position(|word| paths::text(word).as_deref() == Some("-c"))?;
    paths::text(unit.command.get(at + 1)?)
}
