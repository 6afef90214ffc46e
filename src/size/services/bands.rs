//! What the source says is done to a service at this many concurrent users: scaling out and playbooks.

use super::reckon::{most, reckon, show};
use super::types::{Finding, Topic};
use crate::blueprint::Blueprint;
use crate::blueprint::evidence::{Playbook, ScaleOut};
use crate::catalog::Machine;
use crate::size::component::{Need, Resources};
use crate::units::{Bytes, Count};

/// Memory of a machine that the system keeps; the rest is what a service alone on it has. A judgement: the kernel, the
/// container engine and an agent or two.
pub const SYSTEM_MEMORY: Bytes = Bytes::mib(512);

/// The conditions of scaling out that hold at so many users.
pub(super) fn scale_out(blueprint: &Blueprint, users: u64) -> impl Iterator<Item = (&ScaleOut, u64)> {
    blueprint.scale_out.iter().filter_map(move |row| {
        let from = row.concurrent_users?.0;
        (users >= from).then_some((row, from))
    })
}

/// The bands of a service's playbook that are reached at so many users, lowest first: each adds to the ones before.
pub(super) fn reached<'a>(blueprint: &'a Blueprint, service: &str, users: u64) -> Vec<&'a Playbook> {
    let mut bands: Vec<&Playbook> =
        blueprint.playbooks.iter().filter(|band| band.service == service && users >= band.from.0).collect();
    bands.sort_by_key(|band| band.from);
    bands
}

/// What rows and bands make of a service: instances by the rows that hold, machine and instances by the bands.
///
/// A row of a service that keeps nothing gives as many instances as the load is times the row's own: the source names the
/// load at which one instance ends, and that the next one ends as much later is an assumption.
pub(super) fn need(
    blueprint: &Blueprint,
    service: &str,
    stateless: bool,
    users: u64,
    machine: impl Fn(&str) -> Option<Machine>,
) -> Option<(Need, Option<String>)> {
    let mut need = Need { instances: 1, ..Need::default() };
    let mut pinned = None;
    for (row, from) in scale_out(blueprint, users).filter(|(row, _)| row.service == service && stateless) {
        let instances = u32::try_from(users.div_ceil(from.max(1))).unwrap_or(u32::MAX);
        need.instances = need.instances.max(instances);
        need.why.push(reckon(
            "instances by the scale-out row",
            instances.to_string(),
            "concurrent users / users at which one instance ends, rounded up; that each further one bears as many is an assumption",
            &[("concurrent users", Count(users).to_string()), ("one ends at", Count(from).to_string())],
            &row.id,
        ));
    }
    for band in reached(blueprint, service, users) {
        if let Some(found) = band.machine.as_deref().and_then(&machine) {
            let each = Resources {
                cpu: found.cpu,
                memory: Bytes(found.memory.0.saturating_sub(SYSTEM_MEMORY.0)),
                ..Resources::default()
            };
            need.each = most(&need.each, &each);
            need.why.push(reckon(
                "each instance by the playbook",
                show(&each),
                "the whole machine that the band names, less 512 MiB for the system",
                &[("machine", found.name.clone())],
                &band.id,
            ));
            pinned = Some(found.name);
        }
        if let Some(instances) = band.instances {
            need.instances = need.instances.max(instances);
            need.why.push(reckon("instances by the playbook", instances.to_string(), &band.action, &[], &band.id));
        }
    }
    (!need.why.is_empty()).then_some((need, pinned))
}

/// The bands and rows that hold, as findings.
pub(super) fn findings(blueprint: &Blueprint, users: u64) -> Vec<Finding> {
    let shown = Count(users);
    let mut findings = Vec::new();
    for (name, _) in &blueprint.services {
        let bands = reached(blueprint, name, users);
        let Some((current, before)) = bands.split_last() else { continue };
        let symptom = current.symptom.as_ref().map(|text| format!(" ({text})")).unwrap_or_default();
        let earlier: Vec<_> = before.iter().map(|band| format!("{} ({})", band.action, band.id)).collect();
        let earlier = match earlier.is_empty() {
            true => String::new(),
            false => format!("; done before that: {}", earlier.join("; ")),
        };
        findings.push(Finding {
            topic: Topic::Playbook,
            service: Some(name.clone()),
            text: format!("{shown} concurrent users are in the band {}{symptom}{earlier}", current.id),
            action: Some(current.action.clone()),
            source: current.id.clone(),
        });
    }
    findings.extend(scale_out(blueprint, users).map(|(row, _)| Finding {
        topic: Topic::ScaleOut,
        service: Some(row.service.clone()),
        text: format!("{shown} concurrent users: the condition `{}` holds", row.when),
        action: Some(row.action.clone()),
        source: row.id.clone(),
    }));
    findings
}
