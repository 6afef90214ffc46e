//! What ranges do to a plan, for people.

use super::Page;
use crate::size::about;
use crate::size::worlds::{PlanOdds, Uncertainty, UsdSpread};
use crate::units::Count;

/// The section on uncertainty.
pub fn section(page: Page, found: Option<&Uncertainty>) -> Page {
    let Some(found) = found else { return page };
    let name = |plan: &PlanOdds| named(&plan.tier, plan.set.as_deref());
    let chosen = &found.least_regret;
    let middle = if found.also_of_the_middle { ", also for the middle of the ranges" } else { "" };
    let facts = [
        ("worlds", format!("{}, seed {}", Count(found.worlds.into()), found.seed)),
        ("least regret", format!("{}: {} a month{middle}", name(chosen), chosen.regret_usd)),
        ("best plan costs", spread(&found.best_monthly_usd)),
        ("this plan costs", format!("{} a month", chosen.monthly_usd)),
    ];
    let inputs = found.inputs.iter().map(|input| {
        let worth = found.measure_first.iter().find(|worth| worth.variable == input.variable);
        let worth = worth.map(|worth| worth.value_usd.to_string()).unwrap_or_default();
        [format!("--{}", input.variable.flag()), input.range.clone(), input.middle.clone(), worth]
    });
    let mut inputs: Vec<[String; 4]> = inputs.collect();
    let place = |row: &[String; 4]| {
        found.measure_first.iter().position(|worth| row[0].trim_start_matches('-') == worth.variable.flag())
    };
    inputs.sort_by_key(place);
    let plans = std::iter::once(chosen).chain(&found.runners_up).map(|plan| {
        [
            name(plan),
            plan.monthly_usd.to_string(),
            plan.regret_usd.to_string(),
            about(plan.best),
            about(plan.undersized),
        ]
    });
    let risks = found.undersized.iter().map(|risk| {
        [
            risk.service.clone(),
            risk.what.clone(),
            format!("{} / {} / {}", risk.needs.p5, risk.needs.p50, risk.needs.p95),
            risk.gives.clone().unwrap_or_else(|| "grows".to_owned()),
            about(risk.chance),
            risk.because.clone(),
        ]
    });
    page.facts(facts)
        .table(["plan", "a month", "regret a month", "best in", "undersized in"], plans)
        .table(["service", "needed", "p5 / p50 / p95", "given", "undersized in", "given by"], risks)
        .table(["measure first", "range", "middle", "worth a month"], inputs)
}

fn named(tier: &str, set: Option<&str>) -> String {
    set.map_or_else(|| tier.to_owned(), |set| format!("{tier} {set}"))
}

fn spread(cost: &UsdSpread) -> String {
    format!("{} / {} / {} a month (p5 / p50 / p95)", cost.p5, cost.p50, cost.p95)
}
