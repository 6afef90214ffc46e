//! `rapplan blueprints`.

mod check;
mod evidence_page;
mod list;
mod page;
mod platform_page;
mod show;
mod tier_page;

use clap::Subcommand;

pub use list::List;

use crate::cli::context::Context;
use crate::error::Result;
use crate::exit::Exit;

const EXAMPLES: &str = "\
Examples:
  rapplan blueprints                        list what is built in
  rapplan blueprints show chatty            services, tiers, triggers and all else
  rapplan blueprints show chatty -o json    the same for programs
  rapplan blueprints check blueprint.toml   every fault of a file of your own";

/// List, show and check blueprints: what an application is and how much it needs
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// What to do; `list` without it.
    #[command(subcommand)]
    command: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    List(list::Args),
    Show(show::Args),
    Check(check::Args),
}

/// Runs the part that was asked for.
///
/// # Errors
/// Those of the part.
pub fn run(args: Args, context: &Context) -> Result<Exit> {
    match args.command {
        None => list::run(list::Args {}, context),
        Some(What::List(args)) => list::run(args, context),
        Some(What::Show(args)) => show::run(args, context),
        Some(What::Check(args)) => check::run(args, context),
    }
}
