//! Ways out of a plan that would let the capacity fall below the demand: each is tried in the simulated cloud before it is
//! told, with what it comes to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::DesiredOf;
use super::asked::{Asked, Flags, busy, time};
use super::goal::{Goal, foresee};
use super::planned::{Planned, plan_with};
use crate::cloud::shown::{Playable, Shown, Way};
use crate::error::Result;

/// Runs that a way out is tried with.
const SEEDS: u64 = 5;

/// Something else that could be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WayOut {
    /// What.
    pub what: String,
    /// The command; of several, one after the other.
    pub commands: Vec<String>,
    /// The lowest capacity while it is done, for each 1,000 of the demand.
    pub permille: Option<u64>,
    /// The same, were a zone lost meanwhile; absent where the design does not promise to bear that.
    pub zone_lost: Option<u64>,
    /// How long it takes, in milliseconds; half of the runs take no longer.
    pub took_ms: u64,
    /// Whether the demand is borne throughout.
    pub is_enough: bool,
    /// Why it cannot be done, where it cannot.
    pub refused: Option<String>,
}

/// Every way out, those that bear the demand first.
///
/// # Errors
/// As [`plan_with`].
pub(super) fn tried<S: Playable>(world: &S, goal: &Goal<DesiredOf<S>>, asked: &Asked) -> Result<Vec<WayOut>> {
    let Some(flags) = &asked.flags else { return Ok(Vec::new()) };
    let mut ways = Vec::new();
    ways.extend(more_first(world, goal, flags)?);
    if let Some(steps) = <S::Cloud as Shown>::eased(&goal.desired, Way::SmallerSteps) {
        let words = Way::STEPS.map(|step| step.to_string()).join(",");
        let command = format!("{} --steps {words}", flags.without("--steps").of("rapplan plan"));
        ways.push(one(world, goal, steps, "smaller steps".to_owned(), command)?);
    }
    ways.extend(another_hour(world, goal, asked, flags)?);
    ways.sort_by_key(|way| !way.is_enough);
    Ok(ways)
}

/// The new sizes with the versions that run now, and then the release.
fn more_first<S: Playable>(world: &S, goal: &Goal<DesiredOf<S>>, flags: &Flags) -> Result<Option<WayOut>> {
    let Some(standing) = &goal.fallback else { return Ok(None) };
    let Some(grown) = <S::Cloud as Shown>::grown(standing, &goal.desired) else { return Ok(None) };
    let first = Goal { desired: grown.clone(), fallback: Some(standing.clone()) };
    let growing = plan_with(world, &first, SEEDS)?;
    let (after, _) = foresee(world.clone().calm(), &first, false);
    let release = Goal { desired: goal.desired.clone(), fallback: Some(grown) };
    let releasing = plan_with(&after, &release, SEEDS)?;
    let commands = vec![format!("rapplan apply {}", flags.demand), flags.of("rapplan apply")];
    let way = came_to("more instances of the version that runs now, then the release".to_owned(), commands, &releasing);
    let took_ms = way.took_ms.saturating_add(growing.forecast.p50_ms);
    let refused = growing.refusal.as_ref().map(|refused| refused.why.clone()).or(way.refused);
    let is_enough = way.is_enough && refused.is_none() && growing.drops().is_none();
    Ok(Some(WayOut { took_ms, refused, is_enough, ..way }))
}

/// The hour that is farthest from those in which traffic concentrates.
fn another_hour<S: Playable>(
    world: &S,
    goal: &Goal<DesiredOf<S>>,
    asked: &Asked,
    flags: &Flags,
) -> Result<Option<WayOut>> {
    let Some(hours) = asked.hours.as_ref().filter(|_| asked.at.is_none()) else { return Ok(None) };
    let Some(minute) = hours.quietest() else { return Ok(None) };
    let permille = hours.permille(minute, 0);
    let Some(quiet) = <S::Cloud as Shown>::eased(&goal.desired, Way::Quieter(permille)) else { return Ok(None) };
    let share = super::percent(permille);
    let what = format!("at an hour with {share} of the demand, such as {}, outside {}", time(minute), busy(hours));
    let command = format!("{} --at {}", flags.of("rapplan plan"), time(minute));
    one(world, goal, quiet, what, command).map(Some)
}

fn one<S: Playable>(
    world: &S,
    goal: &Goal<DesiredOf<S>>,
    desired: DesiredOf<S>,
    what: String,
    command: String,
) -> Result<WayOut> {
    let plan = plan_with(world, &Goal { desired, fallback: goal.fallback.clone() }, SEEDS)?;
    Ok(came_to(what, vec![command], &plan))
}

fn came_to(what: String, commands: Vec<String>, plan: &Planned) -> WayOut {
    WayOut {
        what,
        commands,
        permille: plan.lowest().map(|low| low.permille),
        zone_lost: plan.lowest_zone().and_then(|low| low.zone_lost),
        took_ms: plan.forecast.p50_ms,
        is_enough: plan.refusal.is_none() && plan.drops().is_none(),
        refused: plan.refusal.as_ref().map(|refused| refused.why.clone()),
    }
}

impl WayOut {
    /// What it comes to, in a few words.
    pub fn told(&self) -> String {
        let time = super::lasting(crate::units::Span(self.took_ms));
        if let Some(why) = &self.refused {
            return format!("{}: cannot be done: {why}", self.what);
        }
        let lowest = self
            .permille
            .map_or_else(String::new, |permille| format!("never below {} of the demand, ", super::percent(permille)));
        let zone = self.zone_lost.filter(|lost| *lost < 1000);
        let zone = zone.map_or_else(String::new, |lost| format!("{} with a zone lost, ", super::percent(lost)));
        format!("{}: {lowest}{zone}in about {time}", self.what)
    }
}
