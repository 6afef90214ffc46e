//! What runs where on AWS: the stacks as machines, and where each role is in the network.

use std::ops::Deref;

use super::options::Options;
use super::places::{self, Place};
use crate::blueprint::Blueprint;
use crate::blueprint::platform::Provider;
use crate::cloud::desire::layout::{self as shared, Terms};
pub(super) use crate::cloud::desire::layout::{BALANCER, Front, NAT, Server};
use crate::error::Result;
use crate::size::plan::Plan;

/// Everything that the wanted state is made from.
pub(super) struct Layout<'a> {
    shared: shared::Layout<'a>,
    pub options: &'a Options,
    /// Roles with their subnets.
    pub places: Vec<Place>,
}

impl<'a> Deref for Layout<'a> {
    type Target = shared::Layout<'a>;

    fn deref(&self) -> &Self::Target {
        &self.shared
    }
}

impl<'a> Layout<'a> {
    pub(super) fn new(blueprint: &'a Blueprint, plan: &'a Plan, options: &'a Options) -> Result<Self> {
        let terms = Terms {
            provider: Provider::Aws,
            cloud: "AWS",
            deployment: &options.deployment,
            images: &options.images,
            machines: &options.machines,
            zones: options.zones.len(),
            inner_fronts: false,
        };
        let shared = shared::Layout::new(blueprint, plan, terms)?;
        let places = places::of(&shared.servers, options)?;
        Ok(Self { shared, options, places })
    }

    /// What proxies before the application are trusted to say who calls.
    pub(super) fn trust(&mut self, blocks: Vec<String>) {
        if let Some(gateway) = &mut self.shared.topology.gateway {
            gateway.trusted = blocks;
        }
    }

    /// The place of a role.
    pub(super) fn place(&self, role: &str) -> Option<&Place> {
        self.places.iter().find(|place| place.role == role)
    }
}
