//! The tier and server set of very many demands, without reasons, on all cores.

use rayon::prelude::*;

use super::choose::{server_set_of, smallest};
use super::outlook::Outlook;
use crate::blueprint::Blueprint;
use crate::blueprint::tier::{Input, UsdRange};
use crate::demand::{Ask, derive_unexplained};
use crate::error::Result;

/// One line of a sweep.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line<'a> {
    /// The value of the swept input.
    pub at: u64,
    /// Vectors planned for.
    pub vectors: u64,
    /// Data planned for, in bytes.
    pub data: u64,
    /// Name of the tier; `None` when no tier bears it.
    pub tier: Option<&'a str>,
    /// Name of the server set.
    pub set: Option<&'a str>,
    /// Cost a month.
    pub cost: Option<UsdRange>,
}

/// Sizes every value of a range. `ask` makes the demand of one value.
///
/// # Errors
/// The first demand (in the order of the range) that cannot be derived.
pub fn sweep<'a>(
    blueprint: &'a Blueprint,
    values: std::ops::RangeInclusive<u64>,
    ask: impl Fn(u64) -> Ask + Sync,
) -> Result<Vec<Line<'a>>> {
    values.into_par_iter().map(|at| line(blueprint, at, &ask(at))).collect()
}

fn line<'a>(blueprint: &'a Blueprint, at: u64, ask: &Ask) -> Result<Line<'a>> {
    let demand = derive_unexplained(blueprint, ask)?;
    let outlook = Outlook::planned(&demand);
    let tier = smallest(&blueprint.tiers, &demand, &outlook).map(|at| &blueprint.tiers[at]);
    let set = tier.and_then(|tier| server_set_of(tier, &outlook)).map(|(_, set)| set);
    Ok(Line {
        at,
        vectors: outlook.value(Input::Vectors),
        data: outlook.value(Input::Data),
        tier: tier.map(|tier| tier.name.as_str()),
        set: set.map(|set| set.name.as_str()),
        cost: tier.map(|tier| set.map_or(tier.totals.cost, |set| set.cost)),
    })
}
