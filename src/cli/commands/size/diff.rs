//! `rapplan size diff`.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::cli::context::Context;
use crate::cli::files;
use crate::cli::view::envelope::SCHEMA_VERSION;
use crate::cli::view::{Page, View};
use crate::error::{Code, Error, Problem, Result};
use crate::exit::Exit;
use crate::size::diff::{Change, SizeDiff, diff};

const EXAMPLES: &str = "\
Examples:
  rapplan size --partitions 40 -o json > before.json
  rapplan size --partitions 120 -o json > after.json
  rapplan size diff before.json after.json";

/// Tell what changed between two sizes, and why
///
/// Both files hold what `rapplan size -o json` printed. What was asked differently comes first, then what follows from it,
/// each with its reason, then the warnings that are new and those that are gone.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The earlier size, as JSON; `-` is standard input
    before: PathBuf,
    /// The later size, as JSON
    after: PathBuf,
}

/// Prints what changed.
///
/// # Errors
/// A file that cannot be read or is no size.
pub fn run(args: &Args, context: &Context) -> Result<Exit> {
    let mut problems = Vec::new();
    let mut read = |path: &Path| {
        size_of(path).unwrap_or_else(|error| {
            problems.extend(error.problems().iter().cloned());
            Value::Null
        })
    };
    let (before, after) = (read(&args.before), read(&args.after));
    Error::check(problems)?;
    context.show(&diff(&before, &after))
}

/// The size in a file.
fn size_of(path: &Path) -> Result<Value> {
    let name = path.display();
    let text = files::read(path)?;
    let no_size = |why: String| {
        Problem::new(Code::NotAResult, format!("`{name}` does not hold a size"))
            .because(why)
            .hint("make one: rapplan size --partitions 120 -o json > size.json")
    };
    let mut value: Value = serde_json::from_str(&text)
        .map_err(|error| no_size(format!("line {}, column {}: {error}", error.line(), error.column())))?;
    let said = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or("nothing").to_owned();
    if said("kind") != "size" {
        return Err(no_size(format!("its `kind` is {}, not `size`", said("kind"))).into());
    }
    let major = |version: &str| version.split('.').next().unwrap_or_default().to_owned();
    if major(&said("schema_version")) != major(SCHEMA_VERSION) {
        let why =
            format!("it has version {} of the form, and this program reads {SCHEMA_VERSION}", said("schema_version"));
        return Err(no_size(why).into());
    }
    Ok(value.get_mut("data").map(Value::take).unwrap_or_default())
}

impl View for SizeDiff {
    const KIND: &'static str = "size-diff";

    fn page(&self) -> Page {
        if *self == Self::default() {
            return Page::new().text("Nothing changed");
        }
        Page::new()
            .section("Asked differently", |page| table(page, &self.asked))
            .section("What follows", |page| table(page, &self.changes))
            .section("New warnings", |page| page.list(self.warnings_new.iter().cloned()))
            .section("Warnings that are gone", |page| page.list(self.warnings_gone.iter().cloned()))
    }
}

fn table(page: Page, changes: &[Change]) -> Page {
    let none = || "-".to_owned();
    let rows = changes.iter().map(|change| {
        [
            change.what.clone(),
            change.before.clone().unwrap_or_else(none),
            change.after.clone().unwrap_or_else(none),
            change.because.clone().unwrap_or_default(),
        ]
    });
    page.table(["what", "before", "after", "because"], rows)
}
