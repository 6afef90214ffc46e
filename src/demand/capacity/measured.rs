//! A measured load, be it a row of a blueprint or a point of a file.

use super::{Load, Metric};
use crate::blueprint::evidence::LoadTest;
use crate::demand::load_test::{Latency, Point};
use crate::units::{Count, Rate, Share};

/// A measured load.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    /// How it is cited.
    pub id: String,
    /// Users at the same moment.
    pub users: Option<Count>,
    /// Requests per second.
    pub rate: Option<Rate>,
    /// Mean response time.
    pub mean: Latency,
    /// 95th percentile of the response time.
    pub p95: Latency,
    /// 99th percentile of the response time.
    pub p99: Option<Latency>,
    /// Share of requests that failed.
    pub errors: Share,
}

impl From<&LoadTest> for Measured {
    fn from(test: &LoadTest) -> Self {
        Self {
            id: test.id.clone(),
            users: Some(test.concurrent_users),
            rate: test.rate,
            mean: test.mean.into(),
            p95: test.p95.into(),
            p99: test.p99.map(Latency::from),
            errors: test.errors,
        }
    }
}

/// A point of a file under the id that its row would have.
pub fn measured_of(id: String, point: &Point) -> Measured {
    let (mean, p95, p99) = (point.mean, point.p95, point.p99);
    Measured { id, users: point.users, rate: point.rate, mean, p95, p99, errors: point.errors }
}

impl Measured {
    /// Its load.
    pub(super) fn load(&self) -> Load {
        Load { users: self.users, rate: self.rate }
    }

    /// What it is ordered by: users where they are known, else thousandths of requests per second.
    pub(super) fn key(&self) -> u64 {
        self.users.map(|users| users.0).or(self.rate.map(|rate| rate.0)).unwrap_or_default()
    }

    /// A metric in its base unit.
    pub(super) fn value(&self, metric: Metric) -> Option<u64> {
        match metric {
            Metric::Mean => Some(self.mean.0),
            Metric::P95 => Some(self.p95.0),
            Metric::P99 => self.p99.map(|p99| p99.0),
            Metric::Errors => Some(self.errors.0),
        }
    }
}

/// The points by load. Users and requests per second cannot be compared, so where some points tell users, those that do
/// not are left out.
pub(super) fn by_load(points: &[Measured]) -> (Vec<Measured>, Vec<String>) {
    let users = points.iter().any(|point| point.users.is_some());
    let known = |point: &&Measured| if users { point.users.is_some() } else { point.rate.is_some() };
    let mut kept: Vec<Measured> = points.iter().filter(known).cloned().collect();
    kept.sort_by_key(Measured::key);
    let what = if users { "the number of users" } else { "the requests per second" };
    let left: Vec<&str> = points.iter().filter(|point| !known(point)).map(|point| point.id.as_str()).collect();
    let warning = format!("left out, since {what} is unknown: {}", left.join(", "));
    (kept, if left.is_empty() { Vec::new() } else { vec![warning] })
}

/// The load at a key between two points.
pub(super) fn load_at(points: &[Measured], key: u64) -> Load {
    let users = points.first().is_some_and(|point| point.users.is_some());
    let after = points.partition_point(|point| point.key() < key);
    let rate = match (after.checked_sub(1).and_then(|i| points.get(i)), points.get(after)) {
        (_, Some(exact)) if exact.key() == key => exact.rate,
        (Some(low), Some(high)) => match (low.rate, high.rate) {
            // Past the peak throughput falls; the smaller end is what is sure.
            (Some(a), Some(b)) if b < a => Some(b),
            (Some(a), Some(b)) => {
                let part =
                    u128::from(b.0 - a.0) * u128::from(key - low.key()) / u128::from((high.key() - low.key()).max(1));
                Some(Rate(a.0.saturating_add(u64::try_from(part).unwrap_or(u64::MAX))))
            }
            _ => None,
        },
        _ => None,
    };
    if users { Load { users: Some(Count(key)), rate } } else { Load { users: None, rate: Some(Rate(key)) } }
}

/// A load for people.
pub(super) fn show(load: Load) -> String {
    match (load.users, load.rate) {
        (Some(users), Some(rate)) => format!("{users} users ({rate})"),
        (Some(users), None) => format!("{users} users"),
        (None, Some(rate)) => rate.to_string(),
        (None, None) => "an unknown load".to_owned(),
    }
}
