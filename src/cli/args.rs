//! The command line: global options and the list of commands. The doc comments are the help text.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand};

use super::color::When;
use super::commands::{
    apply, blueprints, calibrate, catalog, completions, destroy, doctor, explain, help, history, init, man, plan,
    rehearse, render, report, rollback, schema, simulate, size, status, version,
};
use super::view::Format;

const EXAMPLES: &str = "\
Examples:
  rapplan size --partitions 120      which tier, which servers, at what cost, and why
  rapplan render --tier split        the files that run it, into ./deploy
  rapplan report --partitions 120    the same as one HTML page with pictures
  rapplan plan --cloud aws --simulate   what would be made on a cloud, without an account
  rapplan apply --cloud aws --simulate  make it there; then release, roll back, destroy
  rapplan blueprints                 what can be sized and rendered out of the box
  rapplan init --blueprint chatty    write rapplan.toml, the settings of a deployment
  rapplan explain demand.partitions  what a setting is, what it is set to, and where
  rapplan help exit-codes            what scripts can branch on";

/// From demand to a running RAG or LLM application
///
/// rapplan takes what an application must bear (partitions, vectors, requests, users) and says which tier and machines
/// bear it and why, then writes the files that run it. Flags go before `RAPPLAN_*` variables, these before
/// `rapplan.toml`, and that before the defaults.
#[derive(Debug, Parser)]
#[command(
    name = "rapplan",
    bin_name = "rapplan",
    disable_help_subcommand = true,
    disable_version_flag = true,
    after_help = EXAMPLES,
    max_term_width = 100
)]
pub struct Cli {
    /// Print the version, as `rapplan version` does
    #[arg(short = 'V', long)]
    pub version: bool,
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Do as if started in this folder
    #[arg(short = 'C', long, value_name = "DIR", global = true)]
    pub chdir: Option<PathBuf>,
    /// Use this project file instead of the nearest rapplan.toml
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// The application: the name of a built-in blueprint, or a file
    #[arg(long, value_name = "NAME|FILE", global = true)]
    pub blueprint: Option<String>,
    /// How the result is printed [default: table]
    #[arg(short, long, value_name = "FORMAT", global = true)]
    pub output: Option<Format>,
    /// When colour is used [default: auto]
    #[arg(long, value_name = "WHEN", global = true)]
    pub color: Option<When>,
    /// Print errors and results only; twice: nothing, the exit status alone speaks
    #[arg(short, long, action = ArgAction::Count, global = true, conflicts_with = "verbose")]
    pub quiet: u8,
    /// Say what is read and decided; twice: everything
    #[arg(short, long, action = ArgAction::Count, global = true)]
    pub verbose: u8,
}

/// The commands, each in the file of its name.
#[derive(Debug, Subcommand)]
#[allow(missing_docs, reason = "a comment here would replace the help text, which each command has in its own file")]
pub enum Command {
    Size(Box<size::Args>),
    Calibrate(Box<calibrate::Args>),
    Render(Box<render::Args>),
    Report(Box<report::Args>),
    Plan(Box<plan::Args>),
    Apply(Box<apply::Args>),
    Rehearse(Box<rehearse::Args>),
    Simulate(simulate::Args),
    Status(status::Args),
    History(history::Args),
    Rollback(rollback::Args),
    Doctor(doctor::Args),
    Destroy(destroy::Args),
    Init(init::Args),
    Blueprints(blueprints::Args),
    Catalog(catalog::Args),
    Schema(schema::Args),
    Explain(explain::Args),
    Completions(completions::Args),
    Man(man::Args),
    Version(version::Args),
    Help(help::Args),
}
