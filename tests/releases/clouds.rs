//! The simulated clouds themselves: what emulators hide, and each fact as the documentation has it.

use std::collections::{BTreeMap, BTreeSet};

use rapplan::cloud::aws::world::{Health, Process};
use rapplan::cloud::aws::{Action, Aws};
use rapplan::cloud::gcp::world::{Doing, Mode, Version};
use rapplan::cloud::sim::{Faults, Look, Simulated};
use rapplan::cloud::{Cloud, Trouble, gcp};
use rapplan::units::{Moment, Span};

use crate::on_aws::{OnAws, desired};
use crate::on_gcp::{self, OnGcp};
use crate::support::{Lab, well};

type Sim = rapplan::cloud::aws::sim::Sim;

const GROUP: &str = "shop-api-v1";

fn on_v1() -> Sim {
    let mut sim = OnAws::empty(1);
    well::<OnAws>(&mut sim, &desired("at once", "v1", 1000), None, "one");
    sim
}

fn later(sim: &mut impl Simulated, seconds: u64) {
    sim.advance(sim.now() + Span::seconds(seconds));
}

fn counts(sim: &Sim) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for health in sim.truth().targets[GROUP].values() {
        *counts.entry(format!("{health:?}")).or_default() += 1;
    }
    counts
}

fn share(weights: &[(&str, u16)]) -> Action {
    let weights = weights.iter().map(|(name, weight)| ((*name).to_owned(), *weight)).collect();
    Action::Share { service: "api".to_owned(), weights, tags: BTreeMap::new() }
}

#[test]
fn targets_that_no_rule_names_are_not_checked() {
    let mut sim = on_v1();
    let other = "other".to_owned();
    sim.by_hand(|world| {
        let found = world.resources.values().find(|found| found.id.contains("target-group")).unwrap().clone();
        let address = rapplan::cloud::resource::Address::new(rapplan::cloud::aws::Kind::TargetGroup, other.clone());
        world.resources.insert(address, found);
    });
    sim.perform(&share(&[("other", 100)]), None).unwrap();
    assert_eq!(counts(&sim), BTreeMap::from([("Unused".to_owned(), 5)]));
    later(&mut sim, 600);
    assert_eq!(counts(&sim), BTreeMap::from([("Unused".to_owned(), 5)]));
    // At weight 0 they are; one check that passes is enough.
    sim.perform(&share(&[("other", 100), (GROUP, 0)]), None).unwrap();
    assert_eq!(counts(&sim), BTreeMap::from([("Initial".to_owned(), 5)]));
    later(&mut sim, 60);
    assert_eq!(counts(&sim), BTreeMap::from([("Healthy".to_owned(), 5)]));
}

#[test]
fn getting_well_again_takes_as_many_checks_as_the_threshold() {
    let mut sim = on_v1();
    sim.sicken_at(sim.now(), GROUP, 0, Span::seconds(25));
    later(&mut sim, 19);
    assert_eq!(counts(&sim)["Healthy"], 5);
    // Two checks, ten seconds apart.
    later(&mut sim, 2);
    assert_eq!(counts(&sim)["Unhealthy"], 1);
    // It answers again after 25 s, and five checks later this is believed.
    later(&mut sim, 50);
    assert_eq!(counts(&sim)["Unhealthy"], 1);
    later(&mut sim, 5);
    assert_eq!(counts(&sim), BTreeMap::from([("Healthy".to_owned(), 5)]));
}

#[test]
fn a_group_replaces_what_stays_ill() {
    let mut sim = on_v1();
    let first = sim.truth().groups[GROUP].instances[0].id.clone();
    sim.sicken_at(sim.now(), GROUP, 0, Span::seconds(3600));
    later(&mut sim, 900);
    let group = &sim.truth().groups[GROUP];
    assert!(group.instances.iter().all(|instance| instance.id != first));
    assert_eq!((group.instances.len(), counts(&sim)["Healthy"]), (5, 5));
}

#[test]
fn a_group_none_of_which_ever_passed_replaces_nothing() {
    let mut sim = OnAws::empty(1);
    sim.break_version("v1");
    let engine = crate::support::engine::<Aws>(desired("at once", "v1", 1000), None, "one");
    rapplan::engine::rehearse(&mut sim, engine, crate::support::quick());
    assert_eq!(counts(&sim), BTreeMap::from([("Unhealthy".to_owned(), 5)]));
    assert_eq!(sim.truth().groups[GROUP].instances[4].id, format!("i-{:017x}", 5));
}

/// A load balancer all of whose targets are unhealthy sends requests to all of them; here such requests count as dropped.
#[test]
fn requests_to_unhealthy_targets_count_as_dropped() {
    let mut sim = on_v1();
    for place in 0..5 {
        sim.sicken_at(sim.now(), GROUP, place, Span::seconds(300));
    }
    later(&mut sim, 21);
    let serving = Aws::serving(&desired("at once", "v1", 1000), sim.truth());
    assert_eq!((serving[0].permille, serving[0].healthy), (Some(0), 0));
}

#[test]
fn a_target_is_shown_as_draining_until_the_delay_is_over() {
    let mut sim = on_v1();
    let resize = Action::Resize { group: GROUP.to_owned(), min: 4, max: 10, desired: Some(4) };
    sim.perform(&resize, None).unwrap();
    later(&mut sim, 29);
    assert_eq!(counts(&sim)["Draining"], 1);
    let gone = Action::DeleteGroup { group: GROUP.to_owned() };
    assert_eq!(sim.perform(&gone, None).unwrap_err().trouble, Trouble::NotReady);
}

#[test]
fn the_clock_and_rebalancing_stop_when_they_are_suspended() {
    for suspended in [false, true] {
        let mut sim = on_v1();
        if suspended {
            let processes = BTreeSet::from([Process::AzRebalance, Process::ScheduledActions]);
            sim.perform(&Action::Suspend { group: GROUP.to_owned(), processes }, None).unwrap();
        }
        let before: Vec<String> = sim.truth().groups[GROUP].instances.iter().map(|one| one.id.clone()).collect();
        sim.rebalance_at(sim.now(), GROUP);
        later(&mut sim, 600);
        let after: Vec<String> = sim.truth().groups[GROUP].instances.iter().map(|one| one.id.clone()).collect();
        assert_eq!((before == after, after.len()), (suspended, 5));
        sim.schedule_at(sim.now(), GROUP, 1, 10, 2);
        later(&mut sim, 600);
        assert_eq!(sim.truth().groups[GROUP].instances.len(), if suspended { 5 } else { 2 });
    }
}

#[test]
fn an_instance_whose_hook_hangs_is_given_up_after_an_hour() {
    let faults = Faults { hangs: 1_000_000, ..Faults::default() };
    let mut sim = Sim::new(on_v1().truth().clone(), Moment(0), 1).with_faults(faults);
    sim.scale_at(Moment(1), GROUP, 6);
    sim.advance(Moment(3_500_000));
    let last = |sim: &Sim| sim.truth().groups[GROUP].instances.last().unwrap().clone();
    let first = last(&sim);
    assert_eq!(first.state, rapplan::cloud::aws::world::Lifecycle::Pending);
    sim.advance(Moment(3_700_000));
    assert_ne!(last(&sim).id, first.id);
}

#[test]
fn looks_lag_behind_no_further_than_they_may() {
    let faults = Faults { stale: 1_000_000, lag: Span::seconds(4), ..Faults::default() };
    let mut sim = Sim::new(on_v1().truth().clone(), Moment(0), 1).with_faults(faults);
    let group = || GROUP.to_owned();
    let resize = |max| Action::Resize { group: group(), min: 5, max, desired: None };
    sim.perform(&resize(11), None).unwrap();
    later(&mut sim, 10);
    sim.perform(&resize(12), None).unwrap();
    let mut seen = BTreeSet::new();
    for _ in 0..50 {
        let Ok(Look::New(world, None)) = sim.look(None) else { panic!("not stale") };
        seen.insert(world.groups[GROUP].max);
    }
    assert_eq!(seen, BTreeSet::from([11, 12]));
    later(&mut sim, 10);
    sim.perform(&resize(13), None).unwrap();
    for _ in 0..50 {
        let Ok(Look::New(world, None)) = sim.look(None) else { panic!("not stale") };
        assert!(world.groups[GROUP].max >= 12);
    }
    // However long nothing has changed.
    later(&mut sim, 4);
    for _ in 0..50 {
        let Ok(Look::New(world, None)) = sim.look(None) else { panic!("not stale") };
        assert_eq!(world.groups[GROUP].max, 13);
    }
}

fn on_gcp_v1(strategy: &str) -> gcp::sim::Sim {
    let mut sim = OnGcp::empty(1);
    well::<OnGcp>(&mut sim, &on_gcp::desired(strategy, "v1", 1000), None, "one");
    sim
}

#[test]
fn an_instance_that_was_healthy_once_is_available_for_ever() {
    let mut sim = on_gcp_v1("at once");
    sim.sicken_at(sim.now(), "shop-ai", 0, Span::seconds(30));
    later(&mut sim, 1);
    let group = &sim.truth().groups["shop-ai"];
    assert_eq!((group.instances[0].action, group.instances[0].healthy), (Doing::None, Some(false)));
    assert!(group.is_stable && group.is_reached && group.healthy() == 4);
    assert!(!group.is_settled("shop-ai-v1"));
}

#[test]
fn a_stale_fingerprint_and_too_small_a_surge_are_refused() {
    let mut sim = on_gcp_v1("at once");
    let group = "shop-ai".to_owned();
    let versions = vec![Version { template: "shop-ai-v1".to_owned(), size: None }];
    let fingerprint = sim.truth().groups[&group].fingerprint;
    let patch = |fingerprint, max_surge| {
        let (group, versions) = (group.clone(), versions.clone());
        gcp::Action::PatchVersions { group, versions, max_surge, fingerprint }
    };
    sim.by_hand(|_| {});
    assert_eq!(sim.perform(&patch(fingerprint, 3), None).unwrap_err().trouble, Trouble::Conflict);
    assert_eq!(sim.perform(&patch(fingerprint + 1, 2), None).unwrap_err().trouble, Trouble::Invalid);
    assert!(sim.truth().groups[&group].is_stable);
    sim.perform(&patch(fingerprint + 1, 3), None).unwrap();
    // The updater has not woken yet, and the group still calls itself stable.
    assert!(sim.truth().groups[&group].is_stable && !sim.truth().groups[&group].is_reached);
}

#[test]
fn an_autoscaler_that_may_only_grow_does_not_shrink() {
    let mut sim = on_gcp_v1("at once");
    sim.scale_at(sim.now(), "shop-ai", 8);
    later(&mut sim, 1);
    let group = "shop-ai".to_owned();
    let (mode, restore) = (Mode::OnlyScaleOut, Some(Mode::On));
    let cpu_percent = None;
    sim.perform(&gcp::Action::PatchAutoscaler { group, mode, restore, min: 5, max: 10, cpu_percent }, None).unwrap();
    sim.scale_at(sim.now(), "shop-ai", 5);
    later(&mut sim, 1);
    assert_eq!(sim.truth().groups["shop-ai"].target_size, 8);
    let resize = gcp::Action::Resize { group: "shop-ai".to_owned(), size: 5 };
    assert_eq!(sim.perform(&resize, None).unwrap_err().trouble, Trouble::Invalid);
}

#[test]
fn a_group_tries_for_ever_to_make_what_it_cannot() {
    let mut sim = on_gcp_v1("at once");
    for zone in ["a", "b", "c"] {
        sim.run_out(zone, sim.now() + Span::seconds(7200));
    }
    sim.scale_at(sim.now(), "shop-ai", 8);
    later(&mut sim, 7000);
    let group = &sim.truth().groups["shop-ai"];
    assert!(group.trouble.as_ref().unwrap().contains("ZONE_RESOURCE_POOL_EXHAUSTED") && !group.is_stable);
    later(&mut sim, 600);
    assert_eq!(sim.truth().groups["shop-ai"].healthy(), 8);
}

#[test]
fn a_lost_reply_has_its_effect() {
    let mut sim = on_v1().with_faults(Faults { lost: 1_000_000, ..Faults::default() });
    let resize = Action::Resize { group: GROUP.to_owned(), min: 5, max: 7, desired: None };
    assert_eq!(sim.perform(&resize, None).unwrap_err().trouble, Trouble::Unknown);
    assert_eq!(sim.truth().groups[GROUP].max, 7);
    assert_eq!(sim.truth().targets[GROUP].values().filter(|health| **health == Health::Healthy).count(), 5);
}
