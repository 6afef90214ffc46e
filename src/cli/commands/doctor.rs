//! `rapplan doctor`.

use schemars::JsonSchema;
use serde::Serialize;

use super::status::status;
use crate::cli::context::Context;
use crate::cli::rollout::DesiredOf;
use crate::cli::rollout::accompany::minutes;
use crate::cli::rollout::args::PlaceArgs;
use crate::cli::rollout::asked::Asked;
use crate::cli::rollout::carry_out::{CarryArgs, Leave, Order, again};
use crate::cli::rollout::clouds::on_cloud;
use crate::cli::rollout::goal::Goal;
use crate::cli::rollout::history::Entry;
use crate::cli::rollout::store::Store;
use crate::cli::rollout::wanted::{self, Deployable, Place};
use crate::cli::view::{Page, View};
use crate::cloud::shown::{Leftover, Shown};
use crate::error::{Code, Error, Problem, Result};
use crate::exit::Exit;
use crate::units::Span;

const EXAMPLES: &str = "\
Examples:
  rapplan doctor --simulate                   what a run that died left behind
  rapplan doctor --simulate --repair          finish what it was doing, with a plan first
  rapplan doctor --simulate --repair --yes";

/// Find what a run that died left behind, and put it right
///
/// Sizes that a release held and did not put back, processes that are still suspended, target groups that get no requests,
/// versions that nothing runs, a lease that was not given back. With `--repair` the run is finished: the same engine goes on
/// from what is there. To go back instead, `rapplan rollback`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Finish what the run was doing
    #[arg(long)]
    repair: bool,
    /// Carry the repair out without asking
    #[arg(short, long)]
    yes: bool,
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

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Diagnosis {
    /// Name of the deployment.
    pub deployment: String,
    /// Who works on it, if anybody does; what is there then is there on purpose.
    pub at_work: Option<String>,
    /// What a run left behind.
    pub leftovers: Vec<Leftover>,
    /// The run that did not end, if there is one.
    pub unfinished: Option<Entry>,
    /// Commands to run next.
    pub next: Vec<String>,
}

const COMMAND: &str = "rapplan doctor --repair";

/// Prints what was found, and repairs it where that is asked for.
///
/// # Errors
/// Nothing is deployed, and how the repair failed.
pub fn run(args: &Args, context: &Context) -> Result<Exit> {
    let place = wanted::place(&args.place, context, "rapplan doctor", false)?;
    on_cloud!(place.provider, on(args, &place, context))
}

fn on<S: Deployable>(args: &Args, place: &Place, context: &Context) -> Result<Exit> {
    let status = status::<S>(place, "rapplan doctor")?;
    let history = Store::look(&place.records).history()?;
    let unfinished = history.unfinished().cloned();
    let healthy = status.leftovers.is_empty() && unfinished.is_none();
    if args.repair && !healthy {
        return repair::<S>(args, place, context);
    }
    let next = match (healthy, &status.lease) {
        (true, _) => Vec::new(),
        (false, Some(lease)) => {
            let wait = minutes(Span(lease.expires.0.saturating_sub(status.now_ms)));
            vec![
                "the run may be alive: its lease says until when".to_owned(),
                format!("finish what it was doing, once its lease has ended: {COMMAND} --simulate --lock-wait {wait}"),
                format!("go back to what was before, likewise: rapplan rollback --simulate --lock-wait {wait}"),
            ]
        }
        (false, None) => vec![
            "finish what it was doing: rapplan doctor --simulate --repair".to_owned(),
            "go back to what was before: rapplan rollback --simulate".to_owned(),
        ],
    };
    context.show(&Diagnosis {
        deployment: place.deployment.clone(),
        at_work: status.lease.map(|lease| lease.owner),
        leftovers: status.leftovers,
        unfinished,
        next,
    })
}

/// Wants what the last run wanted, whether it ended or not.
fn repair<S: Deployable>(args: &Args, place: &Place, context: &Context) -> Result<Exit> {
    let store = Store::open(&place.records)?;
    let history = store.history()?;
    let wanted = history.unfinished().or_else(|| history.current());
    let desired: Option<DesiredOf<S>> = match wanted {
        Some(entry) => store.desired(S::NAME, &entry.desired)?,
        None => None,
    };
    let Some(desired) = desired else { return Err(wanted::nothing(place, COMMAND)) };
    if <S::Cloud as Shown>::versions(&desired).is_empty() {
        return Err(deletes(place));
    }
    let goal = Goal { desired, fallback: wanted::current::<S>(&store, &history)? };
    let world: S = wanted::world(&store, &place.deployment)?;
    let leave = Leave::usual(args.yes);
    let asked = wanted.map(Asked::again).unwrap_or_default();
    let again = again(COMMAND, context, &args.carry.said().collect::<Vec<_>>(), args.yes);
    Order { command: COMMAND, again, recorded: None, store: &store, history: &history, world, goal, asked, leave }
        .carry_out(&args.carry, context)
}

/// The run that was cut short deletes: that needs the leave that it needed then.
fn deletes(place: &Place) -> Error {
    let name = &place.deployment;
    let destroy = format!("rapplan destroy --simulate --deployment {name} --confirm {name}");
    Problem::new(Code::Unconfirmed, format!("nothing was changed: the run that was cut short deletes `{name}`"))
        .because("doctor puts right what is wanted, and deletes no deployment")
        .hint(format!("finish it, and keep the data: {destroy}"))
        .hint(format!("finish it, the data too: {destroy} --allow-data-loss"))
        .hint("go back to what was before: rapplan rollback --simulate")
        .into()
}

impl View for Diagnosis {
    const KIND: &'static str = "doctor";

    fn page(&self) -> Page {
        if self.leftovers.is_empty() && self.unfinished.is_none() {
            return Page::new().text(format!("{}: nothing was left behind.", self.deployment));
        }
        let run = self
            .unfinished
            .as_ref()
            .map(|entry| format!("revision {}, `{}` by {} at {}", entry.revision, entry.command, entry.by, entry.at));
        let rows = self.leftovers.iter().map(|one| [one.subject.clone(), one.what.clone(), one.mended_by.clone()]);
        Page::new()
            .text(format!("{}: a run did not come to its end.", self.deployment))
            .facts([("run", run.unwrap_or_default()), ("lease", self.at_work.clone().unwrap_or_default())])
            .table(["where", "what was left", "how it is put right"], rows)
            .section("Next", |page| page.list(self.next.iter().cloned()))
    }
}
