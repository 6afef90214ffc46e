//! `rapplan blueprints list`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::blueprint::builtin::BUILTIN;
use crate::cli::blueprint_choice::Chosen;
use crate::cli::context::Context;
use crate::cli::view::{Page, View};
use crate::error::Result;
use crate::exit::Exit;

const EXAMPLES: &str = "\
Examples:
  rapplan blueprints list
  rapplan blueprints list -o json";

/// List the built-in blueprints
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {}

/// The built-in blueprints.
#[derive(Debug, Serialize, JsonSchema)]
pub struct List {
    /// The blueprints, by name.
    blueprints: Vec<Entry>,
}

/// A built-in blueprint.
#[derive(Debug, Serialize, JsonSchema)]
struct Entry {
    /// Its name.
    name: String,
    /// Its name for people.
    title: String,
    /// What the application does.
    summary: String,
    /// Names of its services.
    services: Vec<String>,
    /// Names of its tiers, smallest first; without one it is sized service by service.
    tiers: Vec<String>,
}

impl View for List {
    const KIND: &'static str = "blueprints";

    fn page(&self) -> Page {
        let tiers = |entry: &Entry| match &*entry.tiers {
            [] => "none: sized by service".to_owned(),
            tiers => tiers.join(", "),
        };
        let rows = self
            .blueprints
            .iter()
            .map(|entry| [entry.name.clone(), entry.title.clone(), entry.services.len().to_string(), tiers(entry)]);
        Page::new().table(["name", "title", "services", "tiers"], rows)
    }
}

/// Prints the list.
///
/// # Errors
/// The faults of a built-in blueprint, which would be a fault of the program.
pub fn run(_: Args, context: &Context) -> Result<Exit> {
    let mut blueprints = Vec::new();
    for (name, ..) in BUILTIN {
        let blueprint = Chosen::named(name)?.load()?;
        blueprints.push(Entry {
            services: blueprint.services.keys().cloned().collect(),
            tiers: blueprint.tiers.iter().map(|tier| tier.name.clone()).collect(),
            name: blueprint.name,
            title: blueprint.title,
            summary: blueprint.summary,
        });
    }
    context.show(&List { blueprints })
}
