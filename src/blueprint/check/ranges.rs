//! Ranges that end before they begin, and counts of nothing.

use super::Checker;
use crate::blueprint::document::FieldPath;
use crate::blueprint::tier::{Server, ServerSet, Tier};
use crate::path;

pub(super) fn check(c: &mut Checker<'_>) {
    let b = c.blueprint;
    for (i, tier) in b.tiers.iter().enumerate() {
        in_tier(c, &path!["tiers", i], tier);
    }
    for (name, service, at) in c.services() {
        let at = at.join("scaling");
        if let Some(scaling) = &service.scaling {
            pair(c, &at, ("min", "max"), scaling.min, scaling.max);
            at_least_one(c, &at.join("max"), scaling.max, &format!("instances of `{name}`"));
        }
        let replicas = service.needs.as_ref().and_then(|needs| needs.replicas);
        at_least_one(c, &path!["services", name, "needs", "replicas"], replicas, &format!("instances of `{name}`"));
    }
    for (i, playbook) in b.playbooks.iter().enumerate() {
        pair(c, &path!["playbooks", i], ("from", "up_to"), Some(playbook.from), playbook.up_to);
    }
    let workers = b.kubernetes.iter().flat_map(|kubernetes| &kubernetes.workers).collect::<Vec<_>>();
    let at = path!["kubernetes", "workers"];
    match workers.as_slice() {
        [] => {}
        [min, max] if min <= max => {}
        [min, max] => c.bad_value(&at, format!("fewest ({min}) is more than most ({max})"), "ends before it begins"),
        _ => c.bad_value(&at, "this is not a range of workers", "needs two numbers, fewest and most"),
    }
}

fn in_tier(c: &mut Checker<'_>, at: &FieldPath, tier: &Tier) {
    let totals = &tier.totals;
    let at_totals = at.join("totals");
    pair(c, &at_totals.join("servers"), ENDS, Some(totals.servers.min), totals.servers.max);
    if let Some(cpu) = totals.cpu {
        pair(c, &at_totals.join("cpu"), ENDS, Some(cpu.min), cpu.max);
    }
    if let Some(memory) = totals.memory {
        pair(c, &at_totals.join("memory"), ENDS, Some(memory.min), memory.max);
    }
    if let Some(storage) = totals.storage {
        pair(c, &at_totals.join("storage"), ENDS, Some(storage.min), storage.max);
    }
    pair(c, &at_totals.join("cost"), ENDS, Some(totals.cost.min), totals.cost.max);
    if let Some(latency) = tier.latency {
        pair(c, &at.join("latency"), ENDS, Some(latency.min), latency.max);
    }
    for (i, set) in tier.sizes.iter().enumerate() {
        in_set(c, &at.join("sizes").join(i), set);
    }
    for (name, component) in &tier.components {
        pair(c, &at.join("components").join(name), ENDS, Some(component.min), component.max);
    }
}

fn in_set(c: &mut Checker<'_>, at: &FieldPath, set: &ServerSet) {
    pair(c, &at.join("cost"), ENDS, Some(set.cost.min), set.cost.max);
    for (i, server) in set.servers.iter().enumerate() {
        in_server(c, &at.join("servers").join(i), server);
    }
}

fn in_server(c: &mut Checker<'_>, at: &FieldPath, server: &Server) {
    at_least_one(c, &at.join("count"), Some(server.count), &format!("servers `{}`", server.name));
    pair(c, at, ("count", "count_max"), Some(server.count), server.count_max);
    pair(c, at, ("memory", "memory_max"), server.memory, server.memory_max);
    for (i, disk) in server.disks.iter().enumerate() {
        pair(c, &at.join("disks").join(i), ("size", "size_max"), Some(disk.size), disk.size_max);
    }
    for (name, share) in &server.services {
        let at = at.join("services").join(name).join("replicas");
        at_least_one(c, &at, share.replicas, &format!("instances of `{name}`"));
    }
}

/// The keys of the ends of most ranges.
const ENDS: (&str, &str) = ("min", "max");

fn pair<T: PartialOrd + std::fmt::Display>(
    c: &mut Checker<'_>,
    at: &FieldPath,
    (low, high): (&str, &str),
    min: Option<T>,
    max: Option<T>,
) {
    if let (Some(min), Some(max)) = (min, max)
        && min > max
    {
        c.bad_value(&at.join(high), format!("`{low}` ({min}) is more than `{high}` ({max})"), "ends before it begins");
    }
}

fn at_least_one(c: &mut Checker<'_>, at: &FieldPath, count: Option<u32>, of: &str) {
    if count == Some(0) {
        c.bad_value(at, format!("there are 0 {of}"), "must be at least 1");
    }
}
