//! How long deciding takes. `cargo bench` has the figures; here they are only printed, as machines differ.
#![allow(clippy::disallowed_methods, reason = "a test of speed has a clock")]

use std::time::Instant;

use rapplan::cloud::aws::world::{Health, Instance, Lifecycle};
use rapplan::cloud::aws::{Aws, World};
use rapplan::cloud::sim::Simulated;
use rapplan::cloud::{Cloud, Since};
use rapplan::engine::rehearse;
use rapplan::units::Moment;

use crate::on_aws::{OnAws, desired};
use crate::support::{Lab, engine, quick, report, well};

/// A world with so many instances of the old version and as many of the new one.
pub fn large(count: u32) -> World {
    let mut sim = OnAws::empty(1);
    well::<OnAws>(&mut sim, &desired("at once", "v1", 1000), None, "one");
    let mut world = sim.truth().clone();
    let group = world.groups.get_mut("shop-api-v1").unwrap();
    (group.min, group.max, group.desired) = (count, count, count);
    let instance = |n: u32| Instance {
        id: format!("i-{n:017x}"),
        zone: if n.is_multiple_of(2) { "a".to_owned() } else { "b".to_owned() },
        state: Lifecycle::InService,
        launched: Moment(0),
    };
    group.instances = (0..count).map(instance).collect();
    let targets = group.instances.iter().map(|instance| (instance.id.clone(), Health::Healthy)).collect();
    world.targets.insert("shop-api-v1".to_owned(), targets);
    world
}

#[test]
fn deciding_over_ten_thousand_instances() {
    let (world, to) = (large(10_000), desired("at once", "v2", 2_999_000));
    let began = Instant::now();
    let facts = Aws::facts(&world);
    let noted = began.elapsed();
    let next = Aws::next(&to, &world, &Since::default(), Moment(0));
    report(&format!("10,000 instances: facts in {noted:?}, what is next in {:?}", began.elapsed() - noted));
    assert!(!facts.is_empty() && next.ready.len() == 3, "{next:?}");
}

#[test]
fn rehearsing() {
    let mut sim = OnAws::empty(1);
    let (v1, v2) = (desired("at once", "v1", 1000), desired("at once", "v2", 1000));
    well::<OnAws>(&mut sim, &v1, None, "one");
    let began = Instant::now();
    let count = 200;
    let mut looks = 0;
    for seed in 0..count {
        let mut sim = rapplan::cloud::aws::sim::Sim::new(sim.truth().clone(), sim.now(), seed);
        let story = rehearse(&mut sim, engine::<Aws>(v2.clone(), Some(v1.clone()), "two"), quick());
        looks += story.looks;
        assert!(story.ending.is_some());
    }
    report(&format!("a rehearsal in {:?}, with {} looks", began.elapsed() / count as u32, u64::from(looks) / count));
}
