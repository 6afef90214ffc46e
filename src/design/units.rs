//! One container for each instance of a service.

use super::ports::Ports;
use super::scene::{Placed, Scene};
use super::topology::{Unit, Value};
use super::{addresses, config_files, hardening, health, images, networks, secrets, settings, volumes};
use crate::blueprint::service::{Kind, Runtime};
use crate::blueprint::tier::Environment;
use crate::error::{Code, Problem, Result};

/// The units of a service on a server.
///
/// # Errors
/// The service has no image, or runs on the host in this environment.
pub fn of(scene: &Scene<'_>, ports: &Ports, placed: &Placed<'_>, notes: &mut Vec<String>) -> Result<Vec<Unit>> {
    in_container(scene, placed)?;
    let image = images::of(placed.name, placed.service)?;
    let reading = secrets::reading(scene, placed);
    let mut settings = settings::of(scene, placed);
    notes.append(&mut settings.notes);
    if settings.command.is_empty() {
        settings.command = config_files::command(placed);
    }
    let mut mounts = volumes::mounts(scene, placed);
    mounts.extend(config_files::mounts(scene, placed));
    let environment = environment(scene, ports, placed, &reading, settings.environment);
    let Dependencies { depends_on, restart_with, started_suffices } = dependencies(scene, placed);
    let (service, share, security) = (placed.service, placed.share, &placed.service.security);
    let unit = |name: String| {
        let published = ports.of(&placed.server.name, &name).to_vec();
        Unit {
            service: placed.name.to_owned(),
            kind: service.kind,
            title: service.title.clone(),
            image: image.clone(),
            command: settings.command.iter().map(Value::literal).collect(),
            environment: environment.clone(),
            secret_files: reading.files.clone(),
            secret_env: reading.variables.clone(),
            networks: networks::of(scene, placed, !published.is_empty()),
            published,
            mounts: mounts.clone(),
            health: health::of(service),
            depends_on: depends_on.clone(),
            restart_with: restart_with.clone(),
            started_suffices: started_suffices.clone(),
            cpu: share.cpu,
            cpu_reserved: share.cpu_reserved,
            memory: share.memory,
            memory_reserved: share.memory_reserved,
            pids: hardening::pids(service),
            user: security.user.clone(),
            read_only: security.read_only,
            tmpfs: security.tmpfs.clone(),
            capabilities: security.capabilities.clone(),
            shm: security.shm,
            stop_grace: hardening::stop_grace(service),
            labels: labels(scene, placed),
            log: hardening::log(scene.blueprint),
            restart: hardening::restart(service),
            name,
        }
    };
    Ok(placed.unit_names().into_iter().map(unit).collect())
}

fn in_container(scene: &Scene<'_>, placed: &Placed<'_>) -> Result<()> {
    let runtime = placed.service.runtime.as_ref().map(|choice| match scene.plan.demand.environment.value {
        Environment::Dev => choice.dev,
        Environment::Prod => choice.prod,
    });
    if runtime != Some(Runtime::Host) {
        return Ok(());
    }
    let what =
        format!("`{}` runs directly on the host in {}, which is not rendered yet", placed.name, scene.environment());
    Err(Problem::new(Code::NotRendered, what).hint("choose `container` in its `runtime`, or set it up by hand").into())
}

/// The environment, sorted by name. What follows from size and addresses wins over what the blueprint says.
fn environment(
    scene: &Scene<'_>,
    ports: &Ports,
    placed: &Placed<'_>,
    reading: &secrets::Reading,
    settings: Vec<(String, Value)>,
) -> Vec<(String, Value)> {
    let mut all = std::collections::BTreeMap::new();
    let over = placed.service.environments.get(scene.environment());
    let said = placed.service.env.iter().chain(over.into_iter().flat_map(|over| &over.env));
    all.extend(said.map(|(name, value)| (name.clone(), Value::literal(value))));
    all.extend(settings);
    all.extend(addresses::environment(scene, ports, placed));
    all.extend(reading.environment.iter().cloned());
    all.into_iter().collect()
}

/// Units of the same server that must be up first, and those of them with which it is restarted.
/// What a unit waits for, and how.
#[derive(Default)]
struct Dependencies {
    depends_on: Vec<String>,
    restart_with: Vec<String>,
    started_suffices: Vec<String>,
}

fn dependencies(scene: &Scene<'_>, placed: &Placed<'_>) -> Dependencies {
    let mut all = Dependencies::default();
    for name in &placed.service.depends_on {
        let here = scene.nearest(placed.server, name).filter(|other| other.server.name == placed.server.name);
        let Some(other) = here else { continue };
        let units = other.unit_names();
        if placed.service.kind == Kind::Gateway && units.len() > 1 {
            all.started_suffices.extend(units.clone());
        }
        if hardening::restarts_with(placed.service, other.service) {
            all.restart_with.extend(units.clone());
        }
        all.depends_on.extend(units);
    }
    all
}

fn labels(scene: &Scene<'_>, placed: &Placed<'_>) -> Vec<(String, String)> {
    let label = |name: &str, value: &str| (format!("rapplan.{name}"), value.to_owned());
    vec![
        label("deployment", scene.deployment),
        label("service", placed.name),
        label("tier", &scene.tier.name),
        label("title", &placed.service.title),
    ]
}
