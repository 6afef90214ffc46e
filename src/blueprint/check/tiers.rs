//! The tier table as a whole: its order and its gaps.

use super::Checker;
use super::bounds::{Bound, INPUTS, bound, key, spoken, step};
use crate::blueprint::tier::{Input, Tier};
use crate::error::{Code, Problem};
use crate::path;

pub(super) fn check(c: &mut Checker<'_>) {
    let tiers = &c.blueprint.tiers;
    for input in INPUTS {
        order(c, tiers, input);
        for (i, pair) in tiers.windows(2).enumerate() {
            if let [lower, upper] = pair {
                gap(c, i + 1, lower, upper, input);
            }
        }
        inside_out(c, tiers, input);
    }
    for (i, tier) in tiers.iter().enumerate() {
        if let Some(earlier) = tiers[..i].iter().find(|earlier| leaves_nothing_to(earlier, tier)) {
            let summary = format!("tier `{}` can never be chosen", tier.name);
            let problem = Problem::new(Code::TierOrder, summary)
                .because(format!("`{}` comes before it and bears any demand", earlier.name))
                .hint(format!("give `{}` its bounds in `up_to`, or put the tiers in ascending order", earlier.name));
            c.at_value(&path!["tiers", i], "never reached", problem);
        }
        if tier.environments.is_empty() {
            let summary = format!("tier `{}` is for no environment", tier.name);
            c.bad_value(&path!["tiers", i, "environments"], summary, "needs `dev`, `prod` or both");
        }
    }
}

/// Each upper bound must not be below one of an earlier row.
fn order(c: &mut Checker<'_>, tiers: &[Tier], input: Input) {
    let mut largest: Option<(Bound, &str)> = None;
    for (i, tier) in tiers.iter().enumerate() {
        let Some(here) = bound(&tier.up_to, input) else { continue };
        match &largest {
            Some((before, name)) if here.value < before.value => {
                let summary = format!("tier `{}` bears less than a tier before it: {}", tier.name, spoken(input));
                let problem = Problem::new(Code::TierOrder, summary)
                    .because(format!("it goes up to {}, and `{name}` up to {}", here.text, before.text))
                    .hint("put the tiers in ascending order, smallest first");
                c.at_value(&path!["tiers", i, "up_to", key(input)], "out of order", problem);
            }
            _ => largest = Some((here, &tier.name)),
        }
    }
}

/// Where a row ends, the next must begin, unless it says that it covers the hole.
fn gap(c: &mut Checker<'_>, i: usize, lower: &Tier, upper: &Tier, input: Input) {
    let (Some(end), Some(start)) = (bound(&lower.up_to, input), bound(&upper.from, input)) else { return };
    if start.value <= end.value.saturating_add(step(input)) || upper.bridges.contains(&input) {
        return;
    }
    let key = key(input);
    let summary = format!("no tier covers {} between {} and {}", spoken(input), end.text, start.text);
    let problem = Problem::new(Code::TierGap, summary)
        .because(format!("`{}` ends at {} and `{}` begins at {}", lower.name, end.text, upper.name, start.text))
        .hint(format!("lower `from.{key}` of `{}`, or raise `up_to.{key}` of `{}`", upper.name, lower.name))
        .hint(format!("if the source leaves the hole and `{}` is to cover it: `bridges = [\"{key}\"]`", upper.name));
    c.at_value(&path!["tiers", i, "from", key], "a gap before this", problem);
}

/// No row begins above its end.
fn inside_out(c: &mut Checker<'_>, tiers: &[Tier], input: Input) {
    for (i, tier) in tiers.iter().enumerate() {
        let (Some(start), Some(end)) = (bound(&tier.from, input), bound(&tier.up_to, input)) else { continue };
        if start.value > end.value {
            let summary = format!("tier `{}` begins above its end", tier.name);
            let problem = Problem::new(Code::TierOrder, summary)
                .because(format!("{}: from {} up to {}", spoken(input), start.text, end.text))
                .hint("exchange the two");
            c.at_value(&path!["tiers", i, "from", key(input)], "above `up_to`", problem);
        }
    }
}

/// Whether every demand that could choose `later` chooses `earlier`: it has no bound, and lacks no quality or
/// environment that `later` has.
fn leaves_nothing_to(earlier: &Tier, later: &Tier) -> bool {
    INPUTS.into_iter().all(|input| bound(&earlier.up_to, input).is_none())
        && later.environments.iter().all(|environment| earlier.environments.contains(environment))
        && earlier.high_availability >= later.high_availability
        && earlier.auto_scaling >= later.auto_scaling
}
