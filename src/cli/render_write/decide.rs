//! What is to be done to each file; decided before anything is.

use std::collections::BTreeMap;

use super::Report;
use super::manifest::{Manifest, hash};
use super::survey::Seen;
use crate::render::tree::{File, Tree};

/// What is to be done.
#[derive(Debug, Default)]
pub struct Decision {
    /// Files to write.
    pub write: Vec<String>,
    /// Files whose content is right but that cannot be run.
    pub make_runnable: Vec<(String, u32)>,
    /// Files to remove.
    pub remove: Vec<String>,
    /// Files that forbid it all.
    pub conflicts: Vec<Conflict>,
    /// The manifest when all is done.
    pub manifest: Manifest,
    /// The same in words.
    pub report: Report,
}

/// A file that must not be overwritten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Its path.
    pub path: String,
    /// Why.
    pub why: Why,
}

/// Why a file must not be overwritten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It was rendered, and then edited.
    Edited,
    /// It was never rendered.
    Foreign,
    /// It is a symbolic link.
    Link,
    /// It is a folder or a device: `--force` does not help.
    Blocked,
}

/// Decides for every file.
pub fn decide(tree: &Tree, old: &Manifest, seen: &BTreeMap<String, Seen>, force: bool) -> Decision {
    let mut decision = Decision::default();
    for (path, file) in &tree.files {
        decision.manifest.files.insert(path.clone(), hash(file.text.as_bytes()));
        match seen.get(path).unwrap_or(&Seen::Nothing) {
            Seen::File { content, mode } if content == file.text.as_bytes() => decision.same(path, file, *mode),
            Seen::Nothing => decision.write(path),
            Seen::File { content, .. } if old.rendered(path, &hash(content)) => decision.write(path),
            Seen::File { .. } | Seen::Link if force => decision.write(path),
            Seen::File { .. } if old.knows(path) => decision.refuse(path, Why::Edited),
            Seen::File { .. } => decision.refuse(path, Why::Foreign),
            Seen::Link => decision.refuse(path, Why::Link),
            Seen::Blocked => decision.refuse(path, Why::Blocked),
        }
    }
    for path in old.files.keys().chain(old.pending.keys()).filter(|path| !tree.files.contains_key(*path)) {
        match seen.get(path).unwrap_or(&Seen::Nothing) {
            Seen::Nothing => {}
            Seen::File { content, .. } if old.rendered(path, &hash(content)) => decision.remove.push(path.clone()),
            Seen::File { .. } | Seen::Link | Seen::Blocked => {
                // It stays known, so that the next run says again that it is there.
                let known = old.files.get(path).cloned().unwrap_or_default();
                decision.manifest.files.insert(path.clone(), known);
                decision.report.kept.push(path.clone());
            }
        }
    }
    // A killed run may have listed a file twice: as one that was, and as one to be.
    decision.remove.sort();
    decision.remove.dedup();
    decision.report.kept.sort();
    decision.report.kept.dedup();
    decision.report.removed.clone_from(&decision.remove);
    decision
}

impl Decision {
    fn write(&mut self, path: &str) {
        self.write.push(path.to_owned());
        self.report.written.push(path.to_owned());
    }

    fn same(&mut self, path: &str, file: &File, mode: u32) {
        if file.executable && mode & 0o100 == 0 {
            // Who may read it may run it.
            self.make_runnable.push((path.to_owned(), mode | 0o100 | (mode & 0o444) >> 2));
            self.report.written.push(path.to_owned());
        } else {
            self.report.unchanged.push(path.to_owned());
        }
    }

    fn refuse(&mut self, path: &str, why: Why) {
        self.conflicts.push(Conflict { path: path.to_owned(), why });
    }
}
