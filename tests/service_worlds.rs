//! The laws of uncertainty and the forecast where services are sized one by one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::sync::LazyLock;

use proptest::prelude::*;
use rapplan::blueprint::Blueprint;
use rapplan::catalog::Catalog;
use rapplan::demand::{Ask, Demand, Range, Ranged, Variable, Worlds, derive};
use rapplan::size::clouds::{CloudChoice, Known};
use rapplan::size::plan::Plan;
use rapplan::size::services::load::{Bare, Load, Loads, Sizer};
use rapplan::size::worlds::services::{Market, Services};
use rapplan::size::worlds::{Imagined, Law, Model, imagine, uniform};
use rapplan::size::{Request, size};
use rapplan::units::Share;

static DOJANGKOK: LazyLock<Blueprint> = LazyLock::new(|| support::builtin("dojangkok"));
static KAG: LazyLock<Blueprint> = LazyLock::new(|| support::builtin("kag"));
static APERAG: LazyLock<Blueprint> = LazyLock::new(|| support::builtin("aperag"));

const SURE: Share = Share::percent(90);

fn range(variable: Variable, low: u64, high: u64) -> Ranged {
    let range = Range { low, high, confidence: SURE };
    Ranged { variable, range, origin: format!("flag --{}", variable.flag()) }
}

fn ask(ranges: &[Ranged], count: u32, seed: u32) -> Ask {
    let ask = ranges.iter().fold(Ask::default(), |ask, ranged| {
        ask.with(ranged.variable, ranged.variable.middle(&ranged.range), &ranged.origin)
    });
    Ask {
        ranges: ranges.to_vec(),
        worlds: Worlds { count, seed },
        mix: support::given("write-heavy".to_owned()),
        ..ask
    }
}

fn plan_of(blueprint: &Blueprint, ask: Ask) -> Plan {
    size(blueprint, &Request { ask, ..Request::default() }).unwrap_or_else(|error| panic!("{error}"))
}

fn plan(ask: Ask) -> Plan {
    plan_of(&DOJANGKOK, ask)
}

fn sizer<'a>(blueprint: &'a Blueprint, demand: &Demand) -> Sizer<'a> {
    Sizer::new(blueprint, demand, None, Catalog::embedded()).unwrap()
}

/// The worlds of an ask, and in how many of them the plan for the middle lacks something.
fn worlds(ask: &Ask) -> (Imagined<u32>, usize) {
    let demand = derive(&DOJANGKOK, ask).unwrap();
    let (sizer, choice, known) = (sizer(&DOJANGKOK, &demand), CloudChoice::default(), Known::default());
    let environment = demand.environment.value;
    let market = Market { environment, choice: &choice, catalog: Catalog::embedded(), known: &known };
    let model = Services::new(&sizer, ask, &demand, market).unwrap();
    let laws: Vec<Law> = ask.ranges.iter().map(Law::of).collect();
    let found = imagine(&model, ask, &laws, &[model.middle()]).unwrap();
    let middle = model.plan(&model.middle());
    let lacks = |world: &usize| {
        let needs = found.needs_of(*world).iter().zip(&middle.capacities);
        needs.into_iter().any(|(need, capacity)| capacity.is_some_and(|capacity| *need > capacity))
    };
    let short = (0..found.count()).filter(lacks).count();
    (found, short)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    /// Of no service less is needed when a load is larger: neither instances nor anything that they take together. Each of
    /// more instances may take less.
    #[test]
    fn more_load_never_needs_less(which in 0..4usize, low in 1..100_000u64, up in 0..100_000u64) {
        // Requests to the model are borne by another GPU, which may have less memory, and are left out.
        let (blueprint, load, unit) = [
            (&*DOJANGKOK, Load::Users, 1),
            (&*DOJANGKOK, Load::Rps, 100),
            (&*KAG, Load::Data, 100_000_000),
            (&*APERAG, Load::Vectors, 10_000),
        ][which];
        let variable = [Variable::ConcurrentUsers, Variable::Rps, Variable::Data, Variable::Vectors][which];
        let demand = derive(blueprint, &Ask::default().with(variable, 1, "")).unwrap();
        let sizer = sizer(blueprint, &demand);
        let sized = |value: u64| -> Vec<Bare> {
            sizer.all(&Loads::default().with(load, value * unit).counted()).iter().map(Bare::of).collect()
        };
        for (less, more) in sized(low).iter().zip(&sized(low + up)) {
            let all = |size: &Bare| {
                let (count, each) = (u128::from(size.instances), &size.each);
                [1, each.cpu.0, each.memory.0, each.disk.0].map(|one| count * u128::from(one))
            };
            // What was divided among instances is rounded up to a byte in each.
            let slack = u128::from(more.instances) + u128::from(less.instances);
            let no_less = all(less).into_iter().zip(all(more)).enumerate().all(|(at, (less, more))| {
                if at < 2 { less <= more } else { less <= more + slack }
            });
            prop_assert!(no_less, "{load:?} {low} {up}: {less:?} {more:?}");
        }
    }

    /// Three digits are kept, never a smaller value, and a larger load is never counted as a smaller one.
    #[test]
    fn loads_are_counted_upwards(a: u64, b: u64) {
        let counted = |value| Loads::default().with(Load::Vectors, value).counted().get(Load::Vectors);
        prop_assert!(counted(a) >= a && counted(a) - a <= a / 100);
        prop_assert!(a > b || counted(a) <= counted(b));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    /// The chance that the services for the middle bear everything does not rise with the width of a range, whatever the
    /// machines cost: counted on the sizes alone. With machines and prices the same is held below, for fewer cases.
    #[test]
    fn wider_ranges_never_raise_the_chance_that_services_suffice(middle in 1..60u64, factors in prop::sample::select(vec![(2, 3), (2, 6), (3, 4), (6, 12)]), seed: u32) {
        let demand = derive(&DOJANGKOK, &ask(&[range(Variable::ConcurrentUsers, 1, 2)], 1, 1)).unwrap();
        let sizer = sizer(&DOJANGKOK, &demand);
        let sized = |users: u64| -> Vec<Bare> {
            sizer.all(&Loads::default().with(Load::Users, users)).iter().map(Bare::of).collect()
        };
        let enough = sized(middle * 12);
        let lacks = |users: u64| {
            let lacks = |(has, needs): (&Bare, &Bare)| has.instances < needs.instances || has.each.memory < needs.each.memory;
            enough.iter().zip(&sized(users)).any(lacks)
        };
        let short = |factor: u64| {
            let law = Law::of(&range(Variable::ConcurrentUsers, middle * 12 / factor, middle * 12 * factor));
            let drawn = (0..16).map(|world| law.value(uniform(seed, Variable::ConcurrentUsers, world)));
            drawn.filter(|users| lacks(*users)).count()
        };
        prop_assert!(short(factors.0) <= short(factors.1));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// The chance that the plan for the middle bears everything does not rise with the width of a range.
    #[test]
    fn wider_ranges_never_raise_confidence(middle in 1..60u64, factors in prop::sample::select(vec![(2, 3), (2, 6), (3, 4), (6, 12)]), seed: u32) {
        // Twelve divided by each factor is whole, so that both ranges have the very same middle.
        let of = |factor: u64| {
            let variable = Variable::ConcurrentUsers;
            worlds(&ask(&[range(variable, middle * 12 / factor, middle * 12 * factor)], 256, seed))
        };
        let ((near, near_short), (far, far_short)) = (of(factors.0), of(factors.1));
        prop_assert!(near_short <= far_short, "{near_short} {far_short}");
        prop_assert_eq!(near.count(), far.count());
    }

    /// In no world does the best plan lack anything, and no plan that lacks nothing costs less.
    #[test]
    fn the_best_plan_of_a_world_bears_it(low in 10..400u64, width in 2..6u64, seed: u32) {
        let ranges = [range(Variable::ConcurrentUsers, low, low * width), range(Variable::Rps, 5_000, 40_000)];
        let (found, _) = worlds(&ask(&ranges, 128, seed));
        let bears = |plan: usize, world: usize| {
            let needs = found.needs_of(world).iter().zip(&found.plans[plan].1.capacities);
            needs.into_iter().all(|(need, capacity)| capacity.is_none_or(|capacity| *need <= capacity))
        };
        for world in 0..found.count() {
            prop_assert!(bears(found.best[world] as usize, world));
        }
    }

    /// An input that is known after all changes nothing.
    #[test]
    fn a_certain_range_gives_the_certain_plan(users in 1..2_000u64) {
        let ranged = range(Variable::ConcurrentUsers, users, users);
        let certain = Ask { ranges: Vec::new(), ..ask(std::slice::from_ref(&ranged), 100, 1) };
        prop_assert_eq!(plan(ask(&[ranged], 100, 1)), plan(certain));
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes_on_any_number_of_threads() {
    let ranges = [
        range(Variable::ConcurrentUsers, 100, 600),
        range(Variable::ModelRequests, 5, 40),
        range(Variable::Growth, 10_000, 60_000),
    ];
    let of = |threads, seed| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| serde_json::to_string(&plan(ask(&ranges, 2000, seed))).unwrap())
    };
    assert_eq!(of(1, 1), of(7, 1));
    assert_ne!(of(1, 1), of(1, 2));
}

#[test]
fn each_service_has_its_chance() {
    let plan = plan(ask(&[range(Variable::ConcurrentUsers, 150, 450)], 10_000, 1));
    let found = plan.uncertainty.unwrap();
    // The middle is 259: six instances, since one bears 50 of a write-heavy load (S5.T2); they bear 300, which a log-normal
    // with P(150..450) = 90 % passes in a share of 1 - Phi(1.644854 ln(300/259.8) / ln(450/259.8)) = 33.4 %.
    let risk = |service: &str| found.undersized.iter().find(|risk| risk.service == service).unwrap();
    assert_eq!((risk("backend").gives.as_deref(), risk("backend").needs.p95.as_str()), (Some("6"), "9"));
    assert!(risk("backend").chance.0.abs_diff(334_000) < 5_000, "{}", risk("backend").chance);
    // S5.T5 and S5.T6 change frontend and MySQL at 300 too, and what no input changes is not told.
    assert!(risk("mysql").chance.0.abs_diff(risk("frontend").chance.0) < 5_000);
    assert_eq!(found.undersized.len(), 3);
    assert!(found.also_of_the_middle && found.measure_first[0].value_usd.0 > 0);
    let sum: u64 = found.tiers.iter().map(|plan| plan.chance.0).sum();
    assert!(sum.abs_diff(1_000_000) < 30, "{sum}");
}

#[test]
fn what_is_planned_costs_what_was_regretted_least() {
    for (blueprint, ranged) in [
        (&*DOJANGKOK, range(Variable::ConcurrentUsers, 20, 900)),
        (&*DOJANGKOK, range(Variable::MonthlyUsers, 30_000, 90_000)),
        (&*DOJANGKOK, range(Variable::ModelRequests, 5, 60)),
        (&*KAG, range(Variable::Data, 5_000_000_000, 80_000_000_000)),
        (&*APERAG, range(Variable::Vectors, 1_000_000, 30_000_000)),
    ] {
        let of_range = Ask { mix: None, ..ask(&[ranged], 2_000, 1) };
        let plan = plan_of(blueprint, of_range);
        let found = plan.uncertainty.unwrap();
        assert_eq!(plan.cost.monthly_usd.min, found.least_regret.monthly_usd, "{}", plan.blueprint);
        assert!(found.best_monthly_usd.p5 < found.best_monthly_usd.p95);
        assert!(plan.warnings.iter().all(|warning| warning.id != "range-taken-by-its-middle"));
    }
}

#[test]
fn what_machines_do_not_hold_is_beyond() {
    // The largest machine of the catalogue has 2 TiB; a tenth of the worlds takes more.
    let wide = Ask { mix: None, ..ask(&[range(Variable::Vectors, 1_000_000, 2_000_000_000)], 2_000, 1) };
    let plan = plan_of(&APERAG, wide);
    assert!(plan.uncertainty.unwrap().beyond.0 > 0);
    assert!(plan.warnings.iter().any(|warning| warning.id == "beyond-the-machines"));
    let huge = Ask { mix: None, ..ask(&[range(Variable::Vectors, 1, u64::MAX)], 500, 1) };
    let refused = size(&APERAG, &Request { ask: huge, ..Request::default() }).unwrap_err().to_string();
    assert!(refused.contains("E0303"), "{refused}");
}

#[test]
fn a_forecast_names_the_month_of_each_band() {
    let growing =
        Ask { mix: None, ..ask(&[], 1, 1) }.with(Variable::ConcurrentUsers, 200, "").with(Variable::Growth, 80_000, "");
    let forecast = plan(growing).forecast.unwrap();
    // 200 x 1.08^5 = 293.9, x 1.08^6 = 317.4; x 1.08^12 = 503.6. One backend bears 200 (S5.T2 mixed): two from month 1, and
    // 400 are passed with x 1.08^10 = 431.8.
    let month = |id: &str, what: &str| {
        let found = forecast.crossings.iter().find(|crossing| crossing.id == id && crossing.what.contains(what));
        found.unwrap_or_else(|| panic!("{id} {what}")).month
    };
    assert_eq!((month("S5.T6 300+", "mysql"), month("S5.T6 500+", "mysql")), (Some(6), Some(12)));
    assert_eq!((month("backend", "2 instances"), month("backend", "3 instances")), (Some(1), Some(10)));
    // What holds today already is not told.
    assert!(forecast.crossings.iter().all(|crossing| crossing.id != "S5.T6 200-300"));
    assert_eq!(forecast.months.len(), 13);
    let backend = |month: usize| {
        let services = &forecast.months[month].services;
        services.iter().find(|service| service.service == "backend").unwrap().instances
    };
    assert_eq!([0, 1, 9, 10, 12].map(backend), [1, 2, 2, 3, 3]);
    // Eight services on eight machines today, each role on its own.
    assert_eq!(forecast.months[0].servers.unwrap().min.0, 8);
}

#[test]
fn the_last_month_of_a_forecast_is_the_plan() {
    for (blueprint, variable, value) in [
        (&*DOJANGKOK, Variable::MonthlyUsers, 40_000),
        (&*KAG, Variable::Data, 20_000_000_000),
        (&*APERAG, Variable::Vectors, 7_654_321),
    ] {
        let growing = Ask { mix: None, ..ask(&[], 1, 1) }.with(variable, value, "").with(Variable::Growth, 70_000, "");
        let plan = plan_of(blueprint, growing);
        let last = plan.forecast.as_ref().unwrap().months.last().unwrap();
        assert_eq!(last.monthly_usd.unwrap(), plan.cost.monthly_usd, "{}", plan.blueprint);
        let instances: Vec<u32> = plan.services.iter().map(|service| service.instances).collect();
        assert_eq!(last.services.iter().map(|service| service.instances).collect::<Vec<_>>(), instances);
    }
}

#[test]
fn a_forecast_of_uncertain_growth_has_spreads() {
    let ranges = [range(Variable::Growth, 20_000, 90_000)];
    let plan = plan(Ask { mix: None, ..ask(&ranges, 1_000, 1) }.with(Variable::ConcurrentUsers, 200, ""));
    let forecast = plan.forecast.unwrap();
    let crossing = forecast.crossings.iter().find(|crossing| crossing.id == "S5.T6 300+").unwrap();
    // ln(299/200) / ln(1.09) = 4.7 and / ln(1.02) = 20.3.
    let spread = crossing.spread.unwrap();
    assert_eq!((spread.p5, spread.p95), (Some(5), Some(21)));
    let last = forecast.months.last().unwrap().spread.as_ref().unwrap();
    assert!(last.monthly_usd.p5 < last.monthly_usd.p95);
}
