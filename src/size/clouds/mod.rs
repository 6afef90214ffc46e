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

use super::impossible::Where;
use super::plan::{Cost, Plan, Warning};
use crate::blueprint::Blueprint;
use crate::blueprint::tier::UsdRange;
use crate::catalog::{Catalog, Purchase, oldest};
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

/// Where a service of a blueprint goes on the chosen clouds: whether to the cloud that the blueprint names for it, and onto
/// which GPU.
pub fn planned(blueprint: &Blueprint, service: &str, clouds: &[CloudPlan], catalog: &Catalog) -> Where {
    let own = blueprint.services.get(service).and_then(|service| service.placement.as_ref());
    let own = own.and_then(|placement| blueprint.clouds.get(&placement.cloud));
    let chosen = || clouds.iter().filter(|cloud| cloud.chosen);
    let found = chosen().find_map(|cloud| {
        let host = cloud.placement.hosts.iter().find(|host| host.holds.iter().any(|(lot, _)| lot == service))?;
        Some((cloud, host))
    });
    let Some((cloud, host)) = found else { return Where { at_home: own.is_some(), ..Where::default() } };
    let machine = catalog.machine(cloud.provider, &cloud.region, &host.machine);
    let each = host.holds.iter().find(|(lot, _)| lot == service).map_or(1, |(_, copies)| *copies);
    Where {
        at_home: own.is_some_and(|own| own.provider == cloud.provider),
        gpu: machine.and_then(|machine| machine.gpu.clone()),
        copies: host.count.saturating_mul(each),
    }
}

/// That no machines are planned though a cloud was named: the nodes of the tier have no size.
pub fn not_planned(plan: &Plan, choice: &CloudChoice) -> Option<Warning> {
    let asked = choice.provider.is_some() || choice.region.is_some();
    (asked && plan.clouds.is_empty()).then(|| Warning {
        id: "no-machines-planned".to_owned(),
        severe: true,
        text: "no machines are planned: the table gives the nodes of this tier no size, and only those of Milvus are modelled"
            .to_owned(),
        hint: Some("describe the services without a tier table, each with its needs: rapplan explain services.needs".to_owned()),
    })
}

/// How the machines of a cloud compare with the estimate of the tier table, and why they differ.
pub fn against_the_table(plan: &Plan, catalog: &Catalog) -> Option<Warning> {
    let cloud = plan.clouds.iter().find(|cloud| cloud.chosen)?;
    let compared = plan.clouds.len() > 1;
    let table = plan.cost.monthly_usd;
    let (machines, disks) =
        (cloud.placement.monthly_usd, cloud.monthly_usd.0.saturating_sub(cloud.placement.monthly_usd.0));
    let unknown = cloud.lines.iter().filter(|line| line.monthly_usd.is_none()).count();
    let without = match unknown {
        0 => String::new(),
        1 => ", without one thing whose price is not known".to_owned(),
        n => format!(", without {n} things whose prices are not known"),
    };
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
            "{} a month on {} {} is {verdict}: {machines} for machines and {} at list prices of {}{without}; the table names no \
             provider, date or way of paying",
            cloud.monthly_usd,
            cloud.provider.word(),
            cloud.region,
            match disks {
                0 => "nothing for disks and addresses".to_owned(),
                disks => format!("{} for disks and addresses", Usd(disks)),
            },
            cloud.price_date.shown()
        ),
        hint: another_way(cloud, compared, catalog),
    })
}

/// What else could be paid; nothing when that was done already.
fn another_way(cloud: &CloudPlan, compared: bool, catalog: &Catalog) -> Option<String> {
    let committed = cloud.placement.purchase != Purchase::Committed && has_committed(cloud, catalog);
    let committed = committed.then_some("--purchase committed");
    let cheapest = (!compared).then_some("--cloud cheapest");
    let ways: Vec<&str> = committed.into_iter().chain(cheapest).collect();
    (!ways.is_empty()).then(|| format!("compare {}", ways.join(", or ")))
}

/// Whether committed prices are known for all machines of a plan.
fn has_committed(cloud: &CloudPlan, catalog: &Catalog) -> bool {
    cloud.placement.hosts.iter().all(|host| {
        let machine = catalog.machine(cloud.provider, &cloud.region, &host.machine);
        machine.is_some_and(|machine| machine.prices.committed.is_some())
    })
}

/// Ways of paying and limits on machines that are asked for where no machines are planned.
pub fn without_a_cloud(plan: &Plan, choice: &CloudChoice) -> Option<Warning> {
    let asked = choice.provider.is_some() || choice.region.is_some();
    let purchase = (choice.purchase != Purchase::OnDemand).then_some("--purchase");
    let most = choice.max_servers.is_some().then_some("--max-servers");
    let flags: Vec<&str> = purchase.into_iter().chain(most).collect();
    (!asked && plan.clouds.is_empty() && !flags.is_empty()).then(|| Warning {
        id: "input-not-used".to_owned(),
        severe: false,
        text: format!("{} decides nothing here: no machines of a cloud are planned", flags.join(" and ")),
        hint: Some("name the cloud too: --cloud cheapest".to_owned()),
    })
}

/// Machines that are on demand though spot was asked for: either they must keep running, or no spot price is known of them.
fn not_spot(clouds: &[CloudPlan], catalog: &Catalog) -> Vec<Warning> {
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
            hint: has_committed(cloud, catalog)
                .then(|| "see what a promise of years saves: --purchase committed".to_owned()),
        })
    };
    clouds.iter().filter(asked).filter_map(of_cloud).collect()
}

/// What must be known of the machines.
pub fn warnings(clouds: &[CloudPlan], catalog: &Catalog) -> Vec<Warning> {
    let not_kept = clouds.iter().filter(|cloud| cloud.chosen).flat_map(not_kept);
    not_kept.chain(not_spot(clouds, catalog)).collect()
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
