//! `rapplan rollback`.

use crate::cli::context::Context;
use crate::cli::rollout::DesiredOf;
use crate::cli::rollout::args::PlaceArgs;
use crate::cli::rollout::asked::Asked;
use crate::cli::rollout::carry_out::{CarryArgs, Leave, Order, again};
use crate::cli::rollout::clouds::on_cloud;
use crate::cli::rollout::goal::Goal;
use crate::cli::rollout::history::{Entry, History};
use crate::cli::rollout::store::Store;
use crate::cli::rollout::wanted::{self, Deployable, Place};
use crate::cloud::Cloud;
use crate::cloud::shown::Shown;
use crate::error::{Code, Problem, Result};
use crate::exit::Exit;

const EXAMPLES: &str = "\
Examples:
  rapplan rollback --simulate                         to the state that was reached before this one
  rapplan rollback --simulate --to 3                  to that of revision 3 of `rapplan history`
  rapplan rollback --simulate --to registry.example/api:1.4.1 --yes";

/// Go back to a state that was reached before, with a plan first
///
/// Going back is a release like any other: the older version is made anew, takes over when it is healthy, and the newer
/// one goes. While the newer one is not yet alone, it is a change of weights, which takes seconds. Data is not taken back.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Revision, or the version of a service, of the history [default: the one before]
    #[arg(long, value_name = "REVISION|VERSION")]
    to: Option<String>,
    /// Carry it out without asking
    #[arg(short, long)]
    yes: bool,
    /// Agree that services on one machine with data are away while it is replaced
    #[arg(long)]
    allow_interruption: bool,
    /// How it is carried out.
    #[command(flatten)]
    carry: CarryArgs,
    /// Which deployment.
    #[command(flatten)]
    place: PlaceArgs,
    /// Cloud that it runs on [default: the one that it was deployed to]
    #[arg(long, value_name = "NAME")]
    cloud: Option<String>,
}

const COMMAND: &str = "rapplan rollback";

/// Goes back.
///
/// # Errors
/// Nothing to go back to, a plan that is refused, leave that nobody gave, and how the run failed.
pub fn run(args: &Args, context: &Context) -> Result<Exit> {
    let place = wanted::place(&args.place, context, COMMAND, false)?;
    on_cloud!(place.provider, on(args, &place, context))
}

fn on<S: Deployable>(args: &Args, place: &Place, context: &Context) -> Result<Exit> {
    // What there is to go back to is looked up before the folder is made or locked.
    target(args, place, &Store::look(&place.records).history()?)?;
    let store = Store::open(&place.records)?;
    let history = store.history()?;
    let entry = target(args, place, &history)?;
    let kept: Option<DesiredOf<S>> = store.desired(S::NAME, &entry.desired)?;
    let Some(mut desired) = kept else {
        return Err(Problem::new(Code::NoRevision, format!("what revision {} wanted is not kept", entry.revision))
            .because(format!("`{}` is missing", place.records.place_of(&entry.desired)))
            .hint("take it back from a copy, or name the image: rapplan apply --image SERVICE=IMAGE")
            .into());
    };
    if args.allow_interruption {
        desired = <S::Cloud as Shown>::interruptible(desired);
    }
    context.ui.note(&format!("going back to revision {}, of {}", entry.revision, entry.at));
    let world: S = wanted::world(&store, &place.deployment)?;
    let recorded = Some(desired.clone());
    // In the middle of a release nothing holds up the way back: no steps, no bake, no alarm.
    if history.unfinished().is_some() && history.before() == Some(entry) {
        desired = S::Cloud::going_back(desired);
    }
    let goal = Goal { desired, fallback: wanted::current::<S>(&store, &history)? };
    let leave = Leave::usual(args.yes);
    let asked = Asked::again(entry);
    let mut said: Vec<String> = args.to.iter().map(|to| format!("--to {to}")).collect();
    said.extend(args.allow_interruption.then(|| "--allow-interruption".to_owned()));
    said.extend(args.carry.said());
    let again = again(COMMAND, context, &said, args.yes);
    Order { command: COMMAND, again, recorded, store: &store, history: &history, world, goal, asked, leave }
        .carry_out(&args.carry, context)
}

fn target<'a>(args: &Args, place: &Place, history: &'a History) -> Result<&'a Entry> {
    let found = match &args.to {
        Some(name) => history.named(name).filter(|entry| !entry.versions.is_empty()),
        None => history.before(),
    };
    if let Some(entry) = found {
        return Ok(entry);
    }
    let what = match &args.to {
        Some(name) => format!("the history of `{}` has no revision or version `{name}`", place.deployment),
        None => format!("`{}` has no state that was reached before", place.deployment),
    };
    Err(Problem::new(Code::NoRevision, what)
        .because(match history.runs().len() {
            0 => "nothing was done to it yet".to_owned(),
            1 => "its history has one run".to_owned(),
            many => format!("its history has {many} runs"),
        })
        .hint("see them: rapplan history")
        .into())
}
