//! What the model of a service's family makes of the demand and of the service's own settings.

use super::reckon::{larger, reckon, show};
use super::{Facts, heaps, language, stores};
use crate::blueprint::service::{Kind, Service};
use crate::size::component::{Need, Resources};
use crate::size::outlook::grown;
use crate::size::queueing::{Importance, Work};
use crate::size::vectors;
use crate::size::{graph, search, web};
use crate::units::{Bytes, Cores, Count, Rate, Share};

/// Time on a core of one request to an API server, in microseconds. An assumption: no source measures it.
const REQUEST_MICROS: u64 = 10_000;

/// Memory of a worker process of an API server. An assumption: no source measures it.
const WORKER: Bytes = Bytes::mib(512);

/// Dimensions of a vector where nothing says them. An assumption: those of many embedding models.
pub(in crate::size) const DIMS: u32 = 768;

/// The part of indexed data that searches touch. An assumption: no source measures it.
const HOT: Share = Share::percent(50);

/// Room for the graph to grow; Neo4j's manual calculates with 20 %.
const GROWTH: Share = Share::percent(20);

/// What a service gets of which nothing is said at all. An assumption.
const UNSAID: Resources =
    Resources { cpu: Cores::whole(1), memory: Bytes::gib(1), disk: Bytes(0), gpu_memory: Bytes(0) };

/// The need by the family's model; `None` where neither the demand nor the blueprint gives it anything to go by.
pub(super) fn need(facts: &Facts<'_>, name: &str, service: &Service) -> Option<Need> {
    let found = match service.kind {
        Kind::Web => both(heaps::java(facts, name, service), requests(facts, service)),
        Kind::Vectors => vectors_of(facts, service),
        Kind::Search => search_of(facts, service),
        Kind::Graph => graph_of(facts, service),
        Kind::Sql => stores::sql_of(facts, service),
        Kind::Document => stores::document_of(facts, service),
        Kind::Llm => language::need(facts, service),
        _ => None,
    };
    let unsaid = (service.needs.is_none() && found.as_ref().is_none_or(|need| need.each.cpu.0 == 0)).then(unsaid);
    both(found, unsaid)
}

fn both(a: Option<Need>, b: Option<Need>) -> Option<Need> {
    match (a, b) {
        (Some(a), Some(b)) => Some(larger(a, b)),
        (a, b) => a.or(b),
    }
}

fn unsaid() -> Need {
    let source = "an assumption: neither the source nor a measurement says what it takes";
    let why = vec![reckon("each instance", show(&UNSAID), "as nothing says it", &[], source)];
    Need { instances: 1, each: UNSAID, why, ..Need::default() }
}

/// Instances for a rate of requests.
fn requests(facts: &Facts<'_>, service: &Service) -> Option<Need> {
    let rate = facts.demand.rps.as_ref()?.value;
    let rate = Rate(grown(rate.0, facts.demand.planning_factor()));
    let cores = service.needs.as_ref().and_then(|needs| needs.cpu).unwrap_or(Cores::whole(1));
    let mut need = web::need(&web::Load {
        work: Work { rate, service_micros: REQUEST_MICROS, importance: Importance::default() },
        cores,
        memory: WORKER,
        instances: 1,
        pool: None,
        database_cores: 0,
        spindles: 1,
        max_connections: 0,
        environment: facts.environment(),
    });
    let source = "an assumption: measure it, and read it in with rapplan calibrate";
    need.why.push(reckon("time of a request on a core", "10 ms".to_owned(), "as nothing measures it", &[], source));
    Some(need)
}

fn vectors_of(facts: &Facts<'_>, service: &Service) -> Option<Need> {
    let vectors = facts.demand.vectors.as_ref()?.value;
    let engine = crate::size::other_store::engine(service)?;
    let dims = facts.demand.dims.as_ref().map(|dims| dims.value);
    let count = Count(grown(vectors.0, facts.demand.planning_factor()));
    let mut need = vectors::family::need(&vectors::Load::new(engine, count, dims.unwrap_or(DIMS)));
    if dims.is_none() {
        let source = "an assumption: --dims says those of your embedding model";
        need.why.push(reckon("dimensions", DIMS.to_string(), "as nothing says them", &[], source));
    }
    Some(need)
}

fn search_of(facts: &Facts<'_>, service: &Service) -> Option<Need> {
    let heap = heaps::heap(service, facts.environment());
    let data = facts.demand.data.as_ref().map(|data| grown(data.value.0, facts.demand.planning_factor()));
    if heap.is_none() && data.is_none() {
        return None;
    }
    let mut need = search::need(&search::Load {
        documents: Count(0),
        data: Bytes(data.unwrap_or_default()),
        hot: HOT,
        vectors: Count(0),
        dims: 0,
        element: search::Element::Float,
        hnsw_m: None,
        indices: Count(1),
        mappings: Bytes(0),
        heap,
        replicas: 0,
        nodes: 1,
        work: None,
        environment: facts.environment(),
    });
    if data.is_some() {
        let source = "an assumption: measure how much of the index searches read";
        need.why.push(reckon("hot part of the index", HOT.to_string(), "as nothing measures it", &[], source));
    }
    Some(need)
}

fn graph_of(facts: &Facts<'_>, service: &Service) -> Option<Need> {
    let environment = facts.environment();
    let set = |name: &str| heaps::jvm_size(heaps::variable(service, environment, name)?);
    let heap = heaps::heap(service, environment);
    let cache = set("NEO4J_server_memory_pagecache_size");
    let data = facts.demand.data.as_ref().map(|data| grown(data.value.0, facts.demand.planning_factor()));
    if heap.is_none() && cache.is_none() && data.is_none() {
        return None;
    }
    // A page cache that is set is what it is; one that is reckoned from data has room to grow.
    let reckoned = data.filter(|data| cache.is_none_or(|cache| cache.0 < *data));
    Some(graph::need(&graph::Load {
        nodes: Count(0),
        relationships: Count(0),
        properties: Count(0),
        others: Bytes(reckoned.or(cache.map(|cache| cache.0)).unwrap_or_default()),
        growth: if reckoned.is_some() { GROWTH } else { Share(0) },
        heap,
        heap_initial: set("NEO4J_server_memory_heap_initial__size"),
        work: None,
        copies: 1,
    }))
}
