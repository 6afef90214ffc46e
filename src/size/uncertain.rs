//! Tier and server set where inputs are ranges: those that are regretted least over the possible worlds.

use super::choose::{self, Choice};
use super::plan::{SetChoice, Warning};
use super::services::load::{Loads, Sizer};
use super::vectors::Index;
use super::worlds::services::{Market, Services};
use super::worlds::{Answer, Key, Tiers, Uncertainty, answer, check_count};
use crate::blueprint::Blueprint;
use crate::blueprint::tier::ServerSet;
use crate::demand::{Ask, Demand};
use crate::error::Result;
use crate::units::{Count, Share};

/// A service is warned of when it is undersized in more of the worlds than this. A judgement.
const RISKY: Share = Share::percent(10);

/// What was decided, and what is known of the worlds.
pub(super) struct Decided<'a> {
    /// The tier.
    pub choice: Choice<'a>,
    /// The server set; none for clusters.
    pub set: Option<(&'a ServerSet, SetChoice)>,
    /// The worlds; none where every input is known.
    pub uncertainty: Option<Uncertainty>,
}

/// Keeps to the plan for the middle of all ranges unless another is regretted less.
pub(super) fn decide<'a>(
    blueprint: &'a Blueprint,
    ask: &Ask,
    demand: &Demand,
    middle: Choice<'a>,
    named: Option<usize>,
    index: Option<Index>,
) -> Result<Decided<'a>> {
    let set = choose::server_set(middle.tier, demand);
    if ask.ranges.iter().all(|ranged| ranged.range.is_certain()) {
        return Ok(Decided { choice: middle, set, uncertainty: None });
    }
    let model = Tiers::new(blueprint, demand, index, named);
    let (of_middle, _) = model.best(demand);
    let Answer { key, uncertainty } = answer(&model, ask, &of_middle)?;
    if key == of_middle {
        return Ok(Decided { choice: middle, set, uncertainty: Some(uncertainty) });
    }
    let because = because(&uncertainty, &model, of_middle);
    let choice = match named {
        Some(_) => middle,
        None => choose::by_regret(&blueprint.tiers, key.tier as usize, demand, because.clone()),
    };
    let set = model.of(key).1.map(|set| {
        let choice = SetChoice { id: set.id.clone(), name: set.name.clone(), because };
        (set, choice)
    });
    Ok(Decided { choice, set, uncertainty: Some(uncertainty) })
}

/// Why not the plan for the middle.
fn because(found: &Uncertainty, model: &Tiers<'_, '_>, middle: Key) -> String {
    let (tier, set) = model.of(middle);
    let row = set.map_or(&tier.id, |set| &set.id);
    let set = set.filter(|_| tier.sizes.len() > 1).map(|set| &set.name);
    let other = found.runners_up.iter().find(|plan| plan.tier == tier.name && plan.set.as_ref() == set);
    let regret = other.map(|plan| format!(", not {}", plan.regret_usd)).unwrap_or_default();
    format!(
        "regretted least over {} worlds: {} a month{regret} as {row}, which is the plan for the middle of the ranges",
        Count(found.worlds.into()),
        found.least_regret.regret_usd
    )
}

/// The demand that services are sized for where inputs are ranges, and what is known of the worlds; none where every input
/// is known.
///
/// # Errors
/// That there can be no worlds, or that no machines hold the plan for the middle of the ranges.
pub(super) fn of_services(
    sizer: &Sizer<'_>,
    ask: &Ask,
    demand: &Demand,
    market: Market<'_>,
) -> Result<Option<(Demand, Uncertainty)>> {
    if ask.ranges.iter().all(|ranged| ranged.range.is_certain()) {
        return Ok(None);
    }
    check_count(ask)?;
    let model = Services::new(sizer, ask, demand, market)?;
    let Answer { key, uncertainty } = answer(&model, ask, &model.middle())?;
    let loads = model.loads(key);
    let because = match key == model.middle() {
        true => "planned for in the middle of the ranges, counted to three digits; it is regretted least".to_owned(),
        false => regretted(&uncertainty, &model.candidate(model.middle()).tier),
    };
    // What the middle takes anyway is explained as if there were no ranges.
    let same = loads == Loads::planned(sizer.blueprint(), demand);
    let planned = if same { demand.clone() } else { loads.demand(demand, &because) };
    Ok(Some((planned, uncertainty)))
}

/// Why services are not sized for the middle.
fn regretted(found: &Uncertainty, middle: &str) -> String {
    let other = found.runners_up.iter().find(|plan| plan.tier == *middle);
    let regret = other.map(|plan| format!(", not {}", plan.regret_usd)).unwrap_or_default();
    format!(
        "planned for since that is regretted least over {} worlds: {} a month{regret} as for the middle of the ranges",
        Count(found.worlds.into()),
        found.least_regret.regret_usd
    )
}

/// What the reader must know of the worlds.
pub(super) fn warnings(found: &Uncertainty, tiers: bool) -> Vec<Warning> {
    let measure = found.measure_first.first().filter(|worth| worth.value_usd.0 > 0);
    let hint = measure.map(|worth| format!("measure --{} first: {}", worth.variable.flag(), worth.because));
    let warning = |id: &str, severe, text| Warning { id: id.to_owned(), severe, text, hint: hint.clone() };
    let mut warnings = Vec::new();
    let several = found.tiers.iter().any(|plan| Some(&plan.tier) != found.tiers.first().map(|first| &first.tier));
    if several && tiers {
        let chances = tier_chances(found);
        warnings.push(warning(
            "tier-is-uncertain",
            false,
            format!("the ranges are so wide that the tier differs: {chances}"),
        ));
    }
    if found.beyond.0 > 0 {
        let (id, most) = match tiers {
            true => ("beyond-the-table", "the largest tier bears"),
            false => ("beyond-the-machines", "any machines there hold"),
        };
        let text = format!("{} of the possible worlds are more than {most}", about(found.beyond));
        warnings.push(warning(id, found.beyond >= RISKY, text));
    }
    let risky = found.undersized.iter().filter(|risk| risk.chance >= RISKY);
    let risky: Vec<String> =
        risky.map(|risk| format!("{} in {} of the worlds ({})", risk.service, about(risk.chance), risk.what)).collect();
    if !risky.is_empty() {
        warnings.push(warning("may-be-undersized", false, format!("may be undersized: {}", risky.join(", "))));
    }
    if found.impossible > 0 {
        let (left_out, all) = (Count(found.impossible.into()), Count(found.worlds.into()));
        let text = format!("{left_out} of {all} worlds were left out, since their figures contradict each other");
        warnings.push(Warning { hint: None, ..warning("impossible-worlds", false, text) });
    }
    warnings
}

/// `split 62%, kubernetes 38%`, by tier.
fn tier_chances(found: &Uncertainty) -> String {
    let mut chances: Vec<(&str, Share)> = Vec::new();
    for plan in &found.tiers {
        match chances.last_mut() {
            Some((tier, chance)) if *tier == plan.tier => chance.0 += plan.chance.0,
            _ => chances.push((&plan.tier, plan.chance)),
        }
    }
    chances.iter().map(|(tier, chance)| format!("{tier} {}", about(*chance))).collect::<Vec<_>>().join(", ")
}

/// A chance in tenths of a percent, since worlds tell no more.
pub fn about(chance: Share) -> String {
    match chance.0 {
        0 => "0%".to_owned(),
        1..1000 => "less than 0.1%".to_owned(),
        part => Share(((part + 500) / 1000 * 1000).min(1_000_000)).to_string(),
    }
}
