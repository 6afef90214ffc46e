//! How far each input is from where the next tier or server set begins, and when growth gets there.

use super::outlook::{FARTHEST, Outlook, month_passing};
use super::plan::{Milestone, Room};
use crate::blueprint::tier::{Input, ServerSet, Tier};
use crate::demand::Demand;
use crate::units::Share;

/// One entry for each input that has a boundary ahead.
pub fn rooms(tiers: &[Tier], tier: &Tier, set: Option<&ServerSet>, demand: &Demand) -> Vec<Room> {
    let planned = Outlook::planned(demand);
    Input::ALL
        .into_iter()
        .filter(|input| demand.base(*input) > 0)
        .filter_map(|input| {
            let (bound, then, because) = boundary(tiers, tier, set, input)?;
            let value = planned.value(input);
            let used = u128::from(value) * 1_000_000 / u128::from(bound.max(1));
            Some(Room {
                input,
                now: input.show(demand.base(input)),
                planned: input.approx(value),
                bound: input.show(bound),
                then,
                used: Share(u64::try_from(used).unwrap_or(u64::MAX)),
                passed_in_month: month_passing(demand, input, bound),
                because,
            })
        })
        .collect()
}

/// The nearest boundary ahead of an input: its value, what lies behind it, and the row that says so.
fn boundary(tiers: &[Tier], tier: &Tier, set: Option<&ServerSet>, input: Input) -> Option<(u64, String, String)> {
    let of_tier = tier.up_to.base(input).map(|bound| {
        let next = tiers.iter().skip_while(|other| other.name != tier.name).nth(1);
        let then = next.map_or_else(|| "beyond the table".to_owned(), |next| next.name.clone());
        (bound, then, tier.id.clone())
    });
    let of_set = set.and_then(|set| {
        let next = tier.sizes.iter().skip_while(|other| other.name != set.name).nth(1)?;
        Some((set.up_to.base(input)?, format!("{} {}", tier.name, next.name), set.id.clone()))
    });
    of_set.into_iter().chain(of_tier).min_by_key(|(bound, ..)| *bound)
}

/// Which tier and server set the demand needs from which month on, from today to the horizon.
pub fn milestones(tiers: &[Tier], demand: &Demand) -> Vec<Milestone> {
    let mut path: Vec<Milestone> = Vec::new();
    for month in 0..=demand.horizon_months.value.0.min(FARTHEST) {
        let outlook = Outlook::at(demand, month);
        let Some(tier) = super::choose::smallest(tiers, demand, &outlook).map(|at| &tiers[at]) else { break };
        let set = super::choose::server_set_of(tier, &outlook).filter(|_| tier.sizes.len() > 1);
        let set = set.map(|(_, set)| set.name.clone());
        if path.last().is_none_or(|last| (&last.tier, &last.set) != (&tier.name, &set)) {
            let reached = Input::ALL.into_iter().find(|input| demand.because(*input).is_given());
            let demand = reached.map(|input| input.approx_phrase(outlook.value(input))).unwrap_or_default();
            path.push(Milestone { month, tier: tier.name.clone(), set, demand });
        }
    }
    path
}
