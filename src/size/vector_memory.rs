//! Whether the vectors fit into the memory that the table gives them.

use super::outlook::Outlook;
use super::plan::{ServerPlan, ServicePlan};
use super::vectors::{self, Index, MemoryCheck};
use crate::blueprint::service::Kind;
use crate::blueprint::tier::{Input, Tier};
use crate::demand::{Because, Demand};
use crate::error::{Code, Problem, Result};
use crate::nearest::did_you_mean;
use crate::units::{Bytes, Count};

/// The index that the user named.
///
/// # Errors
/// When no index has this name.
pub(super) fn asked_index(demand: &Demand) -> Result<Option<Index>> {
    let Some(index) = &demand.index else { return Ok(None) };
    let origin = match &index.because {
        Because::Given { origin } => origin.as_ref(),
        other => other.text(),
    };
    index.value.parse().map(Some).map_err(|_| {
        Problem::new(Code::BadValue, format!("unknown vector index `{}`", index.value))
            .because(format!("named by {origin}"))
            .hint_opt(did_you_mean(&index.value, Index::NAMES))
            .hint(format!("the indexes are {}", Index::NAMES.join(", ")))
            .into()
    })
}

/// Checks the planned vectors against the memory of the vector database and the disk of its server. Clusters have no
/// fixed memory, so the check says only what each index takes.
pub(super) fn check(tier: &Tier, servers: &[ServerPlan], demand: &Demand, asked: Option<Index>) -> Option<MemoryCheck> {
    let vectors = Count(Outlook::planned(demand).value(Input::Vectors));
    let dims = demand.dimensions();
    let Some((server, service)) = holder(servers) else {
        return tier.sizes.is_empty().then(|| vectors::check(vectors, dims, Bytes(u64::MAX), Bytes(u64::MAX), asked));
    };
    let memory =
        Bytes(service.memory.0.saturating_mul(u64::from(service.replicas).saturating_mul(server.count.into())));
    let disk = Bytes(
        server.disks.iter().map(|disk| disk.size.0).fold(0, u64::saturating_add).saturating_mul(server.count.into()),
    );
    Some(vectors::check(vectors, dims, memory, disk, asked))
}

/// The most vectors that an index holds within what was checked; by halving, since more vectors never need less.
pub(super) fn bears(row: &vectors::Row, check: &MemoryCheck) -> u64 {
    let Some(candidate) = vectors::candidates().find(|candidate| candidate.label() == row.label) else { return 0 };
    let fits = |count: u64| {
        let need = vectors::need(candidate.index, Count(count), check.dims, &candidate.params);
        !need.overflow && need.memory <= check.available_memory && need.disk <= check.available_disk
    };
    let (mut low, mut high) = (0, u64::MAX);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        (low, high) = if fits(middle) { (middle, high) } else { (low, middle - 1) };
    }
    low
}

/// The server and service that hold the vectors.
pub(super) fn holder(servers: &[ServerPlan]) -> Option<(&ServerPlan, &ServicePlan)> {
    servers.iter().find_map(|server| {
        let service = server.services.iter().find(|service| service.kind == Kind::Vectors)?;
        Some((server, service))
    })
}
