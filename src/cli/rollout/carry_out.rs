//! Carrying a plan out: shown, agreed to, run, kept and written down.

use super::args::LeaveArgs;
use super::asked::Asked;
use super::confirm::confirm;
use super::events::{self, Record};
use super::forecast::{Outcome, Rates};
use super::goal::{Goal, LONGEST, play};
use super::history::{Entry, History};
use super::planned::{Planned, plan};
use super::store::{Store, line};
use super::summary::{Summary, trouble};
use super::{DesiredOf, Story, refuse};
use crate::cli::clock;
use crate::cli::context::Context;
use crate::cli::view::{Format, View};
use crate::cloud::Cloud;
use crate::cloud::shown::{Playable, Shown};
use crate::engine::{Kill, Limits, Point, Policy, Run};
use crate::error::Result;
use crate::exit::Exit;
use crate::units::Span;

/// How a plan is carried out; the same for every command that does.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct CarryArgs {
    /// How far a drop is agreed to.
    #[command(flatten)]
    pub leave: LeaveArgs,
    /// Wait so long for another run that holds the lease
    #[arg(long, value_name = "SPAN", default_value = "0s")]
    pub lock_wait: Span,
    /// Stay part-way when a release fails, instead of going back
    #[arg(long)]
    pub no_rollback: bool,
    /// Instances of this service never become healthy in its new version
    #[arg(long, value_name = "SERVICE", hide = true)]
    pub simulate_broken: Vec<String>,
    /// The run dies at this call, after its effect
    #[arg(long, value_name = "CALL", hide = true)]
    pub simulate_kill: Option<u32>,
}

/// How leave is asked for.
#[derive(Debug, Clone)]
pub struct Leave {
    /// The question.
    pub question: String,
    /// The word that gives leave.
    pub word: String,
    /// Whether a flag gave it.
    pub given: bool,
    /// That flag.
    pub flag: String,
}

impl Leave {
    /// The usual question.
    pub fn usual(given: bool) -> Self {
        let question = "Carry this out? Only `yes` does it:".to_owned();
        Self { question, word: "yes".to_owned(), given, flag: "--yes".to_owned() }
    }
}

/// A plan that is to be carried out.
pub struct Order<'a, S: Playable> {
    /// The command, for the history and for messages: `rapplan apply`.
    pub command: &'a str,
    /// The folder, locked.
    pub store: &'a Store,
    /// What was done so far.
    pub history: &'a History,
    /// The world.
    pub world: S,
    /// What the run is for.
    pub goal: Goal<DesiredOf<S>>,
    /// What was asked beside the wanted state itself.
    pub asked: Asked,
    /// How leave is asked for.
    pub leave: Leave,
}

impl<S: Playable> Order<'_, S> {
    /// Shows the plan, asks, and carries it out.
    ///
    /// # Errors
    /// A plan that is refused, leave that nobody gave, and how the run failed.
    pub fn carry_out(mut self, args: &CarryArgs, context: &Context) -> Result<Exit> {
        self.unlocked(args)?;
        let planned = self.asked.complete(&self.world, &self.goal, plan(&self.world, &self.goal)?)?;
        let out = Out { context, format: context.format()? };
        out.planned(&planned)?;
        if planned.is_empty() {
            return Ok(Exit::Ok);
        }
        refuse::check(&planned, args.leave.allow_capacity_drop)?;
        let Leave { question, word, given, flag } = &self.leave;
        if !confirm(&context.ui, question, word, *given, flag)? {
            context.ui.note("nothing was changed");
            return Ok(Exit::Ok);
        }
        let versions = <S::Cloud as Shown>::versions(&self.goal.desired);
        for service in &args.simulate_broken {
            if let Some(version) = versions.get(service) {
                self.world.spoil(&version.hash);
            }
        }
        self.run(args, &planned, &out)
    }

    /// Another run that holds the lease is told before anything is planned, unless it is to be waited for.
    fn unlocked(&self, args: &CarryArgs) -> Result<()> {
        let now = self.world.now();
        match S::Cloud::lease(self.world.truth()).filter(|lease| lease.holds(now) && args.lock_wait.0 == 0) {
            Some(lease) => Err(refuse::locked(lease, now, &again(self.command))),
            None => Ok(()),
        }
    }

    fn run(mut self, args: &CarryArgs, planned: &Planned, out: &Out<'_>) -> Result<Exit> {
        // Written before anything is sent: a run that dies leaves what it wanted.
        let mut entry = self.store.begin(self.entry(args, planned, out.context)?)?;
        let before = self.world.clone();
        let owner = format!("{}, pid {}", entry.by, std::process::id());
        let run = Run { owner, command: self.command.to_owned(), seed: entry.revision.into() };
        let policy = Policy { lease_wait: args.lock_wait, rolls_back: !args.no_rollback, ..Policy::default() };
        let kill = args.simulate_kill.map(|call| Kill { call, point: Point::AfterItsEffect });
        let story = play(
            &mut self.world,
            &self.goal,
            run,
            policy,
            Limits { kill, longest: LONGEST, standing: self.goal.fallback.is_some(), ..Limits::default() },
        );
        self.store.keep_world(&self.world)?;
        let rates = Rates::of(&self.goal, &before, &self.world);
        let mut summary = Summary::of::<S>(&planned.deployment, entry.revision, &story, &rates);
        // A run that died could not have written how it ended.
        if story.ending.is_some() {
            entry.outcome = summary.outcome;
            entry.why.clone_from(&summary.why);
            entry.took_ms = Some(summary.took_ms);
            self.store.end(&entry)?;
        }
        summary.next = self.next(summary.outcome);
        let now = match summary.outcome {
            Outcome::RolledBack => self.goal.fallback.as_ref(),
            _ => Some(&self.goal.desired),
        };
        summary.versions = now.map(<S::Cloud as Shown>::versions).unwrap_or_default();
        out.story::<S>(&story)?;
        out.summary(&summary)?;
        trouble(story.ending.as_ref(), &again(self.command)).map_or(Ok(Exit::Ok), Err)
    }

    fn entry(&self, args: &CarryArgs, planned: &Planned, context: &Context) -> Result<Entry> {
        Ok(Entry {
            revision: self.history.next(),
            at: clock::now(),
            by: context.who(),
            command: self.command.to_owned(),
            cloud: S::NAME.to_owned(),
            simulated: true,
            what: planned.lines(),
            outcome: Outcome::Started,
            why: None,
            took_ms: None,
            versions: <S::Cloud as Shown>::versions(&self.goal.desired),
            images: self.asked.images.clone(),
            agreed: agreed(planned, args.leave.allow_capacity_drop),
            desired: self.store.keep_desired(S::NAME, &self.goal.desired)?,
        })
    }

    fn next(&self, outcome: Outcome) -> Vec<String> {
        if <S::Cloud as Shown>::versions(&self.goal.desired).is_empty() {
            return Vec::new();
        }
        let mut next = vec!["rapplan status --simulate".to_owned()];
        if outcome == Outcome::Done && self.history.current().is_some() {
            next.push("rapplan rollback --simulate".to_owned());
        }
        next
    }
}

/// What was agreed to although it hurts.
fn agreed(planned: &Planned, allow_capacity_drop: bool) -> Vec<String> {
    let drop = planned.drops().filter(|_| allow_capacity_drop);
    drop.map(|drop| format!("{}, with --allow-capacity-drop", drop.told())).into_iter().collect()
}

/// The command as it is run again.
fn again(command: &str) -> String {
    format!("{command} --simulate")
}

/// Where it is told, and how.
struct Out<'a> {
    context: &'a Context,
    format: Format,
}

impl Out<'_> {
    fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// One line of JSON for each event; other formats have one result in the end.
    fn planned(&self, planned: &Planned) -> Result<()> {
        if self.is_json() {
            return self.record(Record { data: value(planned), ..Record::new("planned", 0, "the plan") });
        }
        match self.format {
            Format::Table | Format::Markdown => self.context.show(planned).map(drop),
            _ if planned.is_empty() => self.context.show(planned).map(drop),
            _ => Ok(()),
        }
    }

    fn story<S: Playable>(&self, story: &Story<S>) -> Result<()> {
        let told = |(at, event): &(crate::units::Moment, _)| match self.format {
            Format::Json => self.record(events::record::<S::Cloud>(story.began, *at, event)),
            Format::Table => match events::line::<S::Cloud>(story.began, *at, event) {
                Some(line) => self.context.ui.data(&line),
                None => Ok(()),
            },
            _ => Ok(()),
        };
        story.timeline.iter().try_for_each(told)
    }

    fn summary(&self, summary: &Summary) -> Result<()> {
        if self.is_json() {
            let text = summary.outcome.word();
            return self.record(Record { data: value(summary), ..Record::new("summary", summary.took_ms, text) });
        }
        if self.format == Format::Table {
            self.context.ui.data("")?;
        }
        self.context.show(summary).map(drop)
    }

    fn record(&self, record: Record) -> Result<()> {
        self.context.ui.data(&line(&record)?)
    }
}

fn value<V: View>(view: &V) -> Option<serde_json::Value> {
    serde_json::to_value(view).ok()
}
