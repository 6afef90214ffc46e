//! `rapplan version`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::catalog::Catalog;
use crate::cli::context::Context;
use crate::cli::view::envelope::SCHEMA_VERSION;
use crate::cli::view::{Page, View};
use crate::error::Result;
use crate::exit::Exit;

const EXAMPLES: &str = "\
Examples:
  rapplan version
  rapplan version -o json    for programs";

/// Print the version, its commit and the dates and versions of what it carries
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {}

/// What this program is.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Version {
    /// Version of the program.
    version: &'static str,
    /// Git commit that it was built from, or `unknown`.
    commit: &'static str,
    /// Newest date of the tables of machines and prices.
    catalogue: String,
    /// How many machines they have, each counted once for every region.
    machines: usize,
    /// Versions of the forms that it reads and writes.
    schemas: BTreeMap<&'static str, &'static str>,
}

impl View for Version {
    const KIND: &'static str = "version";

    fn page(&self) -> Page {
        let schemas: Vec<String> = self.schemas.iter().map(|(name, version)| format!("{name} {version}")).collect();
        Page::new().text(format!("rapplan {} (commit {})", self.version, self.commit)).text(format!(
            "catalogue of {} with {} machines; schemas: {}",
            self.catalogue,
            self.machines,
            schemas.join(", ")
        ))
    }
}

/// Prints the version.
///
/// # Errors
/// `E0501` when stdout cannot be written.
pub fn run(_: Args, context: &Context) -> Result<Exit> {
    context.show(&Version {
        version: env!("CARGO_PKG_VERSION"),
        commit: env!("RAPPLAN_COMMIT"),
        catalogue: Catalog::embedded().newest_date(),
        machines: Catalog::embedded().count(),
        schemas: BTreeMap::from([("blueprint", "1"), ("project", "1"), ("output", SCHEMA_VERSION)]),
    })
}
