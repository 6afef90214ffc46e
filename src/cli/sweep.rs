//! Very many sizes at once.

use serde::Serialize;

use super::context::Context;
use super::view::{Format, Page, View};
use crate::blueprint::Blueprint;
use crate::demand::{Ask, Given};
use crate::error::{Code, Problem, Result};
use crate::exit::Exit;
use crate::size::sweep::{Line, sweep};
use crate::units::{Bytes, Count, Rate};

/// The inputs that can be swept.
const INPUTS: [&str; 4] = ["partitions", "vectors", "rps", "users"];

/// Most lines that are shown in anything but CSV, which streams.
const MOST_SHOWN: usize = 10_000;

/// Sizes a range and prints a line for each value.
///
/// # Errors
/// `E0102` for a range that is none.
pub fn run(range: &str, blueprint: &Blueprint, ask: &Ask, context: &Context) -> Result<Exit> {
    let (input, from, to) = parse(range)?;
    if let Some(ranged) = ask.ranges.first() {
        let flag = ranged.variable.flag();
        return Err(Problem::new(
            Code::BadValue,
            format!("{} is a range, and a sweep takes every value as certain", ranged.origin),
        )
        .because("a sweep sizes each value by itself, without imagining what the others may be")
        .hint(format!(
            "give one value: --{flag} {}",
            ranged.variable.show(ranged.variable.middle(&ranged.range)).replace([',', ' '], "")
        ))
        .hint("or leave --sweep out, and the range is sized as a whole")
        .into());
    }
    let ask = |at| with(ask, input, at);
    let lines = sweep(blueprint, from..=to, ask)?;
    if context.format()? == Format::Csv {
        context.ui.data(&csv(input, &lines))?;
        return Ok(Exit::Ok);
    }
    if lines.len() > MOST_SHOWN {
        return Err(Problem::new(Code::BadValue, format!("{} lines are too many for a table", lines.len()))
            .because(format!("at most {MOST_SHOWN} are shown"))
            .hint("print them as CSV: -o csv")
            .into());
    }
    context.show(&Sweep { input, lines: lines.into_iter().map(Row::from).collect() })
}

/// `partitions=1..1000`, both ends inclusive.
fn parse(range: &str) -> Result<(&'static str, u64, u64)> {
    let bad = |why: String| {
        Problem::new(Code::BadValue, format!("flag --sweep: `{range}` {why}"))
            .hint(format!("give a range such as `partitions=1..1000`, of one of {}", INPUTS.join(", ")))
    };
    let (name, ends) = range.split_once('=').ok_or_else(|| bad("names no input".to_owned()))?;
    let input = INPUTS
        .into_iter()
        .find(|input| *input == name)
        .ok_or_else(|| bad(format!("sweeps `{name}`, which cannot be swept")))?;
    let (from, to) = ends.split_once("..").ok_or_else(|| bad("has no `..` between its ends".to_owned()))?;
    let end = |text: &str| text.parse::<Count>().map_err(|error| bad(format!("has an end that {}", error.problem)));
    let (Count(from), Count(to)) = (end(from)?, end(to)?);
    match from {
        0 => Err(bad("begins at 0, where there is nothing to size".to_owned()).into()),
        _ if from > to => Err(bad("ends before it begins".to_owned()).into()),
        _ if to - from >= 100_000_000 => Err(bad("is longer than 100 million".to_owned()).into()),
        _ => Ok((input, from, to)),
    }
}

fn with(ask: &Ask, input: &str, at: u64) -> Ask {
    let mut ask = ask.clone();
    let count = || Some(Given { value: Count(at), origin: String::new() });
    match input {
        "partitions" => ask.partitions = count(),
        "vectors" => ask.vectors = count(),
        "users" => ask.users = count(),
        _ => ask.rps = Some(Given { value: Rate(at.saturating_mul(1000)), origin: String::new() }),
    }
    ask
}

fn csv(input: &str, lines: &[Line<'_>]) -> String {
    use std::fmt::Write;
    let mut out = String::with_capacity(64 * (lines.len() + 1));
    let _ = writeln!(out, "{input},vectors,data_bytes,tier,set,cost_min_usd,cost_max_usd");
    for line in lines {
        let dollars = |usd: Option<crate::units::Usd>| usd.map(|usd| (usd.0 / 100).to_string()).unwrap_or_default();
        let _ = writeln!(
            out,
            "{},{},{},{},{},{},{}",
            line.at,
            line.vectors,
            line.data,
            line.tier.unwrap_or_default(),
            line.set.unwrap_or_default(),
            dollars(line.cost.map(|cost| cost.min)),
            dollars(line.cost.and_then(|cost| cost.max)),
        );
    }
    out
}

#[derive(Serialize)]
struct Sweep {
    input: &'static str,
    lines: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    at: u64,
    vectors: u64,
    data_bytes: u64,
    tier: Option<String>,
    set: Option<String>,
    cost: Option<crate::blueprint::tier::UsdRange>,
}

impl From<Line<'_>> for Row {
    fn from(line: Line<'_>) -> Self {
        Self {
            at: line.at,
            vectors: line.vectors,
            data_bytes: line.data,
            tier: line.tier.map(str::to_owned),
            set: line.set.map(str::to_owned),
            cost: line.cost,
        }
    }
}

impl View for Sweep {
    const KIND: &'static str = "sweep";

    fn page(&self) -> Page {
        let rows = self.lines.iter().map(|row| {
            [
                Count(row.at).to_string(),
                Count(row.vectors).to_string(),
                Bytes(row.data_bytes).to_string(),
                row.tier.clone().unwrap_or_else(|| "none".to_owned()),
                row.set.clone().unwrap_or_default(),
                row.cost.map(|cost| super::view::size::usd(&cost)).unwrap_or_default(),
            ]
        });
        Page::new().table([self.input, "vectors", "data", "tier", "servers", "cost a month"], rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_ranges() {
        assert_eq!(parse("partitions=1..1M").unwrap(), ("partitions", 1, 1_000_000));
        for text in
            ["partitions", "partitions=5", "bots=1..2", "partitions=0..2", "partitions=3..2", "rps=1..1T", "rps=a..b"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
