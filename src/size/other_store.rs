//! Vectors of a tier table that are kept in another store than Milvus.

use super::outlook::Outlook;
use super::plan::{Plan, Warning};
use super::vector_memory::holder;
use super::vectors::{Engine, Load, family};
use crate::blueprint::Blueprint;
use crate::blueprint::service::{Kind, Service};
use crate::blueprint::tier::Input;
use crate::units::{Bytes, Count};

/// The store that a service is, by its image or its chart.
pub(super) fn engine(service: &Service) -> Option<Engine> {
    let image = service.image.as_ref().and_then(|image| Engine::of_image(&image.name));
    image.or_else(|| Engine::of_chart(service.chart.as_ref()?.name.trim_end_matches("-cluster")))
}

/// Whether the vectors of a blueprint are in Milvus, whose indexes and limits hold for no other store.
pub(super) fn is_milvus(blueprint: &Blueprint) -> bool {
    let stores = || blueprint.services.values().filter(|service| service.kind == Kind::Vectors);
    stores().any(|service| engine(service) == Some(Engine::Milvus))
}

/// What must be known of vectors in another store, with how it was reckoned into the plan: whether the memory of the table
/// holds them, and that an index of Milvus is no matter of it.
pub(super) fn check(blueprint: &Blueprint, plan: &mut Plan) -> Vec<Warning> {
    let Some((server, service)) = holder(&plan.servers) else { return Vec::new() };
    let Some(engine) = blueprint.services.get(&service.service).and_then(engine) else { return Vec::new() };
    if engine == Engine::Milvus {
        return Vec::new();
    }
    let vectors = Count(Outlook::planned(&plan.demand).value(Input::Vectors));
    let dims = plan.demand.dimensions();
    let copies = u64::from(service.replicas).saturating_mul(server.count.into());
    let have = Bytes(service.memory.0.saturating_mul(copies));
    let mut need = family::need(&Load::new(engine, vectors, dims));
    let takes = Bytes(need.each.memory.0.saturating_mul(need.instances.into()));
    let tier = || plan.tier.as_ref().map(|tier| tier.id.clone()).unwrap_or_default();
    let row = plan.set.as_ref().map_or_else(tier, |set| set.id.clone());
    let what = format!("{} of {dims} dimensions", Input::Vectors.approx_phrase(vectors.0));
    let too_small = (takes > have).then(|| Warning {
        id: "vectors-do-not-fit".to_owned(),
        severe: true,
        text: format!(
            "{row}: {} has {} of memory, and {engine} takes {} for {what}",
            service.service,
            have.approx(),
            takes.approx()
        ),
        hint: Some("take a server with more memory, or hold fewer vectors or dimensions: --vectors, --dims".to_owned()),
    });
    let index = plan.demand.index.as_ref().map(|index| Warning {
        id: "input-not-used".to_owned(),
        severe: false,
        text: format!("--index {} decides nothing here: the vectors are in {engine}, not in Milvus", index.value),
        hint: None,
    });
    for reckoning in &mut need.why {
        reckoning.figure = format!("{}: {}", service.service, reckoning.figure);
    }
    plan.why.extend(need.why);
    too_small.into_iter().chain(index).chain(need.warnings).collect()
}
