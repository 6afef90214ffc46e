//! What is next on AWS: pure, and the same for applying, resuming, rolling back and destroying.

mod clean;
mod floor;
mod gate;
mod release;
mod shift;
mod view;

use std::collections::BTreeMap;

use view::View;
pub use view::group_name;

use super::world::{Health, Machine, Power};
use super::{Action, Desired, Kind, World};
use crate::cloud::machine;
use crate::cloud::names::{SERVICE, VERSION, is_ours};
use crate::cloud::resource::{Found, Rules, Tags, next_lasting};
use crate::cloud::serving::Serving;
use crate::cloud::{Class, Cloud, Lease, LeaseChange, Next, Since};
use crate::units::{Moment, Price, Span};

/// Amazon Web Services.
#[derive(Debug, Clone, Copy)]
pub struct Aws;

/// What must hold for a while before it counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fact {
    /// As many targets of a group are healthy as it wants instances.
    Whole {
        /// The group.
        group: String,
    },
    /// A group has so many healthy targets and wants so many instances: no progress while it lasts.
    Stands {
        /// The group.
        group: String,
        /// Healthy targets.
        healthy: u32,
        /// Instances wanted.
        desired: u32,
    },
    /// A machine runs, with this disk or none, and its service does not answer.
    Silent {
        /// The machine.
        machine: String,
        /// Its disk.
        volume: Option<String>,
    },
    /// The requests of a service are shared like this.
    Shared {
        /// Service.
        service: String,
        /// Weights, by target group.
        weights: Vec<(String, u16)>,
    },
}

impl Cloud for Aws {
    type Desired = Desired;
    type World = World;
    type Action = Action;
    type Fact = Fact;

    fn facts(world: &World) -> Vec<Fact> {
        let mut facts = Vec::with_capacity(world.groups.len() * 2 + world.routes.len());
        for (name, group) in &world.groups {
            let healthy = world.healthy(group);
            if group.desired > 0 && healthy >= group.desired {
                facts.push(Fact::Whole { group: name.clone() });
            }
            facts.push(Fact::Stands { group: name.clone(), healthy, desired: group.desired });
        }
        for (name, machine) in &world.machines {
            if machine.state == Power::Running && !machine.healthy {
                facts.push(Fact::Silent { machine: name.clone(), volume: machine.volume.clone() });
            }
        }
        for (service, route) in &world.routes {
            let weights = route.weights.iter().filter(|(_, weight)| **weight > 0);
            let weights = weights.map(|(name, weight)| (name.clone(), *weight)).collect();
            facts.push(Fact::Shared { service: service.clone(), weights });
        }
        facts
    }

    fn next(desired: &Desired, world: &World, since: &Since<Fact>, now: Moment) -> Next<Action> {
        let released = |found: &Found<Kind>| found.tags.contains_key(VERSION) && found.tags.contains_key(SERVICE);
        let lasting = |found: &Found<Kind>| !released(found);
        let rules = Rules {
            ours: &desired.tags,
            mine: &lasting,
            in_use: &|address| clean::is_attached(world, address),
            allow_data_loss: desired.allow_data_loss,
        };
        let mut next = next_lasting(&desired.resources, &world.resources, &rules).map(Action::Resource);
        for (service, fleet) in &desired.fleets {
            next.join(release::fleet(desired, service, fleet, world, since, now));
        }
        for (name, single) in &desired.singles {
            let silent = |machine: &str, volume: &Option<String>, lasting: Span| {
                since.has_held(&Fact::Silent { machine: machine.to_owned(), volume: volume.clone() }, lasting, now)
            };
            let seen = machine::Now {
                tags: &desired.tags,
                allow_data_loss: desired.allow_data_loss,
                machines: &world.machines,
                resources: &world.resources,
                silent: &silent,
            };
            let of = group_name(&desired.deployment, name, &single.version);
            next.join(machine::next(&seen, name, single, &of).map(|did| match did {
                machine::Did::Resource(change) => Action::Resource(change),
                machine::Did::Machine(call) => call.into(),
            }));
        }
        next.join(clean::unwanted(desired, world));
        next
    }

    fn retreat(desired: &Desired, world: &World) -> Next<Action> {
        let mut next = Next::default();
        for (service, fleet) in &desired.fleets {
            shift::retreat(&View::new(desired, service, fleet, world), &mut next);
        }
        next
    }

    fn going_back(desired: Desired) -> Desired {
        desired.going_back()
    }

    fn apply(world: &mut World, action: &Action, now: Moment) {
        super::effect::apply(world, action, now);
    }

    fn subject(action: &Action) -> String {
        action.subject()
    }

    fn class(action: &Action) -> Class {
        action.class()
    }

    fn serving(desired: &Desired, world: &World) -> Vec<Serving> {
        let one = |(service, fleet): (&String, &super::desired::Fleet)| {
            let route = world.routes.get(service)?;
            let healthy = |name: &String| {
                let groups = world.groups.values().filter(|group| group.service == *service);
                let mut zones = BTreeMap::new();
                for group in groups.filter(|group| group.target_group.as_ref() == Some(name)) {
                    for (zone, healthy) in world.healthy_by_zone(group) {
                        *zones.entry(zone).or_insert(0_u32) += healthy;
                    }
                }
                zones
            };
            let weights = route.weights.iter();
            let parts: Vec<(&str, u64, BTreeMap<&str, u32>)> =
                weights.map(|(name, weight)| (name.as_str(), u64::from(*weight), healthy(name))).collect();
            Some(Serving::by_zone(service, &fleet.load, fleet.zones.len(), &parts))
        };
        desired.fleets.iter().filter_map(one).collect()
    }

    fn hourly(desired: &Desired, world: &World) -> Price {
        // What belongs to others is not on this bill.
        let ours = |tags: &Tags| is_ours(&desired.tags, tags);
        let groups = world.groups.values().filter(|group| ours(&group.tags)).map(|group| {
            let each = desired.fleets.get(&group.service).and_then(|fleet| fleet.hourly).unwrap_or_default();
            each.saturating_mul(u64::try_from(group.instances.len()).unwrap_or(u64::MAX))
        });
        let runs = |machine: &&Machine| machine.state != Power::Stopped && ours(&machine.tags);
        let machines = world.machines.values().filter(runs);
        let machines = machines
            .map(|machine| desired.singles.get(&machine.service).and_then(|single| single.hourly).unwrap_or_default());
        Price(groups.chain(machines).fold(0, u64::saturating_add))
    }

    fn lease(world: &World) -> Option<&Lease> {
        world.lease.as_ref()
    }

    fn lease_action(change: LeaseChange) -> Action {
        Action::Lease(change)
    }

    fn is_lease(action: &Action) -> bool {
        matches!(action, Action::Lease(_))
    }
}

/// Whether a target may still be in the middle of a request.
fn drains(health: Health) -> bool {
    health == Health::Draining
}
