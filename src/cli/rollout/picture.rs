//! Rehearsals as a page to look at: the run that came lowest beside the one of median length, and all of them together.

use super::asked::Asked;
use super::forecast::{Trial, disturbed};
use super::goal::{Goal, traced};
use super::planned_view::demand_rows;
use super::{DesiredOf, Story, events};
use crate::cloud::Serving;
use crate::cloud::shown::{Playable, Shown};
use crate::cloud::sim::Faults;
use crate::engine::Event;
use crate::render::report::rollout::{Rollout, Service};
use crate::units::Moment;

/// What a page is made from.
pub struct Shot<'a, S: Playable> {
    /// The world in which the runs began.
    pub world: &'a S,
    /// What they are for.
    pub goal: &'a Goal<DesiredOf<S>>,
    /// What goes wrong in them.
    pub faults: Option<&'a Faults>,
    /// The runs.
    pub runs: &'a [Trial],
    /// What was asked.
    pub asked: &'a Asked,
    /// The command, without how often it is tried.
    pub command: &'a str,
}

/// What was borne over time, and what was told.
struct Traced<S: Playable> {
    story: Story<S>,
    curve: Vec<(Moment, Vec<Serving>)>,
}

impl<S: Playable> Shot<'_, S> {
    /// The page, without its main figures and its failures, which are told elsewhere too.
    pub fn rollout(&self) -> Rollout {
        let (Some(lowest), Some(median)) = (self.lowest(), self.median()) else { return Rollout::default() };
        let low = self.run(lowest);
        let mid = if median == lowest { None } else { Some(self.run(median)) };
        let story = &low.story;
        let timeline =
            story.timeline.iter().filter_map(|(at, event)| events::line::<S::Cloud>(story.began, *at, event));
        Rollout {
            cloud: S::NAME.to_owned(),
            services: services(&low, mid.as_ref().unwrap_or(&low)),
            switches: switches::<S>(story),
            seeds: (lowest, median),
            seconds: self.runs.iter().map(|run| run.took_ms as f64 / 1000.0).collect(),
            dollars: self.runs.iter().map(|run| run.extra_usd.0 as f64 / 100.0).collect(),
            demand: demand_rows(&self.asked.demand),
            timeline: timeline.collect(),
            command: self.command.to_owned(),
            ..Rollout::default()
        }
    }

    fn run(&self, seed: u64) -> Traced<S> {
        let (story, curve) = traced(disturbed(self.world, seed, self.faults), self.goal);
        Traced { story, curve }
    }

    /// Seed of the run in which the capacity fell lowest, then with a zone lost, then the longest.
    fn lowest(&self) -> Option<u64> {
        let low = |run: &&Trial| {
            let least = |of: fn(&super::forecast::Lowest) -> u64| run.lowest.iter().map(of).min().unwrap_or(u64::MAX);
            let zone = least(|low| low.zone_lost.unwrap_or(u64::MAX));
            (least(|low| low.permille), zone, std::cmp::Reverse(run.took_ms), run.seed)
        };
        self.runs.iter().min_by_key(low).map(|run| run.seed)
    }

    /// Seed of the run than which half of them are no longer.
    fn median(&self) -> Option<u64> {
        let mut runs: Vec<(u64, u64)> = self.runs.iter().map(|run| (run.took_ms, run.seed)).collect();
        runs.sort_unstable();
        runs.get(runs.len().saturating_sub(1) / 2).map(|(_, seed)| *seed)
    }
}

/// Each service that has a demand, over time.
fn services<S: Playable>(low: &Traced<S>, median: &Traced<S>) -> Vec<Service> {
    let mut names: Vec<&str> = Vec::new();
    for one in low.curve.iter().flat_map(|(_, all)| all).filter(|one| one.permille.is_some()) {
        if !names.contains(&one.service.as_str()) {
            names.push(&one.service);
        }
    }
    let service = |name: &str| Service {
        name: name.to_owned(),
        lowest: points(low, name, |one| one.permille),
        zone_lost: points(low, name, |one| one.zone_lost),
        median: points(median, name, |one| one.permille),
    };
    names.into_iter().map(service).collect()
}

/// Where a value of a service changes, in seconds and percent, and where the run ends.
fn points<S: Playable>(run: &Traced<S>, service: &str, of: fn(&Serving) -> Option<u64>) -> Vec<(f64, f64)> {
    let began = run.story.began;
    let at = |at: Moment| at.since(began).0 as f64 / 1000.0;
    let mut points: Vec<(f64, f64)> = Vec::new();
    for (moment, all) in &run.curve {
        let Some(value) = all.iter().find(|one| one.service == service).and_then(of) else { continue };
        let value = value as f64 / 10.0;
        if points.last().is_none_or(|(_, last)| *last != value) {
            points.push((at(*moment), value));
        }
    }
    let end = points.last().map(|(_, value)| (at(run.story.ended), *value));
    points.extend(end.filter(|(at, _)| points.last().is_some_and(|(last, _)| last < at)));
    points
}

/// Where requests are shared anew, or instances begin to run another version.
fn switches<S: Playable>(story: &Story<S>) -> Vec<(f64, String, String)> {
    let switch = |(at, event): &(Moment, Event<_>)| {
        let Event::Sent { action, .. } = event else { return None };
        let service = <S::Cloud as Shown>::switches(action)?;
        Some((at.since(story.began).0 as f64 / 1000.0, service, action.to_string()))
    };
    story.timeline.iter().filter_map(switch).collect()
}
