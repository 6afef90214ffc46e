//! The loads that services are sized by, and sizes for very many of them without the words.

use super::measured::{self, Measured};
use super::types::ServiceSize;
use super::{Facts, service_size, users};
use crate::blueprint::Blueprint;
use crate::blueprint::platform::Provider;
use crate::blueprint::tier::Input;
use crate::catalog::Catalog;
use crate::demand::{Demand, Figure};
use crate::error::Result;
use crate::size::component::Resources;
use crate::size::outlook::grown;
use crate::units::{Bytes, Count, Growth, Months, Rate, Share};

/// A load that services are sized by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Load {
    /// Users at the same moment.
    Users,
    /// Requests per second, in thousandths.
    Rps,
    /// Vectors.
    Vectors,
    /// Data on disk, in bytes.
    Data,
    /// Requests to the language model at the same moment.
    ModelRequests,
}

impl Load {
    /// All of them, in the order of [`Loads`].
    pub const ALL: [Self; 5] = [Self::Users, Self::Rps, Self::Vectors, Self::Data, Self::ModelRequests];

    /// Its name in a sentence.
    pub fn word(self) -> &'static str {
        match self {
            Self::Users => "concurrent users",
            Self::Rps => "requests per second",
            Self::Vectors => "vectors",
            Self::Data => "data",
            Self::ModelRequests => "requests to the model",
        }
    }

    /// An amount in the base unit with few digits, for people.
    pub fn brief(self, base: u64) -> String {
        match self {
            Self::Data => Input::Data.approx(base),
            Self::Rps => Input::Rps.approx(base),
            Self::Vectors => Input::Vectors.approx(base),
            Self::Users | Self::ModelRequests => Count(base).to_string(),
        }
    }

    /// The same with what it is of.
    pub fn phrase(self, base: u64) -> String {
        match self {
            Self::Data => Input::Data.approx_phrase(base),
            Self::Rps => Input::Rps.approx_phrase(base),
            Self::Vectors => Input::Vectors.approx_phrase(base),
            Self::Users | Self::ModelRequests => format!("{} {}", Count(base), self.word()),
        }
    }
}

/// Every load in its base unit, with growth and reserve; 0 where nothing says it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Loads(pub [u64; 5]);

impl Loads {
    /// The loads of a demand that is multiplied by a factor.
    pub fn at(blueprint: &Blueprint, demand: &Demand, factor: f64) -> Self {
        let known = |value: Option<u64>| value.map_or(0, |value| grown(value, factor));
        Self([
            users::count(blueprint, demand, factor),
            known(demand.rps.as_ref().map(|rps| rps.value.0)),
            known(demand.vectors.as_ref().map(|vectors| vectors.value.0)),
            known(demand.data.as_ref().map(|data| data.value.0)),
            known(demand.model_requests.as_ref().map(|requests| requests.value.0)),
        ])
    }

    /// The loads that are planned for: at the horizon, with the reserve.
    pub fn planned(blueprint: &Blueprint, demand: &Demand) -> Self {
        Self::at(blueprint, demand, demand.planning_factor())
    }

    /// The same, each rounded up to three digits: what is not known exactly need not be counted more exactly than to a
    /// hundredth, and services that grow with every vector then have hundreds of sizes instead of millions.
    #[must_use]
    pub fn counted(self) -> Self {
        Self(self.0.map(three_digits))
    }

    /// One of them.
    pub fn get(&self, load: Load) -> u64 {
        self.0[load as usize]
    }

    /// The same with one of them at another value.
    #[must_use]
    pub fn with(mut self, load: Load, value: u64) -> Self {
        self.0[load as usize] = value;
        self
    }

    /// A demand that has these loads and no growth or reserve of its own, since both are in them.
    pub fn demand(&self, like: &Demand, because: &str) -> Demand {
        fn figure<T>(
            like: &Option<Figure<T>>,
            base: u64,
            value: impl Fn(u64) -> T,
            because: &str,
        ) -> Option<Figure<T>> {
            like.as_ref().map(|_| Figure::derived(value(base), because.to_owned()))
        }
        let users = self.get(Load::Users);
        Demand {
            concurrent_users: (users > 0).then(|| Figure::derived(Count(users), because.to_owned())),
            rps: figure(&like.rps, self.get(Load::Rps), Rate, because),
            vectors: figure(&like.vectors, self.get(Load::Vectors), Count, because),
            data: figure(&like.data, self.get(Load::Data), Bytes, because),
            model_requests: figure(&like.model_requests, self.get(Load::ModelRequests), Count, because),
            partitions: like.partitions.as_ref().map(|partitions| {
                Figure::derived(Count(grown(partitions.value.0, like.planning_factor())), because.to_owned())
            }),
            growth: Figure::default(Growth::default(), "growth is in the loads"),
            horizon_months: Figure::default(Months(0), "growth is in the loads"),
            headroom: Figure::default(Share(0), "the reserve is in the loads"),
            ..like.clone()
        }
    }
}

/// Rounded up to three digits.
fn three_digits(value: u64) -> u64 {
    let mut unit = 1u64;
    while value / unit >= 1000 {
        unit = unit.saturating_mul(10);
    }
    value.checked_next_multiple_of(unit).unwrap_or(value)
}

/// What tells one size of a service from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bare {
    /// Instances.
    pub instances: u32,
    /// What each of them takes.
    pub each: Resources,
    /// Machine type that the source names for it.
    pub machine: Option<String>,
}

impl Bare {
    /// Of a sized service.
    pub fn of(size: &ServiceSize) -> Self {
        Self { instances: size.instances, each: size.each, machine: size.machine.clone() }
    }

    /// Whether this is no smaller than another in anything.
    pub fn holds(&self, other: &Self) -> bool {
        let (a, b) = (&self.each, &other.each);
        let each = a.cpu >= b.cpu && a.memory >= b.memory && a.disk >= b.disk && a.gpu_memory >= b.gpu_memory;
        self == other || (self.instances >= other.instances && each)
    }
}

/// Sizes services at loads, reading what was measured only once.
pub struct Sizer<'a> {
    blueprint: &'a Blueprint,
    catalog: &'a Catalog,
    named: Option<(Provider, String)>,
    like: Demand,
    measured: Option<Measured<'a>>,
}

impl<'a> Sizer<'a> {
    /// For demands that differ from this one in their loads.
    ///
    /// # Errors
    /// When the demand names a mix that no load test has.
    pub fn new(
        blueprint: &'a Blueprint,
        demand: &Demand,
        named: Option<(Provider, String)>,
        catalog: &'a Catalog,
    ) -> Result<Self> {
        let measured = measured::measured(blueprint, demand)?;
        Ok(Self { blueprint, catalog, named, like: demand.clone(), measured })
    }

    /// The blueprint.
    pub fn blueprint(&self) -> &'a Blueprint {
        self.blueprint
    }

    /// How many services there are.
    pub fn count(&self) -> usize {
        self.blueprint.services.len()
    }

    /// The services at these places of the blueprint, sized for these loads.
    pub fn sizes(&self, services: &[usize], loads: &Loads) -> Vec<ServiceSize> {
        let demand = loads.demand(&self.like, "");
        let facts = Facts {
            blueprint: self.blueprint,
            demand: &demand,
            catalog: self.catalog,
            users: Some(loads.get(Load::Users)).filter(|users| *users > 0),
            measured: self.measured.as_ref(),
            named: self.named.clone(),
        };
        let named = services.iter().filter_map(|at| self.blueprint.services.get_index(*at));
        named.map(|(name, service)| service_size(&facts, name, service).0).collect()
    }

    /// Every service, sized for these loads.
    pub fn all(&self, loads: &Loads) -> Vec<ServiceSize> {
        self.sizes(&(0..self.count()).collect::<Vec<_>>(), loads)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_are_counted() {
        let of: Vec<u64> = [0, 7, 999, 1000, 1001, 1_732_050, u64::MAX].into_iter().map(three_digits).collect();
        assert_eq!(of, [0, 7, 999, 1000, 1010, 1_740_000, u64::MAX]);
    }
}
