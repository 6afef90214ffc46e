//! `rapplan status`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::context::Context;
use crate::cli::rollout::args::PlaceArgs;
use crate::cli::rollout::clouds::on_cloud;
use crate::cli::rollout::history::Entry;
use crate::cli::rollout::store::Store;
use crate::cli::rollout::wanted::{self, Deployable, Place};
use crate::cli::rollout::{clock, lasting};
use crate::cli::view::{Page, View};
use crate::cloud::shown::{Leftover, Shown, Standing};
use crate::cloud::{Cloud, Lease};
use crate::error::Result;
use crate::exit::Exit;
use crate::units::Span;

const EXAMPLES: &str = "\
Examples:
  rapplan status --simulate                     services, versions, health, share of the requests
  rapplan status --simulate --deployment shop
  rapplan status --simulate -o json";

/// Show how a deployment stands: versions, healthy instances, share of the requests, who works on it
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Which deployment.
    #[command(flatten)]
    place: PlaceArgs,
    /// Cloud that it runs on [default: the one that it was deployed to]
    #[arg(long, value_name = "NAME")]
    cloud: Option<String>,
}

/// How a deployment stands.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Status {
    /// Name of the deployment.
    pub deployment: String,
    /// The cloud.
    pub cloud: String,
    /// Whether it is a simulated one.
    pub simulated: bool,
    /// What the clock of the cloud shows, in milliseconds; a simulated one begins at 0.
    pub now_ms: u64,
    /// How many things are there.
    pub things: usize,
    /// What is left where no service runs any more: what holds data.
    pub kept: Vec<String>,
    /// Its services.
    pub services: Vec<Standing>,
    /// The versions for people, by service, of the last state that was reached.
    pub labels: std::collections::BTreeMap<String, crate::cloud::shown::Version>,
    /// Who works on it, if anybody does.
    pub lease: Option<Lease>,
    /// What a run that died left behind; empty while a run is at work.
    pub leftovers: Vec<Leftover>,
    /// The last run.
    pub last: Option<Entry>,
}

/// Prints how a deployment stands.
///
/// # Errors
/// Nothing is deployed, or a damaged file.
pub fn run(args: &Args, context: &Context) -> Result<Exit> {
    let place = wanted::place(&args.place, context, COMMAND, false)?;
    context.show(&on_cloud!(place.provider, status(&place, COMMAND))?)
}

const COMMAND: &str = "rapplan status";

/// How a deployment stands.
///
/// # Errors
/// Nothing is deployed, or a damaged file.
pub fn status<S: Deployable>(place: &Place, command: &str) -> Result<Status> {
    let store = Store::look(&place.records);
    let world: S = wanted::world(&store, &place.deployment)?;
    if wanted::is_empty(&world) {
        return Err(wanted::nothing(place, command));
    }
    let history = store.history()?;
    let lease = S::Cloud::lease(world.truth()).filter(|lease| lease.holds(world.now())).cloned();
    let at_work = lease.is_some();
    let services = <S::Cloud as Shown>::standing(world.truth());
    let kept = match services.is_empty() {
        true => <S::Cloud as Shown>::changes(S::empty(0).truth(), world.truth()),
        false => Vec::new(),
    };
    Ok(Status {
        deployment: place.deployment.clone(),
        cloud: S::NAME.to_owned(),
        simulated: true,
        now_ms: world.now().0,
        things: <S::Cloud as Shown>::count(world.truth()),
        kept: kept.into_iter().map(|one| one.subject).collect(),
        services,
        labels: history.current().map(|entry| entry.versions.clone()).unwrap_or_default(),
        lease,
        leftovers: if at_work { Vec::new() } else { <S::Cloud as Shown>::leftovers(world.truth()) },
        last: history.runs().last().cloned(),
    })
}

impl View for Status {
    const KIND: &'static str = "status";

    fn page(&self) -> Page {
        let world = if self.simulated { "simulated " } else { "" };
        let head = format!("{} on {world}{}: {} things", self.deployment, self.cloud, self.things);
        let label = |one: &Standing| {
            let last = self.last.as_ref().and_then(|last| last.versions.get(&one.service));
            let known = self.labels.get(&one.service).into_iter().chain(last);
            let known = known.into_iter().find(|version| version.hash == one.version);
            known.map_or_else(|| one.version.clone(), |version| version.label.clone())
        };
        let rows = self.services.iter().map(|one| {
            [
                one.service.clone(),
                label(one),
                format!("{} of {}", one.healthy, one.wanted),
                one.share.map(|share| format!("{share} %")).unwrap_or_default(),
                one.runs_in.clone(),
                one.trouble.clone().unwrap_or_default(),
            ]
        });
        let last = self.last.as_ref().map(|last| {
            format!("revision {}, {} by {}: {}", last.revision, last.command, last.by, last.outcome.word())
        });
        Page::new()
            .text(head)
            .table(["service", "version", "healthy", "requests", "in", "trouble"], rows)
            .facts([
                ("clock", clock(Span(self.now_ms))),
                ("lease", self.lease.as_ref().map(|lease| held(lease, self.now_ms)).unwrap_or_default()),
                ("last run", last.unwrap_or_default()),
            ])
            .section("Kept, as it holds data", |page| page.list(self.kept.iter().cloned()))
            .section("Left behind", |page| {
                page.list(self.leftovers.iter().map(|one| format!("{}: {}", one.subject, one.what)))
            })
    }
}

fn held(lease: &Lease, now_ms: u64) -> String {
    let left = Span(lease.expires.0.saturating_sub(now_ms));
    format!("held by {}, which runs `{}`, for {} more unless it is renewed", lease.owner, lease.command, lasting(left))
}
