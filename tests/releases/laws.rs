//! Laws that hold for every deployment, every operation, and every world that can come about.

use rapplan::chance::Chance;
use rapplan::cloud::sim::Simulated;
use rapplan::cloud::{Cloud, Since};
use rapplan::engine::{Ending, Kill, Limits, Point, rehearse_watched};
use rapplan::units::{Moment, Span};

use crate::blueprints::Real;
use crate::judged;
use crate::matrix::trial;
use crate::on_aws::OnAws;
use crate::on_gcp::OnGcp;
use crate::support::{Act, LEASE, Lab, Wanted, World, engine, full, quick, report, run, told, well};

fn after_it_nothing_is_left_to_do<L: Lab>() {
    for strategy in L::STRATEGIES {
        for operation in L::OPERATIONS {
            let trial = trial::<L>(strategy, operation);
            let mut sim = trial.before.clone();
            well::<L>(&mut sim, &trial.to, trial.former.as_ref(), "one");
            let mut since = Since::default();
            since.note(L::Cloud::facts(sim.truth()), sim.now());
            let next = L::Cloud::next(&trial.to, sim.truth(), &since, sim.now());
            assert!(next.is_done(), "{}: {next:?}", trial.name);
            let again = well::<L>(&mut sim, &trial.to, None, "two");
            assert_eq!(again.ending, Some(Ending::Converged { changed: false }), "{}: {}", trial.name, told(&again));
        }
    }
}

#[test]
fn laws_after_apply_the_plan_is_empty() {
    after_it_nothing_is_left_to_do::<OnAws>();
    after_it_nothing_is_left_to_do::<OnGcp>();
    after_it_nothing_is_left_to_do::<Real<OnAws>>();
    after_it_nothing_is_left_to_do::<Real<OnGcp>>();
}

fn the_same_bytes<L: Lab>() {
    for strategy in L::STRATEGIES {
        for operation in L::OPERATIONS {
            let trial = trial::<L>(strategy, operation);
            let story = || {
                let mut sim = trial.before.clone();
                let story = run::<L>(&mut sim, &trial.to, trial.former.as_ref(), Limits::default(), "one").0;
                format!("{story:?} {:?}", sim.truth())
            };
            assert_eq!(story(), story(), "{}", trial.name);
        }
    }
}

#[test]
fn laws_the_same_world_gives_the_same_bytes() {
    the_same_bytes::<OnAws>();
    the_same_bytes::<OnGcp>();
    the_same_bytes::<Real<OnAws>>();
    the_same_bytes::<Real<OnGcp>>();
}

/// Judges what is next in a world, for a run that has just begun and for one that has watched for ever.
fn judge<L: Lab>(to: &Wanted<L>, world: &World<L>, now: Moment) -> Option<String> {
    let mut for_ever = Since::default();
    for_ever.note(L::Cloud::facts(world), Moment(0));
    let late = now + Span::seconds(1_000_000);
    let mut just_now = Since::default();
    just_now.note(L::Cloud::facts(world), now);
    let fresh = L::Cloud::next(to, world, &just_now, now);
    let again = L::Cloud::next(to, world, &just_now, now);
    let late = L::Cloud::next(to, world, &for_ever, late);
    if fresh != again {
        return Some("the same question has two answers".to_owned());
    }
    judged::judge::<L>(&fresh).or_else(|| judged::judge::<L>(&late))
}

/// Worlds come about by runs towards anything, killed anywhere, one after the other; each of them is judged after every change,
/// whatever is wanted then.
fn no_conflicts<L: Lab>(cloud: &str) {
    let (mut judged, seeds) = (0_u64, if full() { 2_000 } else { 60 });
    for seed in 0..seeds {
        let mut chance = Chance::new(seed);
        let mut below = |bound: usize| usize::try_from(chance.below(bound as u64)).unwrap();
        let mut sim = L::empty(seed);
        L::strangers(&mut sim);
        let foreign = L::foreign(sim.truth());
        for owner in ["one", "two", "three"] {
            let strategy = L::STRATEGIES[below(L::STRATEGIES.len())];
            let mut wants: Vec<Wanted<L>> =
                ["v1", "v2", "v3"].iter().map(|version| L::wanted(strategy, version, 1000)).collect();
            wants.push(L::Cloud::going_back(wants[0].clone()));
            wants.push(L::wanted(strategy, "v1", 1900));
            wants.push(L::nothing());
            let to = &wants[below(wants.len())];
            let mut wrong = None;
            let mut watch = |now: Moment, world: &World<L>, _: Option<&Act<L>>| {
                for wanted in &wants {
                    judged += 1;
                    wrong = wrong.take().or_else(|| judge::<L>(wanted, world, now));
                }
            };
            let kill = Some(Kill { call: below(30) as u32, point: Point::ALL[below(4)] });
            let engine = engine::<L::Cloud>(to.clone(), None, owner);
            rehearse_watched(&mut sim, engine, Limits { kill, ..quick() }, &mut watch);
            assert_eq!(wrong, None, "{seed} {owner} {strategy}");
            assert_eq!(L::foreign(sim.truth()), foreign, "{seed} {owner} {strategy}");
            sim.advance(sim.now() + LEASE);
        }
    }
    report(&format!("{cloud}: {judged} answers judged, none with two actions that conflict"));
}

#[test]
fn laws_aws_no_two_actions_conflict() {
    no_conflicts::<OnAws>("AWS");
}

#[test]
fn laws_gcp_no_two_actions_conflict() {
    no_conflicts::<OnGcp>("Google Cloud");
}

/// What belongs to others neither costs nor serves, whatever it is called.
fn strangers_count_for_nothing<L: Lab>(strategy: &str) {
    let to = L::wanted(strategy, "v1", 1000);
    let mut sim = L::empty(1);
    well::<L>(&mut sim, &to, None, "one");
    let of = |sim: &L::Sim| (L::Cloud::hourly(&to, sim.truth()), L::Cloud::serving(&to, sim.truth()));
    let alone = of(&sim);
    L::strangers(&mut sim);
    assert_eq!(of(&sim), alone);
    assert_ne!(alone.0, rapplan::units::Price(0));
}

#[test]
fn laws_strangers_count_for_nothing() {
    strangers_count_for_nothing::<OnAws>("whole");
    strangers_count_for_nothing::<OnGcp>("at once");
}
