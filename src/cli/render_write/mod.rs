//! Writing a rendered tree into a folder, so that nothing of the user's is lost and a kill leaves no half file.
//!
//! A manifest beside the files holds their hashes; by it a file that was edited since is told from one that was not.
//! Everything is checked before anything is written: one conflict, and the folder stays as it was.

mod conflict;
mod decide;
pub mod disk;
mod manifest;
mod mask;
mod paths;
mod perform;
mod survey;
#[cfg(test)]
mod tests;
#[cfg(test)]
pub mod trouble;

use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

use crate::error::{Code, Error, Problem, Result};
use crate::render::tree::Tree;
use disk::{Disk, RealDisk};
pub use manifest::NAME as MANIFEST;

/// How to write.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether files that were edited, or that rapplan did not render, are overwritten.
    pub force: bool,
}

/// What was done, by path relative to the output folder, each list sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Report {
    /// Files that are new or changed.
    pub written: Vec<String>,
    /// Files that were right already and not touched.
    pub unchanged: Vec<String>,
    /// Files of an earlier rendering that are no longer part of it.
    pub removed: Vec<String>,
    /// Files that are no longer part of it but were edited, and so stay.
    pub kept: Vec<String>,
}

/// Writes a tree into the folder `out`, which is made when it is missing.
///
/// # Errors
/// `E0402` for every file that was edited or is in the way (nothing is written then), `E0404` for paths that must
/// not be written, `E0501` when the disk refuses, `E0503` when another run writes into the same folder.
pub fn write(tree: &Tree, out: &Path, options: Options) -> Result<Report> {
    write_on(&RealDisk, tree, out, options)
}

/// As [`write`], on any disk.
fn write_on(disk: &dyn Disk, tree: &Tree, out: &Path, options: Options) -> Result<Report> {
    Error::check(paths::check(tree))?;
    disk.make_folders(out).map_err(|error| disk::fault("cannot make the folder", out, &error))?;
    let Some(_lock) = disk.lock(out).map_err(|error| disk::fault("cannot lock the folder", out, &error))? else {
        let problem = Problem::new(Code::Busy, format!("another run of rapplan writes into `{}`", out.display()));
        return Err(problem.hint("wait until it has ended, then run the same command again").into());
    };
    let old = manifest::load(disk, out, options.force)?;
    perform::clear_leftovers(disk, out, &old);
    let seen = survey::survey(disk, out, tree, &old)?;
    let decision = decide::decide(tree, &old, &seen, options.force);
    if !decision.conflicts.is_empty() {
        let masks = mask::known_secrets(disk, out, tree);
        return Err(conflict::error(out, tree, &seen, &decision.conflicts, &masks));
    }
    perform::perform(disk, out, tree, &old, &decision)?;
    Ok(decision.report)
}
