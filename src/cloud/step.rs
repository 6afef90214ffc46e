//! What a reconciler answers.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;

use crate::units::Moment;

/// What may be done now, and what is waited for.
#[derive(Debug, Clone, PartialEq)]
pub struct Next<A> {
    /// Actions that may all be sent now, in any order.
    pub ready: Vec<Step<A>>,
    /// Why nothing more is done.
    pub waiting: Vec<Waiting>,
    /// What is wanted and cannot be had.
    pub refused: Vec<Refusal>,
}

impl<A> Default for Next<A> {
    fn default() -> Self {
        Self { ready: Vec::new(), waiting: Vec::new(), refused: Vec::new() }
    }
}

impl<A> Next<A> {
    /// Whether everything is as it is wanted.
    pub fn is_done(&self) -> bool {
        self.ready.is_empty() && self.waiting.is_empty() && self.refused.is_empty()
    }

    /// An action that may be sent now.
    pub fn act(&mut self, action: A, reason: impl Into<Cow<'static, str>>, guards: Invariant, undo: Undo) {
        self.ready.push(Step { action, reason: reason.into(), guards, undo });
    }

    /// Something that is waited for.
    pub fn wait(&mut self, subject: impl Into<String>, what: impl Into<Cow<'static, str>>) -> &mut Waiting {
        let at = self.waiting.len();
        self.waiting.push(Waiting {
            subject: subject.into(),
            what: what.into(),
            progress: None,
            until: None,
            is_order: false,
        });
        &mut self.waiting[at]
    }

    /// Adds another answer to this one.
    pub fn join(&mut self, other: Self) {
        self.ready.extend(other.ready);
        self.waiting.extend(other.waiting);
        self.refused.extend(other.refused);
    }

    /// The same with other actions.
    pub fn map<B>(self, with: impl Fn(A) -> B) -> Next<B> {
        let step = |step: Step<A>| Step {
            action: with(step.action),
            reason: step.reason,
            guards: step.guards,
            undo: step.undo,
        };
        Next { ready: self.ready.into_iter().map(step).collect(), waiting: self.waiting, refused: self.refused }
    }
}

/// An action with all that explains it.
#[derive(Debug, Clone, PartialEq)]
pub struct Step<A> {
    /// What is done.
    pub action: A,
    /// Why.
    pub reason: Cow<'static, str>,
    /// What it keeps true.
    pub guards: Invariant,
    /// How it is undone.
    pub undo: Undo,
}

/// What must hold at every instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Invariant {
    /// What receives traffic bears its share of the demand.
    Capacity,
    /// Nothing gets traffic that has fewer healthy instances than its share needs.
    HealthBeforeTraffic,
    /// What a live rule still uses is neither shrunk nor deleted.
    UsedStays,
    /// The old group stays whole until the bake ends.
    OldStaysWhole,
    /// Every temporary change is restored.
    Restored,
    /// Only what bears the tags of this deployment is changed, and data needs a word of its own.
    OnlyOurs,
    /// One run works on a deployment.
    OneWriter,
}

impl Invariant {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Capacity => "capacity",
            Self::HealthBeforeTraffic => "health before traffic",
            Self::UsedStays => "what is used stays",
            Self::OldStaysWhole => "the old stays whole",
            Self::Restored => "temporary changes are restored",
            Self::OnlyOurs => "only what is ours",
            Self::OneWriter => "one writer",
        }
    }
}

impl fmt::Display for Invariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// How an action is undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "is", content = "by")]
pub enum Undo {
    /// By an action that the reconciler takes by itself when the former state is wanted again.
    By(Cow<'static, str>),
    /// By writing back what was recorded on the resource.
    Restore(Cow<'static, str>),
    /// Not at all: this is the end of what it removes.
    Final,
}

/// Something that must come to pass before there is more to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// What it is about: a group, a resource.
    pub subject: String,
    /// What is waited for.
    pub what: Cow<'static, str>,
    /// How many of how many are there.
    pub progress: Option<(u32, u32)>,
    /// When it will be so at the earliest, where that is known.
    pub until: Option<Moment>,
    /// Whether it waits only for another step of the same run, of which is told on its own: the order in which things are
    /// done, and nothing that the cloud takes time for.
    pub is_order: bool,
}

impl Waiting {
    /// So many of so many are there.
    pub fn progress(&mut self, there: u32, of: u32) -> &mut Self {
        self.progress = Some((there, of));
        self
    }

    /// It waits only for another step of the same run.
    pub fn order(&mut self) -> &mut Self {
        self.is_order = true;
        self
    }

    /// Not before then.
    pub fn until(&mut self, moment: Moment) -> &mut Self {
        self.until = Some(moment);
        self
    }
}

/// Something that is wanted and cannot be had, with the way out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// What it is about.
    pub subject: String,
    /// What cannot be done, and why.
    pub why: String,
    /// The ways out.
    pub ways_out: Vec<String>,
    /// Whether it was tried and failed, so that going back is the thing to do; otherwise it was never begun.
    pub failed: bool,
}
