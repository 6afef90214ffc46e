//! Sizing for inputs of which only a range is known: possible worlds, and the plan that is regretted least in them.

mod draw;
mod imagine;
mod model;
mod normal;
mod regret;
mod report;
pub mod services;
mod summary;
mod tiers;
mod value;
mod why;

pub use draw::{Law, uniform};
pub use imagine::{Imagined, imagine};
pub use model::{Candidate, Gauge, Kind, Model, Shape};
pub use normal::quantile;
pub use regret::{Regrets, dollars, regrets};
pub use report::{PlanOdds, ServiceRisk, TextSpread, TierChance, UncertainInput, Uncertainty, UsdSpread, Worth};
pub(crate) use summary::percentile;
pub use tiers::{Key, Tiers, cents};
pub use value::of_knowing;
pub use why::why;

use crate::demand::Ask;
use crate::error::{Code, Problem, Result};

/// Most worlds that are imagined.
pub const MOST_WORLDS: u32 = 10_000_000;

/// The plan to take and what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer<K> {
    /// The plan that is regretted least.
    pub key: K,
    /// What was found.
    pub uncertainty: Uncertainty,
}

/// Checks that there can be worlds of an ask.
///
/// # Errors
/// No worlds or too many of them; or ranges of inputs that leave each other no choice.
pub fn check(ask: &Ask) -> Result<()> {
    check_count(ask)?;
    one_story(ask)
}

/// Checks how many worlds are asked for.
///
/// # Errors
/// No worlds or too many of them.
pub fn check_count(ask: &Ask) -> Result<()> {
    if ask.worlds.count == 0 || ask.worlds.count > MOST_WORLDS {
        return Err(Problem::new(Code::BadValue, format!("{} worlds cannot be imagined", ask.worlds.count))
            .hint(format!("give 1 to {MOST_WORLDS}; 10000 are usual"))
            .into());
    }
    Ok(())
}

/// Finds the plan that is regretted least over the worlds of an ask with ranges; `middle` is the plan for the middle of
/// all ranges.
///
/// # Errors
/// Worlds larger than can be counted, or that there can be none of them.
pub fn answer<M: Model>(model: &M, ask: &Ask, middle: &M::Key) -> Result<Answer<M::Key>> {
    check_count(ask)?;
    let laws: Vec<Law> = ask.ranges.iter().map(Law::of).collect();
    let imagined = imagine(model, ask, &laws, std::slice::from_ref(middle))?;
    Ok(summary::summarise(model, ask, &imagined, middle))
}

/// Partitions and vectors must tell the same story in every world, so only one of them may be said when it is a range.
fn one_story(ask: &Ask) -> Result<()> {
    use crate::demand::Variable::{Partitions, Vectors};
    let ranged = ask.ranges.iter().find(|ranged| matches!(ranged.variable, Partitions | Vectors));
    let (Some(ranged), Some(partitions), Some(vectors)) = (ranged, &ask.partitions, &ask.vectors) else {
        return Ok(());
    };
    let other = if ranged.variable == Partitions { &vectors.origin } else { &partitions.origin };
    Err(Problem::new(Code::Contradiction, format!("{} is a range, and {other} says the same otherwise", ranged.origin))
        .because("partitions times the vectors of each are the vectors, so a range of one leaves the other no choice")
        .hint("give one of --partitions and --vectors, and the other is derived in every world")
        .hint("when the vectors of a partition are uncertain, say so: --vectors-per-partition LOW..HIGH")
        .into())
}
