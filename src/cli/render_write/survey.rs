//! What lies in the output folder now.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::disk::{Disk, Found, fault};
use super::manifest::Manifest;
use crate::error::{Code, Error, Problem, Result};
use crate::render::tree::Tree;

/// What is at the path of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// Nothing.
    Nothing,
    /// A file.
    File {
        /// Its content.
        content: Vec<u8>,
        /// Its permission bits.
        mode: u32,
    },
    /// A symbolic link.
    Link,
    /// A folder, a device or the like.
    Blocked,
}

/// Looks at every path of the tree and of the manifest.
///
/// # Errors
/// `E0501` for each folder of the tree that is a link (which may lead out of the output folder) or no folder at all,
/// and for each file that cannot be read.
pub fn survey(disk: &dyn Disk, out: &Path, tree: &Tree, old: &Manifest) -> Result<BTreeMap<String, Seen>> {
    let mut problems = Vec::new();
    let mut seen = BTreeMap::new();
    let paths: BTreeSet<&String> = tree.files.keys().chain(old.files.keys()).chain(old.pending.keys()).collect();
    let mut folders: BTreeMap<&str, Option<&'static str>> = BTreeMap::new();
    for path in paths {
        let mut blocked = false;
        for (end, _) in path.match_indices('/') {
            let folder = &path[..end];
            let why = match folders.get(folder) {
                Some(why) => *why,
                None => *folders.entry(folder).or_insert(look_at_folder(disk, &out.join(folder))?),
            };
            if let Some(why) = why {
                blocked = true;
                if tree.files.contains_key(path) {
                    problems.push(in_the_way(&out.join(folder), why));
                }
                break;
            }
        }
        let state = if blocked { Ok(Seen::Blocked) } else { look_at_file(disk, &out.join(path)) };
        match state {
            Ok(state) => {
                seen.insert(path.clone(), state);
            }
            Err(error) => problems.extend(error.problems().iter().cloned()),
        }
    }
    problems.dedup();
    Error::check(problems)?;
    Ok(seen)
}

fn look_at_folder(disk: &dyn Disk, path: &Path) -> Result<Option<&'static str>> {
    let found = disk.look(path).map_err(|error| fault("cannot look at", path, &error))?;
    Ok(match found {
        Found::Nothing | Found::Folder(_) => None,
        Found::Link => Some("it is a symbolic link, which is not followed since it may lead out of the output folder"),
        Found::File(_) | Found::Other => Some("it is not a folder"),
    })
}

fn look_at_file(disk: &dyn Disk, path: &Path) -> Result<Seen> {
    Ok(match disk.look(path).map_err(|error| fault("cannot look at", path, &error))? {
        Found::Nothing => Seen::Nothing,
        Found::Link => Seen::Link,
        Found::Folder(_) | Found::Other => Seen::Blocked,
        Found::File(mode) => {
            Seen::File { content: disk.read(path).map_err(|error| fault("cannot read", path, &error))?, mode }
        }
    })
}

fn in_the_way(path: &Path, why: &str) -> Problem {
    Problem::new(Code::File, format!("cannot write into `{}`", path.display()))
        .because(why)
        .hint("move it away, or choose another output folder with --out")
}
