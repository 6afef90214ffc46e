//! Alternatives side by side, for people.

use super::{Page, View};
use crate::blueprint::tier::Extent;
use crate::cli::view::size::usd;
use crate::size::compare::{Alternative, Comparison};
use crate::units::{Bytes, Cores};

/// Alternatives in one table; more would be too narrow to read.
const SIDE_BY_SIDE: usize = 4;

impl View for Comparison {
    const KIND: &'static str = "comparison";

    fn page(&self) -> Page {
        let mut page = Page::new().text(verdict(self));
        for group in groups(&self.alternatives) {
            let header = std::iter::once(String::new()).chain(group.iter().map(|one| name(one)));
            page = page.grid(header.collect(), ROWS.iter().filter_map(|(title, cell)| row(title, *cell, &group)));
        }
        against(&self.alternatives).into_iter().fold(page, |page, (lines, names)| {
            page.section(&format!("Against {}", names.join(", ")), |page| page.list(lines))
        })
    }
}

type Cell = fn(&Alternative) -> String;

/// What is compared, line by line.
const ROWS: [(&str, Cell); 12] = [
    ("bears the demand", |one| yes(one.bears)),
    ("servers", |one| if one.servers > 0 { one.servers.to_string() } else { String::new() }),
    ("cores taken", |one| if one.cpu > Cores(0) { one.cpu.to_string() } else { String::new() }),
    ("memory taken", |one| if one.memory > Bytes(0) { one.memory.approx() } else { String::new() }),
    ("machines", |one| one.machines.join(", ")),
    ("high availability", |one| one.high_availability.map(extent).unwrap_or_default()),
    ("auto scaling", |one| one.auto_scaling.map(extent).unwrap_or_default()),
    ("index that fits", |one| one.index.clone().unwrap_or_default()),
    ("table's estimate a month", |one| one.table_usd.as_ref().map(usd).unwrap_or_default()),
    ("at list prices a month", |one| match (one.cloud_usd, one.missing) {
        (None, _) => String::new(),
        (Some(cost), 0) => cost.to_string(),
        (Some(cost), 1) => format!("{cost}, 1 thing not in it"),
        (Some(cost), missing) => format!("{cost}, {missing} things not in it"),
    }),
    ("prices of", |one| one.price_date.clone().unwrap_or_default()),
    ("complexity", |one| one.complexity.clone().unwrap_or_default()),
];

/// A line of the table; none when no alternative has anything to say.
fn row(title: &str, cell: Cell, group: &[&Alternative]) -> Option<Vec<String>> {
    let cells: Vec<String> =
        group.iter().map(|one| if one.impossible.is_some() { String::new() } else { cell(one) }).collect();
    let said = cells.iter().any(|cell| !cell.is_empty());
    said.then(|| std::iter::once(title.to_owned()).chain(cells).collect())
}

/// Alternatives of one cloud together, as many as fit beside each other.
fn groups(all: &[Alternative]) -> Vec<Vec<&Alternative>> {
    let with_tiers = all.iter().filter(|one| one.tier.is_some()).count() > 1;
    let same = |a: &Alternative, b: &Alternative| !with_tiers || a.cloud == b.cloud;
    let mut groups: Vec<Vec<&Alternative>> = Vec::new();
    for one in all {
        match groups.last_mut().filter(|group| group.len() < SIDE_BY_SIDE && same(group[0], one)) {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    groups
}

/// What speaks against alternatives, those with the same faults together.
fn against(all: &[Alternative]) -> Vec<(Vec<String>, Vec<String>)> {
    let mut told: Vec<(Vec<String>, Vec<String>)> = Vec::new();
    for one in all {
        let lines: Vec<String> = one.impossible.iter().chain(&one.warnings).cloned().collect();
        match told.iter_mut().find(|(known, _)| *known == lines) {
            Some((_, names)) => names.push(name(one)),
            None => told.push((lines, vec![name(one)])),
        }
    }
    told.retain(|(lines, _)| !lines.is_empty());
    told
}

fn name(one: &Alternative) -> String {
    match (&one.tier, &one.cloud) {
        (Some(tier), Some(cloud)) => format!("{tier} on {cloud}"),
        (Some(only), None) | (None, Some(only)) => only.clone(),
        (None, None) => "as the source has it".to_owned(),
    }
}

fn verdict(all: &Comparison) -> String {
    match all.cheapest.and_then(|at| all.alternatives.get(at)) {
        Some(best) => {
            let cost = best.cloud_usd.map(|usd| usd.to_string()).or_else(|| best.table_usd.as_ref().map(usd));
            format!(
                "{}: the least cost of what bears the demand is {}: {} a month",
                all.blueprint,
                name(best),
                cost.unwrap_or_default()
            )
        }
        None => format!("{}: none of these bears the demand", all.blueprint),
    }
}

fn yes(yes: bool) -> String {
    if yes { "yes" } else { "no" }.to_owned()
}

fn extent(extent: Extent) -> String {
    match extent {
        Extent::No => "no",
        Extent::Partly => "partly",
        Extent::Yes => "yes",
    }
    .to_owned()
}
