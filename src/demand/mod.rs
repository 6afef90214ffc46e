//! What an application must bear: what the user said, what follows from it, and where each figure comes from.

mod ask;
pub mod capacity;
pub mod concurrency;
mod derive;
mod figure;
pub mod load_test;
mod reckoning;
pub mod scalability;
mod told;
mod typical;
mod variable;

pub use ask::{Ask, Given, Ranged, Worlds};
pub use derive::{derive, derive_unexplained};
pub use figure::{Because, Figure};
pub use reckoning::Reckoning;
pub use told::told;
pub use variable::Variable;

/// A range of an input in its base unit.
pub type Range = crate::units::Range<u64>;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::blueprint::tier::{Environment, Input};
use crate::units::{Bytes, Count, Growth, Months, Rate, Share, Span};

/// A quality that a deployment must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Requirement {
    /// Goes on when a server fails.
    Ha,
    /// Scales by itself.
    Autoscaling,
}

impl Requirement {
    /// All of them, with the word that a user writes.
    pub const ALL: [(&'static str, Self); 2] = [("ha", Self::Ha), ("autoscaling", Self::Autoscaling)];

    /// The word that a user writes.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ha => "ha",
            Self::Autoscaling => "autoscaling",
        }
    }
}

/// What must be borne today, complete, each figure with where it comes from.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Demand {
    /// Partitions; absent where the blueprint has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partitions: Option<Figure<Count>>,
    /// Vectors in one partition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vectors_per_partition: Option<Figure<Count>>,
    /// Vectors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vectors: Option<Figure<Count>>,
    /// Dimensions of a vector.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dims: Option<Figure<u32>>,
    /// Data on disk, in bytes.
    #[serde(rename = "data_bytes", skip_serializing_if = "Option::is_none")]
    pub data: Option<Figure<Bytes>>,
    /// Requests per second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rps: Option<Figure<Rate>>,
    /// Users served.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub users: Option<Figure<Count>>,
    /// Users that are active at the same moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub concurrent_users: Option<Figure<Count>>,
    /// Users that are active in a month.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monthly_users: Option<Figure<Count>>,
    /// Mix of requests, by the name of a load test's scenario.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mix: Option<Figure<String>>,
    /// Requests to the language model at the same moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model_requests: Option<Figure<Count>>,
    /// Longest p95 of the response time that is borne.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p95: Option<Figure<Span>>,
    /// Largest share of failed requests that is borne.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_error_rate: Option<Figure<Share>>,
    /// Name of the vector index, when the user named one.
    pub index: Option<Figure<String>>,
    /// What the deployment is for.
    pub environment: Figure<Environment>,
    /// Qualities that it must have.
    pub require: Vec<Figure<Requirement>>,
    /// Growth a month.
    pub growth: Figure<Growth>,
    /// Months to look ahead.
    pub horizon_months: Figure<Months>,
    /// Part of the demand that is added as a reserve.
    pub headroom: Figure<Share>,
}

impl Demand {
    /// What an input is multiplied by at the horizon: growth and reserve.
    pub fn planning_factor(&self) -> f64 {
        self.growth.value.factor(self.horizon_months.value.0) * (1.0 + self.headroom.value.as_f64())
    }

    /// The value of an input today, in its base unit; 0 where it does not exist.
    pub fn base(&self, input: Input) -> u64 {
        match input {
            Input::Partitions => value(&self.partitions).0,
            Input::Vectors => value(&self.vectors).0,
            Input::Data => value(&self.data).0,
            Input::Rps => value(&self.rps).0,
            Input::Users => value(&self.users).0,
        }
    }

    /// How an input came to be.
    pub fn because(&self, input: Input) -> &Because {
        match input {
            Input::Partitions => because(&self.partitions),
            Input::Vectors => because(&self.vectors),
            Input::Data => because(&self.data),
            Input::Rps => because(&self.rps),
            Input::Users => because(&self.users),
        }
    }

    /// Dimensions of a vector; 0 where there are no vectors.
    pub fn dimensions(&self) -> u32 {
        value(&self.dims)
    }
}

/// Why an input that does not exist is as it is.
const ABSENT: Because = Because::Typical { formula: std::borrow::Cow::Borrowed("nothing says it") };

fn value<T: Copy + Default>(figure: &Option<Figure<T>>) -> T {
    figure.as_ref().map(|figure| figure.value).unwrap_or_default()
}

fn because<T>(figure: &Option<Figure<T>>) -> &Because {
    figure.as_ref().map_or(&ABSENT, |figure| &figure.because)
}
