//! The server sets of each tier: their order, and that they reach as far as the tier.

use super::Checker;
use super::bounds::{INPUTS, bound, key, spoken};
use crate::blueprint::document::FieldPath;
use crate::blueprint::tier::Tier;
use crate::error::{Code, Problem};
use crate::path;

pub(super) fn check(c: &mut Checker<'_>) {
    for (i, tier) in c.blueprint.tiers.iter().enumerate() {
        let list = path!["tiers", i, "sizes"];
        order(c, &list, tier);
        reach(c, &list, tier);
        for (j, set) in tier.sizes.iter().enumerate() {
            if set.servers.is_empty() {
                c.bad_value(
                    &list.join(j).join("servers"),
                    format!("`{}` has no servers", set.id),
                    "needs at least one",
                );
            }
        }
    }
}

fn order(c: &mut Checker<'_>, list: &FieldPath, tier: &Tier) {
    for input in INPUTS {
        for (j, pair) in tier.sizes.windows(2).enumerate() {
            let [smaller, larger] = pair else { continue };
            let (before, here) = (bound(&smaller.up_to, input), bound(&larger.up_to, input));
            let (Some(before), Some(here)) = (before, here) else { continue };
            if here.value < before.value {
                let summary = format!("server set `{}` bears less than `{}` before it", larger.name, smaller.name);
                let problem = Problem::new(Code::TierOrder, summary)
                    .because(format!("{}: up to {}, and before it up to {}", spoken(input), here.text, before.text))
                    .hint("put the sets in ascending order, smallest first");
                c.at_value(&list.join(j + 1).join("up_to").join(key(input)), "out of order", problem);
            }
        }
    }
}

/// What the tier bears, its largest set must bear.
fn reach(c: &mut Checker<'_>, list: &FieldPath, tier: &Tier) {
    let Some(last) = tier.sizes.last() else { return };
    for input in INPUTS {
        let Some(set) = bound(&last.up_to, input) else { continue };
        let whole = bound(&tier.up_to, input);
        if whole.as_ref().is_some_and(|whole| whole.value <= set.value) {
            continue;
        }
        let far = whole.map_or_else(|| "without limit".to_owned(), |whole| format!("up to {}", whole.text));
        let key = key(input);
        let problem =
            Problem::new(Code::TierGap, format!("no server set of `{}` covers all its {}", tier.name, spoken(input)))
                .because(format!("the tier goes {far}, and its largest set `{}` up to {}", last.name, set.text))
                .hint(format!("leave `{key}` out of the last set: it then goes as far as the tier"));
        c.at_value(&list.join(tier.sizes.len() - 1).join("up_to").join(key), "ends below the tier", problem);
    }
}
