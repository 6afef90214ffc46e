//! Services of a blueprint without tiers, placed on the machines of its clouds.

use super::known::Known;
use super::lines::Bill;
use super::markets::{Site, Sites, sites};
use super::types::{Cheaper, CloudChoice, CloudPlan, Named};
use super::{lots, named};
use crate::blueprint::Blueprint;
use crate::blueprint::platform::{GatewayTool, Orchestrator};
use crate::blueprint::tier::Environment;
use crate::catalog::{Catalog, Item, Machine};
use crate::demand::Demand;
use crate::error::{Error, Result};
use crate::size::placement::{Lot, Market, Placement, Rules, place_all};
use crate::size::services::{SYSTEM_MEMORY, ServiceSize, keeps_data};
use crate::units::{Bytes, Usd};

/// Disk of a machine for the system and the images of its containers. An assumption: S5 expects machine images of 30 GB once
/// containers are used, and no other source says it. The providers' GB of a disk is 1024^3 bytes, and a disk smaller than
/// its image cannot be made.
const SYSTEM_DISK: Bytes = Bytes::gib(30);

/// A site with its lots, before and after the source's machines are fixed.
struct Ready<'a> {
    site: &'a Site,
    services: Vec<&'a ServiceSize>,
    machines: Vec<&'a Machine>,
    free: Vec<Lot>,
    fixed: Vec<Lot>,
    named: Vec<Named>,
    missing: Vec<String>,
}

/// Places the services on the clouds that were chosen, the blueprint's own without a choice.
///
/// # Errors
/// When the catalogue lacks the region, when no machine holds a service, or when more machines are needed than allowed.
pub fn of_services(
    blueprint: &Blueprint,
    services: &[ServiceSize],
    demand: &Demand,
    choice: &CloudChoice,
    catalog: &Catalog,
) -> Result<Vec<CloudPlan>> {
    placed(blueprint, services, demand.environment.value, choice, catalog, None)
}

/// The same without what would be cheaper and what comes next, for very many sizes: machines and costs are the same.
///
/// # Errors
/// As [`of_services`].
pub fn briefly(
    blueprint: &Blueprint,
    services: &[ServiceSize],
    environment: Environment,
    choice: &CloudChoice,
    catalog: &Catalog,
    known: &Known,
) -> Result<Vec<CloudPlan>> {
    placed(blueprint, services, environment, choice, catalog, Some(known))
}

fn placed(
    blueprint: &Blueprint,
    services: &[ServiceSize],
    environment: Environment,
    choice: &CloudChoice,
    catalog: &Catalog,
    known: Option<&Known>,
) -> Result<Vec<CloudPlan>> {
    let max = choice.max_servers.as_ref().map(|max| max.value);
    // Roles are kept apart where the blueprint gives its services roles; elsewhere containers share machines.
    let roles = blueprint.services.values().any(|service| service.placement.is_some());
    let separate = roles && environment == Environment::Prod;
    let mut rules = lots::rules(environment, separate, choice.purchase, max, SYSTEM_MEMORY);
    if known.is_some() {
        rules.runners_up = 0;
    }
    let way = Way { rules: &rules, environment, known };
    let place = |sites: &[Site]| together(blueprint, services, sites, &way, catalog);
    match sites(blueprint, choice, catalog)? {
        Sites::All(sites) => place(&sites),
        Sites::Cheapest(sites) => cheapest(&sites, |site| place(std::slice::from_ref(site))),
    }
}

/// The plans of every site that does, the cheapest first and chosen.
///
/// # Errors
/// The problems of every site, when none does.
pub(super) fn cheapest(sites: &[Site], place: impl Fn(&Site) -> Result<Vec<CloudPlan>>) -> Result<Vec<CloudPlan>> {
    let mut found = Vec::new();
    let mut problems = Vec::new();
    for site in sites {
        match place(site) {
            Ok(plans) => found.extend(plans),
            Err(error) => problems.extend(error.problems().iter().cloned()),
        }
    }
    // A plan of which something has no price is not cheaper for that: those with the fewest gaps go first.
    found.sort_by(|a, b| (a.missing.len(), a.monthly_usd, &a.region).cmp(&(b.missing.len(), b.monthly_usd, &b.region)));
    if found.is_empty() {
        Error::check(problems)?;
    }
    for (at, plan) in found.iter_mut().enumerate() {
        plan.chosen = at == 0;
    }
    Ok(found)
}

/// How services are placed.
#[derive(Clone, Copy)]
struct Way<'a> {
    rules: &'a Rules,
    environment: Environment,
    /// What was placed before, where machines and costs are all that is wanted.
    known: Option<&'a Known>,
}

fn together(
    blueprint: &Blueprint,
    services: &[ServiceSize],
    sites: &[Site],
    way: &Way<'_>,
    catalog: &Catalog,
) -> Result<Vec<CloudPlan>> {
    let Way { rules, environment, known } = *way;
    let ready: Vec<Ready<'_>> =
        sites.iter().map(|site| ready(blueprint, services, site, rules, environment, catalog)).collect();
    let ready: Vec<Ready<'_>> = ready.into_iter().filter(|ready| !ready.services.is_empty()).collect();
    let placed = match known {
        // A limit on machines holds for all sites together.
        Some(known) if rules.max_machines.is_none() => {
            ready.iter().map(|ready| known.place(&ready.fixed, &ready.machines, rules)).collect()
        }
        _ => place(&ready, rules, |ready| ready.fixed.clone()),
    };
    // Fewer machines are possible when none is fixed: the limit goes before the source's machine types.
    let (placed, free) = match placed {
        Ok(placed) => {
            let wanted = rules.runners_up > 0;
            let free = wanted.then(|| place(&ready, rules, |ready| ready.free.clone()).ok()).flatten();
            (placed, free)
        }
        Err(error) if rules.max_machines.is_some() => match place(&ready, rules, |ready| ready.free.clone()) {
            Ok(placed) => (placed, None),
            Err(_) => return Err(error),
        },
        Err(error) => return Err(error),
    };
    let plans = ready.into_iter().zip(placed).enumerate().map(|(at, (ready, placement))| {
        let free = free.as_ref().and_then(|free| free.get(at)).filter(|free| free.monthly_usd < placement.monthly_usd);
        let cheaper = free.map(|free| Cheaper {
            hosts: free.hosts.clone(),
            monthly_usd: free.monthly_usd,
            saves_usd: Usd(placement.monthly_usd.0.saturating_sub(free.monthly_usd.0)),
        });
        plan(blueprint, ready, placement, cheaper, environment, catalog)
    });
    Ok(plans.collect())
}

fn place(ready: &[Ready<'_>], rules: &Rules, lots: impl Fn(&Ready<'_>) -> Vec<Lot>) -> Result<Vec<Placement>> {
    let lots: Vec<Vec<Lot>> = ready.iter().map(lots).collect();
    let markets: Vec<Market<'_>> =
        ready.iter().zip(&lots).map(|(ready, lots)| Market { lots, machines: &ready.machines }).collect();
    place_all(&markets, rules)
}

fn ready<'a>(
    blueprint: &Blueprint,
    services: &'a [ServiceSize],
    site: &'a Site,
    rules: &Rules,
    environment: Environment,
    catalog: &'a Catalog,
) -> Ready<'a> {
    let here = |service: &&ServiceSize| site.services.as_ref().is_none_or(|names| names.contains(&service.service));
    let services: Vec<&ServiceSize> = services.iter().filter(here).collect();
    let machines: Vec<&Machine> = catalog.machines(site.provider, &site.region).iter().collect();
    let mut free: Vec<Lot> = services.iter().map(|service| lots::of_service(service, environment)).collect();
    let mut missing = Vec::new();
    let mut fixed = free.clone();
    let named = match environment {
        // The source names machines for production.
        Environment::Prod => named::keep(blueprint, &mut fixed, &services, &machines, rules),
        Environment::Dev => Vec::new(),
    };
    for (lot, fixed) in free.iter_mut().zip(&mut fixed) {
        if let Some(others) = named::without_home(lot, &machines) {
            let words = |list: &[crate::blueprint::service::Arch]| {
                list.iter().map(|arch| arch.word()).collect::<Vec<_>>().join(" or ")
            };
            missing.push(format!(
                "{}: an image for {}; the catalogue has no {} machine in {}, so the machine holds only if there is one",
                lot.name,
                words(&others),
                words(&lot.arch),
                site.region
            ));
            lot.arch = Vec::new();
            fixed.arch = Vec::new();
        }
    }
    Ready { site, services, machines, free, fixed, named, missing }
}

fn plan(
    blueprint: &Blueprint,
    ready: Ready<'_>,
    placement: Placement,
    cheaper: Option<Cheaper>,
    environment: Environment,
    catalog: &Catalog,
) -> CloudPlan {
    let site = ready.site;
    let mut bill = Bill::new(catalog, site.provider, &site.region);
    bill.machines(&placement);
    let count = placement.hosts.iter().map(|host| host.count).fold(0, u32::saturating_add);
    bill.disk("system disks", SYSTEM_DISK, count);
    for service in &ready.services {
        if service.each.disk.0 > 0 {
            bill.disk(&format!("disks of {}", service.service), service.each.disk, service.instances);
        } else if keeps_data(service.kind) {
            bill.missing.push(format!("disks of {}: nothing says how much data it keeps", service.service));
        }
    }
    if environment == Environment::Prod {
        network(blueprint, site, &mut bill, &ready.machines);
    }
    bill.missing.push("data to the internet and between zones and clouds: the demand does not say how much".to_owned());
    bill.missing.extend(ready.missing);
    CloudPlan {
        name: site.name.clone(),
        provider: site.provider,
        region: site.region.clone(),
        because: site.because.clone(),
        chosen: true,
        placement,
        named: ready.named,
        cheaper,
        monthly_usd: bill.total(),
        price_date: bill.dates(),
        lines: bill.lines,
        missing: bill.missing,
    }
}

/// What stands between the machines and the world: load balancer, the machine for NAT and bastion, public addresses,
/// the control plane of Kubernetes.
fn network(blueprint: &Blueprint, site: &Site, bill: &mut Bill<'_>, machines: &[&Machine]) {
    let own = site.name.as_ref().and_then(|name| blueprint.clouds.get(name));
    let public = |what: &str| own.is_none_or(|cloud| cloud.public.iter().any(|item| item == what));
    let mut addresses = 0;
    if blueprint.toolchain.gateway == Some(GatewayTool::Alb) && public("alb") {
        bill.item("load balancer, without its use", Item::LoadBalancer, 1);
        // An Application Load Balancer has an address in each of at least two zones.
        addresses += 2;
    }
    let by_instance = own.is_some_and(|cloud| cloud.nat.as_deref() == Some("instance"));
    if by_instance {
        let burstable = machines.iter().filter(|machine| machine.burstable && machine.gpu.is_none());
        let least = burstable
            .filter(|machine| machine.memory >= Bytes::mib(512) && machine.prices.on_demand.is_some())
            .min_by_key(|machine| machine.prices.on_demand.as_ref().map(|quote| (quote.price, machine.name.clone())));
        bill.machine("NAT and bastion on one machine", least.copied());
        addresses += 1;
    }
    if blueprint.toolchain.orchestrator == Some(Orchestrator::Kubernetes) {
        bill.item("control plane of Kubernetes", Item::Cluster, 1);
    }
    if own.is_none() && addresses == 0 {
        addresses = 1;
    }
    bill.item("public addresses", Item::PublicIpv4, addresses);
}
