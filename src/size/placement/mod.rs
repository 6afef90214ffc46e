//! Services onto machines at the least cost.
//!
//! Lots that can share no machine are solved apart ([`item`]); a small part exactly in integers ([`exact`]), a large one
//! over bundles of copies with a linear bound ([`large`]); [`whole`] puts the parts together.

mod bound;
mod exact;
mod greedy;
mod item;
mod knapsack;
mod large;
mod master;
mod offer;
mod rejected;
mod report;
mod solved;
mod times;
mod trouble;
pub mod types;
mod whole;
mod zoned;

#[cfg(test)]
mod tests;

use crate::blueprint::platform::Provider;
use crate::catalog::Machine;
use crate::error::{Error, Problem, Result};
pub use types::{Alternative, Cheapest, Host, Lot, Market, Placement, Proof, Rules, Spread};
use whole::{Site, Total, Whole};

/// Places lots on the machines of one provider and region.
///
/// # Errors
/// The lots that no machine holds, or that more machines are needed than the limit allows.
pub fn place(lots: &[Lot], machines: &[&Machine], rules: &Rules) -> Result<Placement> {
    let mut placements = place_all(&[Market { lots, machines }], rules)?;
    placements.pop().ok_or_else(|| Problem::new(crate::error::Code::Internal, "nothing was placed").into())
}

/// Places lots each in the market where its blueprint puts it; the limit on machines holds for all markets together.
///
/// A runner-up of one market is the next best plan of all markets, as far as it differs there.
///
/// # Errors
/// As [`place`], with the problems of every market.
pub fn place_all(markets: &[Market<'_>], rules: &Rules) -> Result<Vec<Placement>> {
    let sites: Vec<Site<'_>> = markets.iter().map(|market| Site::new(market.lots, market.machines, rules)).collect();
    let problems: Vec<Problem> = sites.iter().flat_map(|site| trouble::homeless(site, rules)).collect();
    Error::check(problems)?;
    let mut whole = Whole::new(&sites, rules);
    let without = vec![std::collections::BTreeSet::new(); whole.parts.len()];
    let best = whole.best(&without).map_err(|short| trouble::short(&sites, rules, &short))?;
    let best = best.ok_or_else(|| Problem::new(crate::error::Code::Internal, "a lot that fits was not placed"))?;
    let mut next = whole.next_best(&best);
    // Of parts too large to be proven, a runner-up may turn out cheaper: then it is the answer.
    let mut best = best;
    if next.first().is_some_and(|other| other.worth.cost < best.worth.cost) {
        let old = std::mem::replace(&mut best, next.remove(0));
        best.plans.iter_mut().zip(&old.plans).for_each(|((_, bound), (_, true_bound))| *bound = *true_bound);
        best.proven = false;
        let at = next.partition_point(|other| other.worth <= old.worth);
        next.insert(at, old);
    }
    Ok((0..sites.len()).map(|site| placement(&whole, site, &best, &next, rules)).collect())
}

/// Places all lots in the market where that is cheapest, with the others beside it.
///
/// # Errors
/// The problems of every market, when none of them holds the lots.
pub fn place_cheapest(lots: &[Lot], markets: &[&[&Machine]], rules: &Rules) -> Result<Cheapest> {
    let mut found = Vec::new();
    let mut failed = Vec::new();
    for machines in markets {
        match place(lots, machines, rules) {
            Ok(placement) => found.push(placement),
            Err(error) => failed.push(error),
        }
    }
    found.sort_by(|a, b| {
        let machines = |placement: &Placement| placement.hosts.iter().map(|host| u64::from(host.count)).sum::<u64>();
        let key = |one: &Placement| (one.monthly_usd, machines(one), one.provider, one.region.clone());
        key(a).cmp(&key(b))
    });
    if found.is_empty() {
        let problems = failed.iter().flat_map(Error::problems).cloned().collect();
        Error::check(problems)?;
        return Err(Problem::new(crate::error::Code::NoMachine, "there is no market to place anything in").into());
    }
    let best = found.remove(0);
    Ok(Cheapest { best, others: found, failed })
}

fn placement(whole: &Whole<'_>, site: usize, best: &Total, next: &[Total], rules: &Rules) -> Placement {
    let placed = report::hosts(whole, site, best);
    let here = &whole.sites[site];
    let cost = placed.iter().fold(0u128, |sum, one| sum.saturating_add(one.cost));
    let bounds = whole.parts.iter().zip(&best.plans).filter(|(part, _)| part.site == site);
    let bound = bounds.fold(0u128, |sum, (_, (_, bound))| sum.saturating_add(*bound));
    let monthly_usd = report::sum(placed.iter().map(|one| &one.host));
    let proof = match best.proven || bound >= cost {
        true => Proof::Optimal,
        false => Proof::AtLeast { bound_usd: report::monthly(bound).min(monthly_usd) },
    };
    let others = next.iter().map(|other| report::alternative(whole, site, best, other));
    let first = here.machines.first();
    Placement {
        provider: first.map_or(Provider::BareMetal, |machine| machine.provider),
        region: first.map(|machine| machine.region.clone()).unwrap_or_default(),
        purchase: rules.purchase,
        rejected: rejected::excuses(here, &placed, rules),
        hosts: placed.into_iter().map(|one| one.host).collect(),
        monthly_usd,
        proof,
        runners_up: others.filter(|other| !other.differs.is_empty()).collect(),
    }
}
