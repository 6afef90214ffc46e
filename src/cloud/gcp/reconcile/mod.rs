//! What is next on Google Cloud: pure, and the same for applying, resuming, rolling back and destroying.

mod hold;
mod roll;

use std::collections::{BTreeMap, BTreeSet};

use super::desired::Fleet;
use super::{Action, Desired, Kind, World};
use crate::cloud::names::{SERVICE, VERSION, bounded, is_ours};
use crate::cloud::resource::{Address, Found, Graph, Rules, Value, next as next_resources};
use crate::cloud::serving::Serving;
use crate::cloud::step::{Invariant, Undo};
use crate::cloud::{Class, Cloud, Lease, LeaseChange, Next, Since};
use crate::units::{Moment, Price};

/// Longest name of a group; its instances bear it with a hyphen and four characters (the same 63 hold for them).
const LONGEST_GROUP: usize = 58;
/// Longest name of a template.
const LONGEST_TEMPLATE: usize = 63;

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
        world.groups.iter().map(stands).collect()
    }

    fn next(desired: &Desired, world: &World, since: &Since<Fact>, now: Moment) -> Next<Action> {
        let lasting = |found: &Found<Kind>| !found.tags.contains_key(VERSION);
        let rules =
            Rules { ours: &desired.tags, mine: &lasting, in_use: &|_| false, allow_data_loss: desired.allow_data_loss };
        let mut next = next_resources(&desired.resources, &world.resources, &rules).map(Action::Resource);
        for (service, fleet) in &desired.fleets {
            next.join(roll::fleet(desired, service, fleet, world, since, now));
        }
        next.join(unwanted(desired, world));
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
        let ours = world.groups.values().filter(|group| is_ours(&desired.tags, &group.tags));
        let groups = ours.map(|group| {
            let each = desired.fleets.get(&group.service).and_then(|fleet| fleet.hourly).unwrap_or_default();
            each.saturating_mul(u64::try_from(group.instances.len()).unwrap_or(u64::MAX))
        });
        Price(groups.fold(0, u64::saturating_add))
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

/// Services that are no longer wanted: their groups, then their templates.
fn unwanted(desired: &Desired, world: &World) -> Next<Action> {
    let mut next = Next::default();
    let ours = |tags: &crate::cloud::resource::Tags| is_ours(&desired.tags, tags);
    let gone =
        || world.groups.iter().filter(|(_, group)| !desired.fleets.contains_key(&group.service) && ours(&group.tags));
    for (name, group) in gone() {
        if group.deleting {
            next.wait(format!("group/{name}"), "it is being deleted");
            continue;
        }
        if let Some(address) = sent_by(world, name) {
            next.wait(format!("group/{name}"), format!("{address} sends requests to it and goes first"));
            continue;
        }
        let delete = Action::DeleteGroup { group: name.clone() };
        next.act(delete, "the service is no longer wanted", Invariant::OnlyOurs, Undo::By("a release of it".into()));
    }
    let in_use = |address: &Address<Kind>| gone().any(|(_, group)| uses(group, address));
    let mine = |found: &Found<Kind>| {
        found.tags.contains_key(VERSION)
            && found.tags.get(SERVICE).is_some_and(|service| !desired.fleets.contains_key(service))
    };
    let rules = Rules { ours: &desired.tags, mine: &mine, in_use: &in_use, allow_data_loss: desired.allow_data_loss };
    next.join(next_resources(&Graph::new(), &world.resources, &rules).map(Action::Resource));
    next
}

/// The backend service that names a group, which cannot be deleted while it does.
fn sent_by<'a>(world: &'a World, group: &str) -> Option<&'a Address<Kind>> {
    let names = |value: &Value<Kind>| value.texts().contains(&group);
    let backends = world.resources.iter().filter(|(address, _)| address.kind == Kind::BackendService);
    backends.filter(|(_, found)| found.fields.values().any(names)).map(|(address, _)| address).next()
}

/// Whether a group still uses a template: one of its versions does, or an instance was made from it, which may still be going
/// while the versions no longer name it.
fn uses(group: &super::world::Group, address: &Address<Kind>) -> bool {
    address.kind == Kind::InstanceTemplate
        && (group.versions.iter().any(|version| version.template == address.name)
            || group.instances.iter().any(|instance| instance.template == address.name))
}
