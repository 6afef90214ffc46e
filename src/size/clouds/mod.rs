//! Services and servers on machines of clouds, with what they cost.

mod lines;
mod lots;
mod markets;
mod named;
mod of_cluster;
mod of_servers;
mod of_services;
pub mod types;

pub use markets::named;
pub use of_servers::of_servers;
pub use of_services::of_services;
pub use types::{Cheaper, CloudChoice, CloudPlan, Dates, Named, Which};

use super::plan::{Cost, Plan, Warning};
use crate::blueprint::tier::UsdRange;
use crate::catalog::oldest;
use crate::size::component::Bottleneck;
use crate::units::Usd;

/// What the chosen clouds cost together.
pub fn cost(clouds: &[CloudPlan]) -> Cost {
    let chosen = || clouds.iter().filter(|cloud| cloud.chosen);
    let total = Usd(chosen().map(|cloud| cloud.monthly_usd.0).fold(0, u64::saturating_add));
    let places = chosen().map(|cloud| format!("{} {}", cloud.provider.word(), cloud.region));
    let days = || chosen().filter(|cloud| !cloud.price_date.oldest.is_empty());
    let oldest = oldest(days().map(|cloud| cloud.price_date.oldest.as_str())).unwrap_or_default().to_owned();
    let newest = days().map(|cloud| cloud.price_date.newest.clone()).max().unwrap_or_default();
    let missing = chosen().map(|cloud| cloud.missing.len()).sum::<usize>();
    let more = match missing {
        0 => String::new(),
        1 => "; one thing is not in it".to_owned(),
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

/// How the machines of a cloud compare with the estimate of the tier table, and why they differ.
pub fn against_the_table(plan: &Plan) -> Option<Warning> {
    let cloud = plan.clouds.iter().find(|cloud| cloud.chosen)?;
    let table = plan.cost.monthly_usd;
    let (machines, disks) =
        (cloud.placement.monthly_usd, cloud.monthly_usd.0.saturating_sub(cloud.placement.monthly_usd.0));
    let verdict = match table.max {
        Some(max) if cloud.monthly_usd > max => format!("more than the {max} of the table"),
        _ if cloud.monthly_usd < table.min => format!("less than the {} of the table", table.min),
        _ => "within the table's own estimate".to_owned(),
    };
    Some(Warning {
        id: "cost-against-the-table".to_owned(),
        severe: false,
        text: format!(
            "{} a month on {} {} is {verdict}: {machines} for machines and {} for disks and addresses at list prices of {}; the \
             table names no provider, date or way of paying",
            cloud.monthly_usd,
            cloud.provider.word(),
            cloud.region,
            Usd(disks),
            cloud.price_date.shown()
        ),
        hint: Some("compare --purchase committed, or --cloud cheapest".to_owned()),
    })
}

/// What must be known of the machines.
pub fn warnings(clouds: &[CloudPlan]) -> Vec<Warning> {
    clouds.iter().filter(|cloud| cloud.chosen).flat_map(not_kept).collect()
}

fn not_kept(cloud: &CloudPlan) -> Vec<Warning> {
    // What cannot work at all has a warning of its own.
    let told = |named: &&Named| !matches!(named.bottleneck, None | Some(Bottleneck::Arch | Bottleneck::Gpu));
    let lost = cloud.named.iter().filter(|named| !named.kept).filter(told);
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
