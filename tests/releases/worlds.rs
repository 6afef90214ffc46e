//! Worlds that are not as one would wish: alarms, zones, hands, leftovers, names, stock.

use std::collections::BTreeMap;

use rapplan::cloud::aws::world::Group;
use rapplan::cloud::sim::Simulated;
use rapplan::engine::{Ending, Kill, Limits, Point};
use rapplan::units::{Moment, Span};

use crate::on_aws::{OnAws, desired};
use crate::on_gcp::{self, OnGcp};
use crate::support::{LEASE, Lab, full, quick, run, told, well};

type Sim = rapplan::cloud::aws::sim::Sim;

fn on_v1(strategy: &str) -> Sim {
    let mut sim = OnAws::empty(1);
    well::<OnAws>(&mut sim, &desired(strategy, "v1", 1000), None, "one");
    sim
}

fn to_v2(sim: &mut Sim, strategy: &str) -> (crate::support::Story<OnAws>, Vec<String>) {
    let (v1, v2) = (desired(strategy, "v1", 1000), desired(strategy, "v2", 1000));
    run::<OnAws>(sim, &v2, Some(&v1), Limits::default(), "two")
}

#[test]
fn an_alarm_that_fires_before_the_release_needs_a_word() {
    let mut sim = on_v1("in steps");
    sim.alarm_at(sim.now(), "api-5xx", true);
    sim.advance(sim.now());
    let before = OnAws::shape(sim.truth());
    let (story, _) = to_v2(&mut sim, "in steps");
    assert!(matches!(story.ending, Some(Ending::Refused { .. })), "{}", told(&story));
    assert_eq!(OnAws::shape(sim.truth()), before);
    let mut overridden = desired("in steps", "v2", 1000);
    overridden.fleets.get_mut("api").unwrap().release.alarms.clear();
    well::<OnAws>(&mut sim, &overridden, None, "three");
}

/// At any time of the release, also while the alarm goes on firing.
#[test]
fn an_alarm_takes_the_release_back() {
    let calm = on_v1("in steps");
    let before = OnAws::shape(calm.truth());
    for minutes in 0..12 {
        let mut sim = calm.clone();
        sim.alarm_at(sim.now() + Span::seconds(30 + minutes * 60), "api-5xx", true);
        let (story, broken) = to_v2(&mut sim, "in steps");
        assert!(broken.is_empty(), "{minutes}: {broken:?}");
        match story.ending {
            Some(Ending::RolledBack { .. }) => assert_eq!(OnAws::shape(sim.truth()), before, "{}", told(&story)),
            Some(Ending::Converged { .. }) if minutes > 8 => {}
            _ => panic!("{minutes}: {}", told(&story)),
        }
    }
}

#[test]
fn an_alarm_takes_a_rolling_update_back() {
    let mut sim = OnGcp::empty(1);
    let (v1, v2) = (on_gcp::desired("in steps", "v1", 1000), on_gcp::desired("in steps", "v2", 1000));
    well::<OnGcp>(&mut sim, &v1, None, "one");
    let before = OnGcp::shape(sim.truth());
    for seconds in [60, 200, 300] {
        let mut sim = sim.clone();
        sim.alarm_at(sim.now() + Span::seconds(seconds), "ai-5xx", true);
        let (story, broken) = run::<OnGcp>(&mut sim, &v2, Some(&v1), Limits::default(), "two");
        assert!(matches!(story.ending, Some(Ending::RolledBack { .. })), "{seconds}: {}", told(&story));
        assert!(broken.is_empty(), "{broken:?}");
        assert_eq!(OnGcp::shape(sim.truth()), before);
    }
}

/// A new version that stops answering once it has requests goes back within a minute, not after its patience.
#[test]
fn a_version_that_sinks_is_taken_back_at_once() {
    let mut sim = on_v1("at once");
    let at = sim.now() + Span::seconds(400);
    for place in 0..5 {
        sim.sicken_at(at, "shop-api-v2", place, Span::seconds(3600));
    }
    let (story, _) = to_v2(&mut sim, "at once");
    assert!(matches!(story.ending, Some(Ending::RolledBack { .. })), "{}", told(&story));
    let back = story.timeline.iter().find(|(_, event)| matches!(event, rapplan::engine::Event::RollingBack { .. }));
    assert!(back.unwrap().0.since(at) < Span::seconds(60), "{}", told(&story));
}

/// What has the requests is broken: the release that mends it must not wait for it to get better.
#[test]
fn a_broken_version_is_followed_by_a_sound_one() {
    let mut sim = OnAws::empty(1);
    sim.break_version("v1");
    let limits = Limits { longest: Span::seconds(1800), ..Limits::default() };
    let (story, _) = run::<OnAws>(&mut sim, &desired("in steps", "v1", 1000), None, limits, "one");
    assert!(!matches!(story.ending, Some(Ending::Converged { .. })), "{}", told(&story));
    sim.advance(sim.now() + LEASE);
    let (story, broken) = to_v2(&mut sim, "in steps");
    assert!(matches!(story.ending, Some(Ending::Converged { .. })), "{}", told(&story));
    assert!(broken.is_empty(), "{broken:?}");
    assert_eq!(sim.truth().groups.keys().collect::<Vec<_>>(), ["shop-api-v2"]);
}

/// Blue may grow meanwhile, and green grows after it; it must not shrink.
#[test]
fn a_release_while_the_load_changes() {
    for seconds in (0..600).step_by(20) {
        for size in [5, 7, 9] {
            let mut sim = on_v1("in steps");
            sim.scale_at(sim.now() + Span::seconds(seconds), "shop-api-v1", size);
            sim.scale_at(sim.now() + Span::seconds(seconds + 100), "shop-api-v1", 5);
            sim.schedule_at(sim.now() + Span::seconds(seconds + 50), "shop-api-v1", 1, 10, 1);
            sim.rebalance_at(sim.now() + Span::seconds(seconds + 60), "shop-api-v1");
            let (story, _) = to_v2(&mut sim, "in steps");
            assert!(matches!(story.ending, Some(Ending::Converged { .. })), "{seconds} {size}: {}", told(&story));
            // What the clock takes away before the release can hold the group is not the release's doing.
            if seconds > 0 {
                assert!(story.lowest.iter().all(|(_, low)| low.is_enough()), "{seconds} {size}: {}", told(&story));
            }
        }
    }
}

/// The load has made the old version larger than the demand that was planned for: the new one is no smaller.
#[test]
fn a_release_of_a_group_that_has_grown() {
    let mut sim = on_v1("in steps");
    sim.scale_at(sim.now(), "shop-api-v1", 8);
    sim.advance(sim.now() + Span::seconds(600));
    let (story, broken) = to_v2(&mut sim, "in steps");
    assert!(matches!(story.ending, Some(Ending::Converged { .. })) && broken.is_empty(), "{}", told(&story));
    let group = &sim.truth().groups["shop-api-v2"];
    assert_eq!((group.desired, sim.truth().healthy(group)), (8, 8));
}

/// What could be gone back to is kept while the version after it is replaced in its turn.
#[test]
fn what_a_release_held_stays_while_the_next_one_runs() {
    let mut sim = on_v1("in steps");
    let wants = ["v1", "v2", "v3"].map(|version| desired("in steps", version, 1000));
    let calls = run::<OnAws>(&mut sim.clone(), &wants[1], Some(&wants[0]), quick(), "two").0.calls;
    // Killed when all requests go to the second version, and the first one is still whole.
    let shifted = (0..calls).find_map(|call| {
        let mut sim = sim.clone();
        let limits = Limits { kill: Some(Kill { call, point: Point::AfterItsReply }), ..quick() };
        run::<OnAws>(&mut sim, &wants[1], Some(&wants[0]), limits, "two");
        let world = sim.truth();
        let all = world.routes["api"].weights.get("shop-api-v2") == Some(&100);
        (all && world.groups["shop-api-v1"].desired > 0).then_some(sim)
    });
    sim = shifted.unwrap();
    sim.advance(sim.now() + LEASE);
    let mut least = u32::MAX;
    let mut watch = |_: Moment, world: &rapplan::cloud::aws::World, _: Option<&rapplan::cloud::aws::Action>| {
        if world.routes["api"].weights.get("shop-api-v2") == Some(&100) {
            least = least.min(world.groups.get("shop-api-v1").map_or(0, |group| group.desired));
        }
    };
    let engine = crate::support::engine::<rapplan::cloud::aws::Aws>(wants[2].clone(), Some(wants[1].clone()), "three");
    let story = rapplan::engine::rehearse_watched(&mut sim, engine, quick(), &mut watch);
    assert!(matches!(story.ending, Some(Ending::Converged { .. })));
    assert_eq!(least, 5);
    assert_eq!(sim.truth().groups.keys().collect::<Vec<_>>(), ["shop-api-v3"]);
}

#[test]
fn a_zone_without_machines_delays_or_takes_back() {
    for minutes in [5, 60] {
        let mut sim = on_v1("in steps");
        let before = OnAws::shape(sim.truth());
        sim.run_out("a", sim.now() + Span::seconds(minutes * 60));
        sim.run_out("b", sim.now() + Span::seconds(minutes * 60));
        let (story, broken) = to_v2(&mut sim, "in steps");
        assert!(broken.is_empty(), "{broken:?}");
        match minutes {
            5 => assert!(matches!(story.ending, Some(Ending::Converged { .. })), "{}", told(&story)),
            _ => {
                let Some(Ending::RolledBack { why }) = &story.ending else { panic!("{}", told(&story)) };
                assert!(why.contains("InsufficientInstanceCapacity"), "{why}");
                assert_eq!(OnAws::shape(sim.truth()), before);
            }
        }
    }
}

/// Before it gets requests, the new version must be in every zone in which the old one is.
#[test]
fn one_zone_out_of_stock_keeps_the_requests_where_they_are() {
    let mut sim = on_v1("in steps");
    sim.run_out("a", Moment(u64::MAX));
    let (story, broken) = to_v2(&mut sim, "in steps");
    let Some(Ending::RolledBack { why }) = &story.ending else { panic!("{}", told(&story)) };
    assert!(why.contains("zone a"), "{why}");
    assert!(broken.is_empty(), "{broken:?}");
}

#[test]
fn a_lost_zone_ends_in_a_whole_deployment() {
    for seconds in (0..900).step_by(30) {
        let mut sim = on_v1("in steps");
        sim.lose_zone_at(sim.now() + Span::seconds(seconds), "a");
        let (story, _) = to_v2(&mut sim, "in steps");
        let over = matches!(story.ending, Some(Ending::Converged { .. } | Ending::RolledBack { .. }));
        assert!(over, "{seconds}: {}", told(&story));
        let left = OnAws::left_over(sim.truth());
        assert!(left.is_empty(), "{seconds}: {left:?}");
        let group = sim.truth().groups.values().next().unwrap();
        assert!(sim.truth().groups.len() == 1 && sim.truth().healthy(group) >= 4, "{seconds}");
    }
}

#[test]
fn no_room_in_the_account_takes_the_release_back() {
    let mut sim = on_v1("in steps").with_quota(8);
    let (story, broken) = to_v2(&mut sim, "in steps");
    let Some(Ending::RolledBack { why }) = &story.ending else { panic!("{}", told(&story)) };
    assert!(why.contains("VcpuLimitExceeded") && broken.is_empty(), "{why} {broken:?}");
}

/// Killed in the middle of one release, another version is released instead; then another; only the last one is left.
#[test]
fn releases_on_top_of_interrupted_ones() {
    for first in 0..24 {
        let mut sim = on_v1("in steps");
        let kill = |call| Limits { kill: Some(Kill { call, point: Point::AfterItsEffect }), ..quick() };
        for (version, call) in [("v2", first), ("v3", 23 - first), ("v4", 9)] {
            let former = desired("in steps", "v1", 1000);
            let to = desired("in steps", version, 1000);
            let (story, broken) = run::<OnAws>(&mut sim, &to, Some(&former), kill(call), version);
            assert!(broken.is_empty(), "{first} {version}: {broken:?} {}", told(&story));
            sim.advance(sim.now() + LEASE);
        }
        well::<OnAws>(&mut sim, &desired("in steps", "v5", 1000), None, "last");
        assert_eq!(sim.truth().groups.keys().collect::<Vec<_>>(), ["shop-api-v5"]);
        assert!(OnAws::left_over(sim.truth()).is_empty());
        assert_eq!(sim.truth().resources.len(), 2, "{:?}", sim.truth().resources.keys());
    }
}

fn somebody_elses(world: &rapplan::cloud::aws::World) -> Group {
    let mut group = world.groups["shop-api-v1"].clone();
    group.tags = BTreeMap::from([("rapplan:deployment".to_owned(), "other".to_owned())]);
    group.instances.clear();
    group.target_group = None;
    (group.min, group.max, group.desired) = (0, 0, 0);
    group
}

#[test]
fn what_is_not_ours_is_left_alone() {
    let mut sim = on_v1("in steps");
    let foreign = somebody_elses(sim.truth());
    sim.by_hand(|world| {
        world.groups.insert("other-api-v1".to_owned(), foreign.clone());
        let mut stray = world.resources.values().next().unwrap().clone();
        stray.tags.clear();
        let kind = rapplan::cloud::aws::Kind::SecurityGroup;
        world.resources.insert(rapplan::cloud::resource::Address::new(kind, "by-hand"), stray);
    });
    let (story, broken) = to_v2(&mut sim, "in steps");
    assert!(matches!(story.ending, Some(Ending::Converged { .. })) && broken.is_empty(), "{}", told(&story));
    well::<OnAws>(&mut sim, &OnAws::nothing(), None, "three");
    assert_eq!(sim.truth().groups, BTreeMap::from([("other-api-v1".to_owned(), foreign)]));
    assert_eq!(sim.truth().resources.len(), 1);
}

#[test]
fn a_name_that_somebody_else_has_is_not_taken_over() {
    let mut sim = on_v1("in steps");
    let foreign = somebody_elses(sim.truth());
    sim.by_hand(|world| {
        world.groups.insert("shop-api-v2".to_owned(), foreign.clone());
    });
    let (story, broken) = to_v2(&mut sim, "in steps");
    assert!(matches!(story.ending, Some(Ending::Refused { .. })) && broken.is_empty(), "{}", told(&story));
    assert_eq!(sim.truth().groups["shop-api-v2"], foreign);
    let mut hidden = on_v1("in steps");
    hidden.take_name("shop-api-v2");
    let (story, _) = to_v2(&mut hidden, "in steps");
    assert!(matches!(story.ending, Some(Ending::Failed { .. })), "{}", told(&story));
}

#[test]
fn a_group_that_was_scaled_by_hand_is_put_right() {
    let mut sim = on_v1("fixed size");
    let before = OnAws::shape(sim.truth());
    sim.by_hand(|world| {
        let group = world.groups.get_mut("shop-api-v1").unwrap();
        (group.min, group.max, group.desired) = (1, 20, 9);
    });
    well::<OnAws>(&mut sim, &desired("fixed size", "v1", 1000), None, "two");
    sim.advance(sim.now() + Span::seconds(600));
    assert_eq!(OnAws::shape(sim.truth()), before);
}

/// Interrupted at any time, it leaves all requests with one version, and the next run goes on.
#[test]
fn an_interruption_leaves_a_safe_state() {
    let calm = on_v1("in steps");
    for seconds in (0..900).step_by(15) {
        let mut sim = calm.clone();
        let limits = Limits { interrupt: Some(sim.now() + Span::seconds(seconds)), ..Limits::default() };
        let v2 = desired("in steps", "v2", 1000);
        let (story, broken) = run::<OnAws>(&mut sim, &v2, None, limits, "two");
        let over = matches!(story.ending, Some(Ending::Stopped { safe: true } | Ending::Converged { .. }));
        assert!(over && broken.is_empty(), "{seconds} {broken:?} {}", told(&story));
        let shared = sim.truth().routes["api"].weights.values().filter(|weight| **weight > 0).count();
        assert_eq!(shared, 1, "{seconds}");
        well::<OnAws>(&mut sim, &v2, None, "three");
        assert_eq!(sim.truth().groups.keys().collect::<Vec<_>>(), ["shop-api-v2"]);
    }
}

/// Everything at once, many times: whatever it comes to, it ends, and what it leaves is whole.
#[test]
fn a_nasty_world() {
    let faults = rapplan::cloud::sim::Faults {
        throttled: 50_000,
        unavailable: 30_000,
        lost: 30_000,
        stale: 100_000,
        sick: 50_000,
        unhealthy: 20_000,
        hangs: 20_000,
        lag: Span::seconds(4),
    };
    let calm = on_v1("in steps");
    for seed in 0..if full() { 10_000 } else { 150 } {
        let mut sim = Sim::new(calm.truth().clone(), calm.now(), seed).with_faults(faults.clone());
        let (story, _) = to_v2(&mut sim, "in steps");
        let over = matches!(story.ending, Some(Ending::Converged { .. } | Ending::RolledBack { .. }));
        assert!(over, "{seed}: {}", told(&story));
        let left = OnAws::left_over(sim.truth());
        assert!(left.is_empty() && sim.truth().groups.len() == 1, "{seed}: {left:?} {}", told(&story));
    }
}
