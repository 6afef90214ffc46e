//! Telling the user which files were edited, and how they differ.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use similar::TextDiff;

use super::decide::{Conflict, Why};
use super::mask::mask;
use super::survey::Seen;
use crate::error::{Code, Error, Problem};
use crate::render::tree::Tree;

/// Lines of a difference that are shown.
const LINES: usize = 60;

/// One problem for each conflict; all of them at once.
pub fn error(
    out: &Path,
    tree: &Tree,
    seen: &BTreeMap<String, Seen>,
    conflicts: &[Conflict],
    secrets: &BTreeSet<String>,
) -> Error {
    let problems: Vec<Problem> = conflicts
        .iter()
        .map(|conflict| {
            let problem = describe(&out.join(&conflict.path), conflict.why);
            match (seen.get(&conflict.path), tree.files.get(&conflict.path)) {
                (Some(Seen::File { content, .. }), Some(file)) => {
                    problem.detail(difference(&conflict.path, content, &file.text, secrets))
                }
                _ => problem,
            }
        })
        .collect();
    match Error::check(problems) {
        Err(error) => error,
        Ok(()) => Problem::new(Code::Internal, "a conflict without a file").into(),
    }
}

fn describe(path: &Path, why: Why) -> Problem {
    let path = path.display();
    let (summary, cause) = match why {
        Why::Edited => {
            (format!("`{path}` was edited since it was rendered"), "its hash is not the one in rapplan.manifest.json")
        }
        Why::Foreign => (
            format!("`{path}` is in the way"),
            "it was not rendered by rapplan: rapplan.manifest.json does not list it",
        ),
        Why::Link => (format!("`{path}` is in the way"), "it is a symbolic link"),
        Why::Blocked => (format!("`{path}` is in the way"), "it is not a plain file"),
    };
    let problem = Problem::new(Code::Edited, summary).because(cause);
    match why {
        Why::Blocked => problem.hint("move it away, or choose another output folder with --out"),
        Why::Edited => problem
            .hint("to keep the change, make it in the blueprint or in rapplan.toml, then undo it here and render again")
            .hint("to drop the change, add --force"),
        Why::Foreign | Why::Link => problem
            .hint("move it away, or choose another output folder with --out")
            .hint("to overwrite it, add --force"),
    }
}

fn difference(path: &str, now: &[u8], wanted: &str, secrets: &BTreeSet<String>) -> String {
    let Ok(now) = std::str::from_utf8(now) else {
        return format!("{path}: what is on the disk is not text");
    };
    let diff = TextDiff::from_lines(now, wanted);
    let text = diff
        .unified_diff()
        .context_radius(3)
        .header(&format!("{path} (on the disk)"), &format!("{path} (rendered)"))
        .to_string();
    let mut lines: Vec<String> = text.lines().take(LINES).map(|line| mask(line, secrets)).collect();
    let more = text.lines().count().saturating_sub(LINES);
    if more > 0 {
        lines.push(format!("... and {more} more lines"));
    }
    lines.join("\n")
}
