//! What the user said, as far as they said anything.

use super::{Range, Requirement, Variable};
use crate::blueprint::tier::Environment;
use crate::units::{Bytes, Count, Growth, Months, Rate, Share, Span};

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
    /// Users that are active at the same moment.
    pub concurrent_users: Option<Given<Count>>,
    /// Users that are active in a month.
    pub monthly_users: Option<Given<Count>>,
    /// Mix of requests, by the name of a load test's scenario.
    pub mix: Option<Given<String>>,
    /// Requests to the language model at the same moment.
    pub model_requests: Option<Given<Count>>,
    /// Longest p95 of the response time that is borne.
    pub p95: Option<Given<Span>>,
    /// Largest share of failed requests that is borne.
    pub max_error_rate: Option<Given<Share>>,
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
    /// Inputs of which only a range is known; their fields above hold the middle of it.
    pub ranges: Vec<Ranged>,
}

/// An input of which only a range is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranged {
    /// Which.
    pub variable: Variable,
    /// The range, in base units.
    pub range: Range,
    /// By which means it was said.
    pub origin: String,
}

impl Ask {
    /// The same with one variable set to a value in its base unit: how a possible world is made.
    #[must_use]
    pub fn with(mut self, variable: Variable, base: u64, origin: &str) -> Self {
        let origin = || origin.to_owned();
        let count = || Some(Given { value: Count(base), origin: origin() });
        match variable {
            Variable::Partitions => self.partitions = count(),
            Variable::Vectors => self.vectors = count(),
            Variable::VectorsPerPartition => self.vectors_per_partition = count(),
            Variable::Users => self.users = count(),
            Variable::ConcurrentUsers => self.concurrent_users = count(),
            Variable::MonthlyUsers => self.monthly_users = count(),
            Variable::ModelRequests => self.model_requests = count(),
            Variable::Rps => self.rps = Some(Given { value: Rate(base), origin: origin() }),
            Variable::Data => self.data = Some(Given { value: Bytes(base), origin: origin() }),
            Variable::Growth => self.growth = Some(Given { value: Growth(Share(base)), origin: origin() }),
        }
        self
    }
}
