//! What was done to a deployment and the states that were wanted: in the folder `.rapplan`, or in a bucket that others write
//! to as well.
//!
//! The history is one object with a line of JSON for the beginning of each run and one for its end; each state is an object
//! named after its content. Whoever is slower begins anew with what the faster one has written, so that no line is lost and
//! no number is given to two runs.

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::folder_bucket::{self, FolderBucket};
use super::history::{Entry, History};
use super::kept::{self, Label, damaged, hash_of, line};
use super::store::FOLDER;
use crate::cli::settings::Settings;
use crate::engine::{Policy, put_once, update};
use crate::error::{Code, Problem, Result};

/// Where the records of a deployment are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Records {
    folder: PathBuf,
    deployment: String,
}

/// A line of the history.
#[derive(Serialize, Deserialize)]
struct Line {
    /// What tells the run from every other one: who, when, and which process.
    #[serde(default)]
    run: String,
    #[serde(flatten)]
    entry: Entry,
}

impl Records {
    /// Where the settings say that they are.
    ///
    /// # Errors
    /// What is no bucket, or one that cannot be reached.
    pub fn of(settings: &Settings, deployment: &str, simulate: bool) -> Result<Self> {
        let folder = match settings.resolve("history.bucket") {
            None => Path::new(FOLDER).join("history"),
            Some(setting) => {
                let Some(path) = path_of(&setting.text) else {
                    let what = format!("{}: `{}` is not a bucket", setting.name(), setting.text);
                    return Err(Problem::new(Code::BadValue, what)
                        .hint("give its address, such as s3://acme-releases/rapplan or gs://acme-releases")
                        .into());
                };
                if !simulate {
                    let what = format!("this version of rapplan does not reach `{}` yet", setting.text);
                    return Err(Problem::new(Code::NoCredentials, what)
                        .because("it would need credentials, and no part that uses them is built in")
                        .hint("a simulated bucket of the same name works without an account: --simulate")
                        .into());
                }
                Path::new(FOLDER).join("simulated").join("buckets").join(path)
            }
        };
        Ok(Self { folder, deployment: deployment.to_owned() })
    }

    /// Name of the deployment.
    pub fn deployment(&self) -> &str {
        &self.deployment
    }

    fn bucket(&self) -> FolderBucket {
        FolderBucket::new(&self.folder)
    }

    fn lines(&self) -> String {
        format!("{}.jsonl", self.deployment)
    }

    fn state(&self, hash: &str) -> String {
        format!("{}/{hash}.json", self.deployment)
    }

    /// Where a state is kept, for messages.
    pub fn place_of(&self, hash: &str) -> String {
        self.folder.join(self.state(hash)).display().to_string()
    }

    /// What was done to the deployment so far.
    ///
    /// # Errors
    /// `E0711` when a line is damaged; `E0501` when it cannot be read.
    pub fn history(&self) -> Result<History> {
        let body = self.bucket().body(&self.lines())?;
        Ok(History::new(self.parse(body.as_deref())?.into_iter().map(|line| line.entry).collect()))
    }

    fn parse(&self, body: Option<&[u8]>) -> Result<Vec<Line>> {
        let from = self.folder.join(self.lines()).display().to_string();
        let text = std::str::from_utf8(body.unwrap_or_default()).map_err(|error| damaged(&from, &error.to_string()))?;
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let read = |(number, line): (usize, &str)| {
            serde_json::from_str(line).map_err(|error| damaged(&from, &format!("line {}: {error}", number + 1)).into())
        };
        lines.map(read).collect()
    }

    /// Writes down that a run begins, before anything is sent: one that dies leaves what it wanted. Answers the entry with
    /// the number that the run has got.
    ///
    /// # Errors
    /// `E0711` when the history is damaged; `E0501` when it cannot be written.
    pub fn begin(&self, entry: Entry) -> Result<Entry> {
        self.add(entry, |entry, lines| {
            let runs: Vec<Entry> = lines.iter().map(|line| line.entry.clone()).collect();
            entry.revision = History::new(runs).next();
        })
    }

    /// Writes down how a run has ended.
    ///
    /// # Errors
    /// As [`Self::begin`].
    pub fn end(&self, entry: &Entry) -> Result<()> {
        self.add(entry.clone(), |_, _| ()).map(drop)
    }

    fn add(&self, mut entry: Entry, number: impl Fn(&mut Entry, &[Line])) -> Result<Entry> {
        let run = run_of(&entry)?;
        let mut wrong = None;
        let mut change = |there: Option<&[u8]>| -> Result<Option<Vec<u8>>> {
            let lines = self.parse(there)?;
            if let Some(mine) = lines.iter().find(|line| line.run == run && line.entry.outcome == entry.outcome) {
                entry.revision = mine.entry.revision;
                return Ok(None);
            }
            number(&mut entry, &lines);
            let mut body = there.unwrap_or_default().to_vec();
            body.extend(line(&Line { run: run.clone(), entry: entry.clone() })?.bytes());
            body.push(b'\n');
            Ok(Some(body))
        };
        let policy = Policy::default();
        update(&mut self.bucket(), &self.lines(), &policy, 1, &mut |there| match change(there) {
            Ok(body) => body,
            Err(error) => {
                wrong = Some(error);
                None
            }
        })
        .map_err(folder_bucket::told)?;
        wrong.map_or(Ok(entry), Err)
    }

    /// A state that was wanted once; none when it is not kept any more.
    ///
    /// # Errors
    /// `E0711` when it is damaged, of another version, or of another cloud.
    pub fn desired<D: DeserializeOwned>(&self, cloud: &str, hash: &str) -> Result<Option<D>> {
        let Some(body) = self.bucket().body(&self.state(hash))? else { return Ok(None) };
        let from = self.place_of(hash);
        let text = String::from_utf8(body).map_err(|error| damaged(&from, &error.to_string()))?;
        kept::state(self.label(cloud), &text, &from).map(Some)
    }

    /// Keeps a state that is wanted, by the hash of it.
    ///
    /// # Errors
    /// `E0501` when it cannot be written.
    pub fn keep_desired<D: Serialize>(&self, cloud: &str, desired: &D) -> Result<String> {
        let hash = hash_of(desired)?;
        let text = kept::text(self.label(cloud), desired)?;
        put_once(&mut self.bucket(), &self.state(&hash), &Policy::default(), 1, text.as_bytes())
            .map_err(folder_bucket::told)?;
        Ok(hash)
    }

    fn label<'a>(&'a self, cloud: &'a str) -> Label<'a> {
        Label { kind: "desired", cloud, deployment: &self.deployment }
    }
}

/// Two processes of one user that begin in the same second differ in their number.
fn run_of(entry: &Entry) -> Result<String> {
    hash_of(&(&entry.by, &entry.at, &entry.command, std::process::id()))
}

/// `s3://bucket/prefix` as a path: of a bucket's name and folders that lead nowhere else.
fn path_of(address: &str) -> Option<PathBuf> {
    let (scheme, rest) = address.split_once("://").filter(|(scheme, _)| ["s3", "gs"].contains(scheme))?;
    let mut parts = rest.trim_end_matches('/').split('/');
    let bucket = parts.next()?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c);
    let ends = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    // The rules that S3 and Cloud Storage share: 3 to 63 lower-case letters, digits, hyphens and dots.
    let is_bucket = (3..=63).contains(&bucket.len())
        && bucket.chars().all(plain)
        && bucket.starts_with(ends)
        && bucket.ends_with(ends)
        && !bucket.contains("..");
    let is_part = |part: &str| {
        !part.is_empty()
            && !part.trim_matches('.').is_empty()
            && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.=".contains(c))
    };
    let mut path = Path::new(scheme).join(bucket);
    for part in parts {
        if !is_part(part) {
            return None;
        }
        path.push(part);
    }
    is_bucket.then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::rollout::forecast::Outcome;

    fn entry(by: &str, outcome: Outcome) -> Entry {
        let versions = std::collections::BTreeMap::new();
        Entry {
            revision: 0,
            at: "2026-11-21T16:18:52Z".to_owned(),
            by: by.to_owned(),
            command: "rapplan apply".to_owned(),
            cloud: "aws".to_owned(),
            simulated: true,
            what: Vec::new(),
            outcome,
            why: None,
            took_ms: None,
            versions,
            desired: "abc".to_owned(),
            said: std::collections::BTreeMap::new(),
            agreed: Vec::new(),
            images: std::collections::BTreeMap::new(),
        }
    }

    /// Many at once, each of which begins and ends: no number twice, and no line lost.
    #[test]
    fn runs_at_once_get_numbers_of_their_own() {
        let folder = tempfile::tempdir().unwrap();
        let records = Records { folder: folder.path().join("history"), deployment: "chatty".to_owned() };
        std::thread::scope(|scope| {
            for number in 0..8 {
                let records = &records;
                scope.spawn(move || {
                    let begun = records.begin(entry(&format!("user {number}"), Outcome::Started)).unwrap();
                    // A reply that was lost: the same again gets the same number.
                    let again = records.begin(entry(&format!("user {number}"), Outcome::Started)).unwrap();
                    assert_eq!(begun, again);
                    records.end(&Entry { outcome: Outcome::Done, ..begun }).unwrap();
                });
            }
        });
        let history = records.history().unwrap();
        assert_eq!(history.runs().iter().map(|entry| entry.revision).collect::<Vec<_>>(), Vec::from_iter(1..=8));
        assert!(history.runs().iter().all(|entry| entry.outcome == Outcome::Done));
    }

    #[test]
    fn addresses_of_buckets() {
        for good in ["s3://acme-releases", "gs://acme.releases/rapplan/prod/", "s3://a1b/x=1/y_2"] {
            assert!(path_of(good).is_some(), "{good}");
        }
        for bad in
            ["acme", "ftp://acme", "s3://", "s3://Acme", "s3://ac", "s3://acme/../x", "s3://acme//x", "s3://-acme"]
        {
            assert_eq!(path_of(bad), None, "{bad}");
        }
    }
}
