//! What more partitions would cost, where the demand does not grow by itself.

use super::chart::{Chart, Line};
use super::html::{Column, Figure, paragraph, table};
use super::svg::Size;
use super::words;
use crate::blueprint::Blueprint;
use crate::blueprint::tier::Input;
use crate::demand::{Ask, Because, Figure as Known, Given};
use crate::size::outlook::Outlook;
use crate::size::plan::Plan;
use crate::size::sweep::{self, Line as Row};
use crate::units::Count;

/// Demands that are sized; more would not be seen.
const MOST: u64 = 2000;

/// The cost of the demand, from nothing to beyond the last boundary of the table; nothing without a table.
pub(super) fn html(plan: &Plan, blueprint: &Blueprint) -> String {
    let planned = Outlook::planned(&plan.demand).value(Input::Partitions);
    if plan.tier.is_none() || plan.forecast.is_some() || planned == 0 {
        return String::new();
    }
    let last = blueprint.tiers.iter().filter_map(|tier| tier.up_to.base(Input::Partitions)).max().unwrap_or(0);
    let most = planned.saturating_add(planned / 4).max(last.saturating_add(last / 4)).max(4);
    let count = most.min(MOST);
    let at = |index: u64| u64::try_from(u128::from(most) * u128::from(index) / u128::from(count)).unwrap_or(u64::MAX);
    let ask = |index: u64| Ask {
        partitions: Some(Given { value: Count(at(index)), origin: String::new() }),
        ..as_known(plan)
    };
    let Ok(mut rows) = sweep::sweep(blueprint, 1..=count, ask) else { return String::new() };
    rows.iter_mut().for_each(|row| row.at = at(row.at));
    figure(&steps(&rows), planned, most)
}

/// The demand as it is known, without what the sweep sets or derives anew.
fn as_known(plan: &Plan) -> Ask {
    fn kept<T: Clone>(known: &Known<T>) -> Option<Given<T>> {
        matches!(known.because, Because::Given { .. })
            .then(|| Given { value: known.value.clone(), origin: String::new() })
    }
    let demand = &plan.demand;
    Ask {
        vectors_per_partition: demand.vectors_per_partition.as_ref().and_then(kept),
        dims: demand.dims.as_ref().and_then(kept),
        rps: demand.rps.as_ref().and_then(kept),
        users: demand.users.as_ref().and_then(kept),
        environment: kept(&demand.environment),
        require: demand.require.iter().filter_map(kept).collect(),
        headroom: kept(&demand.headroom),
        ..Ask::default()
    }
}

/// Demands that have the same answer.
struct Step<'a> {
    first: u64,
    row: Row<'a>,
    last: u64,
}

fn steps<'a>(rows: &[Row<'a>]) -> Vec<Step<'a>> {
    let mut steps: Vec<Step<'a>> = Vec::new();
    for row in rows {
        match steps.last_mut() {
            Some(step) if (step.row.tier, step.row.set) == (row.tier, row.set) => step.last = row.at,
            _ => steps.push(Step { first: row.at, row: *row, last: row.at }),
        }
    }
    steps
}

fn name(row: &Row<'_>) -> String {
    row.tier.map_or_else(|| "none bears it".to_owned(), |tier| words::row(tier, row.set))
}

fn figure(steps: &[Step<'_>], planned: u64, most: u64) -> String {
    let line = |class, upper: bool| {
        let usd = |row: &Row<'_>| row.cost.and_then(|usd| if upper { usd.max } else { Some(usd.min) });
        let dollars = |row: &Row<'_>| usd(row).map(|usd| usd.0 as f64 / 100.0);
        let mut points: Vec<_> = steps.iter().map(|step| (step.first as f64, dollars(&step.row))).collect();
        points.extend(steps.last().map(|step| (most as f64, dollars(&step.row))));
        Line { class, step: true, points }
    };
    let (low, high) = (line("a", false), line("b", true));
    let words: Vec<String> = steps
        .iter()
        .map(|step| {
            let cost = step.row.cost.as_ref().map(words::usd).unwrap_or_default();
            format!("from {} partitions {} at {cost} a month", Count(step.first), name(&step.row))
        })
        .collect();
    let chart = Chart {
        id: "cost-ahead",
        title: "Cost by partitions",
        description: format!("{}. Planned: {} partitions.", words.join(", "), Count(planned)),
        across: "partitions".to_owned(),
        least_across: 0,
        most_across: most,
        steps_across: &[],
        up: "US dollars a month",
        show_up: &words::dollars,
        bands: vec![(low.clone(), high.clone())],
        lines: vec![low, high],
        marks: vec![(planned as f64, format!("planned: {}", Count(planned)))],
    };
    let columns =
        [Column::Words("tier"), Column::Numbers("from partitions"), Column::Numbers("to"), Column::Numbers("a month")];
    let rows = steps.iter().map(|step| {
        let cost = step.row.cost.as_ref().map(words::usd).unwrap_or_default();
        [name(&step.row), Count(step.first).to_string(), Count(step.last).to_string(), cost]
    });
    let what = "What other numbers of partitions would cost, with all that is given kept and all that is derived following: \
                the smallest tier and server set of the table that bear each. Give --growth to see it month by month.";
    let figure = Figure {
        caption: "Cost a month by number of partitions".to_owned(),
        wide: chart.draw(Size::Wide),
        narrow: chart.draw(Size::Narrow),
        legend: vec![
            ("a", "lower end of the table's range".to_owned()),
            ("b", "upper end, where the table has one".to_owned()),
        ],
        below: String::new(),
        figures: table("Where each tier begins and ends", columns, rows),
    };
    format!("{}{}", paragraph(what), figure.html())
}
