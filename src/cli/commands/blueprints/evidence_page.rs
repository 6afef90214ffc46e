//! A blueprint for people: what was measured, what follows, what was ruled, and where it is from.

use super::page::{join, text, word};
use crate::blueprint::Blueprint;
use crate::cli::view::Page;

/// Adds the evidence.
pub fn evidence(page: Page, blueprint: &Blueprint) -> Page {
    let tests = blueprint.load_tests.iter().map(|test| {
        [
            test.scenario.clone(),
            test.concurrent_users.to_string(),
            test.mean.to_string(),
            test.p95.to_string(),
            test.errors.to_string(),
            word(&test.verdict),
        ]
    });
    let verdicts = blueprint.verdicts.iter().map(|verdict| {
        let when = format!("{} > {}", word(&verdict.measure), verdict.above);
        [verdict.id.clone(), when, word(&verdict.verdict), verdict.action.clone()]
    });
    let scale_out = blueprint.scale_out.iter().map(|row| [row.service.clone(), row.when.clone(), row.action.clone()]);
    let playbooks = blueprint.playbooks.iter().map(|band| {
        let users = band.up_to.map_or_else(|| format!("{}+", band.from), |up_to| format!("{}-{up_to}", band.from));
        [band.service.clone(), users, band.action.clone()]
    });
    let budgets = blueprint.memory_budgets.values().map(|budget| {
        let parts = join(budget.parts.iter().map(|(name, part)| format!("{name} {part}")));
        [budget.service.clone(), budget.allotted.to_string(), parts]
    });
    let header = ["scenario", "users", "mean", "p95", "errors", "verdict"];
    let page = page
        .section("Load tests", |page| page.table(header, tests))
        .section("Verdicts", |page| page.table(["row", "when", "verdict", "do"], verdicts))
        .section("Scale out", |page| page.table(["service", "when", "do"], scale_out))
        .section("Playbooks", |page| page.table(["service", "concurrent users", "do"], playbooks))
        .section("Memory", |page| page.table(["service", "allotted", "parts"], budgets));
    sources(page, blueprint)
}

fn sources(page: Page, blueprint: &Blueprint) -> Page {
    let rulings = blueprint.rulings.iter().map(|ruling| [ruling.id.clone(), ruling.ruling.clone()]);
    let sources =
        blueprint.sources.iter().map(|(id, source)| [id.clone(), source.title.clone(), text(Some(&source.date))]);
    page.section("Rulings", |page| page.table(["row", "what holds"], rulings))
        .section("Notes", |page| page.list(blueprint.notes.iter().cloned()))
        .section("Sources", |page| page.table(["id", "title", "date"], sources))
}
