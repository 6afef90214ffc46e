//! Placements that are impossible, with the ways out.

use super::offer::{Offer, takes};
use super::rejected::lack;
use super::types::{Lot, Rules, Spread};
use super::whole::{Short, Site};
use crate::error::{Code, Problem};
use crate::nearest::did_you_mean;
use crate::size::component::Bottleneck;
use crate::units::{Cores, Count};

/// One problem for each lot of a site that no machine holds.
pub(super) fn homeless(site: &Site<'_>, rules: &Rules) -> Vec<Problem> {
    let alone = |lot: &&Lot| lot.copies > 0 && !site.offers.iter().any(|offer| takes(lot, offer).is_ok());
    site.order().iter().map(|at| &site.lots[*at]).filter(alone).map(|lot| problem(lot, site, rules)).collect()
}

fn problem(lot: &Lot, site: &Site<'_>, rules: &Rules) -> Problem {
    let place = site.machines.first().map(|machine| format!(" of {} {}", machine.provider.word(), machine.region));
    let summary = format!("no machine{} holds `{}`", place.unwrap_or_default(), lot.name);
    let problem = Problem::new(Code::NoMachine, summary);
    if let Some(name) = lot.machine.as_deref()
        && !site.machines.iter().any(|machine| machine.name == name)
    {
        let names = site.machines.iter().map(|machine| machine.name.as_str());
        return problem
            .because(format!("it must have the machine type `{name}`, which is not in the catalogue there"))
            .hint_opt(did_you_mean(name, names))
            .hint("name another machine type, or none and let the cheapest be found");
    }
    let Some((offer, bottleneck)) = nearest(lot, site, rules) else {
        return problem
            .because("the catalogue has no machine there")
            .hint("choose another region or provider: --region, --cloud");
    };
    let cause = match bottleneck {
        Bottleneck::Price => format!("no {} price is known", rules.purchase.word()),
        other => lack(lot, other, &offer),
    };
    let problem = problem.because(format!("it needs {}; {}: {cause}", needs(lot), offer.machine.name));
    ways_out(lot, bottleneck, rules).into_iter().fold(problem, Problem::hint)
}

/// The machine that comes nearest to holding a lot: the largest of those that lack least.
fn nearest<'a>(lot: &Lot, site: &Site<'a>, rules: &Rules) -> Option<(Offer<'a>, Bottleneck)> {
    let unpriced = site.machines.iter().map(|machine| Offer::unpriced(machine, rules));
    let lacking = unpriced.map(|offer| {
        let bottleneck = takes(lot, &offer).err().unwrap_or(Bottleneck::Price);
        (offer, bottleneck)
    });
    lacking.max_by_key(|(offer, bottleneck)| {
        let machine = offer.machine;
        let gpu = machine.gpu.as_ref().map_or(0, |gpu| u128::from(gpu.memory.0) * u128::from(gpu.count));
        let how_near = match bottleneck {
            Bottleneck::Pinned => 0,
            Bottleneck::Arch => 1,
            Bottleneck::Gpu => 2,
            Bottleneck::GpuMemory => 3,
            Bottleneck::Memory => 4,
            Bottleneck::Cpu => 5,
            Bottleneck::Disk => 6,
            Bottleneck::Burstable | Bottleneck::Interrupted => 7,
            Bottleneck::Price | Bottleneck::Cost => 8,
        };
        let gpu = if lot.each.gpu_memory.0 > 0 { gpu } else { 0 };
        (how_near, gpu, offer.room[1], offer.room[0], offer.room[2], std::cmp::Reverse(machine.name.clone()))
    })
}

fn needs(lot: &Lot) -> String {
    let each = lot.each;
    let noun = if each.cpu == Cores::whole(1) { "core" } else { "cores" };
    let cores = match each.cpu.0.is_multiple_of(1000) {
        true => Count(each.cpu.0 / 1000).to_string(),
        false => each.cpu.to_string(),
    };
    let mut parts = vec![format!("{cores} {noun}"), each.memory.approx()];
    if each.disk.0 > 0 {
        parts.push(format!("{} of disk", each.disk.approx()));
    }
    if each.gpu_memory.0 > 0 {
        parts.push(format!("{} of GPU memory", each.gpu_memory.approx()));
    }
    parts.join(", ")
}

fn ways_out(lot: &Lot, bottleneck: Bottleneck, rules: &Rules) -> Vec<String> {
    let name = &lot.name;
    let words: Vec<&str> = lot.arch.iter().map(|arch| arch.word()).collect();
    let elsewhere = "choose another region or provider: --region, --cloud".to_owned();
    match bottleneck {
        Bottleneck::Arch => {
            vec![format!("build the image of {name} for other architectures than {} too", words.join(", ")), elsewhere]
        }
        Bottleneck::Gpu | Bottleneck::GpuMemory => {
            vec![elsewhere, format!("let {name} need less GPU memory: a smaller or quantised model, a shorter context")]
        }
        Bottleneck::Burstable | Bottleneck::Interrupted => {
            vec![format!("name a machine type for {name}: what is named may be throttled"), elsewhere]
        }
        Bottleneck::Price => {
            let other = crate::catalog::Purchase::ALL.iter().filter(|(_, purchase)| *purchase != rules.purchase);
            let other: Vec<&str> = other.map(|(word, _)| *word).collect();
            vec![
                format!("pay in another way: --purchase {}", other.join(" or --purchase ")),
                "give the price in a CSV file: rapplan catalog update --from prices.csv".to_owned(),
            ]
        }
        Bottleneck::Pinned => vec![format!("name another machine type for {name}, or none")],
        Bottleneck::Cpu | Bottleneck::Memory | Bottleneck::Disk | Bottleneck::Cost => {
            vec![format!("divide the load of {name} among more copies, so that each needs less"), elsewhere]
        }
    }
}

/// That the limit on machines is too low.
pub(super) fn short(sites: &[Site<'_>], rules: &Rules, short: &Short) -> Problem {
    let limit = rules.max_machines.unwrap_or(u32::MAX);
    let least = short.least;
    // Where the search was cut off, so many are known to do, and fewer might.
    let summary = match short.exact {
        true => format!("at least {least} machines are needed, and no more than {limit} are allowed"),
        false => format!("no plan with {limit} machines was found; {least} do"),
    };
    let lots = || sites.iter().flat_map(|site| site.lots).filter(|lot| lot.copies > 0);
    let apart = lots().filter(|lot| lot.spread != Spread::None).max_by_key(|lot| lot.copies);
    let mut roles: Vec<&str> = lots().map(|lot| lot.role.as_str()).collect();
    roles.sort_unstable();
    roles.dedup();
    let mut problem =
        Problem::new(Code::TooFewMachines, summary).hint(format!("allow {least} machines: --max-servers {least}"));
    if rules.separate_roles && roles.len() > 1 {
        problem = problem
            .because(format!("{} roles share no machine: {}", roles.len(), roles.join(", ")))
            .hint("let roles share machines, as --environment dev does");
    }
    if let Some(lot) = apart.filter(|lot| lot.copies > 1) {
        let hint = format!("let the {} copies of {} share machines, or run fewer of them", lot.copies, lot.name);
        problem = problem.hint(hint);
    }
    problem
}
