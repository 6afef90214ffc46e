//! A folder as a bucket: the local history, and the buckets of a simulated cloud.

use std::path::{Path, PathBuf};

use crate::cli::files::{self, Mode};
use crate::cli::render_write::disk::{Disk, RealDisk, fault};
use crate::cloud::Trouble;
use crate::cloud::bucket::{Bucket, Condition, Object};
use crate::cloud::names::hash;
use crate::error::{Code, Error, Problem, Result};
use crate::units::Span;

/// A folder whose files are written only when nobody else has written them meanwhile.
#[derive(Debug)]
pub struct FolderBucket {
    folder: PathBuf,
}

/// How a write fails.
#[derive(Debug)]
pub enum Failed {
    /// Somebody else was faster.
    Changed,
    /// What is wrong with the file.
    File(Error),
}

/// What is told of a failure that did not pass.
pub fn told(failed: Failed) -> Error {
    match failed {
        Failed::Changed => Problem::new(Code::Busy, "others write the history all the time")
            .hint("wait until they have ended, then run the same command again")
            .into(),
        Failed::File(error) => error,
    }
}

impl FolderBucket {
    /// The files in a folder, which is made with the first of them.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// What is in a file; none where there is none.
    ///
    /// # Errors
    /// `E0501` when it cannot be read.
    pub fn body(&self, name: &str) -> Result<Option<Vec<u8>>> {
        Ok(files::read_if_there(&self.folder.join(name))?.map(String::into_bytes))
    }

    fn put(&self, name: &str, body: &[u8], condition: &Condition) -> Result<bool> {
        let path = self.folder.join(name);
        if let Some(folder) = path.parent() {
            files::create_folder(folder)?;
        }
        // Held from the comparison to the end of the write, so that no other process is in between.
        let lock = RealDisk.lock(&self.folder).map_err(|error| fault("cannot lock", &self.folder, &error))?;
        if lock.is_none() {
            return Ok(false);
        }
        let there = self.body(name)?;
        let holds = match condition {
            Condition::IsAbsent => there.is_none(),
            Condition::Is(tag) => there.is_some_and(|body| hash(&body) == *tag),
        };
        if holds {
            files::write(&path, body, Mode::Private)?;
        }
        Ok(holds)
    }
}

impl Bucket for FolderBucket {
    type Error = Failed;

    fn read(&mut self, name: &str) -> Result<Option<Object>, Failed> {
        let body = self.body(name).map_err(Failed::File)?;
        Ok(body.map(|body| Object { tag: hash(&body), body }))
    }

    fn write(&mut self, name: &str, body: &[u8], condition: &Condition) -> Result<(), Failed> {
        match self.put(name, body, condition).map_err(Failed::File)? {
            true => Ok(()),
            false => Err(Failed::Changed),
        }
    }

    fn trouble(failed: &Failed) -> Trouble {
        match failed {
            Failed::Changed => Trouble::Conflict,
            Failed::File(_) => Trouble::Invalid,
        }
    }

    /// Whoever was faster has ended its write; there is nothing to wait for.
    fn wait(&mut self, _: Span) {}
}
