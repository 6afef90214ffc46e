//! What a service bears beside what it must: the proof that a rollout drops nothing.

use schemars::JsonSchema;
use serde::Serialize;

/// A service at an instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Serving {
    /// Service.
    pub service: String,
    /// What is borne for each 1,000 of what must be, at the part of the service that is worst off; `None` when nothing
    /// must be borne.
    pub permille: Option<u64>,
    /// Healthy instances that receive traffic.
    pub healthy: u32,
    /// The part that is worst off.
    pub part: String,
}

/// A part of a service that receives a share of its traffic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share<'a> {
    /// Its name: a group.
    pub part: &'a str,
    /// Its weight among the others.
    pub weight: u64,
    /// Healthy instances.
    pub healthy: u32,
    /// What each of them bears, in the unit of the demand.
    pub each: u64,
}

impl Serving {
    /// Of a service that must bear `demand`, shared by weight. A service without any part that receives traffic bears
    /// nothing.
    pub fn of(service: &str, demand: u64, shares: &[Share<'_>]) -> Self {
        let all: u64 = shares.iter().map(|share| share.weight).sum();
        let live = || shares.iter().filter(|share| share.weight > 0);
        let permille = |share: &Share<'_>| {
            let borne = u128::from(share.healthy) * u128::from(share.each) * u128::from(all) * 1000;
            u64::try_from(borne / (u128::from(share.weight) * u128::from(demand))).unwrap_or(u64::MAX)
        };
        let healthy = live().map(|share| share.healthy).fold(0, u32::saturating_add);
        let service = service.to_owned();
        if demand == 0 {
            return Self { service, permille: None, healthy, part: String::new() };
        }
        let worst = live().map(|share| (permille(share), share.part)).min();
        let (permille, part) = worst.unwrap_or((0, ""));
        Self { service, permille: Some(permille), healthy, part: part.to_owned() }
    }

    /// Whether it bears what it must.
    pub fn is_enough(&self) -> bool {
        self.permille.is_none_or(|permille| permille >= 1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_part_counts() {
        let blue = Share { part: "blue", weight: 90, healthy: 4, each: 100 };
        let green = Share { part: "green", weight: 10, healthy: 1, each: 100 };
        let serving = Serving::of("api", 400, &[blue, green]);
        // Blue: 400 of 360; green: 100 of 40.
        assert_eq!((serving.permille, serving.part.as_str(), serving.healthy), (Some(1111), "blue", 5));
        let serving = Serving::of("api", 400, &[Share { weight: 50, ..blue }, Share { weight: 50, ..green }]);
        assert_eq!((serving.permille, serving.is_enough()), (Some(500), false));
        assert!(Serving::of("api", 0, &[]).is_enough());
        assert!(!Serving::of("api", 1, &[]).is_enough());
    }
}
