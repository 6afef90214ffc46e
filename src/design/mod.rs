//! From a sized blueprint to what is deployed: units, networks, ports, disks, secrets, health checks, hardening.

pub mod topology;
pub mod topology_names;

mod addresses;
mod alerts;
mod backup;
mod config_files;
mod gateway;
mod hardening;
mod health;
mod images;
mod monitoring;
mod networks;
mod notes;
mod ports;
mod scene;
mod secrets;
mod services;
mod settings;
mod stacks;
mod storage;
mod units;
mod variables;
mod volumes;

use crate::blueprint::Blueprint;
use crate::blueprint::tier::Platform;
use crate::error::{Code, Problem, Result};
use crate::size::plan::Plan;
pub use images::variable as image_variable;
use scene::Scene;
pub use services::build_services;
use topology::Topology;

/// Decides what is deployed for a sized blueprint.
///
/// # Errors
/// The tier is not one of Docker Compose, or the blueprint says something that cannot be run: a service without an
/// image, a port that is called from another server but internal, a threshold that its measure does not take.
pub fn build(blueprint: &Blueprint, plan: &Plan, deployment: &str) -> Result<Topology> {
    let Some(tier) = &plan.tier else {
        let what = format!("the blueprint `{}` has no tier table, and is not rendered yet", blueprint.name);
        return Err(Problem::new(Code::NotRendered, what).hint("render one that has: `--blueprint chatty`").into());
    };
    if tier.platform != Platform::Compose {
        let what = format!("tier `{}` runs on {:?}, which is not rendered yet", tier.name, tier.platform);
        return Err(Problem::new(Code::NotRendered, what).hint("name a tier of servers with `--tier`").into());
    }
    assemble(&Scene::new(blueprint, plan, tier, deployment)?)
}

/// All of it, once it is known what is placed where.
fn assemble(scene: &Scene<'_>) -> Result<Topology> {
    let Scene { blueprint, plan, tier, deployment } = *scene;
    let ports = ports::decide(scene)?;
    let mut notes = ports.notes.clone();
    let stacks = stacks::all(scene, &ports, &mut notes)?;
    notes.extend(notes::of(scene, &stacks));
    notes.extend(blueprint.notes.iter().cloned());
    Ok(Topology {
        deployment: deployment.to_owned(),
        title: blueprint.title.clone(),
        blueprint: blueprint.name.clone(),
        tier: tier.name.clone(),
        rows: std::iter::once(&tier.id).chain(plan.set.as_ref().map(|set| &set.id)).cloned().collect(),
        demand: notes::demand(plan),
        stacks,
        storage: storage::design(scene),
        secrets: secrets::all(scene),
        monitoring: monitoring::design(scene, &ports)?,
        backup: backup::design(scene)?,
        gateway: gateway::design(scene)?,
        notes,
    })
}
