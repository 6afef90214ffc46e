//! Month by month to the horizon: what the demand grows to, what it takes, and what calls for action when.

mod bears;
mod crossing;
mod months;
mod services;
mod timeline;

pub use bears::Reach;
pub use services::of_services;

use schemars::JsonSchema;
use serde::Serialize;

use super::worlds::{TextSpread, UsdSpread};
use crate::blueprint::Blueprint;
use crate::blueprint::tier::{CountRange, UsdRange};
use crate::demand::{Ask, Demand, derive_unexplained};
use crate::error::Result;
use crate::size::component::Resources;
use crate::units::CalendarMonth;
use timeline::{Table, Timeline, timelines};

/// Most worlds that a forecast looks at: chances are then known to a percent, which is more than growth rates are.
const MOST_WORLDS: u32 = 1024;

/// Demand, tier and cost month by month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Forecast {
    /// Worlds that the spreads are taken from; absent where every input is known.
    pub worlds: Option<u32>,
    /// The months from today to the horizon.
    pub months: Vec<ForecastMonth>,
    /// Boundaries and triggers of the next ten years, in the order in which they are met.
    pub crossings: Vec<Crossing>,
}

/// One month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ForecastMonth {
    /// Month from now; 0 is today.
    pub month: u32,
    /// Month of the calendar, when a start was given.
    pub calendar: Option<CalendarMonth>,
    /// The demand with its reserve, for people.
    pub demand: String,
    /// Tier; absent when no tier bears it, and where there are no tiers.
    pub tier: Option<String>,
    /// Server set, where the tier has several.
    pub set: Option<String>,
    /// The services, where there are no tiers; empty when no machines hold them.
    pub services: Vec<ServiceOfMonth>,
    /// What tells these services from those of other months.
    pub differs: Option<String>,
    /// How far these services reach before one of them must change; absent where there are tiers, and for ever where no load
    /// changes them.
    pub bears: Option<String>,
    /// The same as amounts.
    #[serde(skip)]
    pub reach: Option<Reach>,
    /// Servers or machines.
    pub servers: Option<CountRange>,
    /// Cost a month, in US dollars.
    pub monthly_usd: Option<UsdRange>,
    /// What is passed or fires in this month.
    pub triggers: Vec<String>,
    /// The same over the possible worlds, where inputs are ranges.
    pub spread: Option<MonthSpread>,
}

/// A service in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ServiceOfMonth {
    /// Service.
    pub service: String,
    /// Instances.
    pub instances: u32,
    /// What each of them takes.
    pub each: Resources,
}

/// One month over the possible worlds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MonthSpread {
    /// The demand, for people.
    pub demand: TextSpread,
    /// Cost a month of the tier and server set that the table chooses, or of the cheapest machines, in US dollars.
    pub monthly_usd: UsdSpread,
}

/// A boundary of the table or a trigger of the blueprint, and when growth gets there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Crossing {
    /// Row or trigger.
    pub id: String,
    /// What happens: `split smaller is needed`.
    pub what: String,
    /// Month from now; absent when it is beyond ten years.
    pub month: Option<u32>,
    /// Month of the calendar, when a start was given.
    pub calendar: Option<CalendarMonth>,
    /// The months over the possible worlds, where inputs are ranges.
    pub spread: Option<CrossingSpread>,
    /// What to do, where the blueprint says it.
    pub action: Option<String>,
}

/// When a boundary is passed over the possible worlds; a month is absent when it is beyond ten years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CrossingSpread {
    /// One world in twenty has passed it by this month.
    pub p5: Option<u32>,
    /// Half of the worlds have.
    pub p50: Option<u32>,
    /// All worlds but one in twenty have.
    pub p95: Option<u32>,
}

/// The forecast of a demand that grows; `named` is the place of the tier that the user named.
///
/// # Errors
/// When a world cannot be derived although the middle could.
pub fn forecast(blueprint: &Blueprint, ask: &Ask, demand: &Demand, named: Option<usize>) -> Result<Option<Forecast>> {
    let grows = demand.growth.value.0.0 > 0 && demand.horizon_months.value.0 > 0;
    if !grows || blueprint.tiers.is_empty() {
        return Ok(None);
    }
    let table = Table::new(blueprint, named);
    // The words of the middle are not needed for its figures.
    let known = derive_unexplained(blueprint, &ask.clone().unexplained())?;
    let watched = crossing::watched(blueprint, &known);
    let middle = Timeline::of(&table, &known, &watched);
    let worlds = timelines(blueprint, ask, &table, &watched);
    let start = ask.start.as_ref().map(|start| start.value);
    let crossings = crossing::crossings(&table, &watched, &middle, &worlds, start);
    let months = months::months(&table, demand, &middle, &worlds, &crossings, start);
    let worlds = Some(worlds.len() as u32).filter(|worlds| *worlds > 0);
    Ok(Some(Forecast { worlds, months, crossings }))
}
