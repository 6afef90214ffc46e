//! What a run tells: for people, for programs, for its history.

use std::borrow::Cow;

use crate::cloud::step::{Invariant, Undo, Waiting};
use crate::cloud::{Failure, Lease};
use crate::units::{Moment, Span};

/// Something worth telling.
#[derive(Debug, Clone, PartialEq)]
pub enum Event<A> {
    /// The lease is held.
    Leased(Lease),
    /// Another run holds the lease, and is waited for.
    Held(Lease),
    /// A call was sent.
    Sent {
        /// What.
        action: A,
        /// Why.
        reason: Cow<'static, str>,
        /// What it keeps true.
        guards: Invariant,
        /// How it is undone.
        undo: Undo,
    },
    /// A call came back.
    Done {
        /// What.
        action: A,
        /// How long it took.
        took: Span,
    },
    /// A call failed.
    Failed {
        /// What.
        action: A,
        /// How.
        failure: Failure,
        /// How often in a row.
        tries: u32,
        /// When it is sent again; `None` when it is not.
        again: Option<Moment>,
    },
    /// A look at the cloud failed.
    Blind {
        /// How.
        failure: Failure,
    },
    /// Something is waited for, or its progress has changed.
    Waits(Waiting),
    /// The wanted state is given up for the former one.
    RollingBack {
        /// Why.
        why: String,
    },
    /// It stops once these calls are back and a safe state is reached.
    Stopping {
        /// Calls on their way.
        calls: usize,
    },
    /// It is over.
    Over(Ending),
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// Everything is as it was wanted.
    Converged {
        /// Whether anything had to be changed.
        changed: bool,
    },
    /// The release failed, and everything is as it was before.
    RolledBack {
        /// Why it failed.
        why: String,
    },
    /// It was stopped; the next run goes on from there.
    Stopped {
        /// Whether it stopped in a safe state, with no call on its way.
        safe: bool,
    },
    /// What is wanted cannot be had, and nothing was begun of it.
    Refused {
        /// Why.
        why: String,
        /// The ways out.
        ways_out: Vec<String>,
    },
    /// It cannot go on.
    Failed {
        /// Why.
        why: String,
        /// The ways out.
        ways_out: Vec<String>,
    },
    /// Another run holds the lease.
    Locked(Lease),
    /// A newer run has taken over.
    Fenced,
}
