//! What the reader of a plan must know, loudest first.

use super::outlook::Outlook;
use super::plan::{Plan, Warning};
use super::vectors::{Basis, MemoryCheck, Row, Verdict};
use crate::blueprint::Blueprint;
use crate::blueprint::operations::StorageProtocol;
use crate::blueprint::service::{Kind, Service};
use crate::blueprint::tier::{Environment, Extent, Input, Tier};
use crate::demand::{Demand, Figure};
use crate::units::{Bytes, Count};

/// Everything worth saying of a plan.
pub(super) fn warnings(blueprint: &Blueprint, tier: &Tier, plan: &Plan, notes: Vec<Warning>) -> Vec<Warning> {
    let mut warnings: Vec<Warning> = [
        beyond_the_tier(tier, plan),
        wrong_environment(tier, plan),
        storage_too_small(plan),
        network_storage(blueprint, plan),
        no_failover(tier, plan),
        only_typical(plan),
    ]
    .into_iter()
    .flatten()
    .collect();
    match &plan.vectors {
        Some(check) if plan.servers.is_empty() => warnings.extend(too_few_nodes(tier, plan, check)),
        Some(check) => {
            warnings.extend(vector_memory(tier, plan, check));
            warnings.extend(beyond_standalone(check));
        }
        None => {}
    }
    warnings.extend(super::impossible::of_plan(blueprint, plan));
    warnings.extend(super::cells::warnings(plan));
    warnings.extend(unused(blueprint, &plan.demand));
    warnings.extend(notes);
    warnings.sort_by_key(|warning| !warning.severe);
    warnings
}

/// Inputs that were given and that nothing in the blueprint is sized by.
pub(super) fn unused(blueprint: &Blueprint, demand: &Demand) -> Vec<Warning> {
    let has = |kind: Kind| blueprint.services.values().any(|service| service.kind == kind);
    let tested = !blueprint.load_tests.is_empty();
    let stores = has(Kind::Vectors) || has(Kind::Search) || has(Kind::Graph) || has(Kind::Sql) || has(Kind::Document);
    // A tier table knows its own inputs, and nothing of load tests and models.
    let tiers = !blueprint.tiers.is_empty();
    let tested = tested && !tiers;
    let unused = [
        ("partitions", demand.partitions.is_some(), tiers),
        ("vectors-per-partition", demand.vectors_per_partition.is_some(), tiers),
        ("vectors", demand.vectors.is_some(), tiers || has(Kind::Vectors)),
        ("dims", demand.dims.is_some(), tiers || has(Kind::Vectors)),
        // Where the vectors of a tier are not in Milvus, that is said beside what they take.
        ("index", demand.index.is_some(), tiers),
        ("rps", demand.rps.is_some(), tiers || has(Kind::Web)),
        ("users", demand.users.is_some(), tiers),
        ("data", demand.data.is_some(), tiers || stores),
        ("ccu", given(&demand.concurrent_users), tested),
        ("mau", given(&demand.monthly_users), tested),
        ("mix", given(&demand.mix), tested),
        ("p95", given(&demand.p95), tested),
        ("max-error-rate", given(&demand.max_error_rate), tested),
        ("model-requests", given(&demand.model_requests), has(Kind::Llm) && !tiers),
    ];
    let unused = unused.into_iter().filter(|(_, given, used)| *given && !*used);
    unused
        .map(|(flag, ..)| Warning {
            id: "input-not-used".to_owned(),
            severe: false,
            text: format!(
                "--{flag} decides nothing here: nothing in the blueprint `{}` is sized by it",
                blueprint.name
            ),
            hint: Some(format!("see what it is sized by: rapplan blueprints show {}", blueprint.name)),
        })
        .collect()
}

/// Whether the user gave this input.
fn given<T>(figure: &Option<Figure<T>>) -> bool {
    figure.as_ref().is_some_and(|figure| figure.because.is_given())
}

/// The memory of the table against the vectors.
fn vector_memory(tier: &Tier, plan: &Plan, check: &MemoryCheck) -> Option<Warning> {
    let row = plan.set.as_ref().map_or(&tier.id, |set| &set.id);
    let have = format!("{row}: the vectors have {} of memory", check.available_memory.approx());
    let what = format!("{} of {} dimensions", Input::Vectors.approx_phrase(check.vectors.0), check.dims);
    let takes = |row: &Row| format!("{} takes {}", row.label, row.need.memory.approx());
    match (&check.best, check.otherwise.first()) {
        (None, otherwise) => {
            let subject = check
                .asked
                .as_ref()
                .map_or_else(|| "any index that can be relied on".to_owned(), |row| row.index.to_string());
            let most = otherwise.map(|row| format!(": {}", takes(row))).unwrap_or_default();
            Some(Warning {
                id: "vectors-do-not-fit".to_owned(),
                severe: true,
                text: format!("{have}, which cannot hold {what} under {subject}{most}"),
                hint: Some(remedy(plan, check)),
            })
        }
        (Some(best), Some(usual)) if usual.label != best.label => Some(Warning {
            id: "vectors-need-a-smaller-index".to_owned(),
            severe: true,
            text: format!(
                "{have}, and for {what} {}; the best that fits is {} ({})",
                takes(usual),
                best.label,
                best.need.memory.approx()
            ),
            hint: Some(match check.verdict {
                Verdict::FitsByAssumption => format!(
                    "that figure assumes that a tenth of the vectors stays in memory: measure {} under your load before you rely on it",
                    best.label
                ),
                _ => format!(
                    "create the collection with {}, and measure its recall and latency on your data first",
                    best.label
                ),
            }),
        }),
        _ => None,
    }
}

/// The limits of one Milvus server that the vectors are beyond.
fn beyond_standalone(check: &MemoryCheck) -> Option<Warning> {
    let limits: Vec<&str> = check.limits.iter().map(|limit| limit.text.as_str()).collect();
    (!limits.is_empty()).then(|| Warning {
        id: "beyond-milvus-standalone".to_owned(),
        severe: true,
        text: limits.join("; "),
        hint: Some("plan for Milvus Distributed, or prove the load on one server before you rely on it".to_owned()),
    })
}

/// Memory of the largest query node that the official calculator plans with (`clusterNodesConfigCalculator`).
const LARGEST_NODE: Bytes = Bytes::gib(128);

/// The nodes of a cluster that the table names for the vectors, were each as large as the official calculator takes them,
/// against what the vectors need. The table gives the nodes no size.
fn too_few_nodes(tier: &Tier, plan: &Plan, check: &MemoryCheck) -> Option<Warning> {
    let part = plan.components.iter().find(|part| part.component.holds_vectors)?;
    let named = u64::from(part.component.max.unwrap_or(part.component.min));
    let room = Bytes(LARGEST_NODE.0.saturating_mul(named));
    let best = check.best.as_ref().filter(|row| row.need.memory > room)?;
    let takes = |row: &Row| {
        let nodes = &row.query_nodes;
        format!(
            "{} takes {}: {} {} of {} cores and {}",
            row.label,
            row.need.memory.approx(),
            Count(nodes.count),
            if nodes.count == 1 { "node" } else { "nodes" },
            nodes.cores,
            nodes.memory
        )
    };
    let sound = check.rows.iter().filter(|row| matches!(row.need.basis, Basis::Calculator | Basis::Documentation));
    let least = sound.min_by_key(|row| row.need.memory).filter(|row| row.label != best.label);
    let least = least.map(|row| format!("; {}", takes(row))).unwrap_or_default();
    Some(Warning {
        id: "too-few-nodes-for-the-vectors".to_owned(),
        severe: true,
        text: format!(
            "{} names {named} {}; for {} of {} dimensions {}{least}",
            tier.id,
            part.component.title,
            Input::Vectors.approx_phrase(check.vectors.0),
            check.dims,
            takes(best)
        ),
        hint: Some("choose the index first, then plan the nodes that it takes, not those of the table".to_owned()),
    })
}

/// What to do when the vectors do not fit.
fn remedy(plan: &Plan, check: &MemoryCheck) -> String {
    let fitting = check.fitting().next().map(|row| row.label.clone());
    let more = plan
        .servers
        .iter()
        .find(|server| server.services.iter().any(|service| service.kind == Kind::Vectors))
        .and_then(|server| server.memory_max)
        .filter(|most| check.rows.iter().any(|row| row.need.memory <= *most && row.disk_fits && !row.fits));
    match (fitting, more) {
        (Some(index), _) => format!("choose an index that fits, such as {index}, or take the next tier"),
        (None, Some(most)) => format!("take the server with {most} that the table allows, or the next tier"),
        (None, None) => {
            "hold fewer vectors or dimensions, or take a server with more memory, or the next tier".to_owned()
        }
    }
}

fn beyond_the_tier(tier: &Tier, plan: &Plan) -> Option<Warning> {
    let over = Outlook::planned(&plan.demand).exceeding(&tier.up_to);
    let (input, value, bound) = over.first()?;
    Some(Warning {
        id: "beyond-the-tier".to_owned(),
        severe: true,
        text: format!(
            "{} are more than the {} that {} bears",
            input.approx_phrase(*value),
            input.show(*bound),
            tier.id
        ),
        hint: Some("leave --tier out and the smallest tier that bears it is chosen".to_owned()),
    })
}

fn wrong_environment(tier: &Tier, plan: &Plan) -> Option<Warning> {
    let wrong = !tier.environments.contains(&plan.demand.environment.value);
    wrong.then(|| Warning {
        id: "not-for-this-environment".to_owned(),
        severe: true,
        text: match plan.demand.environment.value {
            Environment::Prod => format!("{} is for development only, never for production", tier.id),
            Environment::Dev => format!("{} is not for development", tier.id),
        },
        hint: None,
    })
}

/// The disks of the storage server against the data.
fn storage_too_small(plan: &Plan) -> Option<Warning> {
    let host = plan.servers.iter().find(|server| server.storage_host).or(plan.servers.first())?;
    let disk = |most: bool| {
        let size = host.disks.iter().map(|disk| if most { disk.size_max.unwrap_or(disk.size).0 } else { disk.size.0 });
        Bytes(size.fold(0, u64::saturating_add))
    };
    let data = Bytes(Outlook::planned(&plan.demand).value(Input::Data));
    let (least, most) = (disk(false), disk(true));
    let have = if most > least { format!("{least} to {most}") } else { least.to_string() };
    if least.0 == 0 || data <= least {
        return None;
    }
    Some(Warning {
        id: "storage-too-small".to_owned(),
        severe: data > most,
        text: format!(
            "{} of data, without backups, is more than {least}; {} has {have}",
            Input::Data.approx(data.0),
            host.name
        ),
        hint: Some("backups are kept on the same storage: plan for at least twice the data".to_owned()),
    })
}

fn network_storage(blueprint: &Blueprint, plan: &Plan) -> Option<Warning> {
    let storage = blueprint.storage.as_ref().filter(|storage| storage.protocol == StorageProtocol::Nfs)?;
    let shared = plan.servers.iter().filter(|server| !server.storage_host);
    let over_network = |area: &str| {
        shared.clone().any(|server| {
            server
                .services
                .iter()
                .filter_map(|service| blueprint.services.get(&service.service))
                .any(|service| service.volumes.iter().any(|volume| volume.area.as_deref() == Some(area)))
        })
    };
    let has_host = plan.servers.iter().any(|server| server.storage_host);
    let areas: Vec<_> = storage
        .areas
        .iter()
        .filter(|(name, area)| has_host && !area.local && area.local_advised.is_some() && over_network(name))
        // etcd there has a warning of its own, which is louder.
        .filter(|(name, _)| !of_coordination(blueprint, name))
        .map(|(name, area)| format!("{name} ({})", area.local_advised.as_deref().unwrap_or_default()))
        .collect();
    (!areas.is_empty()).then(|| Warning {
        id: "data-on-network-storage".to_owned(),
        severe: false,
        text: format!("the storage layout puts these on NFS, though local NVMe is advised: {}", areas.join("; ")),
        hint: Some("measure the disk before you go live, and move them to the local disk if it is slow".to_owned()),
    })
}

/// Whether a coordination store keeps its data in this area.
fn of_coordination(blueprint: &Blueprint, area: &str) -> bool {
    let keeps = |service: &&Service| service.volumes.iter().any(|volume| volume.area.as_deref() == Some(area));
    blueprint.services.values().filter(|service| service.kind == Kind::Coordination).any(|service| keeps(&service))
}

fn no_failover(tier: &Tier, plan: &Plan) -> Option<Warning> {
    let production = plan.demand.environment.value == Environment::Prod;
    (production && tier.high_availability != Extent::Yes).then(|| Warning {
        id: "no-failover".to_owned(),
        severe: false,
        text: match tier.high_availability {
            Extent::No => format!("{} stands still when its server fails", tier.id),
            Extent::Partly | Extent::Yes => format!("{} survives the loss of a server only partly", tier.id),
        },
        hint: Some("if that is not enough: --require ha".to_owned()),
    })
}

fn only_typical(plan: &Plan) -> Option<Warning> {
    let partitions = plan.demand.partitions.as_ref().filter(|partitions| !partitions.because.binds())?;
    Some(Warning {
        id: "amount-of-data-is-a-guess".to_owned(),
        severe: false,
        text: format!(
            "nothing says how much data there is; {} {} usual ({})",
            Input::Partitions.phrase(partitions.value.0),
            if partitions.value.0 == 1 { "is" } else { "are" },
            partitions.because.text()
        ),
        hint: Some("give --partitions, --vectors or --data".to_owned()),
    })
}
