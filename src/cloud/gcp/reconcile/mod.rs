//! What is next on Google Cloud: pure, and the same for applying, resuming, rolling back and destroying.

mod hold;
mod roll;
mod single;
mod unwanted;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::desired::Fleet;
use super::world::{Machine, Power};
use super::{Action, Desired, Kind, World};
use crate::cloud::names::{VERSION, bounded, is_ours};
use crate::cloud::resource::{Address, Found, Graph, Rules, Tags, Wanted, next_lasting};
use crate::cloud::serving::Serving;
use crate::cloud::{Class, Cloud, Lease, LeaseChange, Next, Since};
use crate::units::{Moment, Price};

/// Longest name of a group; its instances bear it with a hyphen and four characters (the same 63 hold for them).
const LONGEST_GROUP: usize = 58;
/// Longest name of a template.
const LONGEST_TEMPLATE: usize = 63;

/// The field of a backend service that names the groups that it sends requests to.
pub const GROUPS: &str = "groups";

/// Google Cloud.
#[derive(Debug, Clone, Copy)]
pub struct Gcp;

/// What must hold for a while before it counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fact {
    /// So many healthy instances run each template: no progress while it lasts, and what a step is watched by.
    Stands {
        /// The group.
        group: String,
        /// Templates with their healthy instances.
        healthy: Vec<(String, u32)>,
    },
    /// A machine runs, with this disk or none, and its service does not answer.
    Silent {
        /// The machine.
        machine: String,
        /// Its disk.
        volume: Option<String>,
    },
}

/// The name of the group of a service, which stays over releases.
pub fn group_name(deployment: &str, service: &str) -> String {
    bounded(&[deployment, service], LONGEST_GROUP)
}

/// The name of the template of a version.
pub fn template_name(deployment: &str, service: &str, version: &str) -> String {
    bounded(&[deployment, service, version], LONGEST_TEMPLATE)
}

impl Cloud for Gcp {
    type Desired = Desired;
    type World = World;
    type Action = Action;
    type Fact = Fact;

    fn facts(world: &World) -> Vec<Fact> {
        let stands = |(name, group): (&String, &super::world::Group)| {
            let templates: BTreeSet<&String> = group.versions.iter().map(|version| &version.template).collect();
            let healthy = templates.into_iter().map(|template| (template.clone(), group.healthy_of(template)));
            Fact::Stands { group: name.clone(), healthy: healthy.collect() }
        };
        let silent = world.machines.iter().filter(|(_, of)| of.state == Power::Running && !of.healthy);
        let silent = silent.map(|(name, of)| Fact::Silent { machine: name.clone(), volume: of.volume.clone() });
        world.groups.iter().map(stands).chain(silent).collect()
    }

    fn next(desired: &Desired, world: &World, since: &Since<Fact>, now: Moment) -> Next<Action> {
        let lasting = |found: &Found<Kind>| !found.tags.contains_key(VERSION);
        let in_use = |address: &Address<Kind>| {
            world.groups.values().any(|group| group.uses(address))
                || world.machines.values().any(|machine| machine.has(address))
        };
        let rules =
            Rules { ours: &desired.tags, mine: &lasting, in_use: &in_use, allow_data_loss: desired.allow_data_loss };
        let mut next = Next::default();
        let makable = makable(&desired.resources, world, &mut next);
        next.join(next_lasting(&makable, &world.resources, &rules).map(Action::Resource));
        for (service, fleet) in &desired.fleets {
            next.join(roll::fleet(desired, service, fleet, world, since, now));
        }
        for (name, single) in &desired.singles {
            next.join(single::single(desired, name, single, world, since, now));
        }
        next.join(unwanted::unwanted(desired, world));
        next
    }

    fn retreat(_desired: &Desired, _world: &World) -> Next<Action> {
        // Every state of a rolling update bears the demand: old and new instances serve side by side.
        Next::default()
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
        let one = |(service, fleet): (&String, &Fleet)| {
            let name = group_name(&desired.deployment, service);
            let group = world.groups.get(&name)?;
            let mut zones = BTreeMap::new();
            for instance in &group.instances {
                *zones.entry(instance.zone.as_str()).or_insert(0_u32) += u32::from(instance.serves());
            }
            Some(Serving::by_zone(service, &fleet.load, fleet.zones.len(), &[(&name, 1, zones)]))
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

/// The wanted resources without those that cannot be made yet: a backend service names groups, which must be there first.
fn makable<'a>(wanted: &'a Graph<Kind>, world: &World, next: &mut Next<Action>) -> Cow<'a, Graph<Kind>> {
    let missing = |(address, want): (&Address<Kind>, &Wanted<Kind>)| {
        let fresh = address.kind == Kind::BackendService && !world.resources.contains_key(address);
        let groups = want.fields.get(GROUPS).filter(|_| fresh)?;
        let group = groups.texts().into_iter().find(|group| !world.groups.contains_key(*group))?;
        Some((address.clone(), group.to_owned()))
    };
    let missing: Vec<(Address<Kind>, String)> = wanted.iter().filter_map(missing).collect();
    if missing.is_empty() {
        return Cow::Borrowed(wanted);
    }
    let mut makable = wanted.clone();
    for (address, group) in missing {
        makable.remove(&address);
        next.wait(address.to_string(), format!("group/{group} must be there first")).order();
    }
    Cow::Owned(makable)
}
