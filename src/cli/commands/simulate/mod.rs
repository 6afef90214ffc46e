//! `rapplan simulate`.

mod what;

use schemars::JsonSchema;
use serde::Serialize;

use self::what::What;
use crate::cli::context::Context;
use crate::cli::rollout::args::PlaceArgs;
use crate::cli::rollout::clock;
use crate::cli::rollout::clouds::on_cloud;
use crate::cli::rollout::store::Store;
use crate::cli::rollout::wanted::{self, Place};
use crate::cli::view::{Page, View};
use crate::cloud::incident::{Exposed, Impossible};
use crate::cloud::shown::Playable;
use crate::error::{Code, Error, Problem, Result};
use crate::exit::Exit;
use crate::nearest::did_you_mean;
use crate::units::Span;

const EXAMPLES: &str = "\
Examples:
  rapplan simulate load api 6                            so many users that api scales to 6 instances
  rapplan simulate --after 3m zone-loss us-east-1a       in the middle of the next apply
  rapplan simulate zone-loss us-east-1a --over           the zone is back
  rapplan simulate stock-out us-east-1a --for 20m        no machines to be had there
  rapplan simulate quota 3                               the account may have 3 instances of groups
  rapplan simulate --after 4m alarm errors on            with: rapplan apply --simulate --alarm errors
  rapplan simulate bad-image api=shop/api:1.5.0          instances of this image never become healthy
  rapplan simulate drift group/shop-api size 1           somebody changes a size by hand
  rapplan simulate other-run jo@laptop --for 10m         somebody else's run holds the lease
  rapplan simulate faults on                             calls fail now and then
  rapplan simulate wait 10m                              time passes";

/// Let something happen in the simulated world: load, the loss of a zone, a bad image, an alarm, a change by hand
///
/// For drills. The world is that of `rapplan apply --simulate`; what happens to it lasts, until it is said to be over. No plan
/// knows what is going to happen. With `--after` it happens later, such as in the middle of the next run: the clock of the
/// simulated world goes on in runs, and with `wait`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Let it happen so much later on the clock of the simulated world
    #[arg(long, value_name = "SPAN", global = true)]
    after: Option<Span>,
    /// Name of the deployment [default: the blueprint's name]
    #[arg(long, value_name = "NAME", global = true)]
    deployment: Option<String>,
    /// Cloud that it runs on [default: the one that it was deployed to]
    #[arg(long, value_name = "NAME", global = true)]
    cloud: Option<String>,
    /// What happens.
    #[command(subcommand)]
    what: What,
}

const COMMAND: &str = "rapplan simulate";

/// What happened, or will.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Happened {
    /// Name of the deployment.
    pub deployment: String,
    /// The cloud.
    pub cloud: String,
    /// What happened, in words.
    pub what: String,
    /// When it happens, in milliseconds on the clock of the simulated world.
    pub at_ms: u64,
    /// What that clock shows, in milliseconds.
    pub now_ms: u64,
    /// Commands to try next.
    pub next: Vec<String>,
}

/// Lets something happen.
///
/// # Errors
/// Something that is not there, and a world that cannot be read or written.
pub fn run(args: &Args, context: &Context) -> Result<Exit> {
    let place = wanted::place(&PlaceArgs::default(), context, COMMAND, true)?;
    context.show(&on_cloud!(place.provider, on(args, &place))?)
}

fn on<S: Playable + Exposed>(args: &Args, place: &Place) -> Result<Happened> {
    let store = Store::open(&place.records)?;
    let mut world: S = wanted::world(&store, &place.deployment)?;
    let at = world.now() + args.after.unwrap_or_default();
    let told = match args.what.incident(&world)? {
        Some(incident) => {
            world.check(&incident).map_err(|wrong| impossible(&wrong))?;
            let told = what::told(&incident);
            world.befall(at, incident);
            // What is due at this very moment happens before anybody looks.
            world.advance(world.now());
            told
        }
        None => {
            let told = format!("{} pass", args.what.pause().unwrap_or_default());
            world.advance(at + args.what.pause().unwrap_or_default());
            told
        }
    };
    store.keep_world(&world)?;
    Ok(Happened {
        deployment: place.deployment.clone(),
        cloud: S::NAME.to_owned(),
        what: told,
        at_ms: at.0,
        now_ms: world.now().0,
        next: args.what.next(),
    })
}

fn impossible(wrong: &Impossible) -> Error {
    let Impossible { what, name, known } = wrong;
    let problem = Problem::new(Code::UnknownName, format!("{what} `{name}`"))
        .hint_opt(did_you_mean(name, known.iter().map(String::as_str)));
    match known.len() {
        0..=20 => problem.hint(format!("there are: {}", known.join(", "))),
        many => problem.hint(format!("there are {many}; those of a service are told by: rapplan status --simulate")),
    }
    .into()
}

impl View for Happened {
    const KIND: &'static str = "simulate";

    fn page(&self) -> Page {
        let when = match self.at_ms > self.now_ms {
            true => format!("{} from now, at {}", Span(self.at_ms - self.now_ms), clock(Span(self.at_ms))),
            false => format!("now, at {}", clock(Span(self.now_ms))),
        };
        Page::new()
            .text(format!("{} on simulated {}: {}", self.deployment, self.cloud, self.what))
            .facts([("when", when)])
            .section("Next", |page| page.list(self.next.iter().cloned()))
    }
}
