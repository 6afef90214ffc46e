//! What the user said, as far as they said anything.

use super::Requirement;
use crate::blueprint::tier::Environment;
use crate::units::{Bytes, Count, Growth, Months, Rate, Share};

/// Something the user said, and by which means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given<T> {
    /// The value.
    pub value: T,
    /// By which means: `flag --partitions`, `environment RAPPLAN_RPS`, `rapplan.toml:4:14`.
    pub origin: String,
}

/// What the user said. Everything may be absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ask {
    /// Partitions.
    pub partitions: Option<Given<Count>>,
    /// Vectors.
    pub vectors: Option<Given<Count>>,
    /// Vectors in one partition.
    pub vectors_per_partition: Option<Given<Count>>,
    /// Dimensions of a vector.
    pub dims: Option<Given<u32>>,
    /// Vector index.
    pub index: Option<Given<String>>,
    /// Requests per second.
    pub rps: Option<Given<Rate>>,
    /// Users served.
    pub users: Option<Given<Count>>,
    /// Data on disk.
    pub data: Option<Given<Bytes>>,
    /// What the deployment is for.
    pub environment: Option<Given<Environment>>,
    /// Qualities it must have.
    pub require: Vec<Given<Requirement>>,
    /// Growth a month.
    pub growth: Option<Given<Growth>>,
    /// Months to look ahead.
    pub horizon: Option<Given<Months>>,
    /// Reserve.
    pub headroom: Option<Given<Share>>,
}
