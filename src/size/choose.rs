//! The smallest tier whose every upper bound holds, and the smallest server set within it.

use super::outlook::{Outlook, month_passing};
use super::plan::{Driver, Rejected, SetChoice};
use crate::blueprint::tier::{Environment, Extent, Input, ServerSet, Tier};
use crate::demand::{Demand, Requirement};
use crate::error::{Code, Problem, Result};

/// Why a tier does not do.
#[derive(Debug, Clone, PartialEq)]
pub struct Lack {
    /// What it is about: `partitions`, `environment`, `ha`.
    pub what: &'static str,
    /// How far the demand is above the bound, as a ratio; 0 for what is no matter of more or less.
    pub ratio: f64,
    /// A sentence.
    pub because: String,
}

/// A tier chosen, with the reasons against the smaller ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice<'a> {
    /// The tier.
    pub tier: &'a Tier,
    /// What forced it.
    pub drivers: Vec<Driver>,
    /// The smaller tiers.
    pub rejected: Vec<Rejected>,
}

/// The index of the smallest tier that bears the demand at `outlook`, without reasons: the fast path of sweeps.
pub fn smallest(tiers: &[Tier], demand: &Demand, outlook: &Outlook<'_>) -> Option<usize> {
    tiers.iter().position(|tier| {
        tier.environments.contains(&demand.environment.value)
            && demand.require.iter().all(|required| extent(tier, required.value) == Extent::Yes)
            && outlook.exceeding(&tier.up_to).is_empty()
    })
}

/// Chooses the tier for the demand at its horizon.
///
/// # Errors
/// When not even the largest tier bears it.
pub fn choose<'a>(tiers: &'a [Tier], demand: &Demand) -> Result<Choice<'a>> {
    let outlook = Outlook::planned(demand);
    let at = smallest(tiers, demand, &outlook).ok_or_else(|| no_tier(tiers, demand, &outlook))?;
    Ok(Choice {
        tier: &tiers[at],
        drivers: match at.checked_sub(1).and_then(|below| tiers.get(below)) {
            Some(below) => drivers(lacks(below, demand, &outlook)),
            None => vec![Driver {
                what: "smallest".to_owned(),
                because: "it is the smallest tier, and everything fits".to_owned(),
            }],
        },
        rejected: rejected(&tiers[..at], demand, &outlook),
    })
}

/// The tier that the user named, with what speaks against the smaller ones.
pub fn forced<'a>(tiers: &'a [Tier], at: usize, demand: &Demand, origin: &str) -> Choice<'a> {
    let outlook = Outlook::planned(demand);
    let because = format!("named by {origin}");
    Choice {
        tier: &tiers[at],
        drivers: vec![Driver { what: "tier".to_owned(), because }],
        rejected: rejected(&tiers[..at], demand, &outlook).into_iter().filter(|tier| !tier.lacks.is_empty()).collect(),
    }
}

/// The tier that is regretted least where inputs are uncertain, with what speaks against the smaller ones.
pub fn by_regret<'a>(tiers: &'a [Tier], at: usize, demand: &Demand, because: String) -> Choice<'a> {
    let outlook = Outlook::planned(demand);
    Choice {
        tier: &tiers[at],
        drivers: vec![Driver { what: "uncertainty".to_owned(), because }],
        rejected: rejected(&tiers[..at], demand, &outlook).into_iter().filter(|tier| !tier.lacks.is_empty()).collect(),
    }
}

/// Everything that speaks against a tier.
pub fn lacks(tier: &Tier, demand: &Demand, outlook: &Outlook<'_>) -> Vec<Lack> {
    let over = outlook.exceeding(&tier.up_to).into_iter().map(|(input, value, bound)| Lack {
        what: input.word(),
        ratio: value as f64 / bound.max(1) as f64,
        because: over_sentence(demand, input, value, bound, &tier.id),
    });
    let required = demand
        .require
        .iter()
        .filter(|required| extent(tier, required.value) != Extent::Yes)
        .map(|required| Lack { what: "require", ratio: 0.0, because: requirement_sentence(tier, required.value) });
    let environment = (!tier.environments.contains(&demand.environment.value)).then(|| Lack {
        what: "environment",
        ratio: 0.0,
        because: match demand.environment.value {
            Environment::Prod => format!("{} is for development only, never for production", tier.id),
            Environment::Dev => format!("{} is not for development", tier.id),
        },
    });
    let mut lacks: Vec<_> = over.collect();
    lacks.sort_by(|a, b| b.ratio.total_cmp(&a.ratio));
    lacks.extend(required);
    lacks.extend(environment);
    lacks
}

/// The place and the smallest server set of a tier that bears the outlook; the last one when none does.
pub fn server_set_of<'a>(tier: &'a Tier, outlook: &Outlook<'_>) -> Option<(usize, &'a ServerSet)> {
    let fits = |set: &ServerSet| outlook.exceeding_at_all(&set.up_to).is_empty();
    let at = tier.sizes.iter().position(fits).or(tier.sizes.len().checked_sub(1))?;
    Some((at, &tier.sizes[at]))
}

/// The smallest server set of a tier that bears the demand at its horizon, and why.
pub fn server_set<'a>(tier: &'a Tier, demand: &Demand) -> Option<(&'a ServerSet, SetChoice)> {
    let outlook = Outlook::planned(demand);
    let (at, set) = server_set_of(tier, &outlook)?;
    let because = match at.checked_sub(1).and_then(|below| tier.sizes.get(below)) {
        None if tier.sizes.len() == 1 => format!("the one server set of {}", tier.id),
        None => "the smallest server set of the tier bears it".to_owned(),
        Some(below) => outlook
            .exceeding_at_all(&below.up_to)
            .first()
            .map(|(input, value, bound)| over_sentence(demand, *input, *value, *bound, &below.id))
            .unwrap_or_default(),
    };
    Some((set, SetChoice { id: set.id.clone(), name: set.name.clone(), because }))
}

fn rejected(tiers: &[Tier], demand: &Demand, outlook: &Outlook<'_>) -> Vec<Rejected> {
    tiers
        .iter()
        .map(|tier| Rejected {
            id: tier.id.clone(),
            name: tier.name.clone(),
            lacks: lacks(tier, demand, outlook).into_iter().map(|lack| lack.because).collect(),
        })
        .collect()
}

fn drivers(lacks: Vec<Lack>) -> Vec<Driver> {
    lacks.into_iter().map(|lack| Driver { what: lack.what.to_owned(), because: lack.because }).collect()
}

fn extent(tier: &Tier, required: Requirement) -> Extent {
    match required {
        Requirement::Ha => tier.high_availability,
        Requirement::Autoscaling => tier.auto_scaling,
    }
}

fn requirement_sentence(tier: &Tier, required: Requirement) -> String {
    let what = match required {
        Requirement::Ha => "high availability",
        Requirement::Autoscaling => "auto scaling",
    };
    match extent(tier, required) {
        Extent::No => format!("{} has no {what}", tier.id),
        Extent::Partly | Extent::Yes => format!("{} has {what} only partly", tier.id),
    }
}

/// "120 partitions are more than the 50 of S4.T1 single", with growth: "40 partitions grow to 101 by month 12, ...".
fn over_sentence(demand: &Demand, input: Input, value: u64, bound: u64, row: &str) -> String {
    let now = demand.base(input);
    let month = demand.horizon_months.value.0;
    let bound_text = input.show(bound);
    if value == now {
        return format!("{} {} more than the {bound_text} of {row}", input.phrase(now), verb(input));
    }
    let with =
        if demand.headroom.value.0 > 0 { format!(" with {} headroom", demand.headroom.value) } else { String::new() };
    let grown = input.approx(value);
    match month_passing(demand, input, bound) {
        Some(0) => format!("{}{with} {} more than the {bound_text} of {row} already", input.phrase(now), verb(input)),
        Some(from) if from > 0 && demand.growth.value.0.0 > 0 => format!(
            "{} grow to {grown} by month {month}{with}: more than the {bound_text} of {row} from month {from} on",
            input.phrase(now)
        ),
        _ => format!("{}{with} {} {grown}: more than the {bound_text} of {row}", input.phrase(now), verb(input)),
    }
}

fn verb(input: Input) -> &'static str {
    if input == Input::Data { "is" } else { "are" }
}

fn no_tier(tiers: &[Tier], demand: &Demand, outlook: &Outlook<'_>) -> Problem {
    let Some(largest) = tiers.last() else {
        return Problem::new(Code::NoTier, "the blueprint has no tier table");
    };
    let usable =
        tiers.iter().rev().find(|tier| tier.environments.contains(&demand.environment.value)).unwrap_or(largest);
    let lacks: Vec<_> = lacks(usable, demand, outlook).into_iter().map(|lack| lack.because).collect();
    Problem::new(Code::NoTier, "no tier of the blueprint bears this demand")
        .because(lacks.join("; "))
        .hint("add a tier to the blueprint, or split the application into several deployments")
        .hint("see the table: rapplan blueprints show")
}
