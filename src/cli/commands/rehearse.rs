//! `rapplan rehearse`.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Serialize;

use super::report::in_the_way;
use crate::cli::context::Context;
use crate::cli::files::{self, Mode};
use crate::cli::rollout::args::RolloutArgs;
use crate::cli::rollout::clouds::on_cloud;
use crate::cli::rollout::events;
use crate::cli::rollout::forecast::{Lowest, Outcome, Rates, Trial, disturbed, percentile, trials};
use crate::cli::rollout::goal::{Goal, foresee};
use crate::cli::rollout::picture::Shot;
use crate::cli::rollout::planned::plan_with;
use crate::cli::rollout::planned_view::{brief, capacity};
use crate::cli::rollout::store::Store;
use crate::cli::rollout::wanted::{self, Deployable, Place};
use crate::cli::rollout::{DesiredOf, lasting, percent};
use crate::cli::view::{Page, View};
use crate::cloud::shown::Shown;
use crate::cloud::sim::Faults;
use crate::error::Result;
use crate::exit::Exit;
use crate::render::report::rollout::{self, Rollout};
use crate::units::{Span, Usd};

const EXAMPLES: &str = "\
Examples:
  rapplan rehearse --cloud aws                              the next apply, tried 100 times in copies of the world
  rapplan rehearse --cloud aws --release                    a release of all services, from nothing deployed
  rapplan rehearse --cloud aws --release --faults           calls are refused and lost, looks lag behind
  rapplan rehearse --cloud aws --release --faults --seeds 10000 --until-failure
  rapplan rehearse --cloud aws --release --faults --replay 17   exactly this run
  rapplan rehearse --cloud aws --release --report release.html   a picture of capacity against demand over time
  rapplan rehearse --cloud aws -o json                      for programs";

/// Try a rollout many times in a simulated cloud: time, cost and lowest capacity, and what can go wrong
///
/// Each run has a seed and is the same whenever it is run again. The world is that of `--simulate` as it was left by
/// `rapplan apply`, or an empty one; it is never changed. A run fails when it does not end as wanted, or when a service
/// bears less than its demand at any instant; each failure is told with the command that runs it again.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Deploy what is wanted first, then rehearse a release of the next version of every service
    #[arg(long)]
    release: bool,
    /// Let calls be refused, fail or lose their replies, and looks lag behind
    #[arg(long)]
    faults: bool,
    /// How often it is tried
    #[arg(long, value_name = "COUNT", default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    seeds: u64,
    /// Try it with this seed alone, and show all that it does
    #[arg(long, value_name = "SEED", conflicts_with_all = ["seeds", "until_failure"])]
    replay: Option<u64>,
    /// Write a page to look at to this file: capacity beside the demand over time, time and cost of all runs
    #[arg(id = "report-file", long = "report", value_name = "FILE")]
    report: Option<PathBuf>,
    /// Stop at the first failure
    #[arg(long)]
    until_failure: bool,
    /// What is wanted.
    #[command(flatten)]
    rollout: RolloutArgs,
}

/// What the rehearsals came to.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Rehearsed {
    /// Name of the deployment.
    pub deployment: String,
    /// The cloud.
    pub cloud: String,
    /// What was tried.
    pub what: String,
    /// The size in a few lines.
    pub size: Vec<String>,
    /// What changes, in a few lines.
    pub plan: Vec<String>,
    /// The first run, line by line.
    pub timeline: Vec<String>,
    /// Runs.
    pub runs: usize,
    /// Runs that ended as wanted and bore the demand all the while.
    pub good: usize,
    /// How long they took.
    pub time: Distribution,
    /// What they cost beside what runs before and after, in hundredths of a dollar.
    pub extra_cents: Distribution,
    /// The lowest capacity of each service over all runs, and in which run it was.
    pub lowest: Vec<Worst>,
    /// Runs that failed, at most ten of them.
    pub failures: Vec<Failed>,
    /// The page to look at, where one was asked for.
    pub report: Option<String>,
    /// What one should know.
    pub notes: Vec<String>,
}

/// How values are spread over the runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Distribution {
    /// The least.
    pub least: u64,
    /// Half of the runs stay below.
    pub p50: u64,
    /// 95 of 100 runs stay below.
    pub p95: u64,
    /// The most.
    pub most: u64,
}

/// The lowest capacity of a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Worst {
    /// Seed of the run.
    pub seed: u64,
    /// The lowest that would have been borne for each 1,000 over all runs, had a zone been lost.
    #[serde(rename = "zone_lost_over_all")]
    pub zone_lost: Option<u64>,
    /// The capacity.
    #[serde(flatten)]
    pub low: Lowest,
}

/// A run that failed.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Failed {
    /// The run.
    #[serde(flatten)]
    pub trial: Trial,
    /// The command that runs it again.
    pub again: String,
}

/// Runs of one batch: enough to keep every core busy, few enough to stop soon after a failure.
const BATCH: u64 = 256;
/// Failures that are told.
const TOLD: usize = 10;

/// What goes wrong with `--faults`, in cases of a million calls or looks. A choice: far more often than in any cloud, so that
/// a few hundred runs see every combination.
pub fn faults() -> Faults {
    Faults {
        throttled: 50_000,
        unavailable: 20_000,
        lost: 20_000,
        stale: 200_000,
        sick: 20_000,
        unhealthy: 0,
        hangs: 0,
        lag: Span::seconds(4),
    }
}

/// Prints what the rehearsals came to.
///
/// # Errors
/// What is wrong with the inputs.
pub fn run(args: &Args, context: &Context) -> Result<Exit> {
    let mut rollout = args.rollout.clone();
    rollout.place.simulate = true;
    let place = wanted::place(&rollout.place, context, "rapplan rehearse", true)?;
    if let Some(report) = &args.report {
        in_the_way(report, None)?;
    }
    let rehearsed = on_cloud!(place.provider, on(args, &rollout, &place, context))?;
    let exit = if rehearsed.failures.is_empty() { Exit::Ok } else { Exit::Failed };
    context.show(&rehearsed)?;
    Ok(exit)
}

fn on<S: Deployable>(args: &Args, wish: &RolloutArgs, place: &Place, context: &Context) -> Result<Rehearsed> {
    let store = Store::look(&place.records);
    let history = store.history()?;
    let world: S = wanted::world::<S>(&store, &place.deployment)?.calm();
    let (mut goal, asked) = wanted::goal::<S>(wish, place, &store, &history, context)?;
    let mut notes = asked.notes.clone();
    let (world, what) = match args.release {
        true => {
            let (there, first) = foresee(world, &goal, false);
            let (outcome, why) = Outcome::of(first.ending.as_ref());
            notes.extend(why.map(|why| format!("the deployment that it begins with is {}: {why}", outcome.word())));
            let next = <S::Cloud as Shown>::next_release(&goal.desired);
            goal = Goal { desired: next, fallback: Some(goal.desired) };
            (there, "a release of the next version of every service".to_owned())
        }
        false => (world, "what `rapplan apply` would do".to_owned()),
    };
    let faults = args.faults.then(faults);
    let first = args.replay.unwrap_or(1);
    let (after, story) = foresee(disturbed(&world, first, faults.as_ref()), &goal, true);
    let rates = Rates::of(&goal, &world, &after);
    let timeline = story.timeline.iter().filter_map(|(at, event)| events::line::<S::Cloud>(story.began, *at, event));
    let timeline = timeline.collect();
    let runs = match args.replay {
        Some(seed) => vec![Trial::of::<S>(seed, &story, &rates)],
        None => many(args, &world, &goal, faults.as_ref(), &rates),
    };
    let again = again(args, place, context);
    let plan = brief(&plan_with(&world, &goal, 0)?);
    let rehearsed = Rehearsed {
        size: asked.size.clone(),
        plan,
        deployment: place.deployment.clone(),
        cloud: S::NAME.to_owned(),
        what,
        timeline,
        runs: runs.len(),
        good: runs.iter().filter(|run| run.is_good()).count(),
        time: distribution(runs.iter().map(|run| run.took_ms)),
        extra_cents: distribution(runs.iter().map(|run| run.extra_usd.0)),
        lowest: worst(&runs),
        failures: failures(&runs, &again),
        report: args.report.as_ref().map(|report| report.display().to_string()),
        notes,
    };
    if let Some(report) = &args.report {
        let shot =
            Shot { world: &world, goal: &goal, faults: faults.as_ref(), runs: &runs, asked: &asked, command: &again };
        let page = rollout::page(&told(&rehearsed, shot.rollout()));
        files::write(report, page.as_bytes(), Mode::Plain)?;
    }
    Ok(rehearsed)
}

/// The page with the figures that are told in the terminal too.
fn told(rehearsed: &Rehearsed, page: Rollout) -> Rollout {
    let failure = |failed: &Failed| failed.row();
    Rollout {
        deployment: rehearsed.deployment.clone(),
        what: rehearsed.what.replace('`', ""),
        facts: rehearsed.facts().into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        failures: rehearsed.failures.iter().map(failure).collect(),
        notes: rehearsed.notes.clone(),
        ..page
    }
}

/// Runs batch by batch; which failure is the first does not depend on the number of threads.
fn many<S: Deployable>(
    args: &Args,
    world: &S,
    goal: &Goal<DesiredOf<S>>,
    faults: Option<&Faults>,
    rates: &Rates,
) -> Vec<Trial> {
    let mut runs: Vec<Trial> = Vec::new();
    let mut from = 1;
    while from <= args.seeds {
        let to = from.saturating_add(BATCH).min(args.seeds.saturating_add(1));
        runs.extend(trials(world, goal, from..to, faults, rates));
        from = to;
        if let Some(at) = runs.iter().position(|run| !run.is_good()).filter(|_| args.until_failure) {
            runs.truncate(at + 1);
            break;
        }
    }
    runs
}

fn distribution(values: impl Iterator<Item = u64>) -> Distribution {
    let values: Vec<u64> = values.collect();
    let at = |percent| percentile(values.iter().copied(), percent);
    Distribution { least: at(0), p50: at(50), p95: at(95), most: at(100) }
}

fn worst(runs: &[Trial]) -> Vec<Worst> {
    let mut worst: Vec<Worst> = Vec::new();
    for run in runs {
        for low in &run.lowest {
            let Some(known) = worst.iter_mut().find(|known| known.low.service == low.service) else {
                worst.push(Worst { seed: run.seed, zone_lost: low.zone_lost, low: low.clone() });
                continue;
            };
            known.zone_lost = known.zone_lost.into_iter().chain(low.zone_lost).min();
            if low.permille < known.low.permille {
                (known.seed, known.low) = (run.seed, low.clone());
            }
        }
    }
    worst
}

fn failures(runs: &[Trial], again: &str) -> Vec<Failed> {
    let bad = runs.iter().filter(|run| !run.is_good()).take(TOLD);
    bad.map(|trial| Failed { again: format!("{again} --replay {}", trial.seed), trial: trial.clone() }).collect()
}

impl Failed {
    /// Seed, outcome, why, and the command that runs it again.
    fn row(&self) -> [String; 4] {
        let low = || capacity(self.trial.lowest.iter().min_by_key(|low| low.permille));
        let why = self.trial.why.clone().unwrap_or_else(low);
        [self.trial.seed.to_string(), self.trial.outcome.word().to_owned(), why, self.again.clone()]
    }
}

/// The command with the flags that were given, but for how often it is tried.
fn again(args: &Args, place: &Place, context: &Context) -> String {
    let mut words = vec!["rapplan rehearse".to_owned(), wanted::flags(place, context, false)];
    for (given, flag) in [(args.release, "--release"), (args.faults, "--faults")] {
        words.extend(given.then(|| flag.to_owned()));
    }
    words.extend(args.rollout.said());
    words.join(" ")
}

impl Rehearsed {
    /// The main figures: name and value.
    fn facts(&self) -> [(&'static str, String); 5] {
        let lowest = self.lowest.iter().min_by_key(|worst| worst.low.permille);
        let seed = lowest.map(|worst| format!(", with seed {}", worst.seed)).unwrap_or_default();
        let zone = self.lowest.iter().filter_map(|worst| worst.zone_lost).min();
        let span = |ms: u64| lasting(Span(ms));
        let time = &self.time;
        [
            ("runs", format!("{}, of which {} ended as wanted with enough capacity throughout", self.runs, self.good)),
            (
                "time",
                format!(
                    "{} to {}; half within {}, 95 of 100 within {}",
                    span(time.least),
                    span(time.most),
                    span(time.p50),
                    span(time.p95)
                ),
            ),
            (
                "cost",
                format!(
                    "{} for what ran side by side, {} in 95 of 100",
                    Usd(self.extra_cents.p50),
                    Usd(self.extra_cents.p95)
                ),
            ),
            ("capacity", format!("{}{seed}", capacity(lowest.map(|worst| &worst.low)))),
            (
                "with a zone lost",
                zone.map(|zone| format!("never below {} of the demand", percent(zone))).unwrap_or_default(),
            ),
        ]
    }
}

impl View for Rehearsed {
    const KIND: &'static str = "rehearsal";

    fn page(&self) -> Page {
        let written = self.report.as_ref().map(|report| format!("look at it: {report}"));
        Page::new()
            .text(format!("{} on simulated {}: {}", self.deployment, self.cloud, self.what))
            .section("Size", |page| page.list(self.size.iter().cloned()))
            .section("Plan", |page| page.code(self.plan.clone()))
            .section("One run", |page| if self.timeline.is_empty() { page } else { page.code(self.timeline.clone()) })
            .section("All runs", |page| page.facts(self.facts()))
            .section("Notes", |page| page.list(self.notes.iter().cloned()))
            .section("Failures", |page| {
                page.table(["seed", "outcome", "why", "again"], self.failures.iter().map(Failed::row))
            })
            .section("Report", |page| page.list(written))
    }
}
