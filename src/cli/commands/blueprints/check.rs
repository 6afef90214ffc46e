//! `rapplan blueprints check`.

use crate::cli::blueprint_choice::Chosen;
use crate::cli::context::Context;
use crate::error::Result;
use crate::exit::Exit;

const EXAMPLES: &str = "\
Examples:
  rapplan blueprints check blueprint.toml
  rapplan blueprints check - < blueprint.toml
  rapplan explain E0206                         what a fault means";

/// Check a blueprint: every fault at once, with file, line and column
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The file; `-` is standard input
    file: String,
}

/// Checks the file and says that it is sound.
///
/// # Errors
/// All faults of the file.
pub fn run(args: Args, context: &Context) -> Result<Exit> {
    let chosen = Chosen::of_file(&args.file)?;
    let blueprint = chosen.load()?;
    let (services, tiers) = (blueprint.services.len(), blueprint.tiers.len());
    let sized = if tiers == 0 { "; without a tier table it cannot be sized" } else { "" };
    context.ui.note(&format!("{}: sound, {services} services, {tiers} tiers{sized}", chosen.file));
    Ok(Exit::Ok)
}
