//! Releases on a simulated AWS: first deployment, release, rollback, crash, and what must hold at every instant.

use std::collections::BTreeMap;

use rapplan::cloud::aws::desired::{Fleet, Load, Release, Size};
use rapplan::cloud::aws::sim::Sim;
use rapplan::cloud::aws::{Aws, Desired, World};
use rapplan::cloud::load::Scaling;
use rapplan::cloud::sim::{Faults, Simulated};
use rapplan::engine::{Ending, Engine, Event, Kill, Limits, Point, Policy, Rehearsal, Run, rehearse};
use rapplan::units::{Moment, Span};

type Story = Rehearsal<rapplan::cloud::aws::Action>;

fn fleet(version: &str) -> Fleet {
    Fleet {
        version: version.to_owned(),
        label: format!("api {version}"),
        template: BTreeMap::from([("image".to_owned(), version.into())]),
        targets: BTreeMap::from([("drain".to_owned(), 30_i64.into()), ("health-interval".to_owned(), 10_i64.into())]),
        load: Load { demand: 1000, each: 300, spare: 1 },
        size: Size { min: 2, max: 10, scaling: Some(Scaling { cpu_percent: 70 }) },
        hourly: Some(40_000),
        zones: vec!["a".to_owned(), "b".to_owned()],
        release: Release {
            steps: vec![10, 50, 100],
            step_bake: Span::seconds(60),
            bake: Span::seconds(300),
            steady: Span::seconds(20),
            patience: Span::seconds(600),
            interval: Span::seconds(10),
            drain: Span::seconds(30),
            alarms: vec!["api-5xx".to_owned()],
        },
    }
}

fn desired(version: &str) -> Desired {
    Desired {
        deployment: "shop".to_owned(),
        tags: BTreeMap::from([("rapplan:deployment".to_owned(), "shop".to_owned())]),
        resources: Default::default(),
        fleets: BTreeMap::from([("api".to_owned(), fleet(version))]),
        singles: BTreeMap::new(),
        allow_data_loss: false,
    }
}

fn run(sim: &mut Sim, to: Desired, former: Option<Desired>, limits: Limits, owner: &str) -> Story {
    let run = Run { owner: owner.to_owned(), command: "rapplan apply".to_owned(), seed: 1 };
    rehearse(sim, Engine::<Aws>::new(to, former, run, Policy::default()), limits)
}

fn first() -> Sim {
    let mut sim = Sim::new(World::default(), Moment(0), 1);
    let story = run(&mut sim, desired("v1"), None, Limits::default(), "one");
    assert_eq!(story.ending, Some(Ending::Converged { changed: true }), "{}", told(&story));
    sim
}

fn told(story: &Story) -> String {
    let line = |(at, event): &(Moment, Event<_>)| match event {
        Event::Sent { action, reason, .. } => format!("{at} {action}: {reason}"),
        Event::Done { action, .. } => format!("{at} done {action}"),
        other => format!("{at} {other:?}"),
    };
    story.timeline.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_release_keeps_the_capacity_and_leaves_one_version() {
    let mut sim = first();
    let story = run(&mut sim, desired("v2"), Some(desired("v1")), Limits::default(), "two");
    assert_eq!(story.ending, Some(Ending::Converged { changed: true }));
    assert!(story.lowest[0].1.is_enough(), "{:?}", story.lowest);
    assert_eq!(sim.truth().groups.keys().collect::<Vec<_>>(), ["shop-api-v2"]);
    let again = run(&mut sim, desired("v2"), None, Limits::default(), "three");
    assert_eq!(again.ending, Some(Ending::Converged { changed: false }), "{}", told(&again));
}

/// The threshold is changed in place, and taken away: no machine is replaced.
#[test]
fn scaling_is_changed_in_place() {
    let mut sim = first();
    for scaling in [Some(Scaling { cpu_percent: 50 }), None] {
        let mut wanted = desired("v1");
        wanted.fleets.get_mut("api").unwrap().size.scaling = scaling;
        let before: Vec<String> =
            sim.truth().groups["shop-api-v1"].instances.iter().map(|one| one.id.clone()).collect();
        let story = run(&mut sim, wanted.clone(), None, Limits::default(), "two");
        assert_eq!(story.ending, Some(Ending::Converged { changed: true }), "{}", told(&story));
        let group = &sim.truth().groups["shop-api-v1"];
        assert_eq!(group.scaling, scaling);
        assert!(group.instances.iter().all(|one| before.contains(&one.id)));
        let again = run(&mut sim, wanted, None, Limits::default(), "three");
        assert_eq!(again.ending, Some(Ending::Converged { changed: false }), "{}", told(&again));
    }
}

#[test]
fn a_bad_version_is_taken_back() {
    let mut sim = first();
    let before = sim.truth().clone();
    sim.break_version("v2");
    let story = run(&mut sim, desired("v2"), Some(desired("v1")), Limits::default(), "two");
    assert!(matches!(story.ending, Some(Ending::RolledBack { .. })), "{:?}", story.ending);
    assert!(story.lowest[0].1.is_enough());
    assert_eq!(sim.truth().groups, before.groups, "{}", told(&story));
    assert_eq!(sim.truth().resources, before.resources);
}

/// Calls refused, failed, or without a reply; looks that lag behind: the capacity holds all the same, and the end is the same.
#[test]
fn faults_delay_and_drop_nothing() {
    let calm = first();
    let faults = Faults {
        throttled: 100_000,
        unavailable: 50_000,
        lost: 50_000,
        stale: 200_000,
        lag: Span::seconds(4),
        ..Faults::default()
    };
    for seed in 0..200 {
        let mut sim = Sim::new(calm.truth().clone(), calm.now(), seed).with_faults(faults.clone());
        sim.scale_at(Moment(400_000), "shop-api-v1", 7);
        let story = run(
            &mut sim,
            desired("v2"),
            Some(desired("v1")),
            Limits { longest: Span::seconds(7200), ..Limits::default() },
            "two",
        );
        assert!(story.lowest.iter().all(|(_, low)| low.is_enough()), "{seed} {:?} {}", story.lowest, told(&story));
        assert_eq!(story.ending, Some(Ending::Converged { changed: true }), "{seed} {}", told(&story));
        assert_eq!(sim.truth().groups.keys().collect::<Vec<_>>(), ["shop-api-v2"], "{seed}");
        let marks = sim.truth().groups["shop-api-v2"].tags.keys().filter(|tag| tag.contains("restore")).count();
        assert_eq!(marks, 0, "{seed}");
    }
}

#[test]
fn killed_anywhere_and_run_again_it_ends_the_same() {
    let mut calm = first();
    let before = calm.clone();
    let undisturbed = run(&mut calm, desired("v2"), Some(desired("v1")), Limits::default(), "two");
    let shape = |sim: &Sim| {
        let world = sim.truth();
        let groups: Vec<_> = world
            .groups
            .iter()
            .map(|(n, g)| (n.clone(), g.min, g.max, g.desired, g.instances.len(), g.suspended.clone(), g.tags.clone()))
            .collect();
        (groups, world.resources.clone(), world.routes.clone())
    };
    for call in 0..undisturbed.calls {
        for point in Point::ALL {
            let mut sim = before.clone();
            let limits = Limits { kill: Some(Kill { call, point }), ..Limits::default() };
            let dead = run(&mut sim, desired("v2"), Some(desired("v1")), limits, "two");
            assert!(dead.lowest.iter().all(|(_, low)| low.is_enough()), "{call} {point:?}");
            // The lease of the dead run must run out first.
            sim.advance(sim.now() + Span::seconds(200));
            let again = run(&mut sim, desired("v2"), Some(desired("v1")), Limits::default(), "three");
            assert!(matches!(again.ending, Some(Ending::Converged { .. })), "{call} {point:?}: {}", told(&again));
            assert!(again.lowest.iter().all(|(_, low)| low.is_enough()), "{call} {point:?}");
            assert_eq!(shape(&sim), shape(&calm), "{call} {point:?}: {}", told(&again));
        }
    }
}
