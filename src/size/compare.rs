//! Alternatives side by side: tiers, clouds, or both.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;

use super::clouds::{CloudPlan, Which};
use super::placement::Host;
use super::plan::{Plan, Warning};
use super::{Request, size_at};
use crate::blueprint::Blueprint;
use crate::blueprint::platform::Provider;
use crate::blueprint::tier::{Extent, UsdRange};
use crate::catalog::Catalog;
use crate::demand::Given;
use crate::error::{Code, Error, Problem, Result};
use crate::units::{Bytes, Cores, Usd};

/// Alternatives for the same demand.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Comparison {
    /// Name of the blueprint.
    pub blueprint: String,
    /// The alternatives, in the order asked for: cloud by cloud, and tier by tier within each.
    pub alternatives: Vec<Alternative>,
    /// Place in the list of the alternative that costs least of those that bear the demand; absent when none does.
    pub cheapest: Option<usize>,
}

/// One way of running the application.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Alternative {
    /// Tier, where the blueprint has tiers.
    pub tier: Option<String>,
    /// Cloud with its region; absent without one, or where nothing can be had there.
    pub cloud: Option<String>,
    /// Why it cannot be had at all; the figures are then empty.
    pub impossible: Option<String>,
    /// Whether it bears the demand: no loud warning speaks against it.
    pub bears: bool,
    /// Servers or machines.
    pub servers: u64,
    /// Their cores together.
    pub cpu: Cores,
    /// Their memory together, in bytes.
    #[serde(rename = "memory_bytes")]
    pub memory: Bytes,
    /// Machine types with their number.
    pub machines: Vec<String>,
    /// Whether it goes on when a server fails.
    pub high_availability: Option<Extent>,
    /// Whether it scales by itself.
    pub auto_scaling: Option<Extent>,
    /// The best index of vectors that fits.
    pub index: Option<String>,
    /// Cost a month as the tier table estimates it.
    pub table_usd: Option<UsdRange>,
    /// Cost a month at the prices of the cloud.
    pub cloud_usd: Option<Usd>,
    /// Days of the prices.
    pub price_date: Option<String>,
    /// How many things are not in the cost.
    pub missing: usize,
    /// Loud warnings.
    pub warnings: Vec<String>,
    /// Complexity of running it.
    pub complexity: Option<String>,
}

/// Which alternatives are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Tiers by name; the one that the demand leads to when empty.
    pub tiers: Vec<Given<String>>,
    /// Clouds; without machines and prices when empty.
    pub clouds: Vec<Given<Provider>>,
}

/// Sizes every alternative.
///
/// # Errors
/// What is wrong with the inputs themselves. An alternative that cannot be had is no error: it says why.
pub fn compare(blueprint: &Blueprint, request: &Request, wanted: &Wanted, catalog: &Catalog) -> Result<Comparison> {
    let tiers: Vec<Option<&Given<String>>> = match wanted.tiers.is_empty() {
        true => vec![None],
        false => wanted.tiers.iter().map(Some).collect(),
    };
    let clouds: Vec<Option<&Given<Provider>>> = match wanted.clouds.is_empty() {
        true => vec![None],
        false => wanted.clouds.iter().map(Some).collect(),
    };
    let mut problems: Vec<Problem> = Vec::new();
    let mut alternatives = Vec::new();
    for cloud in clouds {
        for tier in &tiers {
            let mut one = request.clone();
            one.tier = tier.cloned();
            if let Some(cloud) = cloud {
                let origin = cloud.origin.clone();
                one.cloud.provider = Some(Given { value: Which::One(cloud.value), origin });
            }
            match size_at(blueprint, &one, catalog) {
                Ok(plan) => alternatives.push(alternative(&plan)),
                Err(error) if is_input(&error) => problems.extend(error.problems().iter().cloned()),
                Err(error) => alternatives.push(impossible(&error, one.tier, cloud.map(|cloud| cloud.value))),
            }
        }
    }
    problems.dedup_by(|a, b| a.to_string() == b.to_string());
    Error::check(problems)?;
    let cost = |one: &Alternative| one.cloud_usd.or(one.table_usd.map(|range| range.min));
    let bearing = alternatives.iter().enumerate().filter(|(_, one)| one.bears);
    // As everywhere, one of which something has no price is not cheaper for that.
    let cheapest = bearing.filter_map(|(at, one)| Some((one.missing, cost(one)?, at))).min().map(|(.., at)| at);
    Ok(Comparison { blueprint: blueprint.name.clone(), alternatives, cheapest })
}

/// Whether the fault is in what was asked, and so the same in every alternative.
fn is_input(error: &Error) -> bool {
    use Code::{BadValue, Contradiction, TooLarge, UnknownName, Usage};
    error.problems().iter().any(|one| matches!(one.code, BadValue | Contradiction | TooLarge | UnknownName | Usage))
}

fn impossible(error: &Error, tier: Option<Given<String>>, cloud: Option<Provider>) -> Alternative {
    let why: Vec<String> = error.problems().iter().map(|problem| problem.summary.clone()).collect();
    Alternative {
        tier: tier.map(|tier| tier.value),
        cloud: cloud.map(|cloud| cloud.word().to_owned()),
        impossible: Some(why.join("; ")),
        bears: false,
        servers: 0,
        cpu: Cores(0),
        memory: Bytes(0),
        machines: Vec::new(),
        high_availability: None,
        auto_scaling: None,
        index: None,
        table_usd: None,
        cloud_usd: None,
        price_date: None,
        missing: 0,
        warnings: Vec::new(),
        complexity: None,
    }
}

fn alternative(plan: &Plan) -> Alternative {
    let chosen: Vec<&CloudPlan> = plan.clouds.iter().filter(|cloud| cloud.chosen).collect();
    let (servers, cpu, memory) = amounts(plan, &chosen);
    let hosts = chosen.iter().flat_map(|cloud| &cloud.placement.hosts);
    let sum = chosen.iter().map(|cloud| cloud.monthly_usd.0).fold(0, u64::saturating_add);
    let names = chosen.iter().map(|cloud| format!("{} {}", cloud.provider.word(), cloud.region));
    let dates = chosen.iter().map(|cloud| cloud.price_date.shown()).collect::<Vec<_>>().join("; ");
    let loud: Vec<&Warning> = plan.warnings.iter().filter(|warning| warning.severe).collect();
    Alternative {
        tier: plan.tier.as_ref().map(|tier| tier.name.clone()),
        cloud: (!chosen.is_empty()).then(|| names.collect::<Vec<_>>().join(" and ")),
        impossible: None,
        bears: !loud.iter().any(|warning| SPEAKS_AGAINST.contains(&warning.id.as_str())),
        servers,
        cpu,
        memory,
        machines: machines(hosts),
        high_availability: plan.tier.as_ref().map(|tier| tier.high_availability),
        auto_scaling: plan.tier.as_ref().map(|tier| tier.auto_scaling),
        index: plan.vectors.as_ref().and_then(|check| check.best.as_ref()).map(|row| row.label.clone()),
        table_usd: plan.tier.as_ref().map(|_| plan.cost.monthly_usd),
        cloud_usd: (!chosen.is_empty()).then_some(Usd(sum)),
        price_date: Some(dates).filter(|dates| !dates.is_empty()),
        missing: chosen.iter().map(|cloud| cloud.missing.len()).sum(),
        warnings: loud.iter().map(|warning| warning.text.clone()).collect(),
        complexity: plan.tier.as_ref().map(|tier| tier.complexity.clone()),
    }
}

/// Machine types with their number, in the order in which they are first needed.
fn machines<'a>(hosts: impl Iterator<Item = &'a Host>) -> Vec<String> {
    let mut counts: IndexMap<&str, u64> = IndexMap::new();
    hosts.for_each(|host| *counts.entry(&host.machine).or_default() += u64::from(host.count));
    counts.into_iter().map(|(machine, count)| format!("{count} x {machine}")).collect()
}

/// Warnings that say that the demand is not borne, whatever else holds.
const SPEAKS_AGAINST: [&str; 4] =
    ["beyond-the-tier", "not-for-this-environment", "vectors-do-not-fit", "storage-too-small"];

/// Servers with their cores and memory: machines of a cloud, servers of the table, or what the table says of the tier.
fn amounts(plan: &Plan, chosen: &[&CloudPlan]) -> (u64, Cores, Bytes) {
    let sum = |parts: &mut dyn Iterator<Item = (u64, u64, u64)>| {
        let (count, cpu, memory) = parts.fold((0u64, 0u64, 0u64), |(count, cpu, memory), (n, cores, bytes)| {
            let times = |total: u64, each: u64| total.saturating_add(n.saturating_mul(each));
            (count.saturating_add(n), times(cpu, cores), times(memory, bytes))
        });
        (count, Cores(cpu), Bytes(memory))
    };
    if !chosen.is_empty() {
        let hosts = chosen.iter().flat_map(|cloud| &cloud.placement.hosts);
        return sum(&mut hosts.map(|host| (host.count.into(), host.used.cpu.0, host.used.memory.0)));
    }
    if !plan.servers.is_empty() {
        let part = |server: &super::plan::ServerPlan| {
            (server.count.into(), server.cpu.unwrap_or_default().0, server.memory.unwrap_or_default().0)
        };
        return sum(&mut plan.servers.iter().map(part));
    }
    let tier = plan.tier.as_ref();
    let servers = tier.map_or(0, |tier| tier.servers.min.0);
    let cpu = tier.and_then(|tier| tier.cpu).map_or(0, |cpu| cpu.min.0);
    let memory = tier.and_then(|tier| tier.memory).map_or(Bytes(0), |memory| memory.min);
    (servers, Cores::whole(cpu), memory)
}
