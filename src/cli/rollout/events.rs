//! What a run tells: a line for people, a record for programs.

use schemars::JsonSchema;
use serde::Serialize;

use super::lasting;
use super::planned::undone;
use crate::cli::view::envelope::SCHEMA_VERSION;
use crate::cli::view::visible;
use crate::cloud::{Cloud, Waiting};
use crate::engine::{Ending, Event};
use crate::units::Moment;

/// One event of a run, as a line of JSON. Programs must ignore types and fields that they do not know.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Record {
    /// Version of the form, as in every result.
    pub schema_version: &'static str,
    /// Always `apply-event`.
    pub kind: &'static str,
    /// What happened: `planned`, `started`, `progress`, `finished`, `failed`, `diagnostic`, `summary`.
    pub r#type: &'static str,
    /// When, in milliseconds from the beginning of the run.
    pub at_ms: u64,
    /// What it is about: a group, a resource, a route.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// What is done, or what is waited for, or what is the matter.
    pub text: String,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What it keeps true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guards: Option<&'static str>,
    /// How it is undone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undo: Option<String>,
    /// How many are there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub there: Option<u32>,
    /// Of how many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<u32>,
    /// When it will be so at the earliest, in milliseconds from the beginning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until_ms: Option<u64>,
    /// How long the call took.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub took_ms: Option<u64>,
    /// How often it has failed in a row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tries: Option<u32>,
    /// The whole plan or the whole summary, of these two types.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<serde_json::Value>,
}

impl Record {
    /// A record of a type.
    pub fn new(r#type: &'static str, at_ms: u64, text: impl Into<String>) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            kind: "apply-event",
            r#type,
            at_ms,
            text: text.into(),
            ..Self::default()
        }
    }
}

/// The record of an event.
pub fn record<C: Cloud>(began: Moment, at: Moment, event: &Event<C::Action>) -> Record {
    let at_ms = at.since(began).0;
    let new = |r#type, text: String| Record::new(r#type, at_ms, text);
    match event {
        Event::Leased(lease) => new("diagnostic", format!("the lease is held until {}", since(began, lease.expires))),
        Event::Held(lease) => new("diagnostic", format!("{} holds the lease, and is waited for", lease.owner)),
        Event::Sent { action, reason, guards, undo } => Record {
            subject: Some(C::subject(action)),
            reason: Some(reason.to_string()),
            guards: Some(guards.word()),
            undo: Some(undone(undo)),
            ..new("started", action.to_string())
        },
        Event::Done { action, took } => {
            Record { subject: Some(C::subject(action)), took_ms: Some(took.0), ..new("finished", action.to_string()) }
        }
        Event::Failed { action, failure, tries, again } => Record {
            subject: Some(C::subject(action)),
            reason: Some(failure.to_string()),
            tries: Some(*tries),
            until_ms: again.map(|again| again.since(began).0),
            ..new("failed", action.to_string())
        },
        Event::Blind { failure } => new("diagnostic", format!("a look at the cloud failed: {failure}")),
        Event::Waits(waiting) => Record {
            subject: Some(waiting.subject.clone()),
            there: waiting.progress.map(|(there, _)| there),
            of: waiting.progress.map(|(_, of)| of),
            until_ms: waiting.until.map(|until| until.since(began).0),
            ..new("progress", waiting.what.to_string())
        },
        Event::RollingBack { why } => new("diagnostic", format!("going back to what was before: {why}")),
        Event::Stopping { calls } => new("diagnostic", stopping(*calls)),
        Event::Over(ending) => new("diagnostic", over(ending)),
    }
}

/// The line of an event; nothing for those that people need not see.
pub fn line<C: Cloud>(began: Moment, at: Moment, event: &Event<C::Action>) -> Option<String> {
    let (word, text) = match event {
        Event::Sent { action, .. } if C::is_lease(action) => return None,
        Event::Done { .. } | Event::Leased(_) => return None,
        // The step that it waits for is told when it is taken.
        Event::Waits(waiting) if waiting.is_order => return None,
        Event::Sent { action, reason, .. } => ("do", format!("{action}: {reason}")),
        Event::Waits(waiting) => ("wait", waits(began, waiting)),
        Event::Held(lease) => {
            ("wait", format!("{} holds the lease until {}", lease.owner, since(began, lease.expires)))
        }
        Event::Failed { action, failure, tries, again: Some(again) } => {
            ("retry", format!("{action} at {}: it failed {} ({failure})", since(began, *again), times(*tries)))
        }
        Event::Failed { action, failure, .. } => ("failed", format!("{action}: {failure}")),
        Event::Blind { failure } => ("retry", format!("look at the cloud: it failed ({failure})")),
        Event::RollingBack { why } => ("back", format!("to what was before, because {why}")),
        Event::Stopping { calls } => ("stop", stopping(*calls)),
        Event::Over(ending) => ("end", over(ending)),
    };
    // Names of others and words of a cloud are in it: one event is one line, whatever they are.
    let text = visible(&text).replace('\n', " ");
    Some(format!("{} {word:<6} {text}", since(began, at)))
}

fn times(tries: u32) -> String {
    match tries {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        many => format!("{many} times"),
    }
}

fn stopping(calls: usize) -> String {
    let first = match calls {
        0 => "nothing new is begun".to_owned(),
        1 => "nothing new is begun, and the call on its way is waited for".to_owned(),
        many => format!("nothing new is begun, and the {many} calls on their way are waited for"),
    };
    format!("{first}; Ctrl-C again stops at once")
}

/// What is waited for, and how far it has come.
pub fn waits(began: Moment, waiting: &Waiting) -> String {
    let progress = waiting.progress.map(|(there, of)| format!(", {there} of {of}")).unwrap_or_default();
    let until = waiting.until.map(|until| format!(", until {}", since(began, until))).unwrap_or_default();
    visible(&format!("{}: {}{progress}{until}", waiting.subject, waiting.what))
}

fn since(began: Moment, at: Moment) -> String {
    crate::cloud::shown::from_start(began, at)
}

fn over(ending: &Ending) -> String {
    match ending {
        Ending::Converged { changed: true } => "everything is as it is wanted".to_owned(),
        Ending::Converged { changed: false } => "everything was as it is wanted".to_owned(),
        Ending::RolledBack { .. } => "everything is as it was before".to_owned(),
        Ending::Stopped { safe: true } => "stopped in a safe state".to_owned(),
        Ending::Stopped { safe: false } => "stopped at once".to_owned(),
        Ending::Refused { why, .. } | Ending::Failed { why, .. } => why.clone(),
        Ending::Locked(lease) => {
            format!("{} holds the lease, for {} at most", lease.owner, lasting(lease.expires.since(lease.since)))
        }
        Ending::Fenced => "a newer run has taken over".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a cloud says of itself does not steer the terminal.
    #[test]
    fn an_event_is_one_line() {
        let failure =
            crate::cloud::Failure::new(crate::cloud::Trouble::Throttled, "\u{1b}[2Jgone\n0:00:00 end    done");
        let event: Event<crate::cloud::aws::Action> = Event::Blind { failure };
        let line = line::<crate::cloud::aws::Aws>(Moment(0), Moment(0), &event).unwrap();
        assert!(!line.contains(['\u{1b}', '\n']), "{line}");
    }
}
