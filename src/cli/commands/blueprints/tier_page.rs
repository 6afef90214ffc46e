//! The tier table of a blueprint, for people.

use super::page::{join, range, word};
use crate::blueprint::Blueprint;
use crate::blueprint::tier::{Bounds, BytesRange, Tier};
use crate::cli::view::Page;

/// The tier table with its server sets and components.
pub fn tiers(page: Page, blueprint: &Blueprint) -> Page {
    if blueprint.tiers.is_empty() {
        return page.text("No tier table: rapplan cannot size this application yet.");
    }
    let rows = blueprint.tiers.iter().map(|tier| {
        let cost = open(tier.totals.cost.min, tier.totals.cost.max);
        let environments = join(tier.environments.iter().map(word));
        [&tier.name, &tier.id, &word(&tier.platform), &bounds(&tier.up_to), &environments, &cost].map(String::clone)
    });
    let page = page.table(["tier", "row", "platform", "bears up to", "for", "a month"], rows);
    let page = page.section("Tiers as the table has them", |page| {
        let head =
            ["tier", "from", "latency", "servers", "cores", "memory", "storage", "HA", "scaling", "complexity", "when"];
        page.table(head, blueprint.tiers.iter().map(whole))
    });
    let page = page.section("Server sets", |page| {
        page.table(["tier", "set", "row", "servers", "bears up to", "a month"], blueprint.tiers.iter().flat_map(sets))
    });
    let components = blueprint.tiers.iter().flat_map(|tier| {
        tier.components.iter().map(|(name, component)| {
            let replicas = range(component.min, component.max);
            [tier.name.clone(), name.clone(), replicas, component.title.clone()]
        })
    });
    page.section("Components", |page| page.table(["tier", "component", "replicas", "what"], components))
}

/// What the table says of a whole tier.
fn whole(tier: &Tier) -> [String; 11] {
    let totals = &tier.totals;
    let bytes = |range: Option<BytesRange>| range.map(|sizes| open(sizes.min, sizes.max)).unwrap_or_default();
    let from = bounds(&tier.from);
    [
        tier.name.clone(),
        if from == "no limit" { String::new() } else { from },
        tier.latency.map(|latency| open(latency.min, latency.max)).unwrap_or_default(),
        open(totals.servers.min, totals.servers.max),
        totals.cpu.map(|cores| open(cores.min, cores.max)).unwrap_or_default(),
        bytes(totals.memory),
        bytes(totals.storage),
        word(&tier.high_availability),
        word(&tier.auto_scaling),
        tier.complexity.clone(),
        tier.when.clone(),
    ]
}

/// A range that may have no upper end: `4-5`, `10+`.
fn open<T: ToString + PartialEq>(min: T, max: Option<T>) -> String {
    if max.is_none() { format!("{}+", min.to_string()) } else { range(min, max) }
}

fn sets(tier: &Tier) -> Vec<[String; 6]> {
    let row = |set: &crate::blueprint::tier::ServerSet| {
        let servers = set.servers.iter().map(|server| {
            let shape: Vec<String> = [
                server.cpu.map(|cpu| format!("{cpu} cores")),
                server.memory.map(|memory| memory.to_string()),
                (!server.disks.is_empty()).then(|| join(server.disks.iter().map(|disk| disk.size))),
            ]
            .into_iter()
            .flatten()
            .collect();
            format!("{} {} ({})", range(server.count, server.count_max), server.name, shape.join(", "))
        });
        let cost = range(set.cost.min, set.cost.max);
        [tier.name.clone(), set.name.clone(), set.id.clone(), join(servers), bounds(&set.up_to), cost]
    };
    tier.sizes.iter().map(row).collect()
}

fn bounds(bounds: &Bounds) -> String {
    let limits: Vec<String> = [
        bounds
            .partitions
            .map(|limit| if limit.0 == 1 { "1 partition".to_owned() } else { format!("{limit} partitions") }),
        bounds.vectors.map(|limit| format!("{limit} vectors")),
        bounds.data.map(|limit| limit.to_string()),
        bounds.rps.map(|limit| limit.to_string()),
        bounds.users.map(|limit| format!("{limit} users")),
    ]
    .into_iter()
    .flatten()
    .collect();
    if limits.is_empty() { "no limit".to_owned() } else { limits.join(", ") }
}
