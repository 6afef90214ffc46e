//! One machine with its disk: replaced by moving the disk, never twice at it, and only where that was agreed to.

use rapplan::cloud::aws::world::Power;
use rapplan::cloud::sim::Simulated;
use rapplan::engine::{Ending, Limits};

use crate::on_aws::{OnAws, desired};
use crate::support::{Lab, run, told, well};

#[test]
fn a_machine_is_replaced_and_keeps_its_disk() {
    let mut sim = OnAws::empty(1);
    well::<OnAws>(&mut sim, &desired("single", "v1", 1000), None, "one");
    well::<OnAws>(&mut sim, &desired("single", "v2", 1000), Some(&desired("single", "v1", 1000)), "two");
    let machines = &sim.truth().machines;
    assert_eq!(machines.keys().collect::<Vec<_>>(), ["shop-db-v2"]);
    let machine = &machines["shop-db-v2"];
    assert_eq!((machine.state, machine.healthy, machine.volume.as_deref()), (Power::Running, true, Some("shop-db")));
}

#[test]
fn an_interruption_is_refused_before_anything_is_begun() {
    let mut sim = OnAws::empty(1);
    well::<OnAws>(&mut sim, &desired("single", "v1", 1000), None, "one");
    let before = OnAws::shape(sim.truth());
    let mut to = desired("single", "v2", 1000);
    to.singles.get_mut("db").unwrap().may_interrupt = false;
    let (story, _) = run::<OnAws>(&mut sim, &to, None, Limits::default(), "two");
    assert!(matches!(story.ending, Some(Ending::Refused { .. })), "{}", told(&story));
    assert_eq!(OnAws::shape(sim.truth()), before);
}

#[test]
fn a_version_that_never_answers_is_taken_back_with_the_disk() {
    let mut sim = OnAws::empty(1);
    let v1 = desired("single", "v1", 1000);
    well::<OnAws>(&mut sim, &v1, None, "one");
    let before = OnAws::shape(sim.truth());
    sim.break_version("v2");
    let (story, _) = run::<OnAws>(&mut sim, &desired("single", "v2", 1000), Some(&v1), Limits::default(), "two");
    assert!(matches!(story.ending, Some(Ending::RolledBack { .. })), "{}", told(&story));
    assert_eq!(OnAws::shape(sim.truth()), before, "{}", told(&story));
}

#[test]
fn a_disk_is_not_deleted_without_a_word_of_its_own() {
    let mut sim = OnAws::empty(1);
    well::<OnAws>(&mut sim, &desired("single", "v1", 1000), None, "one");
    let nothing = rapplan::cloud::aws::Desired { allow_data_loss: false, ..OnAws::nothing() };
    let (story, _) = run::<OnAws>(&mut sim, &nothing, None, Limits::default(), "two");
    assert!(matches!(story.ending, Some(Ending::Refused { .. })), "{}", told(&story));
    let left: Vec<String> = sim.truth().resources.keys().map(ToString::to_string).collect();
    assert_eq!(left, ["volume/shop-db"]);
}
