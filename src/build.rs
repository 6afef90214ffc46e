//! Tells the program which commit it was built from.
//!
//! `RAPPLAN_COMMIT` decides when it is set, so that a build from an archive can name its commit and stays
//! reproducible. Otherwise git is asked, and only when this very folder is the repository. It never fails.
#![allow(clippy::disallowed_macros, clippy::print_stdout, reason = "a build script speaks to cargo on stdout")]
#![allow(clippy::disallowed_methods, reason = "a build script reads its environment")]

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-env-changed=RAPPLAN_COMMIT");
    println!("cargo:rerun-if-changed=src/build.rs");
    let given = std::env::var("RAPPLAN_COMMIT").ok().filter(|commit| !commit.is_empty());
    let commit = given.or_else(from_git).unwrap_or_else(|| "unknown".to_owned());
    println!("cargo:rustc-env=RAPPLAN_COMMIT={commit}");
}

/// The commit of the repository whose top is this package, and a note to cargo to ask again after the next commit.
fn from_git() -> Option<String> {
    let here = std::env::var("CARGO_MANIFEST_DIR").ok()?;
    let top = git(&here, &["rev-parse", "--show-toplevel"])?;
    if Path::new(&top).canonicalize().ok()? != Path::new(&here).canonicalize().ok()? {
        return None;
    }
    let log = Path::new(&here).join(git(&here, &["rev-parse", "--git-path", "logs/HEAD"])?);
    if log.exists() {
        println!("cargo:rerun-if-changed={}", log.display());
    }
    git(&here, &["rev-parse", "--short=12", "HEAD"])
}

fn git(folder: &str, args: &[&str]) -> Option<String> {
    let output = Command::new("git").args(args).current_dir(folder).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !text.is_empty()).then_some(text)
}
