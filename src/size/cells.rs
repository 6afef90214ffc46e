//! Whether one cluster of the vector database bears the demand, and how many side by side do.

use super::other_store::is_milvus;
use super::outlook::Outlook;
use super::plan::{Plan, Warning};
use super::services::DIMS;
use super::vectors::cells::{CellParams, Cells, cells};
use super::vectors::{Index, MemoryCheck};
use crate::blueprint::Blueprint;
use crate::blueprint::tier::{Input, Platform, Tier};
use crate::demand::Demand;
use crate::size::component::Reckoning;
use crate::units::Count;

/// The clusters of a tier that is one: for the index that was asked for, else the best that can be relied on.
pub(super) fn of_tier(tier: &Tier, check: Option<&MemoryCheck>, demand: &Demand) -> Option<Cells> {
    let check = check.filter(|_| tier.platform == Platform::Kubernetes)?;
    let row = check.asked.as_ref().or(check.best.as_ref())?;
    Some(of(demand, demand.dimensions(), row.index))
}

/// The clusters of a Milvus of a blueprint without tiers, when one of them does not bear the demand; with HNSW, as such a
/// blueprint is sized where nobody names an index.
pub(super) fn of_services(blueprint: &Blueprint, demand: &Demand) -> Option<Cells> {
    demand.vectors.as_ref()?;
    let dims = demand.dims.as_ref().map_or(DIMS, |dims| dims.value);
    is_milvus(blueprint).then(|| of(demand, dims, Index::Hnsw)).filter(|cells| cells.least > 1)
}

fn of(demand: &Demand, dims: u32, index: Index) -> Cells {
    let outlook = Outlook::planned(demand);
    let value = |input: Input| Count(outlook.value(input));
    cells(value(Input::Vectors), value(Input::Partitions), dims, index, &CellParams::default())
}

/// How the clusters were reckoned, each figure named after what it is of.
pub(super) fn why(plan: &Plan) -> impl Iterator<Item = Reckoning> + '_ {
    plan.cells.iter().filter(|cells| cells.count > 1).flat_map(|cells| cells.why.iter().cloned())
}

/// What must be known of the clusters, with the way out.
pub(super) fn warnings(plan: &Plan) -> Vec<Warning> {
    several(plan).into_iter().chain(beyond_calculator(plan)).collect()
}

/// That a limit of one cluster is passed.
fn several(plan: &Plan) -> Option<Warning> {
    let cells = plan.cells.as_ref().filter(|cells| cells.least > 1)?;
    let limit = cells.limits.iter().find(|limit| Some(&limit.id) == cells.forced_by.as_ref())?;
    let chosen = match cells.count == cells.least {
        true => String::new(),
        false => format!("; {} take the least memory", Count(cells.count)),
    };
    let split = if cells.partitions_are_split { ", so that a partition lies in several clusters" } else { "" };
    let (what, hint) = match limit.id.as_str() {
        "general-capacity" => (
            "one Milvus cluster refuses so many partitions unless it is configured otherwise",
            "keep in the application which partition lies in which cluster, or raise rootCoord.maxGeneralCapacity and \
             measure; fewer and larger partitions need neither",
        ),
        "vectors" => (
            "more vectors than Milvus documents for one cluster",
            "keep in the application which partition lies in which cluster and ask that one, or prove one cluster in a load \
             test",
        ),
        _ => (
            "the metadata may outgrow the etcd of one Milvus cluster, by an estimate",
            "keep in the application which partition lies in which cluster; larger segments and fewer partitions have less \
             metadata",
        ),
    };
    Some(Warning {
        id: "more-than-one-cluster".to_owned(),
        severe: true,
        text: format!(
            "{what}: {} of at most {} ({}) ask for {} clusters{chosen}; each has up to {} vectors in {} partitions{split}; \
             the cost and the nodes of the tier table are not for so many",
            limit.demand,
            limit.limit,
            limit.source,
            Count(cells.least),
            cells.each.vectors,
            cells.each.partitions
        ),
        hint: Some(hint.to_owned()),
    })
}

/// That each cluster is larger than those that the official calculator shows figures for.
fn beyond_calculator(plan: &Plan) -> Option<Warning> {
    let text = plan.cells.as_ref()?.note.clone()?;
    Some(Warning {
        id: "beyond-the-calculator".to_owned(),
        severe: false,
        text,
        hint: Some("load a part of the data, measure the memory it takes, and scale that up before you buy".to_owned()),
    })
}
