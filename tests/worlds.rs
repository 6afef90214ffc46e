//! The laws of uncertainty, on the built-in Chatty blueprint.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::sync::LazyLock;

use proptest::prelude::*;
use rapplan::blueprint::Blueprint;
use rapplan::demand::{Ask, Range, Ranged, Variable, Worlds};
use rapplan::size::plan::Plan;
use rapplan::size::worlds::{Imagined, Key, Law, Tiers, Uncertainty, imagine};
use rapplan::size::{Request, size};
use rapplan::units::Share;

static CHATTY: LazyLock<Blueprint> = LazyLock::new(|| support::builtin("chatty"));

/// Inputs of the table, so that each of them alone makes a demand.
const INPUTS: [Variable; 5] = [Variable::Partitions, Variable::Vectors, Variable::Data, Variable::Rps, Variable::Users];

fn range(variable: Variable, low: u64, high: u64, confidence: Share) -> Ranged {
    let range = Range { low, high, confidence };
    Ranged { variable, range, origin: format!("flag --{}", variable.flag()) }
}

/// An ask with these ranges.
fn ask(ranges: &[Ranged], count: u32, seed: u32) -> Ask {
    let ask = ranges.iter().fold(Ask::default(), |ask, ranged| {
        ask.with(ranged.variable, ranged.variable.middle(&ranged.range), &ranged.origin)
    });
    Ask { ranges: ranges.to_vec(), worlds: Worlds { count, seed }, ..ask }
}

fn plan(ask: Ask) -> Plan {
    size(&CHATTY, &Request { ask, ..Request::default() }).unwrap_or_else(|error| panic!("{error}"))
}

fn uncertainty(ask: Ask) -> Uncertainty {
    plan(ask).uncertainty.unwrap()
}

/// The worlds of an ask, sized.
fn worlds(ask: &Ask) -> Imagined<Key> {
    let middle = rapplan::demand::derive(&CHATTY, ask).unwrap();
    let model = Tiers::new(&CHATTY, &middle, None, None);
    let laws: Vec<Law> = ask.ranges.iter().map(Law::of).collect();
    imagine(&model, ask, &laws, &[]).unwrap()
}

/// A value of an input somewhere about the table, in its base unit.
fn scale(variable: Variable, partitions: u64) -> u64 {
    partitions
        * match variable {
            Variable::Vectors => 30_000_000,
            Variable::Data => 50_000_000_000,
            Variable::Rps => 4_000,
            Variable::Users => 200,
            _ => 1,
        }
}

/// The input, a middle, how many times smaller and larger the ends of two ranges about it are, and a confidence.
fn nested(least: u64) -> impl Strategy<Value = (Variable, u64, u64, u64, Share)> {
    // Twelve divided by each of these is whole, so that both ranges have the very same middle.
    let factors = prop::sample::select(vec![(2, 3), (2, 4), (2, 6), (3, 4), (3, 6), (4, 6), (6, 12)]);
    (0..INPUTS.len(), 1..60u64, factors, least..999u64).prop_map(|(input, middle, (narrow, wide), confidence)| {
        (INPUTS[input], scale(INPUTS[input], middle * 12), narrow, wide, Share(confidence * 1000))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    /// In each world: further from the middle, on the same side of it. So no plan that bears the middle is undersized in
    /// fewer worlds, and no interval of values becomes narrower.
    #[test]
    fn wider_ranges_move_every_world_away_from_the_middle(nested in nested(10), seed: u32) {
        let (variable, middle, narrow, wide, confidence) = nested;
        let law = |factor: u64| Law::of(&range(variable, middle / factor, middle * factor, confidence));
        let (near, far) = (law(narrow), law(wide));
        for world in 0..16 {
            let draw = rapplan::size::worlds::uniform(seed, variable, world);
            let (a, b) = (near.value(draw), far.value(draw));
            prop_assert!(if draw < 0.5 { b <= a } else { b >= a }, "{variable:?} {draw}: {a} {b}");
        }
    }

    /// The same draw gives no less when both ends are larger.
    #[test]
    fn higher_ranges_lower_no_world(input in 0..5usize, low in 1..10_000u64, width in 1..50u64, up in 0..10_000u64, seed: u32) {
        let variable = INPUTS[input];
        let law = |low: u64| Law::of(&range(variable, scale(variable, low), scale(variable, low * width), Share::percent(90)));
        let (before, after) = (law(low), law(low + up));
        for world in 0..16 {
            let draw = rapplan::size::worlds::uniform(seed, variable, world);
            // One base unit, for the last bits of two roots.
            prop_assert!(after.value(draw) + 1 >= before.value(draw));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    /// For any plan that bears the middle the chance that it is undersized does not fall, and the cost interval does not
    /// become narrower.
    #[test]
    fn wider_ranges_never_raise_confidence(nested in nested(700), seed: u32) {
        let (variable, middle, narrow, wide, confidence) = nested;
        let of = |factor: u64| worlds(&ask(&[range(variable, middle / factor, middle * factor, confidence)], 32, seed));
        let (near, far) = (of(narrow), of(wide));
        // With no range at all, every world is the middle.
        let certain = worlds(&Ask { ranges: Vec::new(), ..ask(&[range(variable, middle, middle, confidence)], 1, seed) });
        let bears_middle = |capacity: u64, gauge: usize| certain.needs_of(0)[gauge] <= capacity;
        for (_, plan) in near.plans.iter().chain(&far.plans) {
            for (gauge, capacity) in plan.capacities.iter().enumerate() {
                let Some(capacity) = *capacity else { continue };
                let short = |of: &Imagined<Key>| (0..of.count()).filter(|world| of.needs_of(*world)[gauge] > capacity).count();
                prop_assert!(!bears_middle(capacity, gauge) || short(&near) <= short(&far));
            }
        }
        let costs = |of: &Imagined<Key>| {
            let mut costs: Vec<u64> = of.best.iter().map(|best| of.plans[*best as usize].1.cents).collect();
            costs.sort_unstable();
            (costs[costs.len() / 20], costs[costs.len() - 1 - costs.len() / 20])
        };
        let (near, far) = (costs(&near), costs(&far));
        prop_assert!(far.0 <= near.0 && far.1 >= near.1);
    }

    /// More load never needs less, world by world.
    #[test]
    fn more_load_never_needs_less(input in 0..5usize, low in 1..2_000u64, up in 1..2_000u64, seed: u32) {
        let variable = INPUTS[input];
        let of = |low: u64| worlds(&ask(&[range(variable, scale(variable, low * 60), scale(variable, low * 240), Share::percent(90))], 32, seed));
        let (before, after) = (of(low), of(low + up));
        prop_assert!(before.needs.iter().zip(&after.needs).all(|(before, after)| before <= after));
        let cents = |of: &Imagined<Key>, world: usize| of.plans[of.best[world] as usize].1.cents;
        prop_assert!((0..before.count()).all(|world| cents(&before, world) <= cents(&after, world)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// An input that is known after all changes nothing.
    #[test]
    fn a_certain_range_gives_the_certain_plan(input in 0..5usize, value in 1..2_000u64) {
        let value = scale(INPUTS[input], value);
        let ranged = range(INPUTS[input], value, value, Share::percent(90));
        let certain = Ask { ranges: Vec::new(), ..ask(std::slice::from_ref(&ranged), 100, 1) };
        prop_assert_eq!(plan(ask(&[ranged], 100, 1)), plan(certain));
    }

    /// A draw depends on seed, variable and world alone: another range changes nothing for the first.
    #[test]
    fn another_range_leaves_the_draws_alone(partitions in 2..200u64, rps in 2..2_000_000u64, seed: u32) {
        let first = range(Variable::Partitions, partitions, partitions * 3, Share::percent(90));
        let second = range(Variable::Rps, rps, rps * 2, Share::percent(90));
        let (one, two) = (worlds(&ask(std::slice::from_ref(&first), 64, seed)), worlds(&ask(&[first, second], 64, seed)));
        // The vectors and the data of a world follow from its partitions.
        for world in 0..one.count() {
            prop_assert_eq!(one.needs_of(world)[1], two.needs_of(world)[1]);
            prop_assert_eq!(one.needs_of(world)[3], two.needs_of(world)[3]);
        }
    }
}

/// What programs get, byte by byte.
fn json(plan: &Plan) -> String {
    serde_json::to_string(plan).unwrap()
}

#[test]
fn the_same_seed_gives_the_same_bytes_on_any_number_of_threads() {
    let ranges = [
        range(Variable::Partitions, 30, 300, Share::percent(80)),
        range(Variable::Rps, 200_000, 3_000_000, Share::percent(90)),
        range(Variable::Growth, 10_000, 60_000, Share::percent(90)),
    ];
    let of = |threads, seed| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| json(&plan(ask(&ranges, 3000, seed))))
    };
    assert_eq!(of(1, 1), of(7, 1));
    assert_ne!(of(1, 1), of(1, 2));
}

#[test]
fn worlds_beyond_one_sequence_are_others() {
    let wide = range(Variable::Rps, 100_000, 9_000_000, Share::percent(90));
    let found = worlds(&ask(&[wide], 70_000, 1));
    let (first, next) = (&found.needs[..4 * 4000], &found.needs[4 * 65_536..4 * 69_536]);
    assert_ne!(first, next);
}

#[test]
fn chances_add_up_and_nothing_is_worth_knowing_that_changes_nothing() {
    let found = uncertainty(ask(
        &[
            range(Variable::Rps, 400_000, 3_000_000, Share::percent(90)),
            range(Variable::Partitions, 60, 61, Share::percent(90)),
        ],
        10_000,
        1,
    ));
    let sum: u64 = found.tiers.iter().map(|tier| tier.chance.0).sum();
    assert!(sum.abs_diff(1_000_000) < 10, "{sum}");
    assert_eq!(found.measure_first[0].variable, Variable::Rps);
    assert!(found.measure_first[0].value_usd.0 > 0);
    assert_eq!(found.measure_first[1].value_usd.0, 0);
    // A log-normal with P(400..3000) = 90 % passes 2000 in a share of 1 - Phi(1.644854 ln(2000/1095.4)/ln(3000/1095.4)) = 16.3 %.
    let api = found.undersized.iter().find(|risk| risk.service == "api").unwrap();
    assert!(api.chance.0.abs_diff(163_000) < 4_000, "{}", api.chance);
    let regrets: Vec<u64> =
        std::iter::once(&found.least_regret).chain(&found.runners_up).map(|p| p.regret_usd.0).collect();
    assert!(regrets.is_sorted());
}

#[test]
fn wide_ranges_lean_to_the_larger_plan() {
    // The middle, 49.9 partitions, is of `single`; half of the worlds are not, and too little is worse than too much.
    let leaning = plan(ask(&[range(Variable::Partitions, 25, 100, Share::percent(90))], 10_000, 1));
    assert_eq!(leaning.tier.unwrap().name, "split");
    let found = leaning.uncertainty.unwrap();
    assert!(!found.also_of_the_middle);
    assert_eq!(found.least_regret.set.as_deref(), Some("smaller"));
}

#[test]
fn what_cannot_be_is_said() {
    let refused = |ask: Ask| size(&CHATTY, &Request { ask, ..Request::default() }).unwrap_err().to_string();
    let vectors = range(Variable::Vectors, 1_000_000_000, 3_000_000_000, Share::percent(90));
    let both = ask(&[vectors], 100, 1).with(Variable::Partitions, 58, "flag --partitions");
    assert!(refused(both).contains("E0103"));
    let huge = range(Variable::Vectors, 1, u64::MAX / 8, Share::percent(10));
    assert!(refused(ask(&[huge], 1000, 1)).contains("E0105"));
    let none = range(Variable::Rps, 1000, 2000, Share::percent(90));
    assert!(refused(ask(&[none], 0, 1)).contains("E0102"));
    // 60 partitions are at least 86 GB, at one bit a dimension: only worlds that hold them are counted.
    let data = range(Variable::Data, 100_000_000_000, 50_000_000_000_000, Share::percent(90));
    let found = plan(ask(&[data], 1000, 1).with(Variable::Partitions, 60, "flag --partitions"));
    assert!(found.warnings.iter().any(|warning| warning.id == "impossible-worlds"));
    assert!(found.uncertainty.unwrap().impossible > 0);
}

#[test]
fn a_forecast_names_the_month_of_each_boundary() {
    let growth = range(Variable::Growth, 80_000, 80_000, Share::percent(90));
    let mut certain = ask(&[growth], 100, 1).with(Variable::Partitions, 40, "flag --partitions");
    certain.start = support::given("2026-12".parse().unwrap());
    let forecast = plan(certain).forecast.unwrap();
    // 40 x 1.08^2 = 46.7 and x 1.08^3 = 50.4; 80 % of 50 is passed in the first month; x 1.08^12 = 100.7.
    let at = |id: &str| forecast.crossings.iter().find(|crossing| crossing.id == id).unwrap();
    assert_eq!(
        (at("S4.T2 smaller").month, at("S4.T2 smaller").calendar.unwrap().to_string()),
        (Some(3), "2027-03".into())
    );
    assert_eq!((at("S4.T2 larger").month, at("alert partitions").month), (Some(12), Some(1)));
    assert_eq!((forecast.months.len(), forecast.months[2].tier.as_deref()), (13, Some("single")));
    assert_eq!(forecast.months[3].set.as_deref(), Some("smaller"));
    assert!(forecast.months[1].triggers[0].starts_with("TierBoundaryNear"));
}

#[test]
fn a_forecast_of_uncertain_growth_has_spreads() {
    let growth = range(Variable::Growth, 20_000, 90_000, Share::percent(90));
    let plan = plan(ask(&[growth], 2000, 1).with(Variable::Partitions, 40, "flag --partitions"));
    let forecast = plan.forecast.unwrap();
    let crossing = forecast.crossings.iter().find(|crossing| crossing.id == "S4.T2 smaller").unwrap();
    let spread = crossing.spread.unwrap();
    // ln(50/40) / ln(1.09) = 2.6 and / ln(1.02) = 11.3.
    assert_eq!((spread.p5, spread.p95), (Some(3), Some(12)));
    let last = forecast.months.last().unwrap().spread.as_ref().unwrap();
    assert!(last.monthly_usd.p5 <= last.monthly_usd.p50 && last.monthly_usd.p50 < last.monthly_usd.p95);
}
