//! Inputs that may be known only as a range.

use schemars::JsonSchema;
use serde::Serialize;

use super::Range;
use crate::units::{Bytes, Count, Growth, Rate, Share};

/// An input that a user may give as a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Variable {
    /// Partitions.
    Partitions,
    /// Vectors.
    Vectors,
    /// Vectors in one partition.
    VectorsPerPartition,
    /// Data on disk, in bytes.
    Data,
    /// Requests per second, in thousandths.
    Rps,
    /// Users served.
    Users,
    /// Users that are active at the same moment.
    ConcurrentUsers,
    /// Users that are active in a month.
    MonthlyUsers,
    /// Requests to the language model at the same moment.
    ModelRequests,
    /// Growth a month, in millionths.
    Growth,
}

impl Variable {
    /// All of them, in the order in which tables show them.
    pub const ALL: [Self; 10] = [
        Self::Partitions,
        Self::Vectors,
        Self::VectorsPerPartition,
        Self::Data,
        Self::Rps,
        Self::Users,
        Self::ConcurrentUsers,
        Self::MonthlyUsers,
        Self::ModelRequests,
        Self::Growth,
    ];

    /// The flag that sets it, without dashes.
    pub fn flag(self) -> &'static str {
        match self {
            Self::Partitions => "partitions",
            Self::Vectors => "vectors",
            Self::VectorsPerPartition => "vectors-per-partition",
            Self::Data => "data",
            Self::Rps => "rps",
            Self::Users => "users",
            Self::ConcurrentUsers => "ccu",
            Self::MonthlyUsers => "mau",
            Self::ModelRequests => "model-requests",
            Self::Growth => "growth",
        }
    }

    /// The name of its setting.
    pub fn setting(self) -> &'static str {
        match self {
            Self::Partitions => "demand.partitions",
            Self::Vectors => "demand.vectors",
            Self::VectorsPerPartition => "demand.vectors-per-partition",
            Self::Data => "demand.data",
            Self::Rps => "demand.rps",
            Self::Users => "demand.users",
            Self::ConcurrentUsers => "demand.concurrent-users",
            Self::MonthlyUsers => "demand.monthly-users",
            Self::ModelRequests => "demand.model-requests",
            Self::Growth => "demand.growth",
        }
    }

    /// What is added to a value before it is taken as a factor: demand of nothing does not exist, growth of nothing does.
    pub fn offset(self) -> u64 {
        if self == Self::Growth { 1_000_000 } else { 0 }
    }

    /// The middle of a range: as many times above the lower end as below the upper one (the geometric mean), since demand
    /// is misjudged by factors rather than by amounts.
    pub fn middle(self, range: &Range) -> u64 {
        let [low, high] = [range.low, range.high].map(|end| u128::from(end) + u128::from(self.offset()));
        let middle = low.saturating_mul(high).isqrt().saturating_sub(self.offset().into());
        u64::try_from(middle).unwrap_or(u64::MAX)
    }

    /// A value in the base unit, for people.
    pub fn show(self, base: u64) -> String {
        match self {
            Self::Data => Bytes(base).to_string(),
            Self::Rps => Rate(base).to_string(),
            Self::Growth => Growth(Share(base)).to_string(),
            _ => Count(base).to_string(),
        }
    }
}
