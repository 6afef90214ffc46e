//! What is wanted when a deployment is to go.

use std::collections::BTreeMap;

use crate::cloud::aws::{Desired, World};
use crate::cloud::names::DEPLOYMENT;
use crate::cloud::resource::{Graph, holding_data};

/// Nothing; without leave to lose data, what holds data and what it refers to stays.
pub(super) fn nothing(deployment: &str, world: &World, allow_data_loss: bool) -> Desired {
    let resources = if allow_data_loss { Graph::new() } else { holding_data(deployment, &world.resources) };
    Desired {
        deployment: deployment.to_owned(),
        tags: BTreeMap::from([(DEPLOYMENT.to_owned(), deployment.to_owned())]),
        resources,
        fleets: BTreeMap::new(),
        singles: BTreeMap::new(),
        allow_data_loss,
    }
}
