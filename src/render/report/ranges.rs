//! What is not known exactly: what it may cost, what may be undersized, what to measure first.

use super::bars::{Bar, Bars};
use super::html::{Column, Figure, heading, paragraph, table};
use super::scale::ticks;
use super::svg::Size;
use super::words;
use crate::size::about;
use crate::size::plan::Plan;
use crate::size::worlds::{PlanOdds, ServiceRisk, Uncertainty};
use crate::units::Count;

/// The part on uncertainty; nothing where every input is known.
pub(super) fn html(plan: &Plan) -> String {
    let Some(found) = &plan.uncertainty else { return String::new() };
    let middle = if found.also_of_the_middle { "It is also the plan for the middle of the ranges." } else { "" };
    let beyond = match found.beyond.0 {
        0 => String::new(),
        _ if plan.tier.is_none() => {
            format!(" In {} of the worlds no machines hold what the demand takes.", about(found.beyond))
        }
        _ => format!(" In {} of the worlds not even the largest tier bears the demand.", about(found.beyond)),
    };
    let chosen = &found.least_regret;
    let intro = format!(
        "{} possible worlds (seed {}) were sized. {} is regretted least: {} a month. {middle}{beyond}",
        Count(found.worlds.into()),
        found.seed,
        words::row(&chosen.tier, chosen.set.as_deref()),
        chosen.regret_usd,
    );
    let risks = if found.undersized.is_empty() { String::new() } else { risks(&found.undersized).html() };
    format!("{}{}{}{risks}{}", paragraph(intro.trim()), costs(found), plans(found), measure(found))
}

fn costs(found: &Uncertainty) -> String {
    let best = &found.best_monthly_usd;
    let columns =
        [Column::Words("US dollars a month"), Column::Numbers("p5"), Column::Numbers("p50"), Column::Numbers("p95")];
    let planned = found.least_regret.monthly_usd.to_string();
    let rows = [
        ["the best plan of each world".to_owned(), best.p5.to_string(), best.p50.to_string(), best.p95.to_string()],
        ["this plan".to_owned(), planned.clone(), planned.clone(), planned],
    ];
    table("What it may cost: one world in twenty, half of them, all but one in twenty cost at most this", columns, rows)
}

fn plans(found: &Uncertainty) -> String {
    let columns = [
        Column::Words("plan"),
        Column::Numbers("a month"),
        Column::Numbers("regret a month"),
        Column::Numbers("best in"),
        Column::Numbers("undersized in"),
    ];
    let row = |plan: &PlanOdds| {
        [
            words::row(&plan.tier, plan.set.as_deref()),
            plan.monthly_usd.to_string(),
            plan.regret_usd.to_string(),
            about(plan.best),
            about(plan.undersized),
        ]
    };
    table(
        "The plan and its runners-up; regret is what is misspent, or as bad as misspent",
        columns,
        std::iter::once(&found.least_regret).chain(&found.runners_up).map(row),
    )
}

fn risks(risks: &[ServiceRisk]) -> Figure {
    let highest = risks.iter().map(|risk| risk.chance.as_f64() * 100.0).fold(0.0, f64::max);
    let ticks = ticks(highest.max(5.0), 5);
    let end = ticks.last().copied().unwrap_or(100.0);
    let bars = risks.iter().map(|risk| Bar {
        label: format!("{}: {}", risk.service, risk.what),
        part: risk.chance.as_f64() * 100.0 / end,
        says: about(risk.chance),
        class: if risk.chance.0 >= 100_000 { "bad" } else { "ok" },
    });
    let worst = risks.iter().max_by_key(|risk| risk.chance);
    let worst =
        worst.map(|risk| format!("The highest is {} for {} of {}.", about(risk.chance), risk.what, risk.service));
    let bars = Bars {
        id: "undersized",
        title: "Chance that each service is undersized",
        description: worst.unwrap_or_default(),
        bars: bars.collect(),
        ticks: ticks.iter().map(|tick| (tick / end, format!("{}%", super::svg::number(*tick)))).collect(),
        limit: None,
    };
    let columns = [
        Column::Words("service"),
        Column::Words("needed"),
        Column::Numbers("p5 / p50 / p95"),
        Column::Numbers("given"),
        Column::Numbers("undersized in"),
        Column::Words("given by"),
    ];
    let rows = risks.iter().map(|risk| {
        [
            risk.service.clone(),
            risk.what.clone(),
            format!("{} / {} / {}", risk.needs.p5, risk.needs.p50, risk.needs.p95),
            risk.gives.clone().unwrap_or_else(|| "grows".to_owned()),
            about(risk.chance),
            risk.because.clone(),
        ]
    });
    Figure {
        caption: "Chance that each service is undersized".to_owned(),
        wide: bars.draw(Size::Wide),
        narrow: bars.draw(Size::Narrow),
        legend: vec![
            ("box ok", "less than one world in ten".to_owned()),
            ("box bad", "one world in ten or more".to_owned()),
        ],
        below: String::new(),
        figures: table("What each service may need", columns, rows),
    }
}

fn measure(found: &Uncertainty) -> String {
    let columns = [
        Column::Words("input"),
        Column::Words("range"),
        Column::Numbers("middle"),
        Column::Numbers("worth a month"),
        Column::Words("because"),
    ];
    let rows = found.measure_first.iter().map(|worth| {
        let input = found.inputs.iter().find(|input| input.variable == worth.variable);
        [
            format!("--{}", worth.variable.flag()),
            input.map(|input| input.range.clone()).unwrap_or_default(),
            input.map(|input| input.middle.clone()).unwrap_or_default(),
            worth.value_usd.to_string(),
            worth.because.clone(),
        ]
    });
    let table = table("Inputs that are not known exactly, the one worth most first", columns, rows);
    if table.is_empty() { table } else { format!("{}{table}", heading("What to measure first")) }
}
