//! What runs where on Google Cloud: the stacks as machines, and where each role is in the network.

use std::ops::Deref;

use super::options::Options;
use super::places::{self, Place};
use crate::blueprint::Blueprint;
use crate::blueprint::platform::Provider;
use crate::cloud::desire::layout::{self as shared, Terms};
pub(super) use crate::cloud::desire::layout::{BALANCER, Front, NAT, Server};
use crate::error::Result;
use crate::size::plan::Plan;

/// Addresses from which Google's load balancers pass requests on and check machines (Cloud Load Balancing, firewall rules;
/// read 2026-11-21).
pub(super) const FRONT_ENDS: [&str; 2] = ["130.211.0.0/22", "35.191.0.0/16"];

/// Everything that the wanted state is made from.
pub(super) struct Layout<'a> {
    shared: shared::Layout<'a>,
    pub options: &'a Options,
    /// Roles with their subnetworks.
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
            provider: Provider::Gcp,
            cloud: "Google Cloud",
            deployment: &options.deployment,
            images: &options.images,
            machines: &options.machines,
            zones: options.zones.len(),
            inner_fronts: true,
        };
        let mut shared = shared::Layout::new(blueprint, plan, terms)?;
        // What proxies before the application are trusted to say who calls.
        if let Some(gateway) = &mut shared.topology.gateway {
            gateway.trusted = FRONT_ENDS.map(str::to_owned).into();
        }
        let places = places::of(&shared.servers, options)?;
        Ok(Self { shared, options, places })
    }

    /// The place of a role.
    pub(super) fn place(&self, role: &str) -> Option<&Place> {
        self.places.iter().find(|place| place.role == role)
    }

    /// The address that others reach a stack by: that of its machine, or of the load balancer inside the network before its
    /// group; none where only the world's load balancer is before it.
    pub(super) fn address(&self, server: &Server) -> Option<String> {
        let place = self.place(&server.role)?;
        let inner = server.front.as_ref().is_some_and(|front| !front.public);
        (!server.is_fleet || inner).then(|| place.address())
    }

    /// The groups that only the network itself reaches.
    pub(super) fn inner(&self) -> impl Iterator<Item = (&Server, &Front)> {
        let fronted = self.servers.iter().filter_map(|server| Some((server, server.front.as_ref()?)));
        fronted.filter(|(server, front)| server.is_fleet && !front.public)
    }
}
