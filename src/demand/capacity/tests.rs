use proptest::prelude::*;

use super::*;
use crate::blueprint::Blueprint;
use crate::blueprint::evidence::Judgement;
use crate::demand::load_test::Latency;
use crate::units::{Share, Span};

fn dojangkok() -> Blueprint {
    Blueprint::parse("dojangkok.toml", include_str!("../../../blueprints/dojangkok.toml")).unwrap().blueprint
}

fn users(load: Option<Load>) -> Option<u64> {
    load.and_then(|load| load.users).map(|users| users.0)
}

fn errors(percent: u64) -> Objective {
    Objective::default().with_errors(Some(Share::percent(percent)), "flag --max-error-rate")
}

#[test]
fn the_thresholds_of_a_blueprint_set_the_capacity() {
    let blueprint = dojangkok();
    let own = Objective::of_verdicts(&blueprint.verdicts);
    assert_eq!(own.limits.len(), 1, "only errors above 10% are a bottleneck: {own:?}");
    for (scenario, bound, measured) in [
        ("mixed", Bound::AtLeast, 200),
        ("read-heavy", Bound::AtLeast, 300),
        ("spike", Bound::AtLeast, 200),
        ("write-heavy", Bound::Between, 50),
    ] {
        let capacity = of(&blueprint.load_tests, scenario, &own).unwrap();
        assert_eq!((capacity.bound, users(capacity.measured)), (bound, Some(measured)), "{scenario}");
        assert_eq!(capacity.machines["backend"], "t4g.medium");
        assert_eq!(capacity.excludes, ["ai-server", "chromadb", "vllm"]);
    }
    let write = of(&blueprint.load_tests, "write-heavy", &own).unwrap();
    // 50 + 50 x (10 - 7.6) / (17.4 - 7.6) = 62.2
    assert_eq!(users(write.reached), Some(62));
    let limiting = write.limiting.unwrap();
    assert_eq!((&*limiting.row, &*limiting.source), ("S5.T2 write heavy 100", "S5.T3 errors"));
    assert_eq!(of(&blueprint.load_tests, "chat", &own), None);
}

#[test]
fn a_stricter_objective_lowers_the_capacity() {
    let blueprint = dojangkok();
    let write = of(&blueprint.load_tests, "write-heavy", &errors(1)).unwrap();
    assert_eq!((write.bound, users(write.below), write.measured), (Bound::Below, Some(50), None));
    let mixed = of(&blueprint.load_tests, "mixed", &errors(1)).unwrap();
    assert_eq!((mixed.bound, users(mixed.below)), (Bound::Below, Some(200)));
    assert_eq!(of(&blueprint.load_tests, "read-heavy", &errors(1)).unwrap().bound, Bound::AtLeast);
    let p95 = Objective::default().with_time(Metric::P95, Some(Span(500)), "flag --p95");
    // 50 + 50 x (500 - 127) / (1578 - 127) = 62.85
    let write = of(&blueprint.load_tests, "write-heavy", &p95).unwrap();
    assert_eq!((users(write.measured), users(write.reached)), (Some(50), Some(62)));
    assert_eq!(of(&blueprint.load_tests, "spike", &p95).unwrap().bound, Bound::Below);
    let p99 = Objective::default().with_time(Metric::P99, Some(Span(500)), "flag --p99");
    assert_eq!(of(&blueprint.load_tests, "spike", &p99).unwrap().bound, Bound::Unknown);
}

#[test]
fn verdicts_are_those_of_the_rows_and_blame_no_more() {
    let blueprint = dojangkok();
    let judged = |i: usize| judge(&blueprint.verdicts, &Measured::from(&blueprint.load_tests[i]));
    let write = judged(3);
    assert_eq!(write.verdict, Some(Judgement::Bottleneck));
    assert_eq!(judge(&[], &Measured::from(&blueprint.load_tests[3])).verdict, None, "no thresholds, no verdict");
    let rows: Vec<(&str, Option<&str>)> = write.crossed.iter().map(|c| (&*c.row, c.service.as_deref())).collect();
    assert_eq!(rows, [("S5.T3 errors", None), ("S5.T3 p95", Some("backend"))]);
    assert_eq!(write.unmeasured, ["S5.T3 database cpu"]);
    assert_eq!((judged(2).verdict, judged(4).verdict), (Some(Judgement::Stable), Some(Judgement::Suspect)));
    let band =
        |users| advice(&blueprint.playbooks, Count(users)).iter().map(|band| band.id.clone()).collect::<Vec<_>>();
    assert!(band(99).is_empty());
    assert_eq!(band(100), ["S5.T6 100-200"]);
    assert_eq!(band(200), ["S5.T6 100-200"]);
    assert_eq!(band(201), ["S5.T6 200-300"]);
    assert_eq!(band(450), ["S5.T6 300+"]);
    assert_eq!(band(501), ["S5.T6 500+"]);
}

#[test]
fn points_without_users_are_ordered_by_rate() {
    let point = |rate: u64, p95: u64| Measured {
        id: format!("r{rate}"),
        users: None,
        rate: Some(Rate::per_second(rate)),
        mean: Latency(1000),
        p95: Latency(p95 * 1000),
        p99: None,
        errors: Share(0),
    };
    let objective = Objective::default().with_time(Metric::P95, Some(Span(150)), "x");
    let capacity = at("s", &[point(200, 200), point(100, 100)], &objective);
    assert_eq!(capacity.reached, Some(Load { users: None, rate: Some(Rate::per_second(150)) }));
    assert_eq!(capacity.measured, Some(Load { users: None, rate: Some(Rate::per_second(100)) }));
}

fn any_point() -> impl Strategy<Value = Measured> {
    (1..500u64, 0..3_000_000u64, 0..3_000_000u64, 0..400_000u64).prop_map(|(users, mean, p95, errors)| Measured {
        id: users.to_string(),
        users: Some(Count(users)),
        rate: None,
        mean: Latency(mean),
        p95: Latency(p95),
        p99: (users % 3 > 0).then_some(Latency(p95)),
        errors: Share(errors),
    })
}

fn any_objective() -> impl Strategy<Value = [Option<u64>; 4]> {
    let limit = || prop::option::of(0..3_000_000u64);
    [limit(), limit(), limit(), prop::option::of(0..400_000u64)]
}

fn objective(limits: [Option<u64>; 4]) -> Objective {
    let metrics = [Metric::Mean, Metric::P95, Metric::P99, Metric::Errors];
    let limit =
        |(metric, at_most): (Metric, Option<u64>)| Some(Limit { metric, at_most: at_most?, source: String::new() });
    Objective { limits: metrics.into_iter().zip(limits).filter_map(limit).collect() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    /// Lowering a limit, or adding one, never raises the capacity; and it is never beyond what was measured.
    #[test]
    fn stricter_is_never_larger(
        points in prop::collection::vec(any_point(), 0..8),
        loose in any_objective(),
        cut in [0..=100u64, 0..=100u64, 0..=100u64, 0..=100u64],
        added in any_objective(),
    ) {
        let strict: [Option<u64>; 4] = std::array::from_fn(|i| loose[i].map(|limit| limit * cut[i] / 100).or(added[i]));
        let (loose, strict) = (at("s", &points, &objective(loose)), at("s", &points, &objective(strict)));
        prop_assert!(users(strict.reached) <= users(loose.reached), "{strict:?}\n{loose:?}");
        prop_assert!(users(strict.measured) <= users(loose.measured), "{strict:?}\n{loose:?}");
        for capacity in [strict, loose] {
            let most = points.iter().filter_map(|point| point.users).max().map(|users| users.0);
            prop_assert!(users(capacity.reached) <= most && users(capacity.measured) <= users(capacity.reached));
        }
    }
}
