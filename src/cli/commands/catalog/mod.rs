//! `rapplan catalog`.

mod filter;
mod list;
mod show;
mod update;

use std::path::PathBuf;

use clap::Subcommand;

pub use list::Listing;
pub use show::Shown;
pub use update::Updated;

use crate::cli::context::Context;
use crate::error::Result;
use crate::exit::Exit;

const EXAMPLES: &str = "\
Examples:
  rapplan catalog list --cloud aws --arch arm64 --sort price   machines with their prices and days
  rapplan catalog show g2-standard-4                           one machine in all regions, with sources
  rapplan catalog update --from prices.csv --dry-run           what prices of your own would change
  rapplan catalog update --cloud aws                           read the price list of AWS";

/// List, show and update machines and prices
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Folder of prices of your own [default: $XDG_DATA_HOME/rapplan/catalog]
    #[arg(long, value_name = "DIR", global = true)]
    pub catalog_dir: Option<PathBuf>,
    /// What to do; `list` without it.
    #[command(subcommand)]
    command: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    List(list::Args),
    Show(show::Args),
    Update(update::Args),
}

/// Runs the part that was asked for.
///
/// # Errors
/// Those of the part.
pub fn run(args: Args, context: &Context) -> Result<Exit> {
    match args.command {
        None => list::run(&list::Args::default(), context),
        Some(What::List(args)) => list::run(&args, context),
        Some(What::Show(args)) => show::run(&args, context),
        Some(What::Update(args)) => update::run(&args, context),
    }
}
