//! Releases on a simulated Google Cloud: first deployment, release, rollback, crash, and what must hold at every instant.

use std::collections::BTreeMap;

use rapplan::cloud::gcp::desired::{Fleet, Release};
use rapplan::cloud::gcp::sim::Sim;
use rapplan::cloud::gcp::{Action, Desired, Gcp, World};
use rapplan::cloud::load::Load;
use rapplan::cloud::sim::Simulated;
use rapplan::engine::{Ending, Engine, Event, Kill, Limits, Point, Policy, Rehearsal, Run, rehearse};
use rapplan::units::{Moment, Span};

type Story = Rehearsal<Action>;

fn desired(version: &str) -> Desired {
    let release = Release {
        surge: 3,
        steps: vec![25, 100],
        step_bake: Span::seconds(60),
        patience: Span::seconds(600),
        alarms: Vec::new(),
    };
    let fleet = Fleet {
        version: version.to_owned(),
        label: format!("ai {version}"),
        template: BTreeMap::from([("image".to_owned(), version.into())]),
        load: Load { demand: 1000, each: 300, spare: 1 },
        min: 2,
        max: 10,
        scales: true,
        cpu_percent: None,
        settings: BTreeMap::new(),
        hourly: Some(40_000),
        zones: vec!["a".to_owned(), "b".to_owned(), "c".to_owned()],
        release,
    };
    Desired {
        deployment: "shop".to_owned(),
        tags: BTreeMap::from([("rapplan:deployment".to_owned(), "shop".to_owned())]),
        resources: Default::default(),
        fleets: BTreeMap::from([("ai".to_owned(), fleet)]),
        singles: BTreeMap::new(),
        allow_data_loss: false,
    }
}

fn run(sim: &mut Sim, to: Desired, former: Option<Desired>, limits: Limits, owner: &str) -> Story {
    let run = Run { owner: owner.to_owned(), command: "rapplan apply".to_owned(), seed: 1 };
    rehearse(sim, Engine::<Gcp>::new(to, former, run, Policy::default()), limits)
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
    let again = run(&mut sim, desired("v2"), None, Limits::default(), "three");
    assert_eq!(again.ending, Some(Ending::Converged { changed: false }), "{}", told(&again));
}

#[test]
fn a_bad_version_is_taken_back() {
    let mut sim = first();
    sim.break_template("shop-ai-v2");
    let story = run(&mut sim, desired("v2"), Some(desired("v1")), Limits::default(), "two");
    assert!(matches!(story.ending, Some(Ending::RolledBack { .. })), "{:?}", story.ending);
    assert!(story.lowest[0].1.is_enough(), "{:?}", story.lowest);
    let left: Vec<String> = sim.truth().resources.keys().map(ToString::to_string).collect();
    assert_eq!(left, ["instance-template/shop-ai-v1"]);
}

#[test]
fn killed_anywhere_and_run_again_it_ends_the_same() {
    let mut calm = first();
    let before = calm.clone();
    let undisturbed = run(&mut calm, desired("v2"), Some(desired("v1")), Limits::default(), "two");
    let shape = |sim: &Sim| {
        let world = sim.truth();
        let group = |(n, g): (&String, &rapplan::cloud::gcp::world::Group)| {
            (n.clone(), g.target_size, g.versions.clone(), g.instances.len(), g.autoscaler.clone())
        };
        (world.groups.iter().map(group).collect::<Vec<_>>(), world.resources.clone())
    };
    for call in 0..undisturbed.calls {
        for point in Point::ALL {
            let mut sim = before.clone();
            let limits = Limits { kill: Some(Kill { call, point }), ..Limits::default() };
            let dead = run(&mut sim, desired("v2"), Some(desired("v1")), limits, "two");
            assert!(dead.lowest.iter().all(|(_, low)| low.is_enough()), "{call} {point:?}");
            sim.advance(sim.now() + Span::seconds(200));
            let again = run(&mut sim, desired("v2"), Some(desired("v1")), Limits::default(), "three");
            assert!(matches!(again.ending, Some(Ending::Converged { .. })), "{call} {point:?}: {}", told(&again));
            assert!(again.lowest.iter().all(|(_, low)| low.is_enough()), "{call} {point:?}");
            assert_eq!(shape(&sim), shape(&calm), "{call} {point:?}: {}", told(&again));
        }
    }
}

#[test]
fn no_room_in_the_project_takes_the_release_back() {
    let mut sim = first().with_quota(5);
    let story = run(&mut sim, desired("v2"), Some(desired("v1")), Limits::default(), "two");
    let Some(Ending::RolledBack { why }) = &story.ending else { panic!("{}", told(&story)) };
    assert!(why.contains("QUOTA_EXCEEDED"), "{why}");
    assert!(story.lowest[0].1.is_enough(), "{:?}", story.lowest);
}

/// The autoscaler goes on meanwhile; while the release holds it, it only makes the group larger.
#[test]
fn a_release_while_the_load_changes() {
    for seconds in (0..400).step_by(20) {
        let mut sim = first();
        sim.scale_at(sim.now() + Span::seconds(seconds), "shop-ai", 8);
        sim.scale_at(sim.now() + Span::seconds(seconds + 60), "shop-ai", 5);
        let story = run(&mut sim, desired("v2"), Some(desired("v1")), Limits::default(), "two");
        assert_eq!(story.ending, Some(Ending::Converged { changed: true }), "{seconds}: {}", told(&story));
        assert!(story.lowest[0].1.is_enough(), "{seconds}: {:?}", story.lowest);
    }
}

#[test]
fn a_group_of_somebody_else_is_left_alone() {
    let mut sim = first();
    sim.by_hand(|world| {
        let tags = &mut world.groups.get_mut("shop-ai").unwrap().tags;
        tags.insert("rapplan:deployment".to_owned(), "other".to_owned());
    });
    let before = sim.truth().groups.clone();
    let story = run(&mut sim, desired("v2"), Some(desired("v1")), Limits::default(), "two");
    assert!(matches!(story.ending, Some(Ending::Refused { .. })), "{}", told(&story));
    assert_eq!(sim.truth().groups, before);
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
        hangs: 0,
        lag: Span::seconds(4),
    };
    let calm = first();
    for seed in 0..if crate::support::full() { 10_000 } else { 150 } {
        let mut sim = Sim::new(calm.truth().clone(), calm.now(), seed).with_faults(faults.clone());
        let story = run(&mut sim, desired("v2"), Some(desired("v1")), Limits::default(), "two");
        let over = matches!(story.ending, Some(Ending::Converged { .. } | Ending::RolledBack { .. }));
        assert!(over, "{seed}: {}", told(&story));
        let group = &sim.truth().groups["shop-ai"];
        assert_eq!((group.versions.len(), group.autoscaler.as_ref().and_then(|scaler| scaler.restore)), (1, None));
    }
}

/// A world that was observed has instances of its own: new ones must not get their names, or one is taken for the other.
#[test]
fn new_instances_have_names_of_their_own() {
    let calm = first();
    let mut sim = Sim::new(calm.truth().clone(), calm.now(), 1);
    let story = run(&mut sim, desired("v2"), Some(desired("v1")), Limits::default(), "two");
    assert_eq!(story.ending, Some(Ending::Converged { changed: true }));
    let old: Vec<_> = calm.truth().groups["shop-ai"].instances.iter().map(|one| one.name.clone()).collect();
    assert!(sim.truth().groups["shop-ai"].instances.iter().all(|one| !old.contains(&one.name)));
}

/// Each step but the last is watched for as long as it is said.
#[test]
fn a_step_is_watched() {
    let took = |seconds| {
        let mut sim = first();
        let mut to = desired("v2");
        to.fleets.get_mut("ai").unwrap().release.step_bake = Span::seconds(seconds);
        let story = run(&mut sim, to, Some(desired("v1")), Limits::default(), "two");
        assert_eq!(story.ending, Some(Ending::Converged { changed: true }));
        story.ended.since(story.began)
    };
    assert!(took(600).0 >= took(60).0 + 500_000);
}
