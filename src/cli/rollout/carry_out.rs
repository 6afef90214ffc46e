//! Carrying a plan out: shown, agreed to, run, kept and written down.

use super::accompany::{Accompany, minutes};
use super::args::LeaveArgs;
use super::asked::Asked;
use super::confirm::confirm;
use super::events::{self, Record};
use super::forecast::{Outcome, Rates};
use super::goal::{Goal, LONGEST, play_with};
use super::history::{Entry, History};
use super::kill_at::KillAt;
use super::pace::Pace;
use super::planned::{Planned, plan};
use super::store::{Store, line};
use super::summary::{Summary, trouble};
use super::{DesiredOf, refuse};
use crate::cli::clock;
use crate::cli::context::Context;
use crate::cli::view::{Format, View};
use crate::cloud::Cloud;
use crate::cloud::image::means;
use crate::cloud::shown::{Playable, Shown};
use crate::engine::{Event, Limits, Policy, Rehearsal, Run};
use crate::error::Result;
use crate::exit::Exit;
use crate::units::{Moment, Span};

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
    /// Let simulated time pass so many times as fast as real time, to watch it or to press Ctrl-C: with 60 a minute passes
    /// each second [default: as fast as it can be reckoned]
    #[arg(long, value_name = "FACTOR", requires = "simulate", help_heading = "Drills")]
    pub pace: Option<Pace>,
    /// End as if killed at the call of this number, from 0: before it is sent, once it is sent, after its effect (unless
    /// said otherwise), or after its reply
    #[arg(long, value_name = "CALL[:before|sent|effect|reply]", requires = "simulate", help_heading = "Drills")]
    pub kill_at: Option<KillAt>,
}

impl CarryArgs {
    /// The flags that were given and that a run which goes on takes as well.
    pub fn said(&self) -> impl Iterator<Item = String> {
        let drop = self.leave.allow_capacity_drop.then(|| "--allow-capacity-drop".to_owned());
        drop.into_iter().chain(self.no_rollback.then(|| "--no-rollback".to_owned()))
    }
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
    /// The command with all its flags, by which it is run again.
    pub again: String,
    /// What the history keeps as wanted, where that is not what the run is for: on the way back nothing holds up the run,
    /// and what it comes to is what was wanted before.
    pub recorded: Option<DesiredOf<S>>,
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
        for (service, image) in self.world.bad_images() {
            let runs = self.asked.images.get(&service).is_some_and(|wanted| means(&image, wanted));
            if let Some(version) = versions.get(&service).filter(|_| runs) {
                self.world.spoil(&version.hash);
            }
        }
        self.run(args, &planned, &out)
    }

    /// Another run that holds the lease is told before anything is planned, unless it is to be waited for.
    fn unlocked(&self, args: &CarryArgs) -> Result<()> {
        let now = self.world.now();
        match S::Cloud::lease(self.world.truth()).filter(|lease| lease.holds(now) && args.lock_wait.0 == 0) {
            Some(lease) => Err(refuse::locked(lease, now, &self.again)),
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
        let kill = args.kill_at.map(|KillAt(kill)| kill);
        let limits = Limits { kill, longest: LONGEST, standing: self.goal.fallback.is_some(), ..Limits::default() };
        let mut beside = Accompany::new(out, self.store, self.world.now(), args.pace);
        let story = play_with(&mut self.world, &self.goal, run, policy, limits, &mut beside);
        let told = beside.end();
        self.store.keep_world(&self.world)?;
        told?;
        if let Some(call) = kill.map(|kill| kill.call).filter(|_| was_killed(&story)) {
            // Who is killed says nothing any more; this is said for them.
            return Err(refuse::killed(call, &self.resume()));
        }
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
        out.summary(&summary)?;
        trouble(story.ending.as_ref(), &self.resume()).map_or(Ok(Exit::Ok), Err)
    }

    /// The command that goes on from here: a lease that was not given back is waited for.
    fn resume(&self) -> String {
        let now = self.world.now();
        match S::Cloud::lease(self.world.truth()).filter(|lease| lease.holds(now)) {
            Some(lease) => format!("{} --lock-wait {}", self.again, minutes(lease.expires.since(now))),
            None => self.again.clone(),
        }
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
            said: self.asked.said.clone(),
            agreed: agreed(planned, args.leave.allow_capacity_drop),
            desired: self.store.keep_desired(S::NAME, self.recorded.as_ref().unwrap_or(&self.goal.desired))?,
        })
    }

    fn next(&self, outcome: Outcome) -> Vec<String> {
        if <S::Cloud as Shown>::versions(&self.goal.desired).is_empty() {
            let left = <S::Cloud as Shown>::count(self.world.truth()) > 0;
            return left.then(|| "what holds data is kept: rapplan status --simulate".to_owned()).into_iter().collect();
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

/// The command by which a run goes on: with the settings and flags that it was given.
pub fn again(command: &str, context: &Context, said: &[String], yes: bool) -> String {
    let mut words = vec![command.to_owned(), "--simulate".to_owned()];
    words.extend(context.flags());
    words.extend(said.iter().cloned());
    words.extend(yes.then(|| "--yes".to_owned()));
    words.join(" ")
}

/// Whether a run has no end because it was killed, and not because it took too long.
fn was_killed<A>(story: &Rehearsal<A>) -> bool {
    story.ending.is_none() && story.ended.since(story.began) < LONGEST
}

/// Where it is told, and how.
pub struct Out<'a> {
    /// The terminal and the settings.
    pub context: &'a Context,
    /// How it is told.
    pub format: Format,
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

    /// One event of a run; formats that have one result in the end leave it out.
    ///
    /// # Errors
    /// `E0501` when stdout cannot be written.
    pub fn event<C: Cloud>(&self, began: Moment, at: Moment, event: &Event<C::Action>) -> Result<()> {
        match self.format {
            Format::Json => self.record(events::record::<C>(began, at, event)),
            Format::Table => match events::line::<C>(began, at, event) {
                Some(line) => self.context.ui.data(&line),
                None => Ok(()),
            },
            _ => Ok(()),
        }
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
