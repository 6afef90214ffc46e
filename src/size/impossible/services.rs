//! All checks over a blueprint.

use super::arch_of_machine::{self, Image};
use super::pool::{self, Pool};
use super::{adapters, cache_too_small, etcd_on_nfs, gpu_of_machine};
use crate::blueprint::Blueprint;
use crate::blueprint::operations::Measure;
use crate::blueprint::platform::Provider;
use crate::blueprint::service::{Kind, Service};
use crate::catalog::{Gpu, Machine};
use crate::size::llm::{self, Load};
use crate::size::plan::{Plan, Warning};

/// Finds a machine by provider, region and name; `None` when the catalogue does not have it.
pub type Machines<'a> = &'a dyn Fn(Provider, &str, &str) -> Option<Machine>;

/// Where a service is planned to run, against where its blueprint puts it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Where {
    /// Whether it goes to the cloud that its blueprint names for it: only there does the machine of the blueprint matter.
    pub at_home: bool,
    /// The GPU of the machine that is planned; the blueprint's without one.
    pub gpu: Option<Gpu>,
    /// Copies that are planned, which share the requests; 0 counts as 1.
    pub copies: u32,
}

/// Everything impossible in what a blueprint says of its services, in its order; the machines that it names are looked up, and known
/// by their names where they are not found. `planned` tells where each service goes.
pub fn of_services(blueprint: &Blueprint, machines: Machines<'_>, planned: &dyn Fn(&str) -> Where) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for (name, service) in &blueprint.services {
        let planned = planned(name);
        let placed = Placed::of(blueprint, service, machines).filter(|_| planned.at_home);
        if let Some(placed) = &placed {
            warnings.extend(on_machine(name, service, placed));
        }
        if service.kind == Kind::Llm {
            // On another GPU than the source's the model is checked where it is placed.
            let named =
                service.placement.as_ref().and_then(|placement| placement.gpu.as_deref()).and_then(llm::gpu_named);
            let same = |gpu: &Gpu| gpu.count == 1 && named.is_some_and(|named| named.model == llm::facts(gpu).model);
            let gpu = match planned.gpu {
                Some(gpu) => Some(gpu).filter(same),
                None => placed.as_ref().and_then(Placed::gpu),
            };
            warnings.extend(of_model(blueprint, name, service, gpu.as_ref(), planned.copies));
        }
    }
    warnings.extend(pools(blueprint, machines));
    warnings
}

/// What is impossible on the servers of a plan: etcd that has its data from another server.
pub fn of_plan(blueprint: &Blueprint, plan: &Plan) -> Vec<Warning> {
    let storage = blueprint.storage.as_ref();
    let one = plan.servers.len() == 1 && plan.servers.iter().all(|server| server.count == 1);
    let mut warnings: Vec<Warning> = Vec::new();
    for server in &plan.servers {
        for placed in &server.services {
            let Some(service) = blueprint.services.get(&placed.service) else { continue };
            let found = etcd_on_nfs::check(&placed.service, service, storage, server.storage_host || one);
            warnings.extend(found.filter(|found| !warnings.contains(found)));
        }
    }
    warnings
}

/// A service with the machine that its blueprint names.
struct Placed<'a> {
    provider: Provider,
    machine: &'a str,
    gpu: Option<&'a str>,
    known: Option<Machine>,
}

impl<'a> Placed<'a> {
    fn of(blueprint: &Blueprint, service: &'a Service, machines: Machines<'_>) -> Option<Self> {
        let placement = service.placement.as_ref()?;
        let cloud = blueprint.clouds.get(&placement.cloud)?;
        let machine = placement.machine.as_deref()?;
        let known = machines(cloud.provider, &cloud.region, machine);
        Some(Self { provider: cloud.provider, machine, gpu: placement.gpu.as_deref(), known })
    }

    /// The GPU that the source names, else the one in the machine.
    fn gpu(&self) -> Option<Gpu> {
        let named = self.gpu.and_then(llm::gpu_named);
        let named = named.map(|facts| Gpu { model: facts.model.clone(), count: 1, memory: facts.memory });
        named.or_else(|| self.known.as_ref()?.gpu.clone())
    }
}

fn on_machine(name: &str, service: &Service, placed: &Placed<'_>) -> Vec<Warning> {
    let Placed { provider, machine, gpu, known } = placed;
    let base = service.build.as_ref().and_then(|build| build.base.as_ref());
    let image = Image {
        placed: service.placement.as_ref().and_then(|placement| placement.arch),
        exists_for: service.image.as_ref().or(base).map_or(&[], |image| image.arch.as_slice()),
        built: service.image.is_none() && base.is_some(),
    };
    let arch = arch_of_machine::check(name, *provider, machine, image, known.as_ref());
    let gpu = gpu.and_then(|gpu| gpu_of_machine::check(name, *provider, machine, gpu, known.as_ref()));
    arch.into_iter().chain(gpu).collect()
}

fn of_model(blueprint: &Blueprint, name: &str, service: &Service, gpu: Option<&Gpu>, copies: u32) -> Vec<Warning> {
    let Some(model) = &service.model else { return Vec::new() };
    let mut warnings = Vec::new();
    let class = model.class.as_deref().or_else(|| llm::model_named(&model.name).map(|known| known.class.as_str()));
    let asks = !model.adapters.is_empty() || model.max_adapters.is_some_and(|max| max > 0);
    let enabled = service.command.iter().any(|word| word == "--enable-lora");
    if asks || enabled {
        warnings.extend(class.and_then(|class| adapters::class_without_adapters(name, class)));
    }
    if model.load_path.is_some() || model.unload_path.is_some() {
        let tag = service.image.as_ref().map_or("", |image| image.tag.as_str());
        warnings.extend(adapters::paths_at_run_time(name, tag));
    }
    if let (Ok(load), Some(gpu)) = (Load::of(service), gpu) {
        // Adapters that the class does not run take no memory.
        let without = class.and_then(llm::lora::supported) == Some(false);
        let load = if without { Load { adapters: None, ..load } } else { load };
        let load = Load { concurrent: load.concurrent.div_ceil(copies.max(1).into()), ..load };
        warnings.extend(cache_too_small::check(name, &load, gpu, queue(blueprint, name)));
    }
    warnings
}

/// The length of the queue at which the blueprint calls for more.
fn queue(blueprint: &Blueprint, service: &str) -> Option<u64> {
    let of_it = |trigger: &&crate::blueprint::operations::Trigger| {
        trigger.measure == Measure::Queue && trigger.service.as_deref().is_none_or(|name| name == service)
    };
    blueprint.triggers.iter().find(of_it)?.above.as_deref()?.parse().ok()
}

/// Pools that playbooks set, against the cores of the database as it is placed before anything else is done about it.
fn pools(blueprint: &Blueprint, machines: Machines<'_>) -> Vec<Warning> {
    let check = |playbook: &crate::blueprint::evidence::Playbook| {
        let connections = playbook.connection_pool?;
        let service = blueprint.services.get(&playbook.service)?;
        let machine = Placed::of(blueprint, service, machines).and_then(|placed| placed.known);
        let needed = service.needs.as_ref().and_then(|needs| needs.cpu);
        let cores = machine.map(|machine| machine.cpu).or(needed)?;
        let cores = u32::try_from(cores.0 / 1000).unwrap_or(u32::MAX).max(1);
        pool::check(&playbook.service, &playbook.id, Pool { connections, instances: 1, cores, spindles: 1 })
    };
    blueprint.playbooks.iter().filter_map(check).collect()
}
