//! The months of a forecast.

use super::timeline::{Table, Timeline, told};
use super::{Crossing, ForecastMonth, MonthSpread};
use crate::blueprint::tier::CountRange;
use crate::demand::Demand;
use crate::size::outlook::FARTHEST;
use crate::size::worlds::{TextSpread, UsdSpread, cents, percentile};
use crate::units::{CalendarMonth, Count, Usd};

/// Every month from today to the horizon.
pub(super) fn months(
    table: &Table<'_>,
    demand: &Demand,
    middle: &Timeline,
    worlds: &[Timeline],
    crossings: &[Crossing],
    start: Option<CalendarMonth>,
) -> Vec<ForecastMonth> {
    let input = told(demand);
    (0..=demand.horizon_months.value.0.min(FARTHEST))
        .map(|month| {
            let row = table.rows.get(middle.row(month));
            let fired = crossings.iter().filter(|crossing| crossing.month == Some(month));
            ForecastMonth {
                month,
                calendar: start.map(|start| start.plus(month)),
                demand: input.map(|input| input.approx_phrase(middle.told(month))).unwrap_or_default(),
                tier: row.map(|(tier, _)| tier.name.clone()),
                set: row.filter(|(tier, _)| tier.sizes.len() > 1).and_then(|(_, set)| set.map(|set| set.name.clone())),
                services: Vec::new(),
                differs: None,
                bears: None,
                reach: None,
                servers: row.map(|(tier, set)| match set {
                    Some(set) => servers(set),
                    None => tier.totals.servers,
                }),
                monthly_usd: row.map(|(tier, set)| set.map_or(tier.totals.cost, |set| set.cost)),
                triggers: fired.map(|crossing| crossing.what.clone()).collect(),
                spread: (!worlds.is_empty()).then(|| spread(table, demand, worlds, month)),
            }
        })
        .collect()
}

fn servers(set: &crate::blueprint::tier::ServerSet) -> CountRange {
    let least = set.servers.iter().map(|server| u64::from(server.count)).sum();
    let most = set.servers.iter().map(|server| u64::from(server.count_max.unwrap_or(server.count))).sum();
    CountRange { min: Count(least), max: Some(Count(most)) }
}

fn spread(table: &Table<'_>, demand: &Demand, worlds: &[Timeline], month: u32) -> MonthSpread {
    let mut values: Vec<u64> = worlds.iter().map(|world| world.told(month)).collect();
    values.sort_unstable();
    let show = |percent| {
        let value = percentile(&values, percent);
        told(demand).zip(value).map(|(input, value)| input.approx(value)).unwrap_or_default()
    };
    // Where no row bears the demand, the last one is the least that it costs.
    let cost = |world: &Timeline| {
        let row = table.rows.get(world.row(month)).or(table.rows.last());
        row.map_or(0, |(tier, set)| cents(tier, *set))
    };
    let mut costs: Vec<u64> = worlds.iter().map(cost).collect();
    costs.sort_unstable();
    let usd = |percent| Usd(percentile(&costs, percent).unwrap_or_default());
    MonthSpread {
        demand: TextSpread { p5: show(5), p50: show(50), p95: show(95) },
        monthly_usd: UsdSpread { p5: usd(5), p50: usd(50), p95: usd(95) },
    }
}
