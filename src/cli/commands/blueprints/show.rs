//! `rapplan blueprints show`.

use serde::Serialize;

use super::page::page;
use crate::blueprint::Blueprint;
use crate::cli::blueprint_choice::Chosen;
use crate::cli::context::Context;
use crate::cli::view::{Page, View};
use crate::error::Result;
use crate::exit::Exit;

const EXAMPLES: &str = "\
Examples:
  rapplan blueprints show                     the blueprint of this folder's settings
  rapplan blueprints show kag                 another one
  rapplan blueprints show ./blueprint.toml    a file
  rapplan blueprints show chatty --source     the TOML itself, to start from";

/// Show a blueprint: services, tiers, triggers and all else
///
/// Tables leave out what is too long for them; `-o json` and `-o yaml` have everything, and `--source` is the file.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// A built-in blueprint or a file; without it, that of the settings
    name: Option<String>,
    /// Print the TOML as it is
    #[arg(long)]
    source: bool,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Shown<'a>(&'a Blueprint);

impl View for Shown<'_> {
    const KIND: &'static str = "blueprint";

    fn page(&self) -> Page {
        page(self.0)
    }
}

/// Prints the blueprint.
///
/// # Errors
/// `E0104` for an unknown name, `E0501` for a file that cannot be read, and all faults of the file.
pub fn run(args: Args, context: &Context) -> Result<Exit> {
    let chosen = match &args.name {
        Some(name) => Chosen::named(name)?,
        None => Chosen::of_settings(context.settings()?)?,
    };
    if args.source {
        context.ui.data(&chosen.text)?;
        return Ok(Exit::Ok);
    }
    context.show(&Shown(&chosen.load()?))
}
