//! The engine by itself: told what happened, it answers what is to be done.

use std::collections::BTreeMap;

use rapplan::cloud::aws::{Action, Aws, Desired, World};
use rapplan::cloud::sim::{Faults, Simulated};
use rapplan::cloud::{Lease, LeaseChange};
use rapplan::engine::{CallId, Ending, Engine, Event, Input, Limits, Output};
use rapplan::units::{Moment, Span};

use crate::on_aws::{OnAws, desired};
use crate::support::{Lab, engine, run, told, well};

fn look(world: &World, began: u64) -> Input<Aws> {
    Input::Observed(Box::new(world.clone()), Moment(began))
}

fn sent(outputs: &[Output<Aws>]) -> Vec<(CallId, Action)> {
    let call = |output: &Output<Aws>| match output {
        Output::Perform(call, action) => Some((*call, action.clone())),
        _ => None,
    };
    outputs.iter().filter_map(call).collect()
}

/// An engine that holds the lease, at 40 ms, and its answer to the look that showed this.
fn leased(to: Desired, world: &mut World) -> (Engine<Aws>, Lease, Vec<Output<Aws>>) {
    let mut engine = engine::<Aws>(to, None, "one");
    engine.on(Moment(0), Input::Woke);
    let (call, Action::Lease(LeaseChange::Take(lease))) = sent(&engine.on(Moment(10), look(world, 5))).remove(0) else {
        panic!("no lease is taken")
    };
    world.lease = Some(lease.clone());
    // Two runs may have been told that they have it: only a look shows which one does.
    assert_eq!(sent(&engine.on(Moment(20), Input::Replied(call, Ok(())))), []);
    let outputs = engine.on(Moment(40), look(world, 30));
    (engine, lease, outputs)
}

/// Also where the cloud itself would not refuse its calls.
#[test]
fn what_sees_a_newer_lease_sends_nothing_more() {
    let mut world = World::default();
    let (mut engine, lease, outputs) = leased(desired("at once", "v1", 1000), &mut world);
    assert_eq!(sent(&outputs).len(), 2, "template and target group");
    world.lease = Some(Lease { owner: "two".to_owned(), generation: lease.generation + 1, ..lease });
    let outputs = engine.on(Moment(60), look(&world, 50));
    assert!(outputs.iter().any(|one| matches!(one, Output::End(Ending::Fenced))), "{outputs:?}");
    assert_eq!(sent(&outputs), []);
}

/// A reply says that a call was taken; that everything is as it is wanted only a look after it can say.
#[test]
fn it_ends_only_after_a_look_that_shows_the_end() {
    let to = desired("in steps", "v1", 1000);
    let mut sim = OnAws::empty(1);
    well::<OnAws>(&mut sim, &to, None, "first");
    let done = World { lease: None, ..sim.truth().clone() };
    let mut world = done.clone();
    world.groups.get_mut("shop-api-v1").unwrap().scaling = None;
    let (mut engine, lease, outputs) = leased(to, &mut world);
    let ends = |outputs: &[Output<Aws>]| outputs.iter().any(|one| matches!(one, Output::End(_)));
    let calls = sent(&outputs);
    let [(call, Action::PutPolicy { .. })] = calls.as_slice() else { panic!("{outputs:?}") };
    let outputs = engine.on(Moment(60), Input::Replied(*call, Ok(())));
    assert!(!ends(&outputs) && outputs.iter().any(|one| matches!(one, Output::Observe)), "{outputs:?}");
    let done = World { lease: Some(lease), ..done };
    // One that began before the reply may not show what happened since.
    let outputs = engine.on(Moment(70), look(&done, 55));
    assert!(!ends(&outputs), "{outputs:?}");
    assert!(ends(&engine.on(Moment(90), look(&done, 80))));
}

/// A look that lags behind makes no call twice, as what was just done is known.
#[test]
fn looks_that_lag_make_no_call_twice() {
    let mut calm = OnAws::empty(1);
    let (v1, v2) = (desired("in steps", "v1", 1000), desired("in steps", "v2", 1000));
    well::<OnAws>(&mut calm, &v1, None, "one");
    let faults = Faults { stale: 500_000, lag: Span::seconds(4), ..Faults::default() };
    for seed in 0..40 {
        let mut sim =
            rapplan::cloud::aws::sim::Sim::new(calm.truth().clone(), calm.now(), seed).with_faults(faults.clone());
        let (story, broken) = run::<OnAws>(&mut sim, &v2, Some(&v1), Limits::default(), "two");
        assert!(matches!(story.ending, Some(Ending::Converged { .. })) && broken.is_empty(), "{seed} {broken:?}");
        let mut times = BTreeMap::new();
        for (_, event) in &story.timeline {
            if let Event::Sent { action, .. } = event {
                *times.entry(action.to_string()).or_insert(0) += usize::from(!matches!(action, Action::Lease(_)));
            }
        }
        let twice: Vec<_> = times.iter().filter(|(_, times)| **times > 1).collect();
        assert!(twice.is_empty(), "{seed}: {twice:?}\n{}", told(&story));
    }
}
