//! Services and servers on machines of clouds, with what they cost.

mod known;
mod lines;
mod lots;
mod markets;
mod named;
mod of_cluster;
mod of_servers;
mod of_services;
pub mod types;

pub use known::Known;
pub use markets::named;
pub use of_servers::of_servers;
pub use of_services::{briefly, of_services};
pub use types::{Cheaper, CloudChoice, CloudPlan, Dates, Named, Which};

use super::plan::{Cost, Plan, Warning};
use crate::blueprint::tier::UsdRange;
use crate::catalog::{Purchase, oldest};
use crate::size::component::Bottleneck;
use crate::units::Usd;

/// From how many times the lower bound of the table a cost is told loudly, where the table has no upper bound. An assumption.
const FAR: u64 = 2;

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
    let compared = plan.clouds.len() > 1;
    let table = plan.cost.monthly_usd;
    let (machines, disks) =
        (cloud.placement.monthly_usd, cloud.monthly_usd.0.saturating_sub(cloud.placement.monthly_usd.0));
    let verdict = match table.max {
        Some(max) if cloud.monthly_usd > max => format!("more than the {max} of the table"),
        None if cloud.monthly_usd.0 / FAR > table.min.0 => {
            format!("far more than the {} at which the table's own estimate begins", table.min)
        }
        _ if cloud.monthly_usd < table.min => format!("less than the {} of the table", table.min),
        _ => "within the table's own estimate".to_owned(),
    };
    Some(Warning {
        id: "cost-against-the-table".to_owned(),
        severe: table.max.is_none() && cloud.monthly_usd.0 / FAR > table.min.0,
        text: format!(
            "{} a month on {} {} is {verdict}: {machines} for machines and {} for disks and addresses at list prices of {}; the \
             table names no provider, date or way of paying",
            cloud.monthly_usd,
            cloud.provider.word(),
            cloud.region,
            Usd(disks),
            cloud.price_date.shown()
        ),
        hint: another_way(cloud, compared),
    })
}

/// What else could be paid; nothing when that was done already.
fn another_way(cloud: &CloudPlan, compared: bool) -> Option<String> {
    let committed = (cloud.placement.purchase != Purchase::Committed).then_some("--purchase committed");
    let cheapest = (!compared).then_some("--cloud cheapest");
    let ways: Vec<&str> = committed.into_iter().chain(cheapest).collect();
    (!ways.is_empty()).then(|| format!("compare {}", ways.join(", or ")))
}

/// Machines that are on demand though spot was asked for: either they must keep running, or no spot price is known of them.
fn not_spot(clouds: &[CloudPlan]) -> Vec<Warning> {
    let asked = |cloud: &&CloudPlan| cloud.chosen && cloud.placement.purchase == Purchase::Spot;
    let of_cloud = |cloud: &CloudPlan| {
        let hosts = || cloud.placement.hosts.iter().map(|host| (host.purchase, host.count));
        let all = hosts().fold(0u32, |sum, (_, count)| sum.saturating_add(count));
        let kept = hosts().filter(|(purchase, _)| *purchase != Purchase::Spot);
        let kept = kept.fold(0u32, |sum, (_, count)| sum.saturating_add(count));
        (kept > 0).then(|| Warning {
            id: "not-spot".to_owned(),
            severe: kept == all,
            text: format!(
                "spot was asked for, and {kept} of {all} machines on {} {} are on demand: what must keep running is not put on \
                 machines that can be taken away, or no spot price is known",
                cloud.provider.word(),
                cloud.region
            ),
            hint: Some(
                "see what a promise of years saves: --purchase committed"
                    .to_owned(),
            ),
        })
    };
    clouds.iter().filter(asked).filter_map(of_cloud).collect()
}

/// What must be known of the machines.
pub fn warnings(clouds: &[CloudPlan]) -> Vec<Warning> {
    let not_kept = clouds.iter().filter(|cloud| cloud.chosen).flat_map(not_kept);
    not_kept.chain(not_spot(clouds)).collect()
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
