//! What is kept of a deployment in the folder `.rapplan`: the simulated world; and its records, there or in a bucket.
//!
//! Every file is written as a whole, so that there is always the old one or the new one. Who changes anything holds a lock
//! on the folder, which ends with the process and leaves nothing behind; who only reads needs none.

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::history::{Entry, History};
use super::kept::{self, Label};
use super::records::Records;
use crate::cli::files::{self, Mode};
use crate::cli::render_write::disk::{Disk, Lock, RealDisk, fault};
use crate::cloud::shown::Playable;
use crate::error::{Code, Problem, Result};

pub use super::kept::{hash_of, line};

/// The folder.
pub const FOLDER: &str = ".rapplan";

/// The folder, for one deployment.
#[derive(Debug)]
pub struct Store {
    records: Records,
    _lock: Option<Lock>,
}

impl Store {
    /// To read only.
    pub fn look(records: &Records) -> Self {
        Self { records: records.clone(), _lock: None }
    }

    /// To change something: no other process can until this is dropped.
    ///
    /// # Errors
    /// `E0503` when another one is at it; `E0501` when the folder cannot be made.
    pub fn open(records: &Records) -> Result<Self> {
        let folder = Path::new(FOLDER);
        files::create_folder(folder)?;
        let lock = RealDisk.lock(folder).map_err(|error| fault("cannot lock", folder, &error))?;
        let Some(lock) = lock else {
            return Err(Problem::new(Code::Busy, format!("another run of rapplan works in `{FOLDER}`"))
                .hint("wait until it has ended, then run the same command again")
                .into());
        };
        Ok(Self { records: records.clone(), _lock: Some(lock) })
    }

    fn label<'a>(&'a self, cloud: &'a str) -> Label<'a> {
        Label { kind: "simulated-world", cloud, deployment: self.records.deployment() }
    }

    /// The simulated world, if there is one yet.
    ///
    /// # Errors
    /// `E0711` when the file is damaged, of another version, or of another cloud.
    pub fn world<S: Playable>(&self) -> Result<Option<S>> {
        let path = world_file(self.records.deployment());
        let Some(text) = files::read_if_there(&path)? else { return Ok(None) };
        kept::state(self.label(S::NAME), &text, &path.display().to_string()).map(Some)
    }

    /// Keeps the simulated world.
    ///
    /// # Errors
    /// `E0501` when it cannot be written.
    pub fn keep_world<S: Playable>(&self, world: &S) -> Result<()> {
        let path = world_file(self.records.deployment());
        if let Some(folder) = path.parent() {
            files::create_folder(folder)?;
        }
        files::write(&path, kept::text(self.label(S::NAME), world)?.as_bytes(), Mode::Private)
    }

    /// As [`Records::desired`].
    ///
    /// # Errors
    /// As [`Records::desired`].
    pub fn desired<D: DeserializeOwned>(&self, cloud: &str, hash: &str) -> Result<Option<D>> {
        self.records.desired(cloud, hash)
    }

    /// As [`Records::keep_desired`].
    ///
    /// # Errors
    /// As [`Records::keep_desired`].
    pub fn keep_desired<D: Serialize>(&self, cloud: &str, desired: &D) -> Result<String> {
        self.records.keep_desired(cloud, desired)
    }

    /// As [`Records::history`].
    ///
    /// # Errors
    /// As [`Records::history`].
    pub fn history(&self) -> Result<History> {
        self.records.history()
    }

    /// As [`Records::begin`].
    ///
    /// # Errors
    /// As [`Records::begin`].
    pub fn begin(&self, entry: Entry) -> Result<Entry> {
        self.records.begin(entry)
    }

    /// As [`Records::end`].
    ///
    /// # Errors
    /// As [`Records::end`].
    pub fn end(&self, entry: &Entry) -> Result<()> {
        self.records.end(entry)
    }
}

fn world_file(deployment: &str) -> PathBuf {
    Path::new(FOLDER).join("simulated").join(format!("{deployment}.json"))
}

/// The cloud of the simulated world of a deployment, if there is one yet.
///
/// # Errors
/// `E0711` when the file is damaged.
pub fn cloud_of(deployment: &str) -> Result<Option<String>> {
    let path = world_file(deployment);
    let Some(text) = files::read_if_there(&path)? else { return Ok(None) };
    kept::cloud(&text, &path.display().to_string()).map(Some)
}
