//! Why the other machines were not chosen.

use std::collections::BTreeSet;

use super::offer::{Amounts, DIMENSIONS, Offer, takes};
use super::report::{Placed, list, monthly};
use super::types::{Lot, Rules};
use super::whole::Site;
use crate::catalog::Machine;
use crate::size::component::{Bottleneck, Excuse};
use crate::units::{Bytes, Cores};

/// One excuse for each machine that is on no host, by name.
///
/// A machine that could replace some host is compared by price with the one that it comes nearest to; any other is told
/// by what it lacks for the first host that it fails.
pub(super) fn excuses(site: &Site<'_>, placed: &[Placed<'_>], rules: &Rules) -> Vec<Excuse> {
    let used: BTreeSet<&str> = placed.iter().map(|one| one.offer.machine.name.as_str()).collect();
    let mut told: BTreeSet<&str> = BTreeSet::new();
    site.machines
        .iter()
        .filter(|machine| !used.contains(machine.name.as_str()) && told.insert(machine.name.as_str()))
        .filter_map(|machine| excuse(site, machine, placed, rules))
        .collect()
}

fn excuse(site: &Site<'_>, machine: &Machine, placed: &[Placed<'_>], rules: &Rules) -> Option<Excuse> {
    let say = |bottleneck, because| Some(Excuse { machine: machine.name.clone(), bottleneck, because });
    let offers: Vec<&Offer<'_>> = site.offers.iter().filter(|offer| offer.machine.name == machine.name).collect();
    if offers.is_empty() {
        return say(Bottleneck::Price, format!("no {} price is known", rules.purchase.word()));
    }
    let mut dearer: Option<(u64, &Placed<'_>)> = None;
    let mut lacks: Option<(Bottleneck, String)> = None;
    for one in placed {
        for offer in &offers {
            match lacking(site.lots, &one.lots, offer) {
                None => {
                    let more = offer.price.saturating_sub(one.offer.price);
                    if dearer.is_none_or(|(least, _)| more < least) {
                        dearer = Some((more, one));
                    }
                }
                Some(lack) if lacks.as_ref().is_none_or(|(old, _)| *old == Bottleneck::Pinned) => lacks = Some(lack),
                Some(_) => {}
            }
        }
    }
    if let Some((more, one)) = dearer {
        let names: Vec<&str> = one.lots.iter().map(|(lot, _)| site.lots[*lot].name.as_str()).collect();
        let (chosen, names) = (&one.host.machine, list(&names));
        return say(
            Bottleneck::Cost,
            match more {
                0 => format!("costs as much as {chosen}, which is preferred for {names}: newer family, then by name"),
                more => format!("costs {} a month more than {chosen} for {names}", monthly(more.into())),
            },
        );
    }
    let (bottleneck, because) = lacks?;
    say(bottleneck, because)
}

/// What an offer lacks for all that a host holds.
pub(super) fn lacking(lots: &[Lot], held: &[(usize, u64)], offer: &Offer<'_>) -> Option<(Bottleneck, String)> {
    let mut sum: Amounts = [0; 4];
    for &(lot, n) in held {
        match takes(&lots[lot], offer) {
            Err(bottleneck) => return Some((bottleneck, lack(&lots[lot], bottleneck, offer))),
            Ok(takes) => (0..4).for_each(|d| sum[d] = sum[d].saturating_add(takes[d].saturating_mul(n))),
        }
    }
    let at = [3, 1, 0, 2].into_iter().find(|at| sum[*at] > offer.room[*at])?;
    let names: Vec<&str> = held.iter().map(|(lot, _)| lots[*lot].name.as_str()).collect();
    let copies: u64 = held.iter().map(|(_, n)| *n).sum();
    let needs = if copies > 1 { "together need" } else { "needs" };
    let has = shown(at, offer.room[at], offer);
    Some((DIMENSIONS[at], format!("{} {needs} {}, has {has}", list(&names), amount(at, sum[at]))))
}

/// What an offer lacks for one copy of a lot.
pub(super) fn lack(lot: &Lot, bottleneck: Bottleneck, offer: &Offer<'_>) -> String {
    let (name, machine, each) = (&lot.name, offer.machine, lot.each);
    let words: Vec<&str> = lot.arch.iter().map(|arch| arch.word()).collect();
    match bottleneck {
        Bottleneck::Arch => format!("{name} has images for {} only, is {}", words.join(", "), machine.arch.word()),
        Bottleneck::Gpu => format!("{name} needs a GPU with {}, has none", each.gpu_memory.approx()),
        Bottleneck::GpuMemory => {
            let has = machine.gpu.as_ref().map(|gpu| format!("{} x {}", gpu.count, gpu.memory.approx()));
            format!("{name} needs {} of GPU memory, has {}", each.gpu_memory.approx(), has.unwrap_or_default())
        }
        Bottleneck::Cpu => format!("{name} needs {}, has {}", amount(0, each.cpu.0), shown(0, offer.room[0], offer)),
        Bottleneck::Memory => {
            format!("{name} needs {}, has {}", amount(1, each.memory.0), shown(1, offer.room[1], offer))
        }
        Bottleneck::Disk => format!("{name} needs {}, has {}", amount(2, each.disk.0), shown(2, offer.room[2], offer)),
        Bottleneck::Burstable => format!("{name} is busy all day, its processors are throttled"),
        Bottleneck::Interrupted => format!("{name} must keep running, spot machines are taken away"),
        Bottleneck::Pinned => format!("{name} must have {}", lot.machine.as_deref().unwrap_or_default()),
        Bottleneck::Price => "no price is known".to_owned(),
        Bottleneck::Cost => "costs more".to_owned(),
    }
}

fn amount(at: usize, amount: u64) -> String {
    match at {
        0 if amount == 1000 => "1 core".to_owned(),
        0 => format!("{} cores", Cores(amount)),
        1 => Bytes(amount).approx(),
        2 => format!("{} of disk", Bytes(amount).approx()),
        _ => format!("{amount} GPUs"),
    }
}

/// What a machine has, with what is kept for the system.
fn shown(at: usize, room: u64, offer: &Offer<'_>) -> String {
    let kept = offer.machine.memory.0.saturating_sub(room);
    match at {
        1 if kept > 0 => {
            format!("{} of {} left by the system", Bytes(room).approx(), offer.machine.memory.approx())
        }
        _ => amount(at, room),
    }
}
