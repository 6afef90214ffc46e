//! What is paid: the table's range, and on clouds line by line with the day of each price.

use super::bars::{Bar, Bars};
use super::html::{Column, Figure, heading, list, paragraph, table};
use super::scale::ticks;
use super::svg::Size;
use super::words;
use crate::size::clouds::CloudPlan;
use crate::size::placement::Proof;
use crate::size::plan::Plan;
use crate::units::Usd;

/// How many cost lines are drawn.
const MOST: usize = 12;

/// The cost of the plan and, cloud by cloud, machines, zones and prices.
pub(super) fn html(plan: &Plan) -> String {
    let total = format!("{} a month: {}", words::usd(&plan.cost.monthly_usd), plan.cost.because);
    let clouds: String =
        plan.clouds.iter().filter(|cloud| cloud.chosen).enumerate().map(|(at, cloud)| self::cloud(cloud, at)).collect();
    format!("{}{clouds}{}", paragraph(&total), compared(plan))
}

fn place(cloud: &CloudPlan) -> String {
    let name = cloud
        .name
        .as_ref()
        .filter(|name| *name != cloud.provider.word())
        .map(|name| format!("{name}: "))
        .unwrap_or_default();
    format!("{name}{} {}", cloud.provider.word(), cloud.region)
}

fn cloud(cloud: &CloudPlan, at: usize) -> String {
    let proof = match cloud.placement.proof {
        Proof::Optimal => "Nothing cheaper exists under the rules.".to_owned(),
        Proof::AtLeast { bound_usd } => format!("No plan costs less than {bound_usd} a month for machines."),
    };
    let dates = match cloud.price_date.newest.is_empty() {
        true => String::new(),
        false => format!(" Prices of {}.", cloud.price_date.shown()),
    };
    let intro = format!(
        "{} a month, {}; {}. {proof}{dates}",
        cloud.monthly_usd,
        cloud.placement.purchase.word(),
        cloud.because
    );
    let missing = cloud.missing.iter().map(|missing| format!("not in the sum: {missing}"));
    format!(
        "{}{}{}{}{}",
        heading(&place(cloud)),
        paragraph(&intro),
        bars(cloud, at),
        machines(cloud),
        list(missing.chain(remarks(cloud)))
    )
}

/// The dearest lines as bars; their figures are in the table of lines.
fn bars(cloud: &CloudPlan, at: usize) -> String {
    let mut lines: Vec<(&str, Usd)> =
        cloud.lines.iter().filter_map(|line| Some((line.what.as_str(), line.monthly_usd?))).collect();
    lines.retain(|(_, usd)| usd.0 > 0);
    lines.sort_by_key(|(_, usd)| std::cmp::Reverse(*usd));
    let Some((dearest, most)) = lines.first().copied() else { return String::new() };
    let ticks = ticks(most.0 as f64 / 100.0, 4);
    let end = ticks.last().copied().unwrap_or(1.0);
    let bar = |(what, usd): &(&str, Usd)| Bar {
        label: (*what).to_owned(),
        part: usd.0 as f64 / 100.0 / end,
        says: usd.to_string(),
        class: "ok",
    };
    let id = format!("cost-{at}");
    let bars = Bars {
        id: &id,
        title: &format!("Cost lines of {}", place(cloud)),
        description: format!("{} a month in all; the dearest line is {dearest} at {most}.", cloud.monthly_usd),
        bars: lines.iter().take(MOST).map(bar).collect(),
        ticks: ticks.iter().map(|tick| (tick / end, words::dollars(*tick))).collect(),
        limit: None,
    };
    let figure = Figure {
        caption: "The dearest lines, in US dollars a month".to_owned(),
        wide: bars.draw(Size::Wide),
        narrow: bars.draw(Size::Narrow),
        legend: Vec::new(),
        below: String::new(),
        figures: self::lines(cloud),
    };
    figure.html()
}

fn machines(cloud: &CloudPlan) -> String {
    let columns = [
        Column::Words("machine"),
        Column::Numbers("count"),
        Column::Words("role"),
        Column::Words("holds"),
        Column::Numbers("zones"),
        Column::Words("in each zone"),
        Column::Numbers("a month"),
    ];
    let rows = cloud.placement.hosts.iter().map(|host| {
        let holds = host.holds.iter().map(|(lot, copies)| match copies {
            1 => lot.clone(),
            _ => format!("{copies} x {lot}"),
        });
        let zones: Vec<String> = host.per_zone.iter().map(u32::to_string).collect();
        [
            host.machine.clone(),
            host.count.to_string(),
            host.role.clone(),
            holds.collect::<Vec<_>>().join(", "),
            host.zones.to_string(),
            zones.join(" + "),
            host.monthly_usd.to_string(),
        ]
    });
    table("Machines by role", columns, rows)
}

fn lines(cloud: &CloudPlan) -> String {
    let columns = [
        Column::Words("what"),
        Column::Numbers("quantity"),
        Column::Numbers("price of one"),
        Column::Numbers("a month"),
        Column::Words("price of"),
        Column::Words("source"),
    ];
    let rows = cloud.lines.iter().map(|line| {
        [
            line.what.clone(),
            format!("{} {}", line.quantity, line.unit),
            line.unit_price.map_or_else(|| "no price".to_owned(), |price| price.to_string()),
            line.monthly_usd.map_or_else(|| "no price".to_owned(), |usd| usd.to_string()),
            line.date.clone().unwrap_or_default(),
            line.source.clone().unwrap_or_default(),
        ]
    });
    table("What is paid, each line with the day of its price", columns, rows)
}

fn remarks(cloud: &CloudPlan) -> impl Iterator<Item = String> {
    let named = cloud.named.iter().filter(|named| !named.kept);
    let named = named.map(|named| {
        format!("the source names {} for {}, which is not kept: {}", named.machine, named.service, named.because)
    });
    let others = cloud.placement.runners_up.iter();
    named.chain(others.map(|other| format!("runner-up at {} a month: {}", other.monthly_usd, other.differs)))
}

fn compared(plan: &Plan) -> String {
    if plan.clouds.iter().all(|cloud| cloud.chosen) {
        return String::new();
    }
    let columns = [
        Column::Words("cloud"),
        Column::Numbers("a month"),
        Column::Numbers("without a price"),
        Column::Words("planned with"),
    ];
    let rows = plan.clouds.iter().map(|cloud| {
        let chosen = if cloud.chosen { "yes" } else { "no" };
        [place(cloud), cloud.monthly_usd.to_string(), cloud.missing.len().to_string(), chosen.to_owned()]
    });
    format!("{}{}", heading("Clouds compared"), table("Clouds and regions compared", columns, rows))
}
