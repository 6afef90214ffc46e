//! The top of the page: what was found, what to heed, and why.

use super::escape::text;
use super::html::{Column, list, table};
use super::words;
use crate::blueprint::Blueprint;
use crate::blueprint::tier::Input;
use crate::size::plan::Plan;
use crate::size::vectors::Verdict;

/// Title, subtitle and the main figures.
pub(super) fn html(plan: &Plan, blueprint: &Blueprint) -> String {
    let facts: String = facts(plan)
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("<div><dt>{}</dt><dd>{}</dd></div>\n", text(name), text(&value)))
        .collect();
    format!(
        "<header>\n<p class=\"soft\">Size of {}</p>\n<h1>{}</h1>\n<p>{}</p>\n<dl class=\"facts\">\n{facts}</dl>\n</header>\n",
        text(&plan.blueprint),
        text(&blueprint.title),
        text(&blueprint.summary)
    )
}

fn facts(plan: &Plan) -> Vec<(&'static str, String)> {
    let tier = plan.tier.as_ref().map(|tier| {
        let set = plan.set.as_ref().map(|set| set.name.as_str());
        words::row(&tier.name, set)
    });
    let demand = &plan.demand;
    let main = Input::ALL.into_iter().find(|input| demand.because(*input).is_given() && demand.base(*input) > 0);
    let said = main.map(|input| input.approx_phrase(demand.base(input)));
    let users = demand.concurrent_users.as_ref().map(|users| format!("{} concurrent users", users.value));
    let growth = demand.growth.because.is_given().then(|| format!(", growing {}", demand.growth.value));
    let vectors = plan.vectors.as_ref().filter(|check| check.available_memory.0 < u64::MAX).map(|check| {
        let best = check.best.as_ref().map(|row| row.label.as_str()).unwrap_or_default();
        match check.verdict {
            Verdict::Fits => format!("fit, as {best}"),
            Verdict::FitsByAssumption => format!("fit if assumed, as {best}"),
            Verdict::FitsDoubtfully => "fit doubtfully".to_owned(),
            Verdict::DoesNotFit => "do not fit".to_owned(),
        }
    });
    let severe = plan.warnings.iter().filter(|warning| warning.severe).count();
    let warnings = match (severe, plan.warnings.len()) {
        (_, 0) => "none".to_owned(),
        (0, all) => all.to_string(),
        (severe, all) => format!("{all}, {severe} severe"),
    };
    vec![
        ("Cost a month", words::usd(&plan.cost.monthly_usd)),
        ("Tier", tier.unwrap_or_default()),
        ("Servers", words::servers(plan)),
        ("Demand", format!("{}{}", said.or(users).unwrap_or_default(), growth.unwrap_or_default())),
        ("Vectors in memory", vectors.unwrap_or_default()),
        ("Warnings", warnings),
    ]
}

/// The warnings, loudest first, each with its way out.
pub(super) fn warnings(plan: &Plan) -> String {
    let items: String = plan
        .warnings
        .iter()
        .map(|warning| {
            let (class, word) = if warning.severe { ("severe", "Severe") } else { ("mild", "Note") };
            let hint =
                warning.hint.as_ref().map(|hint| format!("<br />What to do: {}", text(hint))).unwrap_or_default();
            format!("<li class=\"{class}\"><strong>{word}:</strong> {}{hint}</li>\n", text(&warning.text))
        })
        .collect();
    if items.is_empty() { items } else { format!("<ul class=\"warnings\">\n{items}</ul>\n") }
}

/// What decided the tier and the server set, what smaller tiers lacked, and how much room is left.
pub(super) fn why(plan: &Plan) -> String {
    let drivers = plan.tier.iter().flat_map(|tier| &tier.drivers);
    let drivers = drivers.map(|driver| format!("{}: {}", driver.what, driver.because));
    let set = plan.set.iter().map(|set| format!("servers: {}", set.because));
    let rejected = plan.rejected.iter().filter(|tier| !tier.lacks.is_empty());
    let rejected = rejected.map(|tier| format!("not {}: {}", tier.name, tier.lacks.join("; ")));
    format!("{}{}", list(drivers.chain(set).chain(rejected)), rooms(plan))
}

fn rooms(plan: &Plan) -> String {
    let columns = [
        Column::Words("input"),
        Column::Numbers("planned"),
        Column::Numbers("boundary"),
        Column::Numbers("used"),
        Column::Words("then"),
        Column::Words("passed in"),
        Column::Words("row"),
    ];
    let rows = plan.headroom.iter().map(|room| {
        let typical = if plan.demand.because(room.input).binds() { "" } else { " (typical)" };
        [
            format!("{}{typical}", room.input.word()),
            room.planned.clone(),
            room.bound.clone(),
            format!("{}%", room.used.0 / 10_000),
            room.then.clone(),
            room.passed_in_month.map(|month| format!("month {month}")).unwrap_or_default(),
            room.because.clone(),
        ]
    });
    table("Room that is left before the next tier or server set", columns, rows)
}

/// What load tests, playbooks and conditions say.
pub(super) fn findings(plan: &Plan) -> String {
    list(plan.findings.iter().map(|finding| {
        let of = finding.service.as_ref().map(|service| format!(" of {service}")).unwrap_or_default();
        let action = finding.action.as_ref().map(|action| format!(". Do: {action}")).unwrap_or_default();
        format!("{}{of}: {} [{}]{action}", finding.topic.word(), finding.text, finding.source)
    }))
}
