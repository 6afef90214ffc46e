//! What is wanted when a deployment is to go.

use std::collections::BTreeMap;

use crate::cloud::aws::{Desired, Kind, World};
use crate::cloud::names::DEPLOYMENT;
use crate::cloud::resource::{Address, Graph, Kind as _, Tags, Wanted};

/// Nothing; without leave to lose data, what holds data and what it refers to stays.
pub(super) fn nothing(deployment: &str, world: &World, allow_data_loss: bool) -> Desired {
    let tags: Tags = BTreeMap::from([(DEPLOYMENT.to_owned(), deployment.to_owned())]);
    let mut resources = Graph::new();
    if !allow_data_loss {
        let ours = |of: &Tags| of.get(DEPLOYMENT).is_some_and(|name| name == deployment);
        let holds =
            world.resources.iter().filter(|(address, found)| address.kind.info().holds_data && ours(&found.tags));
        for (address, _) in holds {
            keep(address, world, &mut resources);
        }
    }
    Desired {
        deployment: deployment.to_owned(),
        tags,
        resources,
        fleets: BTreeMap::new(),
        singles: BTreeMap::new(),
        allow_data_loss,
    }
}

/// A resource stays as it is, with all that it refers to.
fn keep(address: &Address<Kind>, world: &World, kept: &mut Graph<Kind>) {
    let Some(found) = world.resources.get(address).filter(|_| !kept.contains_key(address)) else { return };
    let wanted = Wanted {
        fields: found.fields.clone(),
        tags: found.tags.clone(),
        because: "it holds data, or what holds data refers to it".to_owned(),
    };
    kept.insert(address.clone(), wanted);
    for reference in found.fields.values().flat_map(crate::cloud::resource::Value::references) {
        keep(reference, world, kept);
    }
}
