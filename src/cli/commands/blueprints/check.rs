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
    let count = |number: usize, what: &str| format!("{number} {what}{}", if number == 1 { "" } else { "s" });
    let tiers = match blueprint.tiers.len() {
        0 => "no tier table, so it is sized service by service".to_owned(),
        tiers => count(tiers, "tier"),
    };
    context.ui.note(&format!("{}: sound; {}, {tiers}", chosen.file, count(blueprint.services.len(), "service")));
    Ok(Exit::Ok)
}
