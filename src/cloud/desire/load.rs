//! What a fleet must bear and what a machine of it bears, and the sizes that follow.

use super::layout::{Layout, Server};
use crate::blueprint::operations::Measure;
use crate::blueprint::tier::{Environment, Input};
use crate::cloud::load::{Load, Scaling, Size};
use crate::error::Result;
use crate::size::services::{Bearing, bearing};
use crate::units::Share;

/// How many times the machines that are needed a group that scales may have; an assumption.
const ROOM: u32 = 2;

/// What a fleet must bear.
///
/// By the table of tiers: requests a second (in thousandths), and the tier's own bound shared by the servers that the table
/// gives it. By load tests: concurrent users, and what the tested machine bore. Without either: the planned number of
/// machines bears what it must, so that none of them can be spared.
///
/// # Errors
/// The demand names a mix that no load test has.
pub(in crate::cloud) fn load(layout: &Layout<'_>, server: &Server) -> Result<Load> {
    let (demand, each) = match &layout.plan.tier {
        Some(tier) => {
            let bound = tier.up_to.base(Input::Rps).unwrap_or_default();
            let each = bound / u64::from(server.count.max(1));
            let said = layout.plan.demand.rps.as_ref().map(|rps| rps.value.0);
            let planned = said.map(|rps| (rps as f64 * layout.plan.demand.planning_factor()).ceil() as u64);
            (planned.unwrap_or(bound), each)
        }
        None => by_tests(server, bearing(layout.blueprint, &layout.plan.demand)?),
    };
    let load = Load { demand, each, spare: 0 };
    let planned = load.needed().max(if layout.plan.tier.is_some() { 1 } else { server.count });
    let spare = spare(planned, layout);
    Ok(Load { spare: (planned - load.needed()).saturating_add(spare), ..load })
}

fn by_tests(server: &Server, bearing: Option<Bearing>) -> (u64, u64) {
    match bearing {
        Some(found) if found.each > 0 && found.services.contains(&server.stack) => (found.users, found.each),
        Some(found) => (found.users, found.users.div_ceil(u64::from(server.count.max(1)))),
        None => (u64::from(server.count.max(1)), 1),
    }
}

/// Machines on top, so that in production the loss of a zone leaves what is needed. They are spread evenly, so a zone has no
/// more than its share, rounded up.
fn spare(needed: u32, layout: &Layout<'_>) -> u32 {
    let zones = u32::try_from(layout.terms.zones).unwrap_or(u32::MAX);
    let matters = layout.plan.demand.environment.value == Environment::Prod && zones > 1;
    if matters { for_a_zone(needed, zones) } else { 0 }
}

fn for_a_zone(needed: u32, zones: u32) -> u32 {
    // The others have what is needed when each has this many, and so has the one that is lost.
    let most = needed.div_ceil(zones - 1);
    let left = |all: u32| all - all.div_ceil(zones);
    (1..most).find(|more| left(needed.saturating_add(*more)) >= needed).unwrap_or(most)
}

/// Sizes of the group: it scales where the blueprint has a trigger on processors, at the threshold of that.
pub(in crate::cloud) fn size(layout: &Layout<'_>, server: &Server, load: Load) -> Size {
    let stack = layout.stack(server);
    let here = |service: &String| stack.is_some_and(|stack| stack.units_of(service).next().is_some());
    let triggers = layout.blueprint.triggers.iter().filter(|trigger| trigger.measure == Measure::Cpu);
    let of_it = triggers.filter(|trigger| trigger.service.as_ref().is_none_or(here));
    let shares = of_it.filter_map(|trigger| trigger.above.as_ref()?.parse::<Share>().ok());
    // Of several thresholds the lowest decides: whoever scales at it never passes the others.
    let lowest = shares.map(|share| u32::try_from(share.0 / Share::percent(1).0).unwrap_or(100)).min();
    let scaling = lowest.map(|percent| Scaling { cpu_percent: percent.clamp(1, 100) });
    let min = load.needed();
    Size { min, max: if scaling.is_some() { min.saturating_mul(ROOM) } else { min }, scaling }
}

#[cfg(test)]
mod tests {
    use super::for_a_zone;

    #[test]
    fn a_lost_zone_leaves_what_is_needed() {
        for zones in 2u32..=6 {
            for needed in 1u32..=60 {
                let left = |all: u32| all - all.div_ceil(zones);
                let spare = for_a_zone(needed, zones);
                assert!(left(needed + spare) >= needed);
                assert!(left(needed + spare - 1) < needed, "{needed} in {zones}: one less does too");
            }
        }
    }
}
