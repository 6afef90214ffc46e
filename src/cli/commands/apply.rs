//! `rapplan apply`.

use std::path::{Path, PathBuf};

use crate::cli::context::Context;
use crate::cli::rollout::args::RolloutArgs;
use crate::cli::rollout::asked::Asked;
use crate::cli::rollout::carry_out::{CarryArgs, Leave, Order, again};
use crate::cli::rollout::clouds::{self, on_cloud};
use crate::cli::rollout::goal::Goal;
use crate::cli::rollout::records::Records;
use crate::cli::rollout::saved::{self, Saved};
use crate::cli::rollout::store::{Store, hash_of};
use crate::cli::rollout::wanted::{self, Deployable, Place};
use crate::cli::rollout::{DesiredOf, refuse};
use crate::cloud::Cloud;
use crate::cloud::shown::Shown;
use crate::error::{Code, Problem, Result};
use crate::exit::Exit;

const EXAMPLES: &str = "\
Examples:
  rapplan apply --cloud aws --simulate                         show the plan, ask, carry it out in a simulated cloud
  rapplan apply --cloud aws --simulate --yes                   without asking, for scripts
  rapplan apply --cloud aws --simulate --image api=registry.example/api:1.4.2 --steps 10,50,100
  rapplan apply plan.json --simulate                           exactly what `rapplan plan --out plan.json` has shown
  rapplan apply --cloud aws --simulate --yes --pace 60         a minute passes each second: watch it, or press Ctrl-C
  rapplan apply --cloud aws --simulate --yes -o json           one line of JSON for each event";

/// Carry out what `rapplan plan` shows: make, change, release, resume
///
/// Shows the plan, asks, and carries it out step by step, telling what is done and why, and what is waited for. A run that
/// was cut short is simply run again: it goes on from what is there. A release whose instances do not become healthy, or
/// during which an alarm fires, is taken back by itself. Ctrl-C finishes what is on its way, leaves a safe state and says
/// how to go on; a second one ends it at once. In a simulated cloud time passes as fast as it can be reckoned; `--pace`
/// lets it pass slowly enough to watch.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// A plan that `rapplan plan --out` has saved
    file: Option<PathBuf>,
    /// Carry it out without asking
    #[arg(short, long)]
    yes: bool,
    /// How it is carried out.
    #[command(flatten)]
    carry: CarryArgs,
    /// What is wanted.
    #[command(flatten)]
    rollout: RolloutArgs,
}

const COMMAND: &str = "rapplan apply";

/// Differences that are told of a plan that is out of date.
const TOLD: usize = 10;

/// Carries a plan out.
///
/// # Errors
/// What is wrong with the inputs, a plan that is refused, leave that nobody gave, and how the run failed.
pub fn run(args: &Args, context: &Context) -> Result<Exit> {
    let Some(file) = &args.file else {
        let place = wanted::place(&args.rollout.place, context, COMMAND, false)?;
        return on_cloud!(place.provider, on(args, &place, context));
    };
    let (cloud, deployment) = saved::cloud(file)?;
    if !args.rollout.place.simulate {
        return Err(refuse::no_credentials(&cloud, &format!("{COMMAND} {}", file.display())));
    }
    on_cloud!(clouds::named(&cloud)?, of_file(args, file, &deployment, context))
}

fn on<S: Deployable>(args: &Args, place: &Place, context: &Context) -> Result<Exit> {
    // Whatever is wrong with the inputs is told before the folder is made.
    let look = Store::look(&place.records);
    let (goal, asked) = wanted::goal::<S>(&args.rollout, place, &look, &look.history()?, context)?;
    let store = Store::open(&place.records)?;
    let history = store.history()?;
    let goal = Goal { fallback: wanted::current::<S>(&store, &history)?, ..goal };
    let world: S = wanted::world(&store, &place.deployment)?;
    let leave = Leave::usual(args.yes);
    let said: Vec<String> = args.rollout.said().into_iter().chain(args.carry.said()).collect();
    let again = again(COMMAND, context, &said, args.yes);
    Order { command: COMMAND, again, recorded: None, store: &store, history: &history, world, goal, asked, leave }
        .carry_out(&args.carry, context)
}

/// Flags that do not say what is wanted.
fn outside(flag: &str) -> bool {
    ["--deployment ", "--history-bucket ", "--cloud "].iter().any(|name| flag.starts_with(name))
}

type SavedFor<S> = Saved<DesiredOf<S>, <<S as crate::cloud::sim::Simulated>::Cloud as Cloud>::World>;

fn of_file<S: Deployable>(args: &Args, file: &Path, deployment: &str, context: &Context) -> Result<Exit> {
    let saved: SavedFor<S> = saved::load(file)?;
    let settings = context.settings()?;
    if let Some(other) = settings.resolve("deployment").filter(|setting| setting.text != deployment) {
        let what = format!("the plan in `{}` is for `{deployment}`, not for `{}`", file.display(), other.text);
        return Err(Problem::new(Code::Contradiction, what).because(format!("said by {}", other.origin)).into());
    }
    let fixed: Vec<String> =
        context.flags().into_iter().filter(|flag| !outside(flag)).chain(args.rollout.said()).collect();
    if !fixed.is_empty() {
        let what = format!("the plan in `{}` is carried out as it is, without {}", file.display(), fixed.join(" "));
        return Err(Problem::new(Code::Contradiction, what)
            .because("what is wanted, and how it is released, was fixed when the plan was saved")
            .hint(format!("plan anew with these flags: {} {}", saved.again, fixed.join(" ")))
            .into());
    }
    let records = Records::of(settings, deployment, args.rollout.place.simulate)?;
    let store = Store::open(&records)?;
    let history = store.history()?;
    let world: S = wanted::world(&store, deployment)?;
    let lasting = <S::Cloud as Shown>::lasting(world.truth());
    let found = hash_of(&lasting)?;
    if found != saved.plan.observed.hash {
        let since = <S::Cloud as Shown>::changes(&saved.observed, &lasting);
        let mut since: Vec<String> =
            since.iter().map(|change| format!("{} {}", change.verb.sign(), change.subject)).collect();
        let more = since.len().saturating_sub(TOLD);
        since.truncate(TOLD);
        since.extend((more > 0).then(|| format!("and {more} more")));
        return Err(saved::stale(file, &saved.plan.observed.hash, &found, &since, &saved.again));
    }
    let goal = Goal { desired: saved.desired, fallback: wanted::current::<S>(&store, &history)? };
    let mut carry = args.carry.clone();
    carry.leave.allow_capacity_drop |= saved.allow_capacity_drop;
    let leave = Leave::usual(args.yes);
    let asked = Asked {
        images: saved.images,
        said: saved.said,
        notes: saved.plan.notes,
        demand: saved.plan.demand,
        ..Asked::default()
    };
    // A plan is for the state that it was made for; what was begun is finished from the history.
    let again = again("rapplan doctor --repair", context, &args.carry.said().collect::<Vec<_>>(), args.yes);
    Order { command: COMMAND, again, recorded: None, store: &store, history: &history, world, goal, asked, leave }
        .carry_out(&carry, context)
}
