//! What a change of a resource does at once, and what time does with it.

use super::{Address, Change, Found, Inventory, Kind, State};
use crate::units::Span;

/// What takes no longer than this is told as done by the reply itself.
const AT_ONCE: Span = Span::seconds(1);

/// Changes an inventory as the cloud tells it right after the call.
pub fn apply<K: Kind>(inventory: &mut Inventory<K>, change: &Change<K>) {
    match change {
        Change::Create { address, fields, tags } => {
            let state = if address.kind.info().made_in > AT_ONCE { State::Pending } else { State::Ready };
            let found = Found { id: address.to_string(), fields: fields.clone(), tags: tags.clone(), state };
            inventory.entry(address.clone()).or_insert(found);
        }
        Change::Update { address, fields, tags } => {
            if let Some(found) = inventory.get_mut(address) {
                found.fields.extend(fields.clone());
                found.tags.extend(tags.clone());
            }
        }
        Change::Delete { address } => {
            if address.kind.info().gone_in <= AT_ONCE {
                inventory.remove(address);
            } else if let Some(found) = inventory.get_mut(address) {
                found.state = State::Deleting;
            }
        }
    }
}

/// What was being made can be used, what was being deleted is gone.
pub fn settle<K: Kind>(inventory: &mut Inventory<K>, address: &Address<K>) {
    // Asked first, since to change it makes a copy of what is shared.
    match inventory.get(address).map(|found| found.state) {
        Some(State::Pending) => {
            if let Some(found) = inventory.get_mut(address) {
                found.state = State::Ready;
            }
        }
        Some(State::Deleting) => {
            inventory.remove(address);
        }
        _ => {}
    }
}
