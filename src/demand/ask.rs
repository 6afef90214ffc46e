//! What the user said, as far as they said anything.

use super::{Range, Requirement, Variable};
use crate::blueprint::tier::Environment;
use crate::units::{Bytes, CalendarMonth, Count, Growth, Months, Rate, Share, Span};

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
    /// The worlds that are imagined where there are ranges.
    pub worlds: Worlds,
    /// The month that is month 0 of a forecast; without it, months are only counted.
    pub start: Option<Given<CalendarMonth>>,
}

/// How many possible worlds are imagined, and which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Worlds {
    /// How many.
    pub count: u32,
    /// The same seed gives the same worlds.
    pub seed: u32,
}

impl Default for Worlds {
    /// Ten thousand: the chance of one in twenty is then known to two parts in a thousand, and still nobody waits.
    fn default() -> Self {
        Self { count: 10_000, seed: 1 }
    }
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
        self.set(variable, base, origin);
        self
    }

    /// Sets one variable to a value in its base unit.
    pub fn set(&mut self, variable: Variable, base: u64, origin: &str) {
        fn given<T>(value: T, origin: &str) -> Option<Given<T>> {
            Some(Given { value, origin: origin.to_owned() })
        }
        match variable {
            Variable::Partitions => self.partitions = given(Count(base), origin),
            Variable::Vectors => self.vectors = given(Count(base), origin),
            Variable::VectorsPerPartition => self.vectors_per_partition = given(Count(base), origin),
            Variable::Users => self.users = given(Count(base), origin),
            Variable::ConcurrentUsers => self.concurrent_users = given(Count(base), origin),
            Variable::MonthlyUsers => self.monthly_users = given(Count(base), origin),
            Variable::ModelRequests => self.model_requests = given(Count(base), origin),
            Variable::Rps => self.rps = given(Rate(base), origin),
            Variable::Data => self.data = given(Bytes(base), origin),
            Variable::Growth => self.growth = given(Growth(Share(base)), origin),
        }
    }

    /// The same without the words that say by which means, for thousands of copies.
    #[must_use]
    pub fn unexplained(mut self) -> Self {
        fn forget<T>(given: &mut Option<Given<T>>) {
            if let Some(given) = given {
                given.origin = String::new();
            }
        }
        forget(&mut self.partitions);
        forget(&mut self.vectors);
        forget(&mut self.vectors_per_partition);
        forget(&mut self.dims);
        forget(&mut self.index);
        forget(&mut self.rps);
        forget(&mut self.users);
        forget(&mut self.data);
        forget(&mut self.concurrent_users);
        forget(&mut self.monthly_users);
        forget(&mut self.mix);
        forget(&mut self.model_requests);
        forget(&mut self.p95);
        forget(&mut self.max_error_rate);
        forget(&mut self.environment);
        forget(&mut self.growth);
        forget(&mut self.horizon);
        forget(&mut self.headroom);
        forget(&mut self.start);
        self.require.iter_mut().for_each(|given| given.origin = String::new());
        self.ranges.clear();
        self
    }
}
