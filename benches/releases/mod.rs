//! Deciding what is next over many instances, and rehearsing many releases.

use std::collections::BTreeMap;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use rapplan::cloud::aws::desired::{Fleet, Load, Release, Size};
use rapplan::cloud::aws::sim::Sim;
use rapplan::cloud::aws::world::{Health, Instance, Lifecycle};
use rapplan::cloud::aws::{Aws, Desired, World};
use rapplan::cloud::load::Scaling;
use rapplan::cloud::names::DEPLOYMENT;
use rapplan::cloud::sim::Simulated;
use rapplan::cloud::{Cloud, Since};
use rapplan::engine::{Ending, Engine, Limits, Policy, Run, rehearse};
use rapplan::units::{Moment, Span};
use rayon::prelude::*;

fn desired(version: &str, demand: u64) -> Desired {
    let fleet = Fleet {
        version: version.to_owned(),
        label: format!("api {version}"),
        template: BTreeMap::from([("image".to_owned(), version.into())]),
        targets: BTreeMap::from([("drain".to_owned(), 30_i64.into()), ("health-interval".to_owned(), 10_i64.into())]),
        load: Load { demand, each: 300, spare: 1 },
        size: Size { min: 2, max: 10, scaling: Some(Scaling { cpu_percent: 70 }) },
        hourly: Some(40_000),
        zones: vec!["a".to_owned(), "b".to_owned()],
        release: Release {
            steps: vec![100],
            step_bake: Span::seconds(60),
            bake: Span::seconds(300),
            steady: Span::seconds(20),
            patience: Span::seconds(600),
            interval: Span::seconds(10),
            drain: Span::seconds(30),
            alarms: Vec::new(),
        },
    };
    Desired {
        deployment: "shop".to_owned(),
        tags: BTreeMap::from([(DEPLOYMENT.to_owned(), "shop".to_owned())]),
        resources: Default::default(),
        fleets: BTreeMap::from([("api".to_owned(), fleet)]),
        singles: BTreeMap::new(),
        allow_data_loss: false,
    }
}

fn apply(sim: &mut Sim, to: Desired, former: Option<Desired>) {
    let run = Run { owner: "bench".to_owned(), command: "rapplan rehearse".to_owned(), seed: 1 };
    let limits = Limits { timeline: false, ..Limits::default() };
    let story = rehearse(sim, Engine::<Aws>::new(to, former, run, Policy::default()), limits);
    assert_eq!(story.ending, Some(Ending::Converged { changed: true }));
}

fn on_v1() -> Sim {
    let mut sim = Sim::new(World::default(), Moment(0), 1);
    apply(&mut sim, desired("v1", 1000), None);
    sim
}

/// What is next for a release over a group of 10,000 instances.
#[divan::bench]
fn reconcile_10000(bencher: Bencher) {
    let mut world = on_v1().truth().clone();
    let group = world.groups.get_mut("shop-api-v1").unwrap();
    (group.min, group.max, group.desired) = (10_000, 10_000, 10_000);
    let instance = |n: u32| Instance {
        id: format!("i-{n:017x}"),
        zone: if n.is_multiple_of(2) { "a".to_owned() } else { "b".to_owned() },
        state: Lifecycle::InService,
        launched: Moment(0),
    };
    group.instances = (0..10_000).map(instance).collect();
    let targets = group.instances.iter().map(|instance| (instance.id.clone(), Health::Healthy)).collect();
    world.targets.insert("shop-api-v1".to_owned(), targets);
    let to = desired("v2", 2_999_000);
    bencher.bench(|| Aws::next(&to, black_box(&world), &Since::default(), Moment(0)));
}

/// Blue/Green releases of one service in 10,000 worlds, on all cores.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn rehearsals_10000(bencher: Bencher) {
    let (world, now) = {
        let sim = on_v1();
        (sim.truth().clone(), sim.now())
    };
    bencher.counter(ItemsCount::new(10_000u32)).bench(|| {
        (0..10_000).into_par_iter().for_each(|seed| {
            let mut sim = Sim::new(world.clone(), now, seed);
            apply(&mut sim, desired("v2", 1000), Some(desired("v1", 1000)));
        });
    });
}
