//! A forecast, for people.

use super::Page;
use super::size::usd;
use crate::size::forecast::{Forecast, ForecastMonth};
use crate::units::CalendarMonth;

/// The section on what is to come: the months, then what is passed when.
pub fn section(page: Page, forecast: Option<&Forecast>) -> Page {
    let Some(forecast) = forecast else { return page };
    // Without a tier table, machines are picked for services.
    let by_service = forecast.months.iter().any(|month| month.differs.is_some());
    let (plan, machines) = if by_service { ("services", "machines") } else { ("tier", "servers") };
    let page = match forecast.worlds {
        None => page.table(["month", "demand", plan, machines, "a month"], forecast.months.iter().map(certain)),
        Some(_) => page.table(
            ["month", "demand p5 / p50 / p95", plan, machines, "best plan a month p5 / p50 / p95"],
            forecast.months.iter().map(uncertain),
        ),
    };
    let rows = forecast.crossings.iter().map(|crossing| {
        let month =
            crossing.month.map_or_else(|| "beyond ten years".to_owned(), |month| label(month, crossing.calendar));
        let spread = crossing.spread.map(|spread| {
            let [p5, p50, p95] = [spread.p5, spread.p50, spread.p95]
                .map(|month| month.map_or_else(|| "-".to_owned(), |month| month.to_string()));
            format!("{p5} / {p50} / {p95}")
        });
        [month, spread.unwrap_or_default(), crossing.what.clone(), crossing.action.clone().unwrap_or_default()]
    });
    let uncertain = forecast.worlds.is_some();
    if uncertain {
        return page.table(["month", "p5 / p50 / p95", "what", "then"], rows);
    }
    page.table(["month", "what", "then"], rows.map(|[month, _, what, then]| [month, what, then]))
}

fn label(month: u32, calendar: Option<CalendarMonth>) -> String {
    let counted = if month == 0 { "today".to_owned() } else { month.to_string() };
    calendar.map_or_else(|| counted.clone(), |calendar| format!("{counted} ({calendar})"))
}

fn certain(month: &ForecastMonth) -> [String; 5] {
    let tier = month.tier.as_ref().map(|tier| match &month.set {
        Some(set) => format!("{tier} {set}"),
        None => tier.clone(),
    });
    let servers = month.servers.map(|range| match range.max {
        Some(max) if max == range.min => max.to_string(),
        Some(max) => format!("{} to {max}", range.min),
        None => format!("{} or more", range.min),
    });
    [
        label(month.month, month.calendar),
        month.demand.clone(),
        tier.or_else(|| month.differs.clone()).unwrap_or_else(|| "none bears it".to_owned()),
        servers.unwrap_or_default(),
        month.monthly_usd.as_ref().map(usd).unwrap_or_default(),
    ]
}

fn uncertain(month: &ForecastMonth) -> [String; 5] {
    let [label, demand, tier, servers, cost] = certain(month);
    let Some(spread) = &month.spread else { return [label, demand, tier, servers, cost] };
    let (demand, cost) = (&spread.demand, &spread.monthly_usd);
    let demand = format!("{} / {} / {}", demand.p5, demand.p50, demand.p95);
    [label, demand, tier, servers, format!("{} / {} / {}", cost.p5, cost.p50, cost.p95)]
}
