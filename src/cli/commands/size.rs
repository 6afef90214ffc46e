//! `rapplan size`.

mod diff;

use crate::catalog::Catalog;
use crate::cli::blueprint_choice::Chosen;
use crate::cli::clock;
use crate::cli::cloud_args::{self, CloudArgs};
use crate::cli::context::Context;
use crate::cli::demand_args::{self, DemandArgs};
use crate::cli::settings::Origin;
use crate::cli::sweep;
use crate::cli::view::size::SizeView;
use crate::error::Result;
use crate::exit::Exit;
use crate::size::{Request, next, size_at};

const EXAMPLES: &str = "\
Examples:
  rapplan size --partitions 120
  rapplan size --partitions 20 --rps 800                      which input decides?
  rapplan size --partitions 40 --growth 8%/month --horizon 12mo
  rapplan size --partitions 40 --growth 3%/month..9%/month --forecast --start 2026-12
  rapplan size --rps 500..2000 --partitions 30..90@80%        what is not known exactly
  rapplan size --partitions 5 --environment dev
  rapplan size --vectors 1B --dims 768 --index HNSW           does the memory hold that index?
  rapplan size --partitions 120 --cloud aws --region us-east-1  on which machines, and what do they cost?
  rapplan size --blueprint dojangkok --ccu 450 --mix write-heavy
  rapplan size --partitions 120 --why                         formula, inputs and source of every figure
  rapplan size --partitions 120 -o json                       for programs
  rapplan size diff before.json after.json                    what changed between two sizes, and why
  rapplan size --sweep partitions=1..1000 -o csv              one line for each demand";

/// Size an application: tier, servers and cost for a demand, each with its reason
///
/// The smallest tier of the blueprint's table whose every upper bound holds for the demand at the horizon is chosen;
/// bounds are inclusive. Figures that nobody says are derived from those that are, or read off the table as usual, and
/// the result tells which. The memory that the table gives is checked against a physical model of every vector index.
/// A blueprint without a tier table is sized service by service: from what its source states, from load tests, and from the
/// model of each service's family. Machines and their prices are those of a dated catalogue.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub struct Args {
    /// What to do instead of sizing.
    #[command(subcommand)]
    command: Option<What>,
    /// What must be borne.
    #[command(flatten)]
    pub demand: DemandArgs,
    /// Which machines and prices are taken.
    #[command(flatten)]
    pub cloud: CloudArgs,
    /// Show formula, inputs and source of every figure
    #[arg(long)]
    why: bool,
    /// Size every value of a range, without reasons: partitions=1..1000 (also vectors, rps, users)
    #[arg(long, value_name = "INPUT=FROM..TO", help_heading = "Sweeps")]
    pub sweep: Option<String>,
    /// Show demand, tier, cost and triggers month by month to the horizon
    #[arg(long)]
    pub forecast: bool,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Diff(diff::Args),
}

/// Prints the size.
///
/// # Errors
/// All that is wrong with the inputs, or that no tier bears the demand.
pub fn run(args: &Args, context: &Context) -> Result<Exit> {
    if let Some(What::Diff(args)) = &args.command {
        return diff::run(args, context);
    }
    let settings = context.settings()?;
    let ask = demand_args::ask(settings)?;
    let blueprint = Chosen::of_settings(settings)?.load()?;
    if let Some(range) = &args.sweep {
        return sweep::run(range, &blueprint, &ask, context);
    }
    let cloud = cloud_args::choice(settings)?;
    // Prices of one's own are read where prices matter.
    let priced = cloud.provider.is_some() || cloud.region.is_some() || blueprint.tiers.is_empty();
    let catalog = if priced { context.catalog()? } else { Catalog::embedded() };
    let worlds = ask.worlds.count;
    let request = Request { ask, tier: None, cloud };
    let (plan, took) = clock::timed(|| size_at(&blueprint, &request, catalog));
    let mut plan = plan?;
    if plan.uncertainty.is_some() {
        context.ui.verbose(&clock::a_second("worlds", worlds.into(), took));
    }
    let named = settings.resolve("blueprint").filter(|setting| matches!(setting.origin, Origin::Flag(_)));
    plan.next = next(&plan, named.as_ref().map(|setting| setting.text.as_str()));
    context.show(&SizeView { plan: &plan, why: args.why, forecast: args.forecast })
}
