//! How long things take on a simulated AWS.

use serde::{Deserialize, Serialize};

use crate::units::{Span, millis};

/// Times. Every default is an assumption, to be replaced by what past runs measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Timing {
    /// How far each time spreads to both sides, in thousandths.
    pub spread_permille: u32,
    /// A call, until its reply is back.
    #[serde(with = "millis")]
    pub call: Span,
    /// From the wish for an instance to its start.
    #[serde(with = "millis")]
    pub launch: Span,
    /// From the start of an instance until it is in service.
    #[serde(with = "millis")]
    pub boot: Span,
    /// How long a lifecycle hook holds an instance back before it goes into service; none by default.
    #[serde(with = "millis")]
    pub hook: Span,
    /// How long it may, before the instance is given up (EC2 Auto Scaling, `HeartbeatTimeout`: 1 h, result ABANDON).
    #[serde(with = "millis")]
    pub hook_longest: Span,
    /// From then until its application answers.
    #[serde(with = "millis")]
    pub start: Span,
    /// Until a group replaces an instance that the load balancer calls unhealthy.
    #[serde(with = "millis")]
    pub replace: Span,
    /// How long an application that stops answering by chance does not.
    #[serde(with = "millis")]
    pub sick: Span,
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
            spread_permille: 250,
            call: Span(80),
            launch: Span::seconds(10),
            boot: Span::seconds(60),
            hook: Span(0),
            hook_longest: Span::seconds(3600),
            start: Span::seconds(30),
            replace: Span::seconds(60),
            sick: Span::seconds(120),
            end: Span::seconds(45),
            group_gone: Span::seconds(10),
            retry: Span::seconds(60),
        }
    }
}
