//! What clap has to say, in our words: help to stdout, faults as errors with a hint.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::color::When;
use super::settings::env::Env;
use super::ui::{Level, Ui};
use crate::error::{Code, Problem, Result};
use crate::exit::Exit;

/// A terminal for when the arguments could not be read: the few options that matter are looked for by hand.
pub fn early_ui(args: &[OsString], env: &Env) -> Ui {
    let args: Vec<&str> = args.iter().filter_map(|arg| arg.to_str()).take_while(|arg| *arg != "--").collect();
    let after = args.windows(2).filter(|pair| pair[0] == "--color").map(|pair| pair[1]);
    let color = args.iter().filter_map(|arg| arg.strip_prefix("--color=")).chain(after).next();
    let color = color.or_else(|| env.get("RAPPLAN_COLOR")).and_then(|text| clap::ValueEnum::from_str(text, true).ok());
    let quiet = |arg: &&str| match *arg {
        "-qq" => 2,
        "-q" | "--quiet" => 1,
        _ => 0,
    };
    Ui::new(Level::of(args.iter().map(quiet).sum(), 0), color.unwrap_or(When::Auto), env)
}

/// Prints the help that was asked for, or turns a fault into an error.
///
/// # Errors
/// `E0101` and `E0102`.
pub fn answer(ui: &Ui, error: &clap::Error, args: &[OsString]) -> Result<Exit> {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            ui.data(&error.render().ansi().to_string())?;
            Ok(Exit::Ok)
        }
        _ => Err(problem(error, args).into()),
    }
}

fn problem(error: &clap::Error, args: &[OsString]) -> Problem {
    let text = |kind| error.get(kind).map(words).unwrap_or_default();
    let (arg, value) = (text(ContextKind::InvalidArg), text(ContextKind::InvalidValue));
    let (code, summary) = match error.kind() {
        ErrorKind::UnknownArgument => (Code::Usage, format!("unknown option or argument `{arg}`")),
        ErrorKind::InvalidSubcommand => {
            (Code::Usage, format!("unknown command `{}`", text(ContextKind::InvalidSubcommand)))
        }
        ErrorKind::InvalidValue if value.is_empty() => (Code::Usage, format!("`{arg}` needs a value")),
        ErrorKind::InvalidValue => (Code::BadValue, format!("`{arg}` does not take `{value}`")),
        ErrorKind::ValueValidation => (Code::BadValue, format!("`{arg}` does not take `{value}`")),
        ErrorKind::MissingRequiredArgument => (Code::Usage, format!("missing: {arg}")),
        ErrorKind::MissingSubcommand => (Code::Usage, "a command is missing".to_owned()),
        ErrorKind::ArgumentConflict => {
            let prior = text(ContextKind::PriorArg);
            let both = if prior == arg || prior.is_empty() {
                "given twice".to_owned()
            } else {
                format!("and `{prior}` exclude each other")
            };
            (Code::Usage, format!("`{arg}` {both}"))
        }
        ErrorKind::TooManyValues => (Code::Usage, format!("`{arg}` does not take `{value}` as well")),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            (Code::Usage, format!("`{arg}` needs another number of values"))
        }
        _ => (Code::Usage, first_line(error)),
    };
    let mut problem = Problem::new(code, summary);
    if error.kind() == ErrorKind::ValueValidation {
        problem.cause = std::error::Error::source(error).map(ToString::to_string);
    }
    let meant = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    for kind in meant {
        problem = problem.hint_opt(error.get(kind).map(|value| format!("did you mean {}?", quoted(value, " or "))));
    }
    if let Some(choices) = error.get(ContextKind::ValidValue).map(|choices| quoted(choices, ", "))
        && !choices.is_empty()
    {
        problem = problem.hint(format!("it takes {choices}"));
    }
    if error.kind() == ErrorKind::UnknownArgument
        && arg.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit())
    {
        problem = problem.hint("a value that begins with a hyphen is joined to its option: `--data=-5GB`");
    }
    problem.hint(format!("`{} --help` says more", asked_command(error, args)))
}

/// The command that was asked for, `rapplan blueprints show`: from the usage that clap quotes, else from the arguments.
fn asked_command(error: &clap::Error, args: &[OsString]) -> String {
    let usage = error.get(ContextKind::Usage).map(ToString::to_string).unwrap_or_default();
    let words = usage.split_whitespace().skip_while(|word| *word != "rapplan");
    let words: Vec<&str> = words.take_while(|word| !word.starts_with(['[', '<', '-'])).collect();
    if !words.is_empty() {
        return words.join(" ");
    }
    let (mut command, mut path) = (super::command(), "rapplan".to_owned());
    for name in args.iter().skip(1).filter_map(|arg| arg.to_str()) {
        if let Some(below) = command.find_subcommand(name).cloned() {
            path = format!("{path} {name}");
            command = below;
        }
    }
    path
}

fn words(value: &ContextValue) -> String {
    match value {
        ContextValue::Strings(items) => items.join(", "),
        other => other.to_string(),
    }
}

fn quoted(value: &ContextValue, between: &str) -> String {
    match value {
        ContextValue::Strings(items) => items.iter().map(|item| format!("`{item}`")).collect::<Vec<_>>().join(between),
        other => format!("`{other}`"),
    }
}

fn first_line(error: &clap::Error) -> String {
    let text = error.to_string();
    text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned()
}
