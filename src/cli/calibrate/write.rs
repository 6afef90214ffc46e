//! From a calibration to rows of a blueprint, and into its file.

use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

use super::{About, Calibration, Source};
use crate::blueprint::evidence::{LoadTest, Provenance};
use crate::blueprint::record;
use crate::cli::files::{self, Mode};
use crate::error::{Code, Error, Problem, Result};

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Written {
    /// The blueprint file.
    pub file: String,
    /// Rows that were added.
    pub added: Vec<String>,
    /// Rows that were there with other figures.
    pub changed: Vec<String>,
}

/// The rows of a blueprint that the points become.
///
/// # Errors
/// Everything that is missing for them, all at once.
pub fn rows(calibration: &Calibration, about: &About) -> Result<Vec<LoadTest>> {
    let mut problems = Vec::new();
    let mut lacks = |summary: &str, hint: &str| problems.push(Problem::new(Code::Usage, summary).hint(hint));
    if about.machines.is_empty() {
        lacks("nothing says which machines were measured", "give them: `--machine backend=t4g.medium`");
    }
    let mut rows = Vec::new();
    let mut undated = false;
    let mut unknown = false;
    let mut unjudged = false;
    for row in &calibration.points {
        let source = &calibration.sources[row.source];
        let date = about.date.clone().or_else(|| source.run.date.clone());
        undated |= date.is_none();
        unknown |= row.point.users.is_none();
        unjudged |= row.judged.verdict.is_none();
        let (Some(date), Some(users), Some(verdict)) = (date, row.point.users, row.judged.verdict) else { continue };
        rows.push(LoadTest {
            id: row.id.clone(),
            scenario: about.scenario.clone(),
            read_share: None,
            concurrent_users: users,
            mean: row.point.mean.span(),
            p95: row.point.p95.span(),
            p99: row.point.p99.map(|p99| p99.span()),
            rate: row.point.rate,
            errors: row.point.errors,
            duration: row.point.duration,
            requests: Some(row.point.requests),
            verdict,
            date,
            tool: source.run.tool.program().to_owned(),
            machines: about.machines.clone(),
            excludes: about.excludes.clone(),
            provenance: Some(provenance(source)),
        });
    }
    if undated {
        lacks("a file does not tell the day of the test", "give it: `--date 2026-01-14`");
    }
    if unknown {
        lacks("a file does not tell the number of users", "give it: `--users 100`");
    }
    if unjudged {
        lacks(
            "the blueprint has no threshold to judge the test by",
            "add `[[verdicts]]` on `p95` or `errors` to it: `rapplan explain verdicts`",
        );
    }
    Error::check(problems).map(|()| rows)
}

fn provenance(source: &Source) -> Provenance {
    let name = Path::new(&source.file).file_name().map(|name| name.to_string_lossy().into_owned());
    Provenance {
        file: name.unwrap_or_else(|| source.file.clone()),
        sha256: source.sha256.clone(),
        format: source.run.tool.form().to_owned(),
        version: source.run.version.clone(),
    }
}

/// Writes the rows into a blueprint file, as a whole or not at all.
///
/// # Errors
/// All faults that the blueprint has or would have, and `E0501` when it cannot be written.
pub fn write(path: &Path, text: &str, rows: &[LoadTest]) -> Result<Written> {
    let file = path.display().to_string();
    let recorded = record::load_tests(&file, text, rows)?;
    if recorded.text != text {
        files::write(path, recorded.text.as_bytes(), Mode::Plain)?;
    }
    Ok(Written { file, added: recorded.added, changed: recorded.changed })
}
