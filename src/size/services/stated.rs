//! What the source says that a service gets.

use super::reckon::{reckon, show};
use crate::blueprint::service::Service;
use crate::size::component::{Need, Resources};

/// The need that the blueprint states, with the row it comes from.
pub(super) fn need(service: &Service) -> Option<Need> {
    let needs = service.needs.as_ref()?;
    let each = Resources {
        cpu: needs.cpu.unwrap_or_default(),
        memory: needs.memory.unwrap_or_default(),
        disk: needs.storage.unwrap_or_default(),
        gpu_memory: needs.gpu_memory.unwrap_or_default(),
    };
    let source = needs.source.clone().unwrap_or_else(|| "the blueprint, `needs` of the service".to_owned());
    let mut why = vec![reckon("each instance", show(&each), "as the source has it", &[], &source)];
    if let Some(replicas) = needs.replicas {
        why.push(reckon("instances", replicas.to_string(), "as the source has it", &[], &source));
    }
    Some(Need { instances: needs.replicas.unwrap_or(1).max(1), each, why, ..Need::default() })
}
