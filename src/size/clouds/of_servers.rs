//! The servers of a set, or the nodes of a cluster, as machines of a cloud.

use super::lines::Bill;
use super::lots;
use super::markets::{Site, Sites, sites};
use super::of_cluster;
use super::of_services::cheapest;
use super::types::{CloudChoice, CloudPlan};
use crate::blueprint::Blueprint;
use crate::blueprint::platform::Provider;
use crate::blueprint::tier::{Disk, Environment};
use crate::catalog::{Catalog, Item, Machine};
use crate::error::Result;
use crate::size::placement::{Lot, place};
use crate::size::plan::{Plan, ServerPlan};
use crate::size::services::SYSTEM_MEMORY;
use crate::units::Bytes;

/// A lot with its disks: what they are for, of which kind, and GB over all copies.
pub(super) struct Part {
    pub lot: Lot,
    pub disks: Vec<(String, Item, u64)>,
}

/// What is placed, and under which rules.
struct Whole {
    parts: Vec<Part>,
    missing: Vec<String>,
    environment: Environment,
    /// Whether it is a cluster whose pods share nodes.
    cluster: bool,
    /// How many equal clusters there are; each is placed on machines of its own.
    times: u64,
}

/// Machines for the servers or nodes of a plan by a tier table, when a cloud was named.
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
    let cluster = plan.servers.is_empty();
    let (parts, missing, times) = match cluster {
        true => match of_cluster::parts(plan) {
            Some(parts) => parts,
            // Without sizes there is nothing to place, and the rest alone is no cost of a deployment.
            None => return Ok(Vec::new()),
        },
        false => (plan.servers.iter().map(|server| part(server, environment)).collect(), Vec::new(), 1),
    };
    let whole = Whole { parts, missing, environment, cluster, times: times.max(1) };
    let one = |site: &Site| on(site, &whole, choice, catalog).map(|plan| vec![plan]);
    match sites(blueprint, choice, catalog)? {
        Sites::All(sites) => sites.iter().take(1).map(|site| on(site, &whole, choice, catalog)).collect(),
        Sites::Cheapest(sites) => cheapest(&sites, one),
    }
}

fn part(server: &ServerPlan, environment: Environment) -> Part {
    let disk = |disk: &Disk| {
        let size = disk.size.0.saturating_mul(server.count.into());
        let (item, stands_for) = kind(disk);
        let what = format!("{} x {} {} of {}: {stands_for}", server.count, disk.size, disk.kind, server.name);
        (what, item, size.div_ceil(1 << 30))
    };
    Part { lot: lots::of_server(server, environment), disks: server.disks.iter().map(disk).collect() }
}

fn on(site: &Site, whole: &Whole, choice: &CloudChoice, catalog: &Catalog) -> Result<CloudPlan> {
    let machines: Vec<&Machine> = catalog.machines(site.provider, &site.region).iter().collect();
    let lots: Vec<Lot> = whole.parts.iter().map(|part| part.lot.clone()).collect();
    let each = |max: u32| u32::try_from(u64::from(max) / whole.times).unwrap_or(u32::MAX);
    let max = choice.max_servers.as_ref().map(|max| each(max.value));
    // A server's figures are those of the whole machine: its system is in them. Those of a pod are not.
    let system = if whole.cluster { SYSTEM_MEMORY } else { Bytes(0) };
    let separate = whole.environment == Environment::Prod && !whole.cluster;
    let rules = lots::rules(whole.environment, separate, choice.purchase, max, system);
    let placement = place(&lots, &machines, &rules)?.times(whole.times, &machines);
    let mut bill = Bill::new(catalog, site.provider, &site.region);
    bill.machines(&placement);
    if site.provider != Provider::BareMetal {
        for (what, item, gb) in whole.parts.iter().flat_map(|part| &part.disks) {
            bill.item(what, *item, *gb);
        }
    }
    if whole.cluster {
        bill.item("control plane of Kubernetes", Item::Cluster, whole.times);
    }
    bill.item("public addresses", Item::PublicIpv4, whole.times);
    bill.missing.extend(whole.missing.iter().cloned());
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
