//! What is in a folder.

use std::path::{Path, PathBuf};

use super::fault;
use crate::error::{Code, Problem, Result};

/// Most files of a folder that are looked at; a folder of templates has a few dozen.
const MOST: usize = 10_000;

/// Every file below a folder: its name relative to it, with `/` between folders, and its path; sorted by name.
///
/// # Errors
/// `E0501` when a folder cannot be read or holds too many files.
pub fn list(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    gather(folder, "", &mut found)?;
    found.sort();
    Ok(found)
}

fn gather(folder: &Path, prefix: &str, found: &mut Vec<(String, PathBuf)>) -> Result<()> {
    let failed = |error: std::io::Error| {
        fault("cannot read the folder", folder, &error).hint("name a folder that is there and may be read")
    };
    #[allow(clippy::disallowed_methods, reason = "the one place that reads folders")]
    let entries = std::fs::read_dir(folder).map_err(failed)?;
    for entry in entries {
        let entry = entry.map_err(failed)?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if found.len() >= MOST {
            let problem = Problem::new(Code::File, format!("cannot read the folder `{}`", folder.display()));
            return Err(problem.because(format!("it holds more than {MOST} files")).into());
        }
        // Links to folders are not followed, so that a loop of links ends.
        match entry.file_type().map_err(failed)? {
            kind if kind.is_dir() => gather(&entry.path(), &format!("{name}/"), found)?,
            _ => found.push((name, entry.path())),
        }
    }
    Ok(())
}
