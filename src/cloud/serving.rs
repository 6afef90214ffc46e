//! What a service bears beside what it must: the proof that a rollout drops nothing.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::load::Load;

/// A service at an instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Serving {
    /// Service.
    pub service: String,
    /// What is borne for each 1,000 of what must be, at the part of the service that is worst off; `None` when nothing
    /// must be borne.
    pub permille: Option<u64>,
    /// The same, were the zone lost that hurts most; `None` where the wanted number of instances does not promise to bear
    /// that.
    pub zone_lost: Option<u64>,
    /// Healthy instances that receive traffic.
    pub healthy: u32,
    /// The part that is worst off.
    pub part: String,
    /// Healthy instances of that part.
    pub part_healthy: u32,
    /// What each of them bears, in the unit of the demand.
    pub each: u64,
    /// The share of the demand that this part must bear, rounded up.
    pub needs: u64,
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

impl Share<'_> {
    /// What is borne for each 1,000 of what must be, where all parts together have the weight `all`.
    fn permille(&self, demand: u64, all: u64) -> u64 {
        let borne = u128::from(self.healthy) * u128::from(self.each) * u128::from(all) * 1000;
        let asked = u128::from(self.weight) * u128::from(demand);
        u64::try_from(borne.checked_div(asked).unwrap_or(u128::MAX)).unwrap_or(u64::MAX)
    }
}

impl Serving {
    /// Of a service that must bear `demand`, shared by weight. A service without any part that receives traffic bears
    /// nothing.
    pub fn of(service: &str, demand: u64, shares: &[Share<'_>]) -> Self {
        let all: u64 = shares.iter().map(|share| share.weight).sum();
        let live = || shares.iter().filter(|share| share.weight > 0);
        let healthy = live().map(|share| share.healthy).fold(0, u32::saturating_add);
        let nothing = Self {
            service: service.to_owned(),
            permille: Some(0),
            zone_lost: None,
            healthy,
            part: String::new(),
            part_healthy: 0,
            each: 0,
            needs: demand,
        };
        if demand == 0 {
            return Self { permille: None, ..nothing };
        }
        let worst =
            live().map(|share| (share.permille(demand, all), share.part, share)).min_by_key(|one| (one.0, one.1));
        let Some((permille, part, share)) = worst else { return nothing };
        let needs = (u128::from(share.weight) * u128::from(demand)).div_ceil(u128::from(all.max(1)));
        Self {
            permille: Some(permille),
            part: part.to_owned(),
            part_healthy: share.healthy,
            each: share.each,
            needs: u64::try_from(needs).unwrap_or(u64::MAX),
            ..nothing
        }
    }

    /// Of a service whose parts are told with their weight and their healthy instances by zone. Where the wanted number of
    /// instances bears the loss of one of so many zones, it is told what would be borne then.
    pub fn by_zone<'a>(
        service: &str,
        load: &Load,
        zones: usize,
        parts: &[(&'a str, u64, BTreeMap<&'a str, u32>)],
    ) -> Self {
        let serving = |lost: Option<&str>| {
            let left = |by: &BTreeMap<&str, u32>| {
                let left = by.iter().filter(|(zone, _)| Some(**zone) != lost);
                left.map(|(_, healthy)| *healthy).fold(0, u32::saturating_add)
            };
            let share = |(part, weight, by): &(&'a str, u64, BTreeMap<&str, u32>)| Share {
                part,
                weight: *weight,
                healthy: left(by),
                each: load.each,
            };
            Self::of(service, load.demand, &parts.iter().map(share).collect::<Vec<_>>())
        };
        let whole = serving(None);
        if !load.survives_a_zone(zones) {
            return whole;
        }
        let names: BTreeSet<&str> = parts.iter().flat_map(|(_, _, by)| by.keys().copied()).collect();
        let lost = names.into_iter().filter_map(|zone| serving(Some(zone)).permille).min();
        Self { zone_lost: lost.or(whole.permille), ..whole }
    }

    /// Whether it bears what it must.
    pub fn is_enough(&self) -> bool {
        self.permille.is_none_or(|permille| permille >= 1000)
    }

    /// Whether it would bear what it must with a zone lost, where that is promised.
    pub fn survives(&self) -> bool {
        self.zone_lost.is_none_or(|permille| permille >= 1000)
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
        assert_eq!((serving.part_healthy, serving.each, serving.needs), (4, 100, 360));
        let serving = Serving::of("api", 400, &[Share { weight: 50, ..blue }, Share { weight: 50, ..green }]);
        assert_eq!((serving.permille, serving.is_enough()), (Some(500), false));
        assert!(Serving::of("api", 0, &[]).is_enough());
        assert!(!Serving::of("api", 1, &[]).is_enough());
    }

    #[test]
    fn a_zone_is_lost_in_every_part_at_once() {
        let load = Load { demand: 400, each: 100, spare: 4 };
        let even = |each: u32| BTreeMap::from([("a", each), ("b", each)]);
        let serving = |blue, green| Serving::by_zone("api", &load, 2, &[("blue", 50, blue), ("green", 50, green)]);
        assert_eq!(serving(even(4), even(4)).zone_lost, Some(2000));
        assert_eq!(serving(even(4), even(2)).zone_lost, Some(1000));
        // All of one part in one zone: nothing of it is left, though all is well while both zones are there.
        let crowded = serving(even(4), BTreeMap::from([("a", 4), ("b", 0)]));
        assert_eq!((crowded.permille, crowded.zone_lost, crowded.survives()), (Some(2000), Some(0), false));
        // Without spare instances nothing is promised.
        let bare = Serving::by_zone("api", &Load { spare: 0, ..load }, 2, &[("blue", 100, even(2))]);
        assert_eq!((bare.permille, bare.zone_lost, bare.survives()), (Some(1000), None, true));
    }
}
