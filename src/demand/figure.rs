//! A value that knows where it comes from.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

/// A value with its reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Figure<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub because: Because,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "from", rename_all = "kebab-case")]
pub enum Because {
    /// The user said so.
    Given {
        /// By which means: `flag --partitions`, `rapplan.toml:4:14`.
        origin: Cow<'static, str>,
    },
    /// It follows exactly from other figures.
    Derived {
        /// How: `120 partitions x 30M vectors each`.
        formula: Cow<'static, str>,
    },
    /// Nothing says it, so what is usual at this place of the tier table is taken; it never decides a tier.
    Typical {
        /// How: `read off S4.T1 at 120 partitions`.
        formula: Cow<'static, str>,
    },
    /// Nobody said otherwise.
    Default {
        /// Field or rule that it comes from.
        origin: Cow<'static, str>,
    },
}

impl Because {
    /// Whether the user said it.
    pub fn is_given(&self) -> bool {
        matches!(self, Self::Given { .. })
    }

    /// Whether it may decide a tier: given, or following exactly from what was given.
    pub fn binds(&self) -> bool {
        !matches!(self, Self::Typical { .. })
    }

    /// One word for a table: `given`, `derived`, `typical`, `default`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Given { .. } => "given",
            Self::Derived { .. } => "derived",
            Self::Typical { .. } => "typical",
            Self::Default { .. } => "default",
        }
    }

    /// The formula or the origin.
    pub fn text(&self) -> &str {
        match self {
            Self::Given { origin } | Self::Default { origin } => origin,
            Self::Derived { formula } | Self::Typical { formula } => formula,
        }
    }
}

impl<T> Figure<T> {
    /// Said by the user.
    pub fn given(value: T, origin: impl Into<Cow<'static, str>>) -> Self {
        Self { value, because: Because::Given { origin: origin.into() } }
    }

    /// Follows exactly.
    pub fn derived(value: T, formula: impl Into<Cow<'static, str>>) -> Self {
        Self { value, because: Because::Derived { formula: formula.into() } }
    }

    /// Usual.
    pub fn typical(value: T, formula: impl Into<Cow<'static, str>>) -> Self {
        Self { value, because: Because::Typical { formula: formula.into() } }
    }

    /// Not said.
    pub fn default(value: T, origin: impl Into<Cow<'static, str>>) -> Self {
        Self { value, because: Because::Default { origin: origin.into() } }
    }
}
