//! Laying changes over the tables.

use super::{Change, Overlay, Value};
use crate::blueprint::platform::Provider;
use crate::catalog::tables::family;
use crate::catalog::{Machine, Prices, Purchase, Quote, UnitPrice};
use crate::units::Price;

/// Lays the changes of all files, in order, over the machines of a provider; sorted by region as they were.
///
/// A row that names a machine exactly adds it where the tables do not have it: from its own figures, or with those
/// that the machine has in another region.
pub fn machines(provider: Provider, mut machines: Vec<Machine>, overlays: &[Overlay]) -> Vec<Machine> {
    for (overlay, change) in changes(overlays).filter(|(_, change)| change.provider == provider) {
        if let Some(new) = new_machine(change, &machines) {
            machines.push(new);
        }
        let fitting = |machine: &&mut Machine| change.is_for(provider, &machine.region, &machine.name);
        for machine in machines.iter_mut().filter(fitting) {
            for purchase in purchases(change) {
                let old = machine.prices.of(purchase).cloned();
                *machine.prices.of_mut(purchase) = changed(old, change, overlay);
            }
        }
    }
    machines.sort_by(|a, b| a.region.cmp(&b.region));
    machines
}

/// Lays the changes over the prices beside machines.
pub fn unit_prices(mut prices: Vec<UnitPrice>, overlays: &[Overlay]) -> Vec<UnitPrice> {
    for (overlay, change) in changes(overlays) {
        let fitting = |price: &UnitPrice| change.is_for(price.provider, &price.region, price.item.word());
        match (change.item(), change.value) {
            (Some(item), Value::Price(_)) if !prices.iter().any(fitting) && !change.region.contains('*') => {
                if let Some(quote) = changed(None, change, overlay) {
                    let (provider, region) = (change.provider, change.region.clone());
                    prices.push(UnitPrice { provider, region, item, unit: item.unit(), quote });
                }
            }
            _ => {
                for price in prices.iter_mut().filter(|price| fitting(price)) {
                    if let Some(quote) = changed(Some(price.quote.clone()), change, overlay) {
                        price.quote = quote;
                    }
                }
            }
        }
    }
    prices
}

fn changes(overlays: &[Overlay]) -> impl Iterator<Item = (&Overlay, &Change)> {
    overlays.iter().flat_map(|overlay| overlay.rows.iter().map(move |change| (overlay, change)))
}

/// A price is for one way of paying, on demand unless the row says so; a discount for all unless it says so.
fn purchases(change: &Change) -> Vec<Purchase> {
    match (change.purchase, change.value) {
        (Some(purchase), _) => vec![purchase],
        (None, Value::Price(_)) => vec![Purchase::OnDemand],
        (None, Value::Discount(_)) => Purchase::ALL.into_iter().map(|(_, purchase)| purchase).collect(),
    }
}

/// The quote after a change. A discount of a price that no one knows stays unknown.
fn changed(old: Option<Quote>, change: &Change, overlay: &Overlay) -> Option<Quote> {
    let mine = |note: Option<String>, price: Price| Quote {
        price,
        date: change.date.clone(),
        source: overlay.file.clone(),
        note,
    };
    match change.value {
        Value::Price(price) => Some(mine(change.note.clone(), price)),
        Value::Discount(discount) => old.map(|old| {
            let made = format!("{discount} on {} of {} ({})", old.price, old.date, old.source);
            let notes: Vec<String> = [Some(made), change.note.clone(), old.note].into_iter().flatten().collect();
            mine(Some(notes.join("; ")), discount.of(old.price))
        }),
    }
}

fn new_machine(change: &Change, machines: &[Machine]) -> Option<Machine> {
    let exact = !change.region.contains('*') && !change.name.contains('*') && change.item().is_none();
    let there = machines.iter().any(|machine| machine.region == change.region && machine.name == change.name);
    if !exact || there || matches!(change.value, Value::Discount(_)) {
        return None;
    }
    let region = change.region.clone();
    if let Some(shape) = &change.machine {
        return Some(Machine {
            provider: change.provider,
            region,
            name: change.name.clone(),
            family: family(change.provider, &change.name).to_owned(),
            cpu: shape.cpu,
            memory: shape.memory,
            arch: shape.arch,
            burstable: false,
            gpu: shape.gpu.clone(),
            local_disk: shape.local_disk,
            prices: Prices::default(),
            note: None,
        });
    }
    let other = machines.iter().find(|machine| machine.name == change.name)?;
    Some(Machine { region, prices: Prices::default(), ..other.clone() })
}
