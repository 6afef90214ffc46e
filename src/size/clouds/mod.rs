//! Services and servers on machines of clouds, with what they cost.

mod lines;
mod lots;
mod markets;
mod named;
mod of_servers;
mod of_services;
pub mod types;

pub use markets::named;
pub use of_servers::of_servers;
pub use of_services::of_services;
pub use types::{Cheaper, CloudChoice, CloudPlan, Dates, Named, Which};

use super::plan::{Cost, Warning};
use crate::blueprint::tier::UsdRange;
use crate::units::Usd;

/// What the chosen clouds cost together.
pub fn cost(clouds: &[CloudPlan]) -> Cost {
    let chosen = || clouds.iter().filter(|cloud| cloud.chosen);
    let total = Usd(chosen().map(|cloud| cloud.monthly_usd.0).fold(0, u64::saturating_add));
    let places = chosen().map(|cloud| format!("{} {}", cloud.provider.word(), cloud.region));
    let days = || chosen().filter(|cloud| !cloud.price_date.oldest.is_empty());
    let oldest = days().map(|cloud| cloud.price_date.oldest.clone()).min().unwrap_or_default();
    let newest = days().map(|cloud| cloud.price_date.newest.clone()).max().unwrap_or_default();
    let missing = chosen().map(|cloud| cloud.missing.len()).sum::<usize>();
    let more = match missing {
        0 => String::new(),
        n => format!("; {n} things are not in it"),
    };
    Cost {
        monthly_usd: UsdRange { min: total, max: Some(total) },
        typical_usd: None,
        because: format!(
            "list prices of {}, of {}{more}",
            places.collect::<Vec<_>>().join(" and "),
            Dates { oldest, newest }.shown()
        ),
    }
}

/// What must be known of the machines.
pub fn warnings(clouds: &[CloudPlan]) -> Vec<Warning> {
    clouds.iter().filter(|cloud| cloud.chosen).flat_map(not_kept).collect()
}

fn not_kept(cloud: &CloudPlan) -> Vec<Warning> {
    let lost = cloud.named.iter().filter(|named| !named.kept && named.bottleneck.is_some());
    lost.map(|named| Warning {
        id: "named-machine-does-not-do".to_owned(),
        severe: false,
        text: format!("{}: the source names {}: {}", named.service, named.machine, named.because),
        hint: cloud
            .placement
            .hosts
            .iter()
            .find(|host| host.holds.iter().any(|(lot, _)| *lot == named.service))
            .map(|host| format!("the plan takes {}", host.machine)),
    })
    .collect()
}
