//! What an application must bear: what the user said, what follows from it, and where each figure comes from.

mod ask;
pub mod capacity;
pub mod concurrency;
mod derive;
mod figure;
pub mod load_test;
mod reckoning;
pub mod scalability;
mod typical;

pub use ask::{Ask, Given};
pub use derive::{derive, derive_unexplained};
pub use figure::{Because, Figure};
pub use reckoning::Reckoning;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::blueprint::tier::{Environment, Input};
use crate::units::{Bytes, Count, Growth, Months, Rate, Share};

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
    /// Partitions.
    pub partitions: Figure<Count>,
    /// Vectors in one partition.
    pub vectors_per_partition: Figure<Count>,
    /// Vectors.
    pub vectors: Figure<Count>,
    /// Dimensions of a vector.
    pub dims: Figure<u32>,
    /// Data on disk, in bytes.
    #[serde(rename = "data_bytes")]
    pub data: Figure<Bytes>,
    /// Requests per second.
    pub rps: Figure<Rate>,
    /// Users served.
    pub users: Figure<Count>,
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

    /// The value of an input today, in its base unit.
    pub fn base(&self, input: Input) -> u64 {
        match input {
            Input::Partitions => self.partitions.value.0,
            Input::Vectors => self.vectors.value.0,
            Input::Data => self.data.value.0,
            Input::Rps => self.rps.value.0,
            Input::Users => self.users.value.0,
        }
    }

    /// How an input came to be.
    pub fn because(&self, input: Input) -> &Because {
        match input {
            Input::Partitions => &self.partitions.because,
            Input::Vectors => &self.vectors.because,
            Input::Data => &self.data.because,
            Input::Rps => &self.rps.because,
            Input::Users => &self.users.because,
        }
    }
}
