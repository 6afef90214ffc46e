//! The servers of a set, or the nodes of a cluster, as machines of a cloud.

use super::lines::Bill;
use super::lots;
use super::markets::{Site, Sites, sites};
use super::of_services::cheapest;
use super::types::{CloudChoice, CloudPlan};
use crate::blueprint::Blueprint;
use crate::blueprint::platform::Provider;
use crate::blueprint::tier::{Disk, Environment};
use crate::catalog::{Catalog, Item, Machine};
use crate::error::Result;
use crate::size::placement::{Lot, place};
use crate::size::plan::{Plan, ServerPlan};
use crate::units::Bytes;

/// Machines for the servers of a plan by a tier table, when a cloud was named.
///
/// # Errors
/// When the catalogue lacks the region, when no machine holds a server, or when more machines are needed than allowed.
pub fn of_servers(
    blueprint: &Blueprint,
    plan: &Plan,
    choice: &CloudChoice,
    catalog: &Catalog,
) -> Result<Vec<CloudPlan>> {
    if choice.provider.is_none() && choice.region.is_none() {
        return Ok(Vec::new());
    }
    let environment = plan.demand.environment.value;
    let one = |site: &Site| on(site, &plan.servers, environment, choice, catalog).map(|plan| vec![plan]);
    match sites(blueprint, choice, catalog)? {
        Sites::All(sites) => {
            sites.iter().take(1).map(|site| on(site, &plan.servers, environment, choice, catalog)).collect()
        }
        Sites::Cheapest(sites) => cheapest(&sites, one),
    }
}

fn on(
    site: &Site,
    servers: &[ServerPlan],
    environment: Environment,
    choice: &CloudChoice,
    catalog: &Catalog,
) -> Result<CloudPlan> {
    let machines: Vec<&Machine> = catalog.machines(site.provider, &site.region).iter().collect();
    let lots: Vec<Lot> = servers.iter().map(|server| lots::of_server(server, environment)).collect();
    // A server's figures are those of the whole machine: its system is in them.
    let max = choice.max_servers.as_ref().map(|max| max.value);
    let rules = lots::rules(environment, choice.purchase, max, Bytes(0));
    let placement = place(&lots, &machines, &rules)?;
    let mut bill = Bill::new(catalog, site.provider, &site.region);
    bill.machines(&placement);
    if site.provider != Provider::BareMetal {
        for server in servers {
            for disk in &server.disks {
                let size = Bytes(disk.size.0.saturating_mul(server.count.into()));
                let what = format!("{} x {} {} of {}", server.count, disk.size, disk.kind, server.name);
                bill.item(&format!("{what}: {}", kind(disk).1), kind(disk).0, size.0.div_ceil(1 << 30));
            }
        }
    }
    bill.item("public addresses", Item::PublicIpv4, 1);
    bill.missing.push("data to the internet and between zones: the demand does not say how much".to_owned());
    Ok(CloudPlan {
        name: site.name.clone(),
        provider: site.provider,
        region: site.region.clone(),
        because: site.because.clone(),
        chosen: true,
        placement,
        named: Vec::new(),
        cheaper: None,
        monthly_usd: bill.total(),
        price_date: bill.dates(),
        lines: bill.lines,
        missing: bill.missing,
    })
}

/// The kind of network disk that stands for a disk of the table. Arrays of spinning disks become the slow kind; SSD and NVMe
/// the usual one, which is slower than a local NVMe.
fn kind(disk: &Disk) -> (Item, &'static str) {
    if disk.kind.starts_with("RAID") || disk.kind == "HDD" {
        (Item::BlockHdd, "slow network disk")
    } else {
        (Item::BlockSsd, "usual network disk")
    }
}
