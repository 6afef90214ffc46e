//! `rapplan plan`.

use std::path::{Path, PathBuf};

use crate::cli::context::Context;
use crate::cli::rollout::args::{LeaveArgs, RolloutArgs};
use crate::cli::rollout::asked::Asked;
use crate::cli::rollout::clouds::on_cloud;
use crate::cli::rollout::planned::{Planned, plan};
use crate::cli::rollout::saved::{self, Saved};
use crate::cli::rollout::store::Store;
use crate::cli::rollout::wanted::{self, Deployable, Place};
use crate::cli::rollout::{DesiredOf, refuse};
use crate::cloud::shown::Shown;
use crate::error::Result;
use crate::exit::Exit;

const EXAMPLES: &str = "\
Examples:
  rapplan plan --cloud aws --simulate                              what would be made, when, and at what cost
  rapplan plan --cloud aws --simulate --image api=registry.example/api:1.4.2   what a release would do
  rapplan plan --cloud aws --simulate --steps 10,50,100            the new version takes over in three steps
  rapplan plan --cloud aws --simulate --out plan.json              to be looked at, then: rapplan apply plan.json
  rapplan plan --cloud aws --simulate --detailed-exitcode          0: nothing to do; 2: changes are present
  rapplan plan --cloud aws --simulate -o json                      for programs, with every step";

/// Show what would change: differences, reasons, time, cost and the lowest capacity, without changing anything
///
/// The application is sized, what is wanted for that size is compared with what is there, and the way from here to there
/// is rehearsed in a copy of the world with the very engine that would carry it out. Time, cost and capacity come from
/// these rehearsals. A plan under which a service would not bear its demand at some instant is refused.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Save the plan to this file, for `rapplan apply FILE`
    #[arg(id = "plan-file", long = "out", value_name = "FILE")]
    out: Option<PathBuf>,
    /// End with 2 when there are changes, and with 0 when there are none
    #[arg(long)]
    detailed_exitcode: bool,
    /// How far a drop is agreed to.
    #[command(flatten)]
    leave: LeaveArgs,
    /// What is wanted.
    #[command(flatten)]
    rollout: RolloutArgs,
}

/// Prints the plan.
///
/// # Errors
/// What is wrong with the inputs, what cannot be had, and a capacity below the demand.
pub fn run(args: &Args, context: &Context) -> Result<Exit> {
    let place = wanted::place(&args.rollout.place, context, COMMAND, false)?;
    on_cloud!(place.provider, on(args, &place, context))
}

const COMMAND: &str = "rapplan plan";

fn on<S: Deployable>(args: &Args, place: &Place, context: &Context) -> Result<Exit> {
    let store = Store::look(&place.records);
    let history = store.history()?;
    let world: S = wanted::world(&store, &place.deployment)?;
    let (goal, asked) = wanted::goal::<S>(&args.rollout, place, &store, &history, context)?;
    let planned = asked.complete(&world, &goal, plan(&world, &goal)?)?;
    context.show(&planned)?;
    refuse::check(&planned, args.leave.allow_capacity_drop)?;
    let is_empty = planned.is_empty();
    if let Some(out) = &args.out {
        save::<S>(out, args, planned, goal.desired, asked, &world)?;
        context.ui.hint(&format!("carry out exactly this: rapplan apply {}", out.display()));
    }
    Ok(if args.detailed_exitcode && !is_empty { Exit::Changes } else { Exit::Ok })
}

fn save<S: Deployable>(
    out: &Path,
    args: &Args,
    plan: Planned,
    desired: DesiredOf<S>,
    asked: Asked,
    world: &S,
) -> Result<()> {
    let again = asked.flags.as_ref().map_or_else(|| COMMAND.to_owned(), |flags| flags.of(COMMAND));
    let saved = Saved {
        again: format!("{again} --out {}", out.display()),
        plan,
        desired,
        images: asked.images,
        said: asked.said,
        observed: <S::Cloud as Shown>::lasting(world.truth()),
        allow_capacity_drop: args.leave.allow_capacity_drop,
    };
    saved::save(out, &saved)
}
