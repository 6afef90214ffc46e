//! What was done to a deployment: one line of JSON for the beginning of each run, and one for its end.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::forecast::Outcome;
use crate::cloud::image::means;
use crate::cloud::shown::Version;

/// A run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Entry {
    /// Number of the run, from 1.
    pub revision: u32,
    /// When it began, in UTC.
    pub at: String,
    /// Who: user and machine.
    pub by: String,
    /// The command.
    pub command: String,
    /// The cloud.
    pub cloud: String,
    /// Whether it was a simulated one.
    pub simulated: bool,
    /// What was to change, one line each.
    pub what: Vec<String>,
    /// How it ended.
    pub outcome: Outcome,
    /// Why, where it did not end as wanted.
    pub why: Option<String>,
    /// How long it took on the clock of the cloud; absent while that is not known.
    pub took_ms: Option<u64>,
    /// The versions that were wanted, by service.
    pub versions: BTreeMap<String, Version>,
    /// The images of the user's own services that were wanted, each with its digest.
    #[serde(default)]
    pub images: BTreeMap<String, String>,
    /// What it was told of the demand, the blueprint and the machines, by setting.
    #[serde(default)]
    pub said: BTreeMap<String, String>,
    /// What was agreed to although it hurts: a capacity below the demand.
    #[serde(default)]
    pub agreed: Vec<String>,
    /// Hash of the state that was wanted, under which it is kept.
    pub desired: String,
}

/// All runs, oldest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History(Vec<Entry>);

impl History {
    /// From its lines; of several about a run, the last one counts.
    pub fn new(lines: Vec<Entry>) -> Self {
        let runs: BTreeMap<u32, Entry> = lines.into_iter().map(|entry| (entry.revision, entry)).collect();
        Self(runs.into_values().collect())
    }

    /// The runs, oldest first.
    pub fn runs(&self) -> &[Entry] {
        &self.0
    }

    /// The number of the next run.
    pub fn next(&self) -> u32 {
        self.0.last().map_or(1, |entry| entry.revision.saturating_add(1))
    }

    /// The run that left the deployment as it is meant to be: the last that ended as wanted.
    pub fn current(&self) -> Option<&Entry> {
        self.0.iter().rev().find(|entry| entry.outcome == Outcome::Done)
    }

    /// What a run that was cut short wanted, when nothing has been finished since.
    pub fn unfinished(&self) -> Option<&Entry> {
        self.0.last().filter(|entry| matches!(entry.outcome, Outcome::Started | Outcome::Stopped | Outcome::Failed))
    }

    /// The run that one goes back to without naming any: the last state that was reached, or the one before it when the
    /// deployment is in that state.
    pub fn before(&self) -> Option<&Entry> {
        let current = self.current()?;
        if self.unfinished().is_some() {
            return Some(current);
        }
        let other = |entry: &&Entry| {
            entry.outcome == Outcome::Done && entry.desired != current.desired && !entry.versions.is_empty()
        };
        self.0.iter().rev().find(other)
    }

    /// The last run of this number, or that wanted a version of this hash or image.
    pub fn named(&self, name: &str) -> Option<&Entry> {
        let number = name.parse::<u32>().ok();
        let is = |version: &Version| version.hash == name || version.label == name;
        let runs = |entry: &Entry| entry.images.values().any(|image| means(name, image));
        let found = |entry: &&Entry| {
            number == Some(entry.revision)
                || (entry.outcome == Outcome::Done && (entry.versions.values().any(is) || runs(entry)))
        };
        self.0.iter().rev().find(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(revision: u32, outcome: Outcome, desired: &str) -> Entry {
        let version = Version { hash: desired.to_owned(), label: format!("api:{desired}") };
        Entry {
            revision,
            at: String::new(),
            by: String::new(),
            command: String::new(),
            cloud: "aws".to_owned(),
            simulated: true,
            what: Vec::new(),
            outcome,
            why: None,
            took_ms: None,
            versions: BTreeMap::from([("api".to_owned(), version)]),
            images: BTreeMap::from([("api".to_owned(), format!("r/api:{desired}@sha256:00"))]),
            said: BTreeMap::new(),
            agreed: Vec::new(),
            desired: desired.to_owned(),
        }
    }

    #[test]
    fn goes_back_to_what_was_reached_before() {
        let lines = vec![
            entry(1, Outcome::Started, "a"),
            entry(1, Outcome::Done, "a"),
            entry(2, Outcome::Done, "b"),
            entry(3, Outcome::RolledBack, "c"),
        ];
        let history = History::new(lines.clone());
        assert_eq!((history.runs().len(), history.next()), (3, 4));
        assert_eq!(history.current().unwrap().revision, 2);
        assert_eq!(history.before().unwrap().revision, 1);
        assert_eq!(history.named("b").unwrap().revision, 2);
        assert_eq!(history.named("api:a").unwrap().revision, 1);
        assert_eq!(history.named("r/api:b").unwrap().revision, 2);
        assert_eq!(history.named("3").unwrap().desired, "c");
        assert_eq!(history.named("9"), None);
        // A run that died leaves something in between; going back is to what was there before it.
        let died = History::new(lines.into_iter().chain([entry(4, Outcome::Started, "d")]).collect());
        assert_eq!((died.before().unwrap().revision, died.unfinished().unwrap().revision), (2, 4));
    }
}
