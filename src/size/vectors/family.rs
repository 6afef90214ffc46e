//! One entry to every vector store: what it needs, and whether a machine holds it.

use super::cluster::{Collection, Deployment, distributed, standalone};
use super::load::Load;
use super::{Basis, Engine, Index, chroma, exceeded, pgvector, qdrant, weaviate};
use crate::catalog::Machine;
use crate::size::component::{self, Bottleneck, Excuse, Fit, Need, Reckoning, Resources};
use crate::size::plan::Warning;
use crate::units::Bytes;

/// Most dimensions of a float vector in Milvus (milvus.io/docs, limits; also the end of the calculator's slider).
const MILVUS_DIMS: u32 = 32_768;

/// What the store needs for its load. For Milvus these are the machines that hold the index (the server, or the query
/// nodes); [`deployment`] has all the others.
pub fn need(load: &Load) -> Need {
    match load.engine {
        Engine::Milvus => milvus(load),
        Engine::Qdrant => qdrant::need(load),
        Engine::Weaviate => weaviate::need(load),
        Engine::Chroma => chroma::need(load),
        Engine::Pgvector => pgvector::need(load),
    }
}

/// A whole Milvus with all that it depends on; none for the other stores, which depend on nothing.
pub fn deployment(load: &Load) -> Option<Deployment> {
    let plan = if load.distributed { distributed } else { standalone };
    (load.engine == Engine::Milvus).then(|| plan(&collection(load)))
}

/// Whether a machine holds one instance.
///
/// Besides its size: processors that are throttled are refused, as searching and building indexes keep them busy (but for
/// Chroma, whose own tests ran on such machines), and an index on disk asks for NVMe in the machine. Milvus also asks for
/// SSE4.2, AVX, AVX2 or AVX-512 on x86 (milvus.io/docs, prerequisite): no table of machines names one without.
///
/// # Errors
/// What the machine lacks.
pub fn fit(load: &Load, need: &Need, machine: &Machine) -> Result<Fit, Excuse> {
    let excuse = |bottleneck, because: String| Err(Excuse { machine: machine.name.clone(), bottleneck, because });
    if machine.burstable && load.engine != Engine::Chroma {
        let because = format!("its processors are throttled, and {} keeps them busy", load.engine);
        return excuse(Bottleneck::Burstable, because);
    }
    let local = local_disk(load);
    if local > machine.local_disk {
        let has = if machine.local_disk.0 == 0 { "none".to_owned() } else { machine.local_disk.approx() };
        let because = format!("{} needs {} of NVMe in the machine, has {has}", index(load), local.approx());
        return excuse(Bottleneck::Disk, because);
    }
    component::fit(&need.each, machine)
}

fn index(load: &Load) -> Index {
    load.index.unwrap_or(Index::Hnsw)
}

fn collection(load: &Load) -> Collection {
    Collection {
        index: index(load),
        vectors: load.vectors,
        dims: load.dims,
        params: load.params,
        replicas: load.replicas,
        release: load.release,
        queue: load.queue,
    }
}

fn local_disk(load: &Load) -> Bytes {
    let roles = deployment(load).map(|plan| plan.roles).unwrap_or_default();
    roles.iter().map(|role| role.local_disk).max().unwrap_or_default()
}

fn milvus(load: &Load) -> Need {
    let plan = if load.distributed { distributed } else { standalone }(&collection(load));
    let mut why = vec![Reckoning {
        figure: format!("milvus {} index", index(load)),
        value: plan.index.memory.approx(),
        formula: plan.index.formula.clone(),
        inputs: vec![
            ("vectors".to_owned(), load.vectors.to_string()),
            ("dimensions".to_owned(), load.dims.to_string()),
        ],
        source: match plan.index.basis {
            Basis::Calculator => "milvus-io/milvus.io, sizingTool.ts, memoryAndDiskCalculator".to_owned(),
            Basis::Documentation => "Milvus documentation of the index; the calculator has none".to_owned(),
            Basis::Assumption => "assumption: a tenth of a mapped index stays in memory".to_owned(),
            Basis::Doubtful => "sizingTool.ts, memoryAndDiskCalculator; doubtful".to_owned(),
        },
    }];
    let holder = plan.roles.first();
    why.extend(holder.map(|role| role.why.clone()));
    Need {
        instances: holder.map_or(1, |role| u32::try_from(role.count).unwrap_or(u32::MAX)),
        each: holder.map_or_else(Resources::default, |role| role.each),
        settings: Vec::new(),
        why,
        warnings: milvus_warnings(load, &plan),
    }
}

fn milvus_warnings(load: &Load, plan: &Deployment) -> Vec<Warning> {
    let mut out = Vec::new();
    let mut push = |id: &str, severe: bool, text: String, hint: &str| {
        out.push(Warning { id: id.to_owned(), severe, text, hint: Some(hint.to_owned()) });
    };
    let limits = exceeded(index(load), load.vectors, load.dims);
    let beyond: Vec<&str> = limits.iter().map(|limit| limit.text.as_str()).collect();
    if !load.distributed && !beyond.is_empty() {
        let hint = "plan for Milvus Distributed, or prove the load on one server before you rely on it";
        push("beyond-milvus-standalone", true, beyond.join("; "), hint);
    }
    if let (true, Some(limit)) = (load.distributed, limits.iter().find(|limit| limit.id == "calculator-raw")) {
        push("beyond-the-calculator", false, limit.text.clone(), "divide the vectors over several clusters");
    }
    if load.dims > MILVUS_DIMS {
        let text = format!("Milvus takes at most {MILVUS_DIMS} dimensions; there are {}", load.dims);
        push("too-many-dimensions", true, text, "use a model with fewer dimensions");
    }
    if !load.distributed && load.replicas > 1 {
        let text = "Milvus Standalone keeps one copy of the index; sized as one server".to_owned();
        push("standalone-keeps-one-copy", true, text, "take Milvus Distributed for copies");
    }
    if plan.index.basis == Basis::Doubtful || plan.index.basis == Basis::Assumption {
        let text = plan.index.note.clone().unwrap_or_default();
        push("vector-memory-is-doubtful", plan.index.basis == Basis::Doubtful, text, "measure it on your data");
    }
    out
}

#[cfg(test)]
#[path = "family_tests.rs"]
mod tests;
