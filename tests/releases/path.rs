//! How long a release takes beside the longest chain of what must follow one another.

use rapplan::cloud::aws::Action;
use rapplan::cloud::aws::sim::{Sim, Timing};
use rapplan::cloud::sim::Simulated;
use rapplan::engine::{Ending, Event, Limits};
use rapplan::units::{Moment, Span};

use crate::blueprints::Real;
use crate::matrix::trial;
use crate::on_aws::{OnAws, desired};
use crate::support::{Lab, Story, report, run, told, well};

/// Calls that must follow one another when all requests move at once: template and target group; group and rule; all requests
/// to it; the old version out of the rule and its group emptied; the old group; the old target group.
const CALLS: usize = 6;
/// Looks between them that nothing can do without: one before anything is done, the last one at the health of the new version.
const LOOKS: usize = 2;
/// The lease: it is taken, and seen to be held.
const LEASE: usize = 2;

fn release(call: u64) -> (Sim, Story<OnAws>) {
    let timing = Timing { spread_permille: 0, call: Span(call), ..Timing::default() };
    let mut sim = Sim::new(rapplan::cloud::aws::World::default(), Moment(0), 1).with_timing(timing);
    well::<OnAws>(&mut sim, &desired("at once", "v1", 1000), None, "one");
    let (v1, v2) = (desired("at once", "v1", 1000), desired("at once", "v2", 1000));
    let (story, broken) = run::<OnAws>(&mut sim, &v2, Some(&v1), Limits::default(), "two");
    assert_eq!(story.ending, Some(Ending::Converged { changed: true }));
    assert!(broken.is_empty(), "{broken:?}");
    (sim, story)
}

/// When each call but those about the lease was sent and came back.
fn calls(story: &Story<OnAws>) -> Vec<(Moment, Moment, String)> {
    let done = story.timeline.iter().filter_map(|(at, event)| match event {
        Event::Done { action, took } if !matches!(action, Action::Lease(_)) => {
            Some((*at - *took, *at, action.to_string()))
        }
        _ => None,
    });
    done.collect()
}

/// The most calls of which each was sent when the one before it was back.
fn longest_chain(calls: &[(Moment, Moment, String)]) -> Vec<&str> {
    let (mut chain, mut free) = (Vec::new(), Moment(0));
    // Those off the path, such as holding the old group, go along with others and make no chain longer, when taken by end.
    let mut by_end: Vec<_> = calls.iter().collect();
    by_end.sort_by_key(|(_, back, _)| *back);
    for (sent, back, says) in by_end {
        if *sent >= free {
            chain.push(says.as_str());
            free = *back;
        }
    }
    chain
}

/// Calls on the path to the end, walked backwards: each was sent the moment that the one before it was back, or after a wait.
fn needed(chain: &[&str]) -> usize {
    let off = ["tag group", "keep group", "suspend", "let group", "resume"];
    chain.iter().filter(|says| !off.iter().any(|verb| says.starts_with(verb))).count()
}

#[test]
fn a_release_takes_hardly_more_than_its_critical_path() {
    for call in [10, 80, 300, 1000] {
        let (_, story) = release(call);
        let calls = calls(&story);
        let chain = longest_chain(&calls);
        let path = needed(&chain);
        assert!(path * 10 <= CALLS * 12, "{path} calls one after the other: {chain:#?}\n{}", told(&story));
        let timing = Timing::default();
        let fleet = &desired("at once", "v2", 1000).fleets["api"];
        let (release, once) = (&fleet.release, |span: Span| span.0);
        // Nothing drains: requests left the old version a whole bake ago.
        let waits = once(timing.launch)
            + once(timing.boot)
            + once(timing.start)
            + once(release.interval)
            + once(release.steady)
            + once(release.bake)
            + once(timing.end)
            + once(timing.group_gone);
        let trips = (CALLS + LOOKS + LEASE) as u64 * call;
        let (took, least) = (story.ended.since(story.began).0, waits + trips);
        report(&format!(
            "{call} ms a call: {path} calls in a row of {CALLS}, {} calls in all; {} s, and {} s at the very least",
            calls.len(),
            took / 1000,
            least / 1000
        ));
        assert!(took * 10 <= least * 12, "{took} ms of {least}\n{}", told(&story));
    }
}

/// The same holds for what a blueprint wants, with its network, its machines and its disks around the service that is released.
#[test]
fn around_it_nothing_makes_the_path_longer() {
    let trial = trial::<Real<OnAws>>("chatty split", "release");
    let story = well::<Real<OnAws>>(&mut trial.before.clone(), &trial.to, trial.former.as_ref(), "two");
    let calls = calls(&story);
    let chain = longest_chain(&calls);
    let path = needed(&chain);
    report(&format!("a release of {}: {path} calls in a row of {CALLS}, {} calls in all", trial.name, calls.len()));
    assert!(path * 10 <= CALLS * 12, "{chain:#?}\n{}", told(&story));
}

/// From the last shift of requests until the old version is touched, the bake passes.
#[test]
fn the_old_version_stays_whole_until_the_bake_ends() {
    let (sim, story) = release(80);
    let calls = calls(&story);
    let at = |says: &str| calls.iter().find(|(_, _, said)| said.contains(says)).unwrap();
    let shifted = at("shop-api-v2 100");
    let emptied = at("size group shop-api-v1 to 0");
    assert!(emptied.0.since(shifted.1) >= Span::seconds(300), "{}", told(&story));
    assert_eq!(OnAws::left_over(sim.truth()), Vec::<String>::new());
}
