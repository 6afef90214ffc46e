//! `rapplan calibrate`.

use std::path::{Path, PathBuf};

use indexmap::IndexMap;

use crate::blueprint::Blueprint;
use crate::cli::blueprint_choice::Chosen;
use crate::cli::calibrate::{About, read, report, rows, write};
use crate::cli::context::Context;
use crate::cli::settings::{Origin, Settings};
use crate::demand::capacity::{Metric, Objective};
use crate::error::{Code, Error, Problem, Result};
use crate::exit::Exit;
use crate::nearest::did_you_mean;
use crate::units::{Count, Span, Unit};

const EXAMPLES: &str = "\
Examples:
  rapplan calibrate summary.json                                      points, verdict and capacity
  rapplan calibrate run-*.json --p95 500ms --max-error-rate 1%        capacity at an objective
  rapplan calibrate steps.csv --scenario write-heavy --blueprint dojangkok
  rapplan calibrate locust_stats.csv --users 200                      where the file does not tell the users
  rapplan calibrate steps.csv --scenario write-heavy --service backend \\
    --machine backend=t4g.medium --machine mysql=t4g.small --write blueprint.toml";

/// Find what machines bear, from the files of load generators
///
/// Reads k6 (handleSummary, --summary-export and machine-readable JSON, CSV), Locust (CSV) and vegeta (JSON); the format is
/// told from the content. Says the capacity at the objective, fits the Universal Scalability Law when there are points
/// enough, judges by the thresholds of the blueprint, and writes the points into it with their provenance.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Files of one scenario; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Name of the scenario, such as write-heavy
    #[arg(long, value_name = "NAME")]
    scenario: Option<String>,
    /// The service that the requests went to: thresholds on other services are left out
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
    /// A machine of the test and the service on it, such as mysql=t4g.small; may be repeated
    #[arg(long, value_name = "SERVICE=MACHINE")]
    machine: Vec<String>,
    /// A service that took no part in the test; may be repeated
    #[arg(long, value_name = "SERVICE", value_delimiter = ',')]
    exclude: Vec<String>,
    /// Users at the same moment, where a file does not tell them
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true)]
    users: Option<String>,
    /// Day of the test, where a file does not tell it: 2026-01-14
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<String>,
    /// Longest p95 of the response time that is borne, such as 500ms
    #[arg(long, value_name = "SPAN", help_heading = "Objective")]
    p95: Option<String>,
    /// Longest p99 that is borne
    #[arg(long, value_name = "SPAN", help_heading = "Objective")]
    p99: Option<String>,
    /// Longest mean that is borne
    #[arg(long, value_name = "SPAN", help_heading = "Objective")]
    mean: Option<String>,
    /// Largest share of failed requests that is borne, such as 1%
    #[arg(long, value_name = "SHARE", help_heading = "Objective")]
    max_error_rate: Option<String>,
    /// Write the points into this blueprint file; without FILE into that of the settings
    #[arg(long, value_name = "FILE", num_args = 0..=1)]
    write: Option<Option<String>>,
}

/// Reads the files, prints what they say, and writes it into the blueprint if that was asked for.
///
/// # Errors
/// What is wrong with the options, the files and the blueprint; `E0101` for a built-in blueprint, which cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<Exit> {
    let settings = context.settings()?;
    let chosen = match &args.write {
        Some(Some(file)) => Chosen::of_file(file)?,
        _ => Chosen::of_settings(settings)?,
    };
    if args.write.is_some() {
        writable(&chosen)?;
    }
    let blueprint = chosen.load()?;
    let about = about(args, settings, &blueprint)?;
    let sources = args.files.iter().map(|file| read(file)).collect::<Result<Vec<_>>>()?;
    let mut calibration = report(sources, &blueprint, &about);
    if args.write.is_some() {
        let rows = rows(&calibration, &about)?;
        let written = write(Path::new(&chosen.file), &chosen.text, &rows)?;
        let (added, changed) = (written.added.len(), written.changed.len());
        context.ui.note(&match (added, changed) {
            (0, 0) => format!("{} has these rows already", written.file),
            _ => format!("wrote {}: {added} rows added, {changed} changed", written.file),
        });
        calibration.written = Some(written);
    }
    context.show(&calibration)
}

fn writable(chosen: &Chosen) -> Result<()> {
    let problem = match chosen.builtin {
        None if chosen.file == "standard input" => {
            Problem::new(Code::Usage, "a blueprint from standard input cannot be written").hint("name a file")
        }
        None => return Ok(()),
        Some(name) => Problem::new(Code::Usage, format!("the blueprint `{name}` is built in and cannot be written"))
            .hint(format!("copy it: `rapplan init --own --blueprint {name}` writes ./blueprint.toml and uses it"))
            .hint("then write into the copy: `--write blueprint.toml`"),
    };
    Err(problem.into())
}

/// Everything that is said beside the files, with all that is wrong in it at once.
fn about(args: &Args, settings: &Settings, blueprint: &Blueprint) -> Result<About> {
    let mut problems = Vec::new();
    let services: Vec<&str> = blueprint.services.keys().map(String::as_str).collect();
    let mut known = |flag: &str, name: &str| {
        if !services.contains(&name) {
            let problem =
                Problem::new(Code::UnknownName, format!("--{flag}: {} has no service `{name}`", blueprint.name));
            problems.push(
                problem
                    .hint_opt(did_you_mean(name, services.iter().copied()))
                    .hint(format!("its services are {}; `--blueprint` names another blueprint", services.join(", "))),
            );
        }
    };
    args.service.iter().for_each(|name| known("service", name));
    args.exclude.iter().for_each(|name| known("exclude", name));
    let mut machines = IndexMap::new();
    let mut malformed = Vec::new();
    for pair in &args.machine {
        match pair.split_once('=').filter(|(role, machine)| !role.is_empty() && !machine.is_empty()) {
            Some((role, machine)) => {
                known("machine", role);
                machines.insert(role.to_owned(), machine.to_owned());
            }
            None => malformed.push(pair),
        }
    }
    for pair in malformed {
        let problem = Problem::new(Code::BadValue, format!("--machine: `{pair}` is not SERVICE=MACHINE"));
        problems.push(problem.hint("write it as `--machine mysql=t4g.small`"));
    }
    if args.write.is_some() && args.scenario.is_none() {
        let problem = Problem::new(Code::Usage, "nothing says which scenario was tested");
        problems.push(problem.hint("give it: `--scenario write-heavy`"));
    }
    let users = quantity::<Count>("users", args.users.as_ref(), &mut problems);
    if users == Some(Count(0)) {
        problems.push(Problem::new(Code::BadValue, "--users: 0 users make no load").hint("give at least 1"));
    }
    if let Some(date) = args.date.as_ref().filter(|date| !is_day(date)) {
        let problem = Problem::new(Code::BadValue, format!("--date: `{date}` is no day"));
        problems.push(problem.hint("write it as 2026-01-14"));
    }
    let objective = objective(args, settings, blueprint, &mut problems);
    Error::check(problems)?;
    Ok(About {
        scenario: args.scenario.clone().unwrap_or_else(|| "load".to_owned()),
        service: args.service.clone(),
        machines,
        excludes: args.exclude.clone(),
        users,
        date: args.date.clone(),
        objective,
    })
}

/// The thresholds of the blueprint, each replaced by what the user says on the same measure.
fn objective(args: &Args, settings: &Settings, blueprint: &Blueprint, problems: &mut Vec<Problem>) -> Objective {
    let p99 = quantity::<Span>("p99", args.p99.as_ref(), problems);
    let mean = quantity::<Span>("mean", args.mean.as_ref(), problems);
    let mut keep = |result: Result<Option<(u64, Origin)>>| {
        result.unwrap_or_else(|error| {
            problems.extend(error.problems().iter().cloned());
            None
        })
    };
    let p95 = keep(settings.quantity::<Span>("demand.p95").map(|said| said.map(|(span, origin)| (span.0, origin))));
    let errors = settings.quantity::<crate::units::Share>("demand.max-error-rate");
    let errors = keep(errors.map(|said| said.map(|(share, origin)| (share.0, origin))));
    let origin = |said: &Option<(u64, Origin)>| said.as_ref().map(|(_, origin)| origin.to_string()).unwrap_or_default();
    Objective::of_verdicts(&blueprint.verdicts)
        .with_time(Metric::Mean, mean, "flag --mean")
        .with_time(Metric::P95, p95.as_ref().map(|(span, _)| Span(*span)), &origin(&p95))
        .with_time(Metric::P99, p99, "flag --p99")
        .with_errors(errors.as_ref().map(|(share, _)| crate::units::Share(*share)), &origin(&errors))
}

fn quantity<T: Unit>(flag: &str, text: Option<&String>, problems: &mut Vec<Problem>) -> Option<T> {
    match text?.parse() {
        Ok(value) => Some(value),
        Err(error) => {
            problems.push(Problem::from_unit(Code::BadValue, &format!("--{flag}"), &error));
            None
        }
    }
}

/// Whether a text is `YYYY-MM-DD` with a month and a day that there can be.
fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &str, digits: usize| {
        (part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| part.parse::<u32>().ok())
            .flatten()
    };
    match parts[..] {
        [year, month, day] => {
            number(year, 4).is_some()
                && number(month, 2).is_some_and(|month| (1..=12).contains(&month))
                && number(day, 2).is_some_and(|day| (1..=31).contains(&day))
        }
        _ => false,
    }
}
