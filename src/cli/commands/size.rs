//! `rapplan size`.

mod diff;

use crate::blueprint::platform::Provider;
use crate::catalog::Catalog;
use crate::cli::blueprint_choice::Chosen;
use crate::cli::clock;
use crate::cli::cloud_args::{self, CloudArgs};
use crate::cli::context::Context;
use crate::cli::demand_args::{self, DemandArgs};
use crate::cli::settings::Origin;
use crate::cli::sweep;
use crate::cli::view::size::SizeView;
use crate::demand::Given;
use crate::error::{Code, Error, Problem, Result};
use crate::exit::Exit;
use crate::nearest::did_you_mean;
use crate::size::compare::{Wanted, compare};
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
  rapplan size --partitions 120 --compare single,split,kubernetes --clouds aws,gcp
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
    /// Put tiers side by side: single,split,kubernetes
    #[arg(long, value_name = "TIERS", value_delimiter = ',', help_heading = "Comparisons")]
    compare: Vec<String>,
    /// Put clouds side by side: aws,gcp (also bare-metal); with --compare, each tier on each of them
    #[arg(long, value_name = "NAMES", value_delimiter = ',', help_heading = "Comparisons", conflicts_with = "cloud")]
    clouds: Vec<String>,
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

/// The alternatives that the flags name.
fn wanted(args: &Args) -> Result<Wanted> {
    let tiers = args.compare.iter().map(|tier| tier.trim().to_owned());
    let tiers = tiers.map(|value| Given { value, origin: "flag --compare".to_owned() }).collect();
    let mut problems = Vec::new();
    let mut clouds = Vec::new();
    for word in args.clouds.iter().map(|word| word.trim()) {
        match Provider::ALL.into_iter().find(|(known, _)| *known == word) {
            Some((_, value)) => clouds.push(Given { value, origin: "flag --clouds".to_owned() }),
            None => problems.push(
                Problem::new(Code::BadValue, format!("flag --clouds: `{word}` is no cloud"))
                    .hint_opt(did_you_mean(word, Provider::ALL.into_iter().map(|(known, _)| known)))
                    .hint("the clouds are aws, gcp and bare-metal"),
            ),
        }
    }
    Error::check(problems).map(|()| Wanted { tiers, clouds })
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
    if !args.compare.is_empty() || !args.clouds.is_empty() {
        let wanted = wanted(args)?;
        let request = Request { ask, tier: None, cloud };
        return context.show(&compare(&blueprint, &request, &wanted, context.catalog()?)?);
    }
    // Prices of one's own are read where prices matter.
    let priced = cloud.provider.is_some() || cloud.region.is_some() || blueprint.tiers.is_empty();
    let catalog = if priced { context.catalog()? } else { Catalog::embedded() };
    let worlds = ask.worlds.count;
    let (plan, took) = clock::timed(|| size_at(&blueprint, &Request { ask, tier: None, cloud }, catalog));
    let mut plan = plan?;
    if plan.uncertainty.is_some() {
        context.ui.verbose(&clock::a_second("worlds", worlds.into(), took));
    }
    let named = settings.resolve("blueprint").filter(|setting| matches!(setting.origin, Origin::Flag(_)));
    plan.next = next(&plan, named.as_ref().map(|setting| setting.text.as_str()));
    context.show(&SizeView { plan: &plan, why: args.why, forecast: args.forecast })
}
