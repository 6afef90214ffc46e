//! What holds data stays when everything else goes.

use super::{Address, Graph, Inventory, Kind, Tags, Value, Wanted};
use crate::cloud::names::DEPLOYMENT;

/// The resources of a deployment that hold data, with all that they refer to, as they are.
pub fn holding_data<K: Kind>(deployment: &str, found: &Inventory<K>) -> Graph<K> {
    let mut kept = Graph::new();
    let ours = |of: &Tags| of.get(DEPLOYMENT).is_some_and(|name| name == deployment);
    let holds = found.iter().filter(|(address, found)| address.kind.info().holds_data && ours(&found.tags));
    for (address, _) in holds {
        keep(address, found, &mut kept);
    }
    kept
}

/// A resource stays as it is, with all that it refers to.
fn keep<K: Kind>(address: &Address<K>, all: &Inventory<K>, kept: &mut Graph<K>) {
    let Some(found) = all.get(address).filter(|_| !kept.contains_key(address)) else { return };
    let wanted = Wanted {
        fields: found.fields.clone(),
        tags: found.tags.clone(),
        because: "it holds data, or what holds data refers to it".to_owned(),
    };
    kept.insert(address.clone(), wanted);
    for reference in found.fields.values().flat_map(Value::references) {
        keep(reference, all, kept);
    }
}
