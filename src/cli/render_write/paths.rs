//! Which paths a rendering may have.

use std::collections::BTreeMap;

use super::manifest;
use crate::error::{Code, Problem};
use crate::render::tree::Tree;

/// Longest name of a file or folder, in bytes: file systems take 255, and the name while it is written is longer.
const LONGEST: usize = 200;

/// Every path of a tree that must not be written.
pub fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for path in tree.files.keys() {
        if let Some(why) = fault_of(path) {
            problems.push(refusal(path, why));
        }
    }
    problems.extend(collisions(tree));
    problems
}

/// Why a path must not be written or removed, if it must not.
pub fn fault_of(path: &str) -> Option<&'static str> {
    if path == manifest::NAME {
        return Some("this name is kept for the manifest");
    }
    let mut names = path.split('/').peekable();
    while let Some(name) = names.next() {
        let last = names.peek().is_none();
        if let Some(why) = fault_of_name(name, last) {
            return Some(why);
        }
    }
    None
}

fn fault_of_name(name: &str, last: bool) -> Option<&'static str> {
    match name {
        "" => Some("it is absolute or has an empty part"),
        "." | ".." => Some("it has a part that leads elsewhere"),
        ".git" => Some("it is inside a folder of version control"),
        "secrets" if !last => Some("renderings hold no secrets, so nothing is rendered into `secrets`"),
        ".env" if last => Some("`.env` belongs to the operator"),
        _ if name.len() > LONGEST => Some("a part of it is longer than 200 bytes"),
        _ if name.chars().any(char::is_control) => Some("it has a control character"),
        _ if name.ends_with(super::perform::NEW) => Some("its ending is kept for files while they are written"),
        _ => None,
    }
}

/// Paths that are one and the same where case does not count, and files that are also folders.
fn collisions(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    // Each file and folder by its name in lower case, with its true name and whether it is a file.
    let mut names: BTreeMap<String, (&str, bool)> = BTreeMap::new();
    for path in tree.files.keys() {
        let ends = path.match_indices('/').map(|(at, _)| (at, false)).chain([(path.len(), true)]);
        for (end, is_file) in ends {
            let part = &path[..end];
            match names.get(&part.to_lowercase()) {
                Some((other, other_is_file)) if *other != part || *other_is_file || is_file => {
                    let why = if *other == part {
                        "it is both a file and a folder".to_owned()
                    } else {
                        format!("`{other}` is the same where upper and lower case are")
                    };
                    problems.push(refusal(part, &why));
                }
                Some(_) => {}
                None => {
                    names.insert(part.to_lowercase(), (part, is_file));
                }
            }
        }
    }
    problems
}

fn refusal(path: &str, why: &str) -> Problem {
    Problem::new(Code::BadOutput, format!("`{}` cannot be a path of a rendering", path.escape_debug()))
        .because(why)
        .hint("change the name in the blueprint that leads to it")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(paths: &[&str]) -> usize {
        let mut tree = Tree::default();
        for path in paths {
            tree.add(*path, "");
        }
        check(&tree).len()
    }

    #[test]
    fn refuses_ways_out_and_names_with_a_meaning() {
        for path in [
            "/etc/x",
            "a/../../x",
            "..",
            "a//b",
            "a/./b",
            "",
            "a/secrets/p",
            "a/.env",
            "a\nb",
            ".git/config",
            manifest::NAME,
        ] {
            assert_eq!(refused(&[path]), 1, "{path:?}");
        }
        for path in ["a/.env.example", "secrets.md", "a/..b", "systemd/mnt-rag\\x2ddata.mount"] {
            assert_eq!(refused(&[path]), 0, "{path:?}");
        }
    }

    #[test]
    fn refuses_names_that_differ_by_case_only() {
        assert_eq!(refused(&["api/x", "api/X"]), 1);
        assert_eq!(refused(&["api/x", "API/y"]), 1);
        assert_eq!(refused(&["api", "api/x"]), 1);
        assert_eq!(refused(&["api/x", "api/y", "apis"]), 0);
    }
}
