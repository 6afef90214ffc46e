//! Machines as they can be bought, and what a copy of a lot takes of one.

use std::cmp::Reverse;

use super::types::{Lot, Rules};
use crate::blueprint::platform::Provider;
use crate::catalog::{Machine, Purchase};
use crate::size::component::Bottleneck;

/// Dimensions of a machine: cores, memory, disk, GPUs.
pub(super) type Amounts = [u64; 4];

/// The dimensions in the order of [`Amounts`].
pub(super) const DIMENSIONS: [Bottleneck; 4] =
    [Bottleneck::Cpu, Bottleneck::Memory, Bottleneck::Disk, Bottleneck::GpuMemory];

/// A machine type with a way of paying for it that has a price.
#[derive(Debug, Clone)]
pub(super) struct Offer<'a> {
    pub machine: &'a Machine,
    pub purchase: Purchase,
    /// Millionths of a dollar an hour.
    pub price: u64,
    /// What can be given away.
    pub room: Amounts,
    /// Place in the order of preference among equals: newest family first, then by name.
    pub rank: u64,
}

/// All offers of the machines under the rules, in the order of preference.
///
/// Who pays for spot machines still gets machines on demand for what must not be taken away.
pub(super) fn offers<'a>(machines: &[&'a Machine], rules: &Rules) -> Vec<Offer<'a>> {
    let also = (rules.purchase == Purchase::Spot).then_some(Purchase::OnDemand);
    let mut found: Vec<Offer<'a>> = machines
        .iter()
        .flat_map(|machine| std::iter::once(rules.purchase).chain(also).map(move |purchase| (*machine, purchase)))
        .filter_map(|(machine, purchase)| {
            let price = machine.prices.of(purchase)?.price.0;
            Some(Offer { machine, purchase, price, room: room(machine, rules), rank: 0 })
        })
        .collect();
    found.sort_by_cached_key(|offer| {
        let machine = offer.machine;
        let order = (Reverse(generation(&machine.family)), machine.name.clone(), offer.purchase, offer.price);
        (
            order,
            machine.cpu,
            machine.memory,
            machine.local_disk,
            machine.burstable,
            machine.arch,
            machine.region.clone(),
        )
    });
    for (rank, offer) in (0..).zip(&mut found) {
        offer.rank = rank;
    }
    found
}

impl<'a> Offer<'a> {
    /// A machine whatever its price, to see what else it lacks.
    pub fn unpriced(machine: &'a Machine, rules: &Rules) -> Self {
        Self { machine, purchase: Purchase::OnDemand, price: 0, room: room(machine, rules), rank: 0 }
    }
}

fn room(machine: &Machine, rules: &Rules) -> Amounts {
    // A cloud attaches as much block storage as is asked for; a server of one's own has the disks that are in it.
    let disk = if machine.provider == Provider::BareMetal { machine.local_disk.0 } else { u64::MAX };
    let gpus = machine.gpu.as_ref().map_or(0, |gpu| gpu.count.into());
    [machine.cpu.0, machine.memory.0.saturating_sub(rules.system_memory.0), disk, gpus]
}

/// The number in a family's name: 7 of `m7g`, 2 of `n2-standard`.
pub(super) fn generation(family: &str) -> u32 {
    let digits = family.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit);
    digits.fold(0u32, |n, c| n.saturating_mul(10).saturating_add(c.to_digit(10).unwrap_or(0)))
}

/// What one copy takes of a machine; a GPU is given to one copy only, and a copy takes as many as its memory needs.
///
/// # Errors
/// What the machine lacks, whatever else is on it.
pub(super) fn takes(lot: &Lot, offer: &Offer<'_>) -> Result<Amounts, Bottleneck> {
    let machine = offer.machine;
    let pinned = lot.machine.as_deref();
    if pinned.is_some_and(|name| name != machine.name) {
        return Err(Bottleneck::Pinned);
    }
    if !lot.arch.is_empty() && !lot.arch.contains(&machine.arch) {
        return Err(Bottleneck::Arch);
    }
    let gpus = match (&machine.gpu, lot.each.gpu_memory.0) {
        (_, 0) => 0,
        (None, _) => return Err(Bottleneck::Gpu),
        (Some(gpu), memory) => memory.div_ceil(gpu.memory.0.max(1)),
    };
    let taken = [lot.each.cpu.0, lot.each.memory.0, lot.each.disk.0, gpus];
    // GPU memory first: a machine without it is of another kind, whatever else it lacks.
    for at in [3, 1, 0, 2] {
        if taken[at] > offer.room[at] {
            return Err(DIMENSIONS[at]);
        }
    }
    // Who names a machine type for a steady service has decided that its throttling does no harm.
    if lot.steady && machine.burstable && pinned.is_none() {
        return Err(Bottleneck::Burstable);
    }
    if lot.steady && offer.purchase == Purchase::Spot {
        return Err(Bottleneck::Interrupted);
    }
    Ok(taken)
}
