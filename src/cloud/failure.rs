//! How a call to a cloud fails.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A call that did not succeed, as far as is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What kind of failure it is; this alone decides what is done.
    pub trouble: Trouble,
    /// What the cloud said.
    pub message: String,
}

/// Kinds of failures, by what must be done about them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trouble {
    /// Too many calls: the same call again, later.
    Throttled,
    /// A fault of the service: the same call again, later.
    Unavailable,
    /// The reply was lost: the effect may have come about. Look, then decide.
    Unknown,
    /// Somebody else changed it meanwhile, or it exists already. Look, then decide.
    Conflict,
    /// It is not in a state for this yet, such as a group that still has instances. Look, then decide.
    NotReady,
    /// It is not there, or not visible yet.
    NotFound,
    /// A limit of the account.
    Quota,
    /// The zone has no more machines of this type.
    OutOfStock,
    /// A newer run has taken over.
    Fenced,
    /// Not allowed.
    Denied,
    /// The call itself is wrong: sending it again changes nothing.
    Invalid,
}

impl Trouble {
    /// Whether the same call may succeed by itself later.
    pub fn is_passing(self) -> bool {
        !matches!(self, Self::Fenced | Self::Denied | Self::Invalid)
    }

    /// Whether the call may have had its effect although it failed.
    pub fn may_have_happened(self) -> bool {
        matches!(self, Self::Unknown | Self::Unavailable)
    }

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Throttled => "throttled",
            Self::Unavailable => "unavailable",
            Self::Unknown => "reply lost",
            Self::Conflict => "conflict",
            Self::NotReady => "not ready",
            Self::NotFound => "not found",
            Self::Quota => "quota",
            Self::OutOfStock => "out of stock",
            Self::Fenced => "fenced",
            Self::Denied => "denied",
            Self::Invalid => "invalid",
        }
    }
}

impl Failure {
    /// A failure with the words of the cloud.
    pub fn new(trouble: Trouble, message: impl Into<String>) -> Self {
        Self { trouble, message: message.into() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.trouble.word(), self.message)
    }
}
