//! The command line: one command per file, help texts in their doc comments.

pub mod args;
mod blueprint_choice;
mod calibrate;
mod clock;
mod cloud_args;
mod color;
pub mod commands;
pub mod context;
mod demand_args;
mod deployment;
pub mod files;
mod interrupt;
mod price_lists;
mod prices;
pub mod reference;
pub mod render_write;
pub mod rollout;
pub mod secrets;
pub mod settings;
mod sweep;
mod templates;
pub mod topics;
pub mod ui;
mod usage;
pub mod view;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

use self::args::{Cli, Command};
use self::commands::{
    apply, blueprints, calibrate as calibrate_command, catalog, completions, destroy, doctor, explain, help, history,
    init, man, plan, rehearse, render, report, rollback, schema, simulate, size, status, version,
};
use self::context::Context;
use self::settings::Settings;
use self::settings::env::Env;
use self::settings::flags::Flags;
use self::ui::{Level, Ui};
use crate::error::Result;
use crate::exit::Exit;

/// Runs the program with these arguments (the first is its name) and says what to end with.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args: Vec<OsString> = args.into_iter().collect();
    let env = Env::of_process();
    let matches = match command().try_get_matches_from(&args) {
        Ok(matches) => matches,
        Err(error) => return finish(&usage::early_ui(&args, &env), |ui| usage::answer(ui, &error, &args)),
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => return finish(&usage::early_ui(&args, &env), |ui| usage::answer(ui, &error, &args)),
    };
    let level = Level::of(cli.global.quiet, cli.global.verbose);
    let flags = Flags::of_matches(&matches);
    let plain = Settings::without_files(flags.clone(), env.clone());
    if let Err(error) = cli.global.chdir.as_deref().map_or(Ok(()), files::enter) {
        let ui = Ui::new(level, plain.word("output.color").unwrap_or_default(), &env);
        return finish(&ui, |_| Err(error));
    }
    let (settings, broken) = match Settings::load(flags, env.clone(), cli.global.config.as_deref()) {
        Ok(settings) => (settings, None),
        Err(error) => (plain, Some(error)),
    };
    let color = settings.word("output.color");
    let ui = Ui::new(level, color.as_ref().copied().unwrap_or_default(), &env);
    for file in settings.files() {
        ui.verbose(&format!("settings from {file}"));
    }
    settings.unknown_variables().iter().for_each(|warning| ui.warn(warning));
    let context = Context::new(ui, settings, broken);
    finish(&context.ui, |_| color.and_then(|_| dispatch(cli, &context)))
}

/// The command line as clap sees it.
pub fn command() -> clap::Command {
    Cli::command()
}

fn dispatch(cli: Cli, context: &Context) -> Result<Exit> {
    if cli.version {
        return version::run(version::Args {}, context);
    }
    match cli.command {
        None => help::run(help::Args { topic: Vec::new() }, context),
        Some(Command::Size(args)) => size::run(&args, context),
        Some(Command::Calibrate(args)) => calibrate_command::run(&args, context),
        Some(Command::Render(args)) => render::run(&args, context),
        Some(Command::Report(args)) => report::run(&args, context),
        Some(Command::Plan(args)) => plan::run(&args, context),
        Some(Command::Apply(args)) => apply::run(&args, context),
        Some(Command::Rehearse(args)) => rehearse::run(&args, context),
        Some(Command::Simulate(args)) => simulate::run(&args, context),
        Some(Command::Status(args)) => status::run(&args, context),
        Some(Command::History(args)) => history::run(&args, context),
        Some(Command::Rollback(args)) => rollback::run(&args, context),
        Some(Command::Doctor(args)) => doctor::run(&args, context),
        Some(Command::Destroy(args)) => destroy::run(&args, context),
        Some(Command::Init(args)) => init::run(args, context),
        Some(Command::Blueprints(args)) => blueprints::run(args, context),
        Some(Command::Catalog(args)) => catalog::run(args, context),
        Some(Command::Schema(args)) => schema::run(args, context),
        Some(Command::Explain(args)) => explain::run(args, context),
        Some(Command::Completions(args)) => completions::run(args, context),
        Some(Command::Man(args)) => man::run(args, context),
        Some(Command::Version(args)) => version::run(args, context),
        Some(Command::Help(args)) => help::run(args, context),
    }
}

fn finish(ui: &Ui, work: impl FnOnce(&Ui) -> Result<Exit>) -> ExitCode {
    let exit = work(ui).unwrap_or_else(|error| {
        ui.error(&error);
        error.exit()
    });
    ExitCode::from(exit.number())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::settings::table::KEYS;

    #[test]
    fn clap_finds_no_fault_in_the_command_line() {
        command().debug_assert();
    }

    #[test]
    fn flags_of_settings_have_the_id_that_the_settings_look_for() {
        fn check(command: &clap::Command) {
            for arg in command.get_arguments() {
                for key in KEYS.iter().filter(|key| key.arg_id() == arg.get_id().as_str()) {
                    assert_eq!(arg.get_long(), Some(key.flag), "{}", command.get_name());
                }
            }
            command.get_subcommands().for_each(check);
        }
        check(&command());
    }

    #[test]
    fn every_command_teaches_by_example() {
        fn check(command: &clap::Command) {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.contains("rapplan"), "{} has no example", command.get_name());
            assert!(command.get_about().is_some(), "{} has no help", command.get_name());
            command.get_subcommands().for_each(check);
        }
        check(&command());
    }
}
