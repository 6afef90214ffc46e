//! What is placed, under which rules, and the answer.

use schemars::JsonSchema;
use serde::Serialize;

use crate::blueprint::platform::Provider;
use crate::blueprint::service::Arch;
use crate::catalog::{Machine, Purchase};
use crate::error::Error;
use crate::size::component::{Bottleneck, Excuse, Resources};
use crate::units::{Bytes, Usd};

/// How copies of a service are kept apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Spread {
    /// They may share a machine.
    #[default]
    None,
    /// Each on a machine of its own.
    Machines,
    /// As `machines`, and over as many zones as there are.
    Zones,
}

/// Copies of one service that must be placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lot {
    /// Name of the service, or of the server that is replaced by a machine.
    pub name: String,
    /// Role; lots of different roles share no machine when the rules separate roles.
    pub role: String,
    /// How many copies.
    pub copies: u32,
    /// What each takes.
    pub each: Resources,
    /// Architectures that its image exists for; empty when any does.
    pub arch: Vec<Arch>,
    /// How its copies are kept apart.
    pub spread: Spread,
    /// Whether it must not run on machines that are throttled or taken away: databases and what is busy all day. A machine
    /// type that is named for it may be throttled all the same.
    pub steady: bool,
    /// The machine type it must have, when the user or the blueprint fixes one.
    pub machine: Option<String>,
}

/// Under which rules lots are placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// Whether lots of different roles are kept on different machines.
    pub separate_roles: bool,
    /// Most machines, when there is a limit.
    pub max_machines: Option<u32>,
    /// Zones that machines are spread over.
    pub zones: u32,
    /// How machines are paid for.
    pub purchase: Purchase,
    /// Memory of each machine that is kept for the system and is not given away.
    pub system_memory: Bytes,
    /// How many runner-up plans are wanted.
    pub runners_up: usize,
}

/// Machines of one type with the same lots on each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Host {
    /// Machine type.
    pub machine: String,
    /// How it is paid for; what must not be taken away is on demand even where the rest is spot.
    pub purchase: Purchase,
    /// How many of them.
    pub count: u32,
    /// Role, or the roles, joined by `+`.
    pub role: String,
    /// Lots with their copies on each machine.
    pub holds: Vec<(String, u32)>,
    /// What all that takes of one machine.
    pub used: Resources,
    /// What is taken most of.
    pub tightest: Bottleneck,
    /// Zones they are spread over; 1 when that does not matter.
    pub zones: u32,
    /// How many of them are in each zone, the first zone first; empty when that does not matter.
    pub per_zone: Vec<u32>,
    /// Cost of all of them a month, without disks. The costs of a plan's hosts add up to the plan's, which is rounded
    /// once: a host's may be a cent off its price times 730 hours.
    pub monthly_usd: Usd,
}

/// How good the answer is known to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "proof")]
pub enum Proof {
    /// Nothing cheaper exists under the rules.
    Optimal,
    /// Nothing is cheaper by more than the difference to this bound.
    AtLeast {
        /// What any plan costs at least, a month.
        bound_usd: Usd,
    },
}

/// A plan of machines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Placement {
    /// Provider.
    pub provider: Provider,
    /// Region.
    pub region: String,
    /// How it is paid for.
    pub purchase: Purchase,
    /// The machines.
    pub hosts: Vec<Host>,
    /// Cost of the machines a month.
    pub monthly_usd: Usd,
    /// How good it is known to be.
    pub proof: Proof,
    /// The next best plans, cheapest first.
    pub runners_up: Vec<Alternative>,
    /// For each machine that no lot got: what it lacks for the lot named first, or that it costs more.
    pub rejected: Vec<Excuse>,
}

/// A plan that was not chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Alternative {
    /// The machines.
    pub hosts: Vec<Host>,
    /// Cost of the machines a month.
    pub monthly_usd: Usd,
    /// How it differs: `m7g.large instead of m6g.large for backend`.
    pub differs: String,
}

/// Lots with the machines of the provider and region where they go.
#[derive(Debug, Clone, Copy)]
pub struct Market<'a> {
    /// What goes there.
    pub lots: &'a [Lot],
    /// Machines that are there.
    pub machines: &'a [&'a Machine],
}

/// The cheapest of several markets for the same lots.
#[derive(Debug, Clone)]
pub struct Cheapest {
    /// The cheapest.
    pub best: Placement,
    /// The others, cheapest first.
    pub others: Vec<Placement>,
    /// Why the rest does not do.
    pub failed: Vec<Error>,
}
