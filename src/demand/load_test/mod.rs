//! Reads what load generators write: k6, Locust and vegeta.
//!
//! The format is told from the content, never from the name of the file. Files of one summary are read whole; files
//! of one line a sample are read as they come, in memory that does not grow with the file.

mod csv;
mod date;
mod json;
mod k6_csv;
mod k6_json;
mod latencies;
mod locust_history;
mod locust_stats;
mod place;
mod run;
mod vegeta;

use std::io::{BufRead, Read};

pub use run::{Latency, Loop, Point, Run, Tool};

use self::csv::Table;
use self::json::Json;
use crate::error::{Code, Error, Problem, Result};

/// What is read, for messages.
const READ: &str = "k6 (handleSummary JSON, --summary-export JSON, --new-machine-readable-summary JSON, --out csv), \
                    Locust (_stats.csv, _stats_history.csv), vegeta (report -type=json)";

/// Largest summary that is read whole, in bytes; real ones have some kilobytes.
const LARGEST_SUMMARY: u64 = 16 * 1024 * 1024;

/// Reads a file of a load generator; `file` names it in messages.
///
/// # Errors
/// `E0221` when it is none that is known, or when a figure is missing or wrong, with its line and column; `E0501` when
/// the source cannot be read, `E0502` when it is not UTF-8.
pub fn read(file: &str, source: &mut dyn BufRead) -> Result<Run> {
    let start = source.fill_buf().map_err(|error| unreadable(file, &error))?;
    if start.starts_with(&[0x1f, 0x8b]) {
        return Err(unknown(file, "it is compressed").hint("uncompress it first: `gunzip`").into());
    }
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    match text.iter().find(|byte| !byte.is_ascii_whitespace()) {
        None => Err(unknown(file, "it is empty").into()),
        Some(b'{' | b'[') => summary(file, source),
        Some(_) => table(file, source),
    }
}

fn summary(file: &str, source: &mut dyn BufRead) -> Result<Run> {
    let mut bytes = Vec::new();
    source.take(LARGEST_SUMMARY + 1).read_to_end(&mut bytes).map_err(|error| unreadable(file, &error))?;
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    // Told from the first line, since such a file is not one JSON text.
    let sample = |word: &str| String::from_utf8_lossy(first).replace(' ', "").contains(word);
    if sample("\"type\":\"Metric\"") || sample("\"type\":\"Point\"") {
        let problem = unknown(file, "it is what k6 writes with `--out json`");
        return Err(problem.hint("run k6 with `--out csv=FILE`, or export `handleSummary`").into());
    }
    if bytes.len() as u64 > LARGEST_SUMMARY {
        return Err(unknown(file, "it is JSON of more than 16 MiB, and no summary is that long").into());
    }
    let text = String::from_utf8(bytes).map_err(|error| not_utf8(file, error.utf8_error().valid_up_to()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let json = Json::parse(file, text)?;
    if json.get("latencies")?.is_some() {
        return vegeta::read(&json);
    }
    if json.get("results")?.is_some() && json.get("metadata")?.is_some() {
        return k6_json::new_summary(&json);
    }
    match json.get("metrics")? {
        Some(metrics) if metrics.is_object() => k6_json::summary(&json, &metrics),
        _ => Err(unknown(file, "it is JSON without `metrics`, `results` or `latencies`").into()),
    }
}

fn table(file: &str, source: &mut dyn BufRead) -> Result<Run> {
    let mut table = Table::open(file, source)?;
    if table.has(&["metric_name", "timestamp", "metric_value"]) {
        return k6_csv::read(&mut table);
    }
    if table.has(&["User Count", "Timestamp", "Name"]) {
        return locust_history::read(&mut table);
    }
    if table.has(&["Request Count", "Failure Count", "Name"]) {
        return locust_stats::read(&mut table);
    }
    Err(table.fault(0, "no load generator that is known writes these columns").into_unknown(file))
}

fn unknown(file: &str, because: &str) -> Problem {
    Problem::new(Code::LoadTestFile, format!("`{file}` is no result of a load test that rapplan reads"))
        .because(because)
        .hint(format!("it reads {READ}"))
}

fn unreadable(file: &str, error: &std::io::Error) -> Error {
    Problem::new(Code::File, format!("cannot read `{file}`")).because(error.to_string()).into()
}

fn not_utf8(file: &str, at: usize) -> Problem {
    Problem::new(Code::NotUtf8, format!("`{file}` is not UTF-8 text"))
        .because(format!("byte {at} does not begin a character"))
}

trait IntoUnknown {
    /// The same place, with what is read as the way out.
    fn into_unknown(self, file: &str) -> Error;
}

impl IntoUnknown for Problem {
    fn into_unknown(self, file: &str) -> Error {
        let because = self.summary.clone();
        let mut problem = unknown(file, &because);
        problem.place = self.place;
        problem.into()
    }
}

#[cfg(test)]
mod tests;
