//! The only place that reads and writes files, so that every error names its path.

mod list;
mod read;
mod write;

use std::path::{Path, PathBuf};

use crate::error::{Code, Problem, Result};

pub use list::list;
pub use read::{MOST, find_up, open, read, read_if_there};
pub use write::{Mode, create_folder, write};

/// Makes `folder` the current folder; all later paths are relative to it.
///
/// # Errors
/// `E0501` when it is not a folder one may enter.
pub fn enter(folder: &Path) -> Result<()> {
    std::env::set_current_dir(folder).map_err(|error| fault("cannot enter the folder", folder, &error).into())
}

/// How many folders the current one is below the root.
fn depth() -> usize {
    #[allow(clippy::disallowed_methods, reason = "cli/files knows the current folder")]
    let here = std::env::current_dir();
    here.map_or(0, |path| path.components().count())
}

/// Whether there is anything at `path`, be it a broken link.
pub fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// The first of `paths` that exists.
pub fn first_existing(paths: impl IntoIterator<Item = PathBuf>) -> Option<PathBuf> {
    paths.into_iter().find(|path| exists(path))
}

fn fault(what: &str, path: &Path, error: &std::io::Error) -> Problem {
    let problem = Problem::new(Code::File, format!("{what} `{}`", path.display())).because(plain(error));
    match error.kind() {
        std::io::ErrorKind::PermissionDenied => problem.hint("see who owns it and who may use it: `ls -ld`"),
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
            problem.hint("make room on the disk; nothing was changed")
        }
        std::io::ErrorKind::NotFound => {
            problem.hint("see what there is: `ls`; a relative name starts in the current folder")
        }
        _ => problem,
    }
}

/// The message of the operating system without its number, which differs from system to system.
fn plain(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_owned()
}
