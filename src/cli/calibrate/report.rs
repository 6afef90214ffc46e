//! What the files say together.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;

use super::write::Written;
use super::{About, Source};
use crate::blueprint::Blueprint;
use crate::blueprint::evidence::{Judgement, Playbook, Verdict};
use crate::demand::capacity::{self, Capacity, Judged, Measured, Objective, advice, judge, measured_of};
use crate::demand::load_test::{Loop, Point};
use crate::demand::scalability::{Fitted, Missing, Pace, fitted, pace};

/// The result of `calibrate`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Calibration {
    /// The scenario that was tested.
    pub scenario: String,
    /// The blueprint whose thresholds judge.
    pub blueprint: String,
    /// The files.
    pub sources: Vec<Source>,
    /// The points of all files, by load.
    pub points: Vec<Row>,
    /// The scalability law, when there are points enough.
    pub law: Option<Fitted>,
    /// Why there is no law.
    pub no_law: Option<Missing>,
    /// What must hold.
    pub objective: Objective,
    /// The capacity at the objective.
    pub capacity: Capacity,
    /// Bands of the blueprint's playbooks at the first load that is not stable.
    pub playbooks: Vec<Playbook>,
    /// What is missing, and what would be known with it.
    pub missing: Vec<String>,
    /// What was written into a blueprint.
    pub written: Option<Written>,
}

/// A point with what follows from it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Row {
    /// The id that it has in a blueprint.
    pub id: String,
    /// Which of the files it is from, counted from 0.
    pub source: usize,
    /// What was measured.
    #[serde(flatten)]
    pub point: Point,
    /// How the blueprint's thresholds judge it.
    pub judged: Judged,
    /// How users and requests go together.
    pub pace: Option<Pace>,
}

impl Row {
    fn measured(&self) -> Measured {
        measured_of(self.id.clone(), &self.point)
    }
}

/// Puts the files together.
pub fn report(sources: Vec<Source>, blueprint: &Blueprint, about: &About) -> Calibration {
    let points = points(&sources, &blueprint.verdicts, about);
    let closed = sources.iter().all(|source| source.run.kind == Loop::Closed);
    let plain: Vec<Point> = points.iter().map(|row| row.point.clone()).collect();
    let law = fitted(if closed { Loop::Closed } else { Loop::Open }, &plain);
    let measured: Vec<Measured> = points.iter().map(Row::measured).collect();
    let mut capacity = capacity::at(&about.scenario, &measured, &about.objective);
    capacity.machines.clone_from(&about.machines);
    capacity.excludes.clone_from(&about.excludes);
    let worst = points.iter().find(|row| row.judged.verdict.is_some_and(|verdict| verdict != Judgement::Stable));
    let playbooks = worst.and_then(|row| row.point.users).map(|users| advice(&blueprint.playbooks, users));
    let (law, no_law) = match law {
        Ok(law) => (Some(law), None),
        Err(missing) => (None, Some(missing)),
    };
    Calibration {
        missing: missing(&points, &sources, about),
        scenario: about.scenario.clone(),
        blueprint: blueprint.name.clone(),
        objective: about.objective.clone(),
        playbooks: playbooks.unwrap_or_default().into_iter().cloned().collect(),
        sources,
        points,
        law,
        no_law,
        capacity,
        written: None,
    }
}

fn points(sources: &[Source], verdicts: &[Verdict], about: &About) -> Vec<Row> {
    // A row on another service than the one that was asked says nothing of it.
    let other = |row: &&Verdict| about.service.is_none() || row.service.is_none() || row.service == about.service;
    let verdicts: Vec<Verdict> = verdicts.iter().filter(other).cloned().collect();
    let mut rows: Vec<Row> = Vec::new();
    let mut ids: IndexMap<String, u32> = IndexMap::new();
    for (i, source) in sources.iter().enumerate() {
        for point in &source.run.points {
            let point = Point { users: point.users.or(about.users), ..point.clone() };
            let load = match (point.users, point.rate) {
                (Some(users), _) => users.0.to_string(),
                (None, Some(rate)) => rate.to_string(),
                (None, None) => "unknown".to_owned(),
            };
            // The hash makes the id the same for the same run, whatever its file is called.
            let mut id = format!("{} {load} {}", about.scenario, &source.sha256[..8]);
            let times = ids.entry(id.clone()).or_insert(0);
            *times += 1;
            if *times > 1 {
                id = format!("{id} {times}");
            }
            let judged = judge(&verdicts, &measured_of(id.clone(), &point));
            let pace = (source.run.kind == Loop::Closed).then(|| pace(&point)).flatten();
            rows.push(Row { id, source: i, point, judged, pace });
        }
    }
    rows.sort_by_key(|row| (row.point.users, row.point.rate));
    rows
}

fn missing(points: &[Row], sources: &[Source], about: &About) -> Vec<String> {
    let mut missing = Vec::new();
    let mut say = |lacking: bool, what: &str| missing.extend(lacking.then(|| what.to_owned()));
    say(
        points.iter().any(|row| row.point.users.is_none()),
        "the number of users: `--users`; without it the capacity is one of requests per second, and nothing can be written",
    );
    say(
        points.iter().any(|row| row.point.rate.is_none()),
        "the requests per second: without them there is no law and no pause",
    );
    say(
        points.iter().any(|row| row.point.p99.is_none()),
        "the p99: k6 tells it with `--summary-trend-stats=\"avg,med,p(95),p(99)\"`",
    );
    say(
        about.objective.limits.is_empty(),
        "an objective: `--p95 500ms --max-error-rate 1%`; without one no capacity is told",
    );
    say(about.machines.is_empty(), "the machines: `--machine backend=t4g.medium`; a capacity is one of machines");
    say(
        points.iter().any(|row| row.judged.verdict.is_none()),
        "thresholds: the blueprint has no `[[verdicts]]` on response times or errors; `--blueprint` names another one",
    );
    let dated = about.date.is_some() || sources.iter().all(|source| source.run.date.is_some());
    say(!dated, "the day of the test: `--date`");
    let hashes: BTreeSet<&str> = sources.iter().map(|source| source.sha256.as_str()).collect();
    say(hashes.len() < sources.len(), "another run: two of the files are the same");
    missing
}
