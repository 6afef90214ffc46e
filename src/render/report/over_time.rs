//! Cost and capacity month by month, where the demand grows.

use super::chart::{Chart, Line};
use super::html::{Column, Figure, paragraph, table};
use super::svg::Size;
use super::words;
use crate::blueprint::Blueprint;
use crate::blueprint::tier::Input;
use crate::size::forecast::{Forecast, ForecastMonth, Reach};
use crate::size::outlook::Outlook;
use crate::size::plan::Plan;
use crate::units::Usd;

/// Column of the possible worlds; empty where every input is known.
const SPREAD: &str = "p5 / p50 / p95";

/// Both charts with what is passed when; nothing without growth.
pub(super) fn html(plan: &Plan, blueprint: &Blueprint) -> String {
    let Some(forecast) = plan.forecast.as_ref().filter(|forecast| forecast.months.len() > 1) else {
        return String::new();
    };
    let what = match plan.tier {
        Some(_) => {
            "Month by month, the smallest tier and server set of the table that bear the demand of that month. The plan of \
             this report is chosen for the last month."
        }
        None => {
            "Month by month, the services as the demand of that month needs them, on the machines that cost least. The plan \
             of this report is chosen for the last month."
        }
    };
    format!(
        "{}{}{}{}",
        paragraph(what),
        cost(forecast).html(),
        capacity(plan, blueprint, forecast).map(|figure| figure.html()).unwrap_or_default(),
        crossings(forecast)
    )
}

fn dollars(usd: Usd) -> f64 {
    usd.0 as f64 / 100.0
}

fn line(class: &'static str, step: bool, months: &[ForecastMonth], of: impl Fn(&ForecastMonth) -> Option<f64>) -> Line {
    Line { class, step, points: months.iter().map(|month| (f64::from(month.month), of(month))).collect() }
}

/// The tier with its server set, or what tells the services from those of other months.
fn plan_of(month: &ForecastMonth) -> Option<String> {
    let tier = month.tier.as_ref().map(|tier| words::row(tier, month.set.as_deref()));
    tier.or_else(|| month.differs.clone())
}

/// Whether machines are picked for services, without a table.
fn by_service(months: &[ForecastMonth]) -> bool {
    months.iter().any(|month| month.differs.is_some())
}

/// Months in which the tier or the server set changes, with its name; of services, those in which machines are added.
fn changes(months: &[ForecastMonth]) -> Vec<(f64, String)> {
    let services = by_service(months);
    let name = |month: &ForecastMonth| match (&month.servers, plan_of(month)) {
        (Some(machines), Some(_)) if services => {
            let count = words::counts(machines);
            if count == "1" { "1 machine".to_owned() } else { format!("{count} machines") }
        }
        (_, plan) => plan.unwrap_or_else(|| "beyond".to_owned()),
    };
    let firsts = months.iter().enumerate().filter(|(at, month)| *at == 0 || name(&months[at - 1]) != name(month));
    firsts.map(|(_, month)| (f64::from(month.month), name(month))).collect()
}

fn across(forecast: &Forecast) -> String {
    let start = forecast.months.first().and_then(|month| month.calendar);
    start.map_or_else(|| "months from now".to_owned(), |start| format!("months from {start}"))
}

fn cost(forecast: &Forecast) -> Figure {
    let months = &forecast.months;
    let spread = |of: fn(&crate::size::forecast::MonthSpread) -> Usd| {
        line("b", true, months, move |month| month.spread.as_ref().map(of).map(dollars))
    };
    let worlds = forecast.worlds.is_some();
    let (band, lines) = if worlds {
        let band = (spread(|at| at.monthly_usd.p5), spread(|at| at.monthly_usd.p95));
        (Some(band), vec![spread(|at| at.monthly_usd.p50)])
    } else if by_service(months) {
        (None, vec![line("b", true, months, |month| month.monthly_usd.map(|usd| dollars(usd.min)))])
    } else {
        let low = line("a", true, months, |month| month.monthly_usd.map(|usd| dollars(usd.min)));
        let high = line("b", true, months, |month| month.monthly_usd.and_then(|usd| usd.max).map(dollars));
        (Some((low.clone(), high.clone())), vec![low, high])
    };
    let first = months.first().and_then(|month| month.monthly_usd.as_ref()).map(words::usd).unwrap_or_default();
    let last = months.last().and_then(|month| month.monthly_usd.as_ref()).map(words::usd).unwrap_or_default();
    let legend = match worlds {
        true => vec![
            ("b", "half of the possible worlds cost at most this (p50)".to_owned()),
            ("band", "from p5 to p95".to_owned()),
        ],
        false if by_service(months) => vec![("b", "list prices of what has one".to_owned())],
        false => vec![
            ("a", "lower end of the table's range".to_owned()),
            ("b", "upper end, where the table has one".to_owned()),
        ],
    };
    let chart = Chart {
        id: "cost-time",
        title: "Cost over time",
        description: format!("{first} a month today, {last} a month in month {}.", months.len() - 1),
        across: across(forecast),
        least_across: 0,
        most_across: (months.len() - 1) as u64,
        steps_across: &[1, 2, 3, 6, 12, 24],
        up: "US dollars a month",
        show_up: &words::dollars,
        bands: band.into_iter().collect(),
        lines,
        marks: changes(months),
    };
    Figure {
        caption: "Cost a month over time".to_owned(),
        wide: chart.draw(Size::Wide),
        narrow: chart.draw(Size::Narrow),
        legend,
        below: String::new(),
        figures: figures(months),
    }
}

fn figures(months: &[ForecastMonth]) -> String {
    let (plan, machines) = if by_service(months) { ("services", "machines") } else { ("tier", "servers") };
    let columns = [
        Column::Words("month"),
        Column::Words("demand"),
        Column::Words(plan),
        Column::Numbers(machines),
        Column::Numbers("a month"),
        Column::Numbers(SPREAD),
    ];
    let rows = months.iter().map(|month| {
        let label =
            month.calendar.map_or_else(|| month.month.to_string(), |calendar| format!("{} ({calendar})", month.month));
        let spread = month.spread.as_ref().map(|spread| {
            format!("{} / {} / {}", spread.monthly_usd.p5, spread.monthly_usd.p50, spread.monthly_usd.p95)
        });
        [
            label,
            month.demand.clone(),
            plan_of(month).unwrap_or_else(|| "none bears it".to_owned()),
            month.servers.as_ref().map(words::counts).unwrap_or_default(),
            month.monthly_usd.as_ref().map(words::usd).unwrap_or_default(),
            spread.unwrap_or_default(),
        ]
    });
    table(&format!("Demand, {plan} and cost month by month"), columns, rows)
}

/// The demand against what the tier or the services of each month bear of it.
fn capacity(plan: &Plan, blueprint: &Blueprint, forecast: &Forecast) -> Option<Figure> {
    match plan.tier {
        Some(_) => of_tiers(plan, blueprint, forecast),
        None => of_services(forecast),
    }
}

fn of_tiers(plan: &Plan, blueprint: &Blueprint, forecast: &Forecast) -> Option<Figure> {
    let input = Input::ALL.into_iter().find(|input| plan.demand.because(*input).is_given())?;
    let bears = |month: &ForecastMonth| {
        let tier = blueprint.tiers.iter().find(|tier| Some(&tier.name) == month.tier.as_ref())?;
        let set = tier.sizes.iter().find(|set| Some(&set.name) == month.set.as_ref());
        set.and_then(|set| set.up_to.base(input)).or_else(|| tier.up_to.base(input))
    };
    let month = |month: &ForecastMonth| (Outlook::at(&plan.demand, month.month).value(input), bears(month));
    Some(against(
        forecast,
        &forecast.months.iter().map(month).collect::<Vec<_>>(),
        &Words {
            what: input.plural(),
            brief: &|value| input.approx(value),
            whole: &|value| input.show(value),
            bears: "the tier bears",
            legend: "what the tier and server set of the month bear; no line where the table names no limit",
            none: "no limit named",
        },
    ))
}

fn of_services(forecast: &Forecast) -> Option<Figure> {
    let reach: Option<Vec<Reach>> = forecast.months.iter().map(|month| month.reach).collect();
    let reach = reach?;
    let load = reach.first()?.load;
    // Where no load changes any service, there is no line to draw.
    reach.iter().find_map(|month| month.bears)?;
    Some(against(
        forecast,
        &reach.iter().map(|month| (month.needed, month.bears)).collect::<Vec<_>>(),
        &Words {
            what: load.word(),
            brief: &|value| load.brief(value),
            whole: &|value| load.brief(value),
            bears: "the services bear",
            legend: "the most at which every service stays as it is in that month",
            none: "any amount",
        },
    ))
}

/// How a load and what is borne of it are told.
struct Words<'a> {
    /// What it is: `partitions`.
    what: &'a str,
    /// An amount on an axis.
    brief: &'a dyn Fn(u64) -> String,
    /// An amount in the table.
    whole: &'a dyn Fn(u64) -> String,
    /// Column of what is borne.
    bears: &'static str,
    legend: &'a str,
    /// What stands where nothing limits it.
    none: &'a str,
}

/// What is needed in each month against what is borne.
fn against(forecast: &Forecast, amounts: &[(u64, Option<u64>)], words: &Words<'_>) -> Figure {
    let months = &forecast.months;
    let of = |month: &ForecastMonth| amounts.get(month.month as usize).copied().unwrap_or_default();
    let demand = line("a", false, months, |month| Some(of(month).0 as f64));
    let capacity = line("b", true, months, |month| of(month).1.map(|bears| bears as f64));
    let show = |value: f64| (words.brief)(value as u64);
    let told = |month: Option<&ForecastMonth>| month.map(|month| month.demand.clone()).unwrap_or_default();
    let last = months.len().saturating_sub(1);
    let title = format!("Capacity over time: {}", words.what);
    let chart = Chart {
        id: "capacity-time",
        title: &title,
        description: format!("{} today, {} in month {last}.", told(months.first()), told(months.last())),
        across: across(forecast),
        least_across: 0,
        most_across: last as u64,
        steps_across: &[1, 2, 3, 6, 12, 24],
        up: words.what,
        show_up: &show,
        bands: Vec::new(),
        lines: vec![capacity, demand],
        marks: changes(months),
    };
    let columns = [Column::Words("month"), Column::Numbers("demand"), Column::Numbers(words.bears)];
    let rows = months.iter().map(|month| {
        let (needed, bears) = of(month);
        let bears = bears.map_or_else(|| words.none.to_owned(), |bears| (words.whole)(bears));
        [month.month.to_string(), (words.whole)(needed), bears]
    });
    Figure {
        caption: format!("Demand and capacity over time, in {}", words.what),
        wide: chart.draw(Size::Wide),
        narrow: chart.draw(Size::Narrow),
        legend: vec![("a", "demand with its reserve".to_owned()), ("b", words.legend.to_owned())],
        below: String::new(),
        figures: table("Demand and capacity month by month", columns, rows),
    }
}

fn crossings(forecast: &Forecast) -> String {
    let columns = [
        Column::Words("what"),
        Column::Numbers("month"),
        Column::Numbers(SPREAD),
        Column::Words("what to do"),
        Column::Words("row"),
    ];
    let rows = forecast.crossings.iter().map(|crossing| {
        let calendar = crossing.calendar.map(|month| format!(" ({month})")).unwrap_or_default();
        let month = crossing.month.map_or_else(|| "beyond ten years".to_owned(), |month| format!("{month}{calendar}"));
        let spread = crossing.spread.map(|spread| {
            let show = |month: Option<u32>| month.map_or_else(|| "-".to_owned(), |month| month.to_string());
            format!("{} / {} / {}", show(spread.p5), show(spread.p50), show(spread.p95))
        });
        let action = crossing.action.clone().unwrap_or_default();
        [crossing.what.clone(), month, spread.unwrap_or_default(), action, crossing.id.clone()]
    });
    table("What growth passes, and when", columns, rows)
}
