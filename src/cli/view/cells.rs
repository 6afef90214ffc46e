//! Clusters side by side, for people.

use super::Page;
use crate::size::services::reckon::show;
use crate::size::vectors::cells::Cells;
use crate::units::Count;

/// How many clusters, what each bears and is made of, and the limits that ask for them; nothing where one does.
pub fn section(page: Page, cells: Option<&Cells>) -> Page {
    let Some(cells) = cells.filter(|cells| cells.count > 1) else { return page };
    let forced = cells.limits.iter().find(|limit| Some(&limit.id) == cells.forced_by.as_ref());
    let limit = forced.map(|limit| limit.title()).unwrap_or_default();
    let least = match cells.count == cells.least {
        true => format!("the fewest that the limit of {limit} allows"),
        false => {
            format!("the limit of {limit} allows no fewer than {}; these take the least memory", Count(cells.least))
        }
    };
    let collections = if cells.each.collections.0 == 1 { "collection" } else { "collections" };
    let facts = [
        ("clusters", format!("{}: {least}", Count(cells.count))),
        ("each bears", format!("{} vectors, {} partitions", cells.each.vectors, cells.each.partitions)),
        ("in each", format!("{} {collections} of at most 1024 partitions", cells.each.collections)),
        ("all take", show(&cells.total)),
    ];
    let roles = cells.each.deployment.roles.iter().map(|role| {
        let all = Count(role.count.saturating_mul(cells.count));
        [role.role.clone(), Count(role.count).to_string(), show(&role.each), all.to_string()]
    });
    let limits = cells.limits.iter().map(|limit| {
        [
            limit.title().to_owned(),
            limit.limit.clone(),
            limit.demand.clone(),
            Count(limit.cells).to_string(),
            limit.source.clone(),
        ]
    });
    page.facts(facts)
        .table(["nodes of each cluster", "count", "each", "in all"], roles)
        .table(["limit of a cluster", "at most", "demand", "clusters", "source"], limits)
}
