//! The examples that sizing must get right, and the laws that it must keep, on the built-in Chatty blueprint.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use rapplan::blueprint::Blueprint;
use rapplan::blueprint::builtin::BUILTIN;
use rapplan::blueprint::tier::Environment;
use rapplan::demand::{Ask, Figure, Given, Requirement};
use rapplan::size::plan::{Plan, TierChoice};
use rapplan::size::{Request, size};
use rapplan::units::{Count, Rate, Usd};

fn chatty() -> Blueprint {
    toml::from_str(BUILTIN.iter().find(|(name, ..)| *name == "chatty").unwrap().2).unwrap()
}

fn given<T: std::str::FromStr>(text: &str) -> Option<Given<T>>
where
    T::Err: std::fmt::Debug,
{
    Some(Given { value: text.parse().unwrap(), origin: "a test".to_owned() })
}

fn partitions(n: u64) -> Ask {
    Ask { partitions: Some(Given { value: Count(n), origin: "a test".to_owned() }), ..Ask::default() }
}

fn tier(plan: &Plan) -> &TierChoice {
    plan.tier.as_ref().unwrap()
}

/// The value of a figure that the demand has.
fn value<T: Copy>(figure: &Option<Figure<T>>) -> T {
    figure.as_ref().unwrap().value
}

fn plan_of(ask: Ask) -> Plan {
    size(&chatty(), &Request { ask, ..Request::default() }).unwrap_or_else(|error| panic!("{error}"))
}

fn in_dev(mut ask: Ask) -> Ask {
    ask.environment = Some(Given { value: Environment::Dev, origin: "a test".to_owned() });
    ask
}

#[test]
fn boundaries_are_inclusive() {
    for (n, name) in [(11, "single"), (50, "single"), (51, "split"), (500, "split"), (501, "kubernetes"), (5, "single")]
    {
        assert_eq!(tier(&plan_of(partitions(n))).name, name, "{n} partitions");
    }
    for (n, name) in [(5, "test"), (10, "test"), (11, "single")] {
        assert_eq!(tier(&plan_of(in_dev(partitions(n)))).name, name, "{n} partitions in development");
    }
}

#[test]
fn a_hundred_and_twenty_partitions() {
    let plan = plan_of(partitions(120));
    assert_eq!(tier(&plan).id, "S4.T1 split");
    assert_eq!(value(&plan.demand.vectors).spoken(), "3.6 billion");
    assert_eq!(value(&plan.demand.data).to_string(), "6 TB");
    assert_eq!(plan.set.as_ref().unwrap().id, "S4.T2 larger");
    assert_eq!(plan.cost.monthly_usd.min, Usd::dollars(5000));
    assert_eq!(plan.cost.monthly_usd.max, Some(Usd::dollars(8000)));
    assert_eq!(tier(&plan).drivers[0].because, "120 partitions are more than the 50 of S4.T1 single");
    let servers: Vec<_> = plan.servers.iter().map(|server| (server.name.as_str(), server.count)).collect();
    assert_eq!(servers, [("api", 2), ("milvus", 1), ("postgres", 1), ("storage", 1)]);
    assert!(plan.warnings.iter().any(|warning| warning.severe && warning.id == "vectors-need-a-smaller-index"));
}

#[test]
fn the_server_set_follows_the_partitions() {
    for (n, set) in [(51, "smaller"), (100, "smaller"), (101, "larger"), (500, "larger")] {
        assert_eq!(plan_of(partitions(n)).set.unwrap().name, set, "{n} partitions");
    }
}

#[test]
fn requests_can_drive_the_tier() {
    let plan = plan_of(Ask { rps: given("800"), ..partitions(20) });
    assert_eq!((tier(&plan).name.as_str(), tier(&plan).drivers[0].what.as_str()), ("split", "rps"));
    assert_eq!(tier(&plan_of(Ask { rps: given("75"), ..partitions(5) })).name, "single");
    assert_eq!(tier(&plan_of(Ask { rps: given("75"), ..in_dev(partitions(5)) })).name, "single");
}

#[test]
fn growth_names_the_month() {
    let plan = plan_of(Ask { growth: given("8%/month"), horizon: given("12mo"), ..partitions(40) });
    assert_eq!(tier(&plan).name, "split");
    assert!(tier(&plan).drivers.iter().any(|driver| {
        driver.because == "40 partitions grow to 101 by month 12: more than the 50 of S4.T1 single from month 3 on"
    }));
    let path: Vec<_> = plan.path.iter().map(|step| (step.month, step.tier.as_str())).collect();
    assert_eq!(path, [(0, "single"), (3, "split"), (12, "split")]);
}

#[test]
fn requirements_are_met_in_full_or_not_at_all() {
    let require = |requirement| vec![Given { value: requirement, origin: "a test".to_owned() }];
    let ha = plan_of(Ask { require: require(Requirement::Ha), ..partitions(5) });
    assert_eq!((tier(&ha).name.as_str(), tier(&ha).drivers[0].what.as_str()), ("split", "require"));
    let scaling = plan_of(Ask { require: require(Requirement::Autoscaling), ..partitions(5) });
    assert_eq!(tier(&scaling).name, "kubernetes");
}

#[test]
fn contradictions_are_refused() {
    let errors = Ask { max_error_rate: given("101%"), ..partitions(40) };
    let error = size(&chatty(), &Request { ask: errors, ..Request::default() }).unwrap_err().to_string();
    assert!(error.contains("101% of failed requests is more than all of them"), "{error}");
    // No whole number of vectors in each of 10 partitions makes 5: no hint says that one does.
    let few = Ask { vectors: given("5"), ..partitions(10) };
    let error = size(&chatty(), &Request { ask: few, ..Request::default() }).unwrap_err().to_string();
    assert!(error.contains("contradict") && !error.contains("--vectors-per-partition"), "{error}");
    for ask in [
        Ask { vectors: given("1B"), ..partitions(120) },
        Ask { vectors: given("100"), ..partitions(120) },
        Ask { vectors: given("1B"), vectors_per_partition: given("30M"), ..partitions(120) },
        Ask { data: given("1GB"), ..partitions(120) },
        Ask { vectors_per_partition: given("30M"), ..Ask::default() },
        Ask { rps: given("0"), ..partitions(0) },
        partitions(u64::MAX),
    ] {
        let error =
            size(&chatty(), &Request { ask: ask.clone(), ..Request::default() }).expect_err(&format!("{ask:?}"));
        assert_eq!(error.exit().number(), 64, "{error}");
    }
    let agreeing = Ask { vectors: given("1B"), vectors_per_partition: given("8.33M"), ..partitions(120) };
    assert_eq!(value(&plan_of(agreeing).demand.vectors), Count(1_000_000_000));
}

fn memory(plan: &Plan) -> u64 {
    plan.servers.iter().map(|server| server.memory.map_or(0, |memory| memory.0) * u64::from(server.count)).sum()
}

/// Place in the table; a cluster has no servers of fixed memory and counts as the largest.
fn rank(plan: &Plan) -> (usize, u64) {
    let at = ["test", "single", "split", "kubernetes"].iter().position(|name| *name == tier(plan).name).unwrap();
    (at, if plan.servers.is_empty() { u64::MAX } else { memory(plan) })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn more_demand_never_needs_less(n in 1u64..2_000, more in 0u64..2_000, rps in 1u64..5_000, more_rps in 0u64..5_000, dev: bool) {
        let blueprint = chatty_once();
        let ask = |n, rps| {
            let ask = Ask { rps: Some(Given { value: Rate::per_second(rps), origin: String::new() }), ..partitions(n) };
            if dev { in_dev(ask) } else { ask }
        };
        let of = |ask| size(blueprint, &Request { ask, ..Request::default() }).unwrap();
        let (less, greater) = (rank(&of(ask(n, rps))), rank(&of(ask(n + more, rps + more_rps))));
        prop_assert!(less <= greater, "{less:?} {greater:?}");
    }

    #[test]
    fn longer_horizons_and_more_headroom_never_need_less(n in 1u64..600, months in 0u32..40, more in 0u32..40, growth in 0u64..12, headroom in 0u64..100) {
        let blueprint = chatty_once();
        let ask = |months: u32, headroom: u64| Ask {
            growth: given(&format!("{growth}%/month")),
            horizon: given(&format!("{}", months + 1)),
            headroom: given(&format!("{headroom}%")),
            ..partitions(n)
        };
        let of = |ask| rank(&size(blueprint, &Request { ask, ..Request::default() }).unwrap());
        prop_assert!(of(ask(months, headroom)) <= of(ask(months + more, headroom)));
        prop_assert!(of(ask(months, 0)) <= of(ask(months, headroom)));
    }

    #[test]
    fn derived_inputs_agree(n in 1u64..100_000) {
        let by_partitions = size(chatty_once(), &Request { ask: partitions(n), ..Request::default() }).unwrap();
        let demand = &by_partitions.demand;
        let by = |ask| size(chatty_once(), &Request { ask, ..Request::default() }).unwrap();
        let vectors = Some(Given { value: value(&demand.vectors), origin: String::new() });
        let by_vectors = by(Ask { vectors: vectors.clone(), ..Ask::default() });
        let by_data = by(Ask { data: Some(Given { value: value(&demand.data), origin: String::new() }), ..Ask::default() });
        let by_both = by(Ask { vectors, ..partitions(n) });
        for other in [&by_vectors, &by_data, &by_both] {
            prop_assert_eq!(value(&other.demand.partitions), value(&demand.partitions));
            prop_assert_eq!(value(&other.demand.vectors), value(&demand.vectors));
            prop_assert_eq!(value(&other.demand.data), value(&demand.data));
            prop_assert_eq!(&tier(other).name, &tier(&by_partitions).name);
            prop_assert_eq!(&other.set, &by_partitions.set);
        }
    }

    #[test]
    fn a_sweep_says_what_a_size_says(n in 1u64..100_000, rps in 1u64..5_000, given_rps: bool) {
        let ask = |n| Ask {
            rps: given_rps.then(|| Given { value: Rate::per_second(rps), origin: String::new() }),
            ..partitions(n)
        };
        let plan = size(chatty_once(), &Request { ask: ask(n), ..Request::default() }).unwrap();
        let lines = rapplan::size::sweep::sweep(chatty_once(), n..=n, ask).unwrap();
        prop_assert_eq!(lines[0].tier, Some(tier(&plan).name.as_str()));
        prop_assert_eq!(lines[0].set, plan.set.as_ref().map(|set| set.name.as_str()));
        prop_assert_eq!(lines[0].data, value(&plan.demand.data).0);
        prop_assert_eq!(lines[0].cost.unwrap(), plan.cost.monthly_usd);
    }

    #[test]
    fn usual_figures_never_decide(n in 1u64..3_000) {
        let plan = size(chatty_once(), &Request { ask: partitions(n), ..Request::default() }).unwrap();
        let bound = |bound: Option<u64>, value: u64| bound.is_none_or(|bound| value <= bound);
        prop_assert!(bound(tier(&plan).up_to.rps.map(|rate| rate.0), value(&plan.demand.rps).0));
        prop_assert!(bound(tier(&plan).up_to.users.map(|count| count.0), value(&plan.demand.users).0));
    }
}

fn chatty_once() -> &'static Blueprint {
    static CHATTY: std::sync::OnceLock<Blueprint> = std::sync::OnceLock::new();
    CHATTY.get_or_init(chatty)
}

/// Amounts of bytes are rounded for people, whatever the demand is.
#[test]
fn nothing_is_told_in_raw_bytes() {
    let large = Ask { vectors_per_partition: given("10M"), ..partitions(1_000_000) };
    for ask in [large, Ask { dims: given("100"), ..partitions(7) }, Ask { rps: given("123"), ..Ask::default() }] {
        let plan = plan_of(ask);
        let mut told: Vec<String> = plan.why.iter().map(|one| format!("{} {}", one.value, one.formula)).collect();
        told.extend(plan.warnings.iter().map(|warning| warning.text.clone()));
        told.extend(plan.rejected.iter().flat_map(|tier| tier.lacks.clone()));
        told.extend(tier(&plan).drivers.iter().map(|driver| driver.because.clone()));
        let raw = |text: &String| {
            let words: Vec<&str> = text.split(' ').collect();
            words.windows(2).any(|pair| {
                pair[0].len() > 6 && pair[0].bytes().all(|b| b.is_ascii_digit()) && pair[1].starts_with("B")
            })
        };
        assert_eq!(told.iter().find(|text| raw(text)), None);
        assert!(!told.is_empty());
    }
}
