//! How long things take on a simulated AWS.

use serde::{Deserialize, Serialize};

use crate::units::{Span, millis};

/// Times. Every default is an assumption, to be replaced by what past runs measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Timing {
    /// A call, until its reply is back.
    #[serde(with = "millis")]
    pub call: Span,
    /// From the wish for an instance to its start.
    #[serde(with = "millis")]
    pub launch: Span,
    /// From the start of an instance until it is in service.
    #[serde(with = "millis")]
    pub boot: Span,
    /// From then until its application answers.
    #[serde(with = "millis")]
    pub start: Span,
    /// From the end of draining until an instance is gone.
    #[serde(with = "millis")]
    pub end: Span,
    /// Until a group without instances is gone.
    #[serde(with = "millis")]
    pub group_gone: Span,
    /// Between two attempts of a group to start what it could not.
    #[serde(with = "millis")]
    pub retry: Span,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            call: Span(80),
            launch: Span::seconds(10),
            boot: Span::seconds(60),
            start: Span::seconds(30),
            end: Span::seconds(45),
            group_gone: Span::seconds(10),
            retry: Span::seconds(60),
        }
    }
}
