//! `rapplan destroy`.

use crate::cli::context::Context;
use crate::cli::rollout::args::PlaceArgs;
use crate::cli::rollout::asked::Asked;
use crate::cli::rollout::carry_out::{CarryArgs, Leave, Order, again};
use crate::cli::rollout::clouds::on_cloud;
use crate::cli::rollout::goal::Goal;
use crate::cli::rollout::store::Store;
use crate::cli::rollout::wanted::{self, Deployable, Place};
use crate::cloud::shown::Shown;
use crate::error::{Code, Problem, Result};
use crate::exit::Exit;

const EXAMPLES: &str = "\
Examples:
  rapplan destroy --simulate                                  show what would go, and ask for the name
  rapplan destroy --simulate --confirm chatty                 without asking, for scripts
  rapplan destroy --simulate --confirm chatty --allow-data-loss   with disks, file systems and images";

/// Delete a deployment; what holds data stays unless its loss is agreed to
///
/// Deletes what bears the tags of the deployment, in the order in which nothing is used any more: rules, groups, machines,
/// networks. Disks, file systems and registries stay with what they need, unless `--allow-data-loss` is given.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Name of the deployment, which agrees to its end without being asked
    #[arg(long, value_name = "NAME")]
    confirm: Option<String>,
    /// Delete what holds data as well
    #[arg(long)]
    allow_data_loss: bool,
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

const COMMAND: &str = "rapplan destroy";

/// Deletes a deployment.
///
/// # Errors
/// Another name than that of the deployment, leave that nobody gave, and how the run failed.
pub fn run(args: &Args, context: &Context) -> Result<Exit> {
    let place = wanted::place(&args.place, context, COMMAND, false)?;
    on_cloud!(place.provider, on(args, &place, context))
}

fn on<S: Deployable>(args: &Args, place: &Place, context: &Context) -> Result<Exit> {
    let name = &place.deployment;
    if let Some(other) = args.confirm.as_ref().filter(|confirmed| *confirmed != name) {
        return Err(Problem::new(Code::BadValue, format!("--confirm: the deployment is `{name}`, not `{other}`"))
            .hint(format!("to delete {name}: {COMMAND} --simulate --confirm {name}"))
            .hint(format!("to delete {other}: {COMMAND} --simulate --deployment {other} --confirm {other}"))
            .into());
    }
    if wanted::is_empty(&wanted::world::<S>(&Store::look(&place.records), name)?) {
        return Err(wanted::nothing(place, COMMAND));
    }
    let store = Store::open(&place.records)?;
    let history = store.history()?;
    let world: S = wanted::world(&store, name)?;
    let desired = <S::Cloud as Shown>::nothing(name, world.truth(), args.allow_data_loss);
    let goal = Goal { desired, fallback: wanted::current::<S>(&store, &history)? };
    let leave = Leave {
        question: format!("Type the name of the deployment to delete it ({name}):"),
        word: name.clone(),
        given: args.confirm.is_some(),
        flag: format!("--confirm {name}"),
    };
    let mut said: Vec<String> = args.allow_data_loss.then(|| "--allow-data-loss".to_owned()).into_iter().collect();
    said.extend(args.confirm.iter().map(|name| format!("--confirm {name}")));
    let again = again(COMMAND, context, &said, false);
    let mut carry = args.carry.clone();
    // Whoever deletes a service does not ask that it bears its demand.
    carry.leave.allow_capacity_drop = true;
    let asked = Asked::default();
    Order { command: COMMAND, again, recorded: None, store: &store, history: &history, world, goal, asked, leave }
        .carry_out(&carry, context)
}
