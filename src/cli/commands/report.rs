//! `rapplan report`.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use crate::catalog::Catalog;
use crate::cli::blueprint_choice::Chosen;
use crate::cli::cloud_args::{self, CloudArgs};
use crate::cli::context::Context;
use crate::cli::demand_args::{self, DemandArgs};
use crate::cli::files::{self, Mode};
use crate::cli::view::{Page, View};
use crate::demand::Given;
use crate::error::{Code, Problem, Result};
use crate::exit::Exit;
use crate::render::report;
use crate::size::{Request, size_at};
use crate::units::Bytes;

const EXAMPLES: &str = "\
Examples:
  rapplan report --partitions 40 --growth 8%/month --horizon 24mo   cost and capacity month by month
  rapplan report --partitions 120 --out size.html                   into another file
  rapplan report --rps 500..2000 --partitions 30..90@80%            what is not known exactly
  rapplan report --blueprint dojangkok --ccu 450                    machines, zones and prices on clouds
  rapplan report --tier kubernetes --partitions 600 --out -         to standard output";

/// Write a size as one HTML page to look at: cost and capacity, topology, memory, ranges, reasons
///
/// The page needs no network, no script and no other file, and reads well on a telephone, in the dark and on paper.
/// The same size gives the same bytes. A file that is not such a page is never written over without `--force`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Tier to show [default: the smallest that bears the demand]
    #[arg(long, value_name = "NAME")]
    tier: Option<String>,
    /// File to write; `-` is standard output
    #[arg(id = "report-file", long = "out", value_name = "FILE", default_value = "rapplan-report.html")]
    out: PathBuf,
    /// Write over a file that is not a page of this command
    #[arg(long)]
    force: bool,
    /// What must be borne.
    #[command(flatten)]
    demand: DemandArgs,
    /// Which machines and prices are taken.
    #[command(flatten)]
    cloud: CloudArgs,
}

/// What was written.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Reported {
    /// The file.
    pub file: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Tier that is shown, where the blueprint has tiers.
    pub tier: Option<String>,
    /// Severe warnings, which the page has first.
    pub warnings: Vec<String>,
}

/// Writes the page.
///
/// # Errors
/// What is wrong with the inputs; a file in the way that is not such a page (`E0402`); a disk that refuses.
pub fn run(args: &Args, context: &Context) -> Result<Exit> {
    let settings = context.settings()?;
    let ask = demand_args::ask(settings)?;
    let blueprint = Chosen::of_settings(settings)?.load()?;
    let tier = settings.resolve("render.tier").map(|tier| Given { value: tier.text, origin: tier.origin.to_string() });
    let cloud = cloud_args::choice(settings)?;
    let priced = cloud.provider.is_some() || cloud.region.is_some() || blueprint.tiers.is_empty();
    let catalog = if priced { context.catalog()? } else { Catalog::embedded() };
    let plan = size_at(&blueprint, &Request { ask, tier, cloud }, catalog)?;
    let page = report::page(&plan, &blueprint);
    if args.out == Path::new("-") {
        context.ui.data(&page)?;
        return Ok(Exit::Ok);
    }
    if !args.force {
        in_the_way(&args.out, Some("`--force` overwrites it"))?;
    }
    files::write(&args.out, page.as_bytes(), Mode::Plain)?;
    let severe = plan.warnings.iter().filter(|warning| warning.severe);
    context.show(&Reported {
        file: args.out.display().to_string(),
        bytes: page.len() as u64,
        tier: plan.tier.as_ref().map(|tier| tier.name.clone()),
        warnings: severe.map(|warning| warning.text.clone()).collect(),
    })
}

/// Refuses to write over what is not such a page.
///
/// # Errors
/// `E0402` when something else is there.
pub(super) fn in_the_way(path: &Path, force: Option<&str>) -> Result<()> {
    // A file that cannot be read as text was not made by this command either.
    let ours = match files::read_if_there(path) {
        Ok(text) => text.is_none_or(|text| report::is_report(&text)),
        Err(_) => false,
    };
    if ours {
        return Ok(());
    }
    Err(Problem::new(Code::Edited, format!("`{}` is there and is not a page of rapplan report", path.display()))
        .because("it would be lost")
        .hint("name another file")
        .hint_opt(force.map(str::to_owned))
        .into())
}

impl View for Reported {
    const KIND: &'static str = "report";

    fn page(&self) -> Page {
        Page::new()
            .text(format!("{}: {}", self.file, Bytes(self.bytes).approx()))
            .section("Warnings", |page| page.list(self.warnings.iter().cloned()))
    }
}
