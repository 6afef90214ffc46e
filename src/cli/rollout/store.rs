//! What is kept of a deployment in the folder `.rapplan`: the simulated world, the history, the states that were wanted.
//!
//! Every file is written as a whole, so that there is always the old one or the new one. Who changes anything holds a lock
//! on the folder, which ends with the process and leaves nothing behind; who only reads needs none.

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::history::{Entry, History};
use crate::cli::files::{self, Mode};
use crate::cli::render_write::disk::{Disk, Lock, RealDisk, fault};
use crate::cloud::shown::Playable;
use crate::error::{Code, Problem, Result};

/// Version of the form of these files.
const FORMAT: u32 = 1;
const FOLDER: &str = ".rapplan";

/// A file of the folder.
#[derive(Serialize, Deserialize)]
struct Kept<T> {
    kind: String,
    format: u32,
    rapplan: String,
    cloud: String,
    deployment: String,
    data: T,
}

/// The folder, for one deployment.
#[derive(Debug)]
pub struct Store {
    deployment: String,
    _lock: Option<Lock>,
}

impl Store {
    /// To read only.
    pub fn look(deployment: &str) -> Self {
        Self { deployment: deployment.to_owned(), _lock: None }
    }

    /// To change something: no other process can until this is dropped.
    ///
    /// # Errors
    /// `E0503` when another one is at it; `E0501` when the folder cannot be made.
    pub fn open(deployment: &str) -> Result<Self> {
        let folder = Path::new(FOLDER);
        files::create_folder(folder)?;
        let lock = RealDisk.lock(folder).map_err(|error| fault("cannot lock", folder, &error))?;
        let Some(lock) = lock else {
            return Err(Problem::new(Code::Busy, format!("another run of rapplan works in `{FOLDER}`"))
                .hint("wait until it has ended, then run the same command again")
                .into());
        };
        Ok(Self { deployment: deployment.to_owned(), _lock: Some(lock) })
    }

    fn world_file(&self) -> PathBuf {
        Path::new(FOLDER).join("simulated").join(format!("{}.json", self.deployment))
    }

    fn history_file(&self) -> PathBuf {
        Path::new(FOLDER).join("history").join(format!("{}.jsonl", self.deployment))
    }

    fn desired_file(&self, hash: &str) -> PathBuf {
        Path::new(FOLDER).join("history").join(&self.deployment).join(format!("{hash}.json"))
    }

    /// The simulated world, if there is one yet.
    ///
    /// # Errors
    /// `E0711` when the file is damaged, of another version, or of another cloud.
    pub fn world<S: Playable>(&self) -> Result<Option<S>> {
        self.read("simulated-world", S::NAME, &self.world_file())
    }

    /// Keeps the simulated world.
    ///
    /// # Errors
    /// `E0501` when it cannot be written.
    pub fn keep_world<S: Playable>(&self, world: &S) -> Result<()> {
        self.write("simulated-world", S::NAME, &self.world_file(), world)
    }

    /// A state that was wanted once; none when it is not kept any more.
    ///
    /// # Errors
    /// `E0711` when the file is damaged, of another version, or of another cloud.
    pub fn desired<D: DeserializeOwned>(&self, cloud: &str, hash: &str) -> Result<Option<D>> {
        self.read("desired", cloud, &self.desired_file(hash))
    }

    /// Keeps a state that is wanted, by the hash of it.
    ///
    /// # Errors
    /// `E0501` when it cannot be written.
    pub fn keep_desired<D: Serialize>(&self, cloud: &str, desired: &D) -> Result<String> {
        let hash = hash_of(desired)?;
        self.write("desired", cloud, &self.desired_file(&hash), desired)?;
        Ok(hash)
    }

    /// What was done to the deployment so far.
    ///
    /// # Errors
    /// `E0711` when a line of the file is damaged.
    pub fn history(&self) -> Result<History> {
        let path = self.history_file();
        let text = files::read_if_there(&path)?.unwrap_or_default();
        let mut lines = Vec::new();
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let entry: Entry =
                serde_json::from_str(line).map_err(|error| damaged(&path, &format!("line {}: {error}", number + 1)))?;
            lines.push(entry);
        }
        Ok(History::new(lines))
    }

    /// Adds a line to the history.
    ///
    /// # Errors
    /// `E0501` when it cannot be written.
    pub fn note(&self, entry: &Entry) -> Result<()> {
        let path = self.history_file();
        if let Some(folder) = path.parent() {
            files::create_folder(folder)?;
        }
        let mut text = files::read_if_there(&path)?.unwrap_or_default();
        text.push_str(&line(entry)?);
        text.push('\n');
        files::write(&path, text.as_bytes(), Mode::Private)
    }

    fn read<T: DeserializeOwned>(&self, kind: &str, cloud: &str, path: &Path) -> Result<Option<T>> {
        let Some(text) = files::read_if_there(path)? else { return Ok(None) };
        // The head first, so that a newer form is told as such and not as a damaged file.
        let head: Kept<serde::de::IgnoredAny> =
            serde_json::from_str(&text).map_err(|error| damaged(path, &error.to_string()))?;
        if (head.kind.as_str(), head.format) != (kind, FORMAT) {
            let said =
                format!("it holds a {} of form {}, and this rapplan reads form {FORMAT}", head.kind, head.format);
            return Err(damaged(path, &said).into());
        }
        if head.cloud != cloud {
            return Err(damaged(path, &format!("it is of the cloud {}, not {cloud}", head.cloud)).into());
        }
        let whole: Kept<T> = serde_json::from_str(&text).map_err(|error| damaged(path, &error.to_string()))?;
        Ok(Some(whole.data))
    }

    fn write<T: Serialize>(&self, kind: &str, cloud: &str, path: &Path, data: &T) -> Result<()> {
        let kept = Kept {
            kind: kind.to_owned(),
            format: FORMAT,
            rapplan: env!("CARGO_PKG_VERSION").to_owned(),
            cloud: cloud.to_owned(),
            deployment: self.deployment.clone(),
            data,
        };
        if let Some(folder) = path.parent() {
            files::create_folder(folder)?;
        }
        files::write(path, line(&kept)?.as_bytes(), Mode::Private)
    }

    /// The cloud of the simulated world, if there is one yet.
    ///
    /// # Errors
    /// `E0711` when the file is damaged.
    pub fn cloud(&self) -> Result<Option<String>> {
        let path = self.world_file();
        let Some(text) = files::read_if_there(&path)? else { return Ok(None) };
        let head: Kept<serde::de::IgnoredAny> =
            serde_json::from_str(&text).map_err(|error| damaged(&path, &error.to_string()))?;
        Ok(Some(head.cloud))
    }
}

fn damaged(path: &Path, why: &str) -> Problem {
    Problem::new(Code::BadState, format!("`{}` is not a file that rapplan can go on from", path.display()))
        .because(why)
        .hint("take it back from a copy, or use the rapplan that wrote it")
        .hint("a simulated world that may be lost: delete it, and begin anew")
}

/// Something as one line of JSON.
///
/// # Errors
/// `E0901` when it cannot be put into words, which would be a fault of this program.
pub fn line<T: Serialize>(value: &T) -> Result<String> {
    let text = serde_json::to_string(value);
    Ok(text
        .map_err(|error| Problem::new(Code::Internal, "a state cannot be written down").because(error.to_string()))?)
}

/// The first digits of the SHA-256 of something as JSON: enough to tell states apart, and short enough to be compared by eye.
///
/// # Errors
/// As [`line`].
pub fn hash_of<T: Serialize>(value: &T) -> Result<String> {
    Ok(Sha256::digest(line(value)?.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect())
}
