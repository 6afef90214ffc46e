//! Machines and costs on one cloud.

use schemars::JsonSchema;
use serde::Serialize;

use crate::blueprint::platform::Provider;
use crate::catalog::Purchase;
use crate::demand::Given;
use crate::size::component::Bottleneck;
use crate::size::cost::CostLine;
use crate::size::placement::{Host, Placement};
use crate::units::Usd;

/// Which machines and prices the user wants.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CloudChoice {
    /// The cloud; the blueprint's own without one.
    pub provider: Option<Given<Which>>,
    /// The region; the blueprint's or the catalogue's first without one.
    pub region: Option<Given<String>>,
    /// How machines are paid for.
    pub purchase: Purchase,
    /// Most servers over all clouds.
    pub max_servers: Option<Given<u32>>,
}

/// Which cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// This one.
    One(Provider),
    /// The one that costs least of all regions that the catalogue has.
    Cheapest,
}

/// A deployment, or the part of it on one cloud, with its machines and costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CloudPlan {
    /// Name of the cloud in the blueprint, when it is one of its own.
    pub name: Option<String>,
    /// Provider.
    pub provider: Provider,
    /// Region.
    pub region: String,
    /// Why this cloud and region.
    pub because: String,
    /// Whether it is planned with; false for clouds that are only compared.
    pub chosen: bool,
    /// The machines.
    pub placement: Placement,
    /// Machine types that the source names, and whether they are kept.
    pub named: Vec<Named>,
    /// What the machines would be if the source named none, when that costs less.
    pub cheaper: Option<Cheaper>,
    /// What is paid a month, machines first.
    pub lines: Vec<CostLine>,
    /// The sum of the lines that have a price.
    pub monthly_usd: Usd,
    /// What is not in the sum, and why.
    pub missing: Vec<String>,
    /// Days of the oldest and the newest price, `YYYY-MM-DD`.
    pub price_date: Dates,
}

/// A machine type that the source names for a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Named {
    /// Service.
    pub service: String,
    /// Machine type that the source names.
    pub machine: String,
    /// Whether the plan keeps it.
    pub kept: bool,
    /// What it lacks, when it is not kept.
    pub bottleneck: Option<Bottleneck>,
    /// Why it is kept or not, in a sentence.
    pub because: String,
}

/// Machines at less cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Cheaper {
    /// The machines.
    pub hosts: Vec<Host>,
    /// Their cost a month.
    pub monthly_usd: Usd,
    /// What is saved a month.
    pub saves_usd: Usd,
}

/// The oldest and the newest day of a number of prices; empty when there are none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Dates {
    /// The oldest.
    pub oldest: String,
    /// The newest.
    pub newest: String,
}

impl Dates {
    /// Both days, or the one.
    pub fn shown(&self) -> String {
        if self.oldest == self.newest { self.oldest.clone() } else { format!("{} to {}", self.oldest, self.newest) }
    }
}
