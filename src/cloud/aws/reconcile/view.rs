//! A service as it stands: the group that is wanted, the others, and how requests are shared.

use std::collections::BTreeMap;

use crate::cloud::aws::desired::Fleet;
use crate::cloud::aws::world::{Group, Route};
use crate::cloud::aws::{Action, Desired, Kind, World};
use crate::cloud::names::{bounded, is_ours};
use crate::cloud::resource::{Address, Found, State, Tags};

/// Longest name that a target group takes; its group and launch template bear the same one.
const LONGEST: usize = 32;

/// The name of the group of a version, which its target group and its launch template bear as well.
pub fn group_name(deployment: &str, service: &str, version: &str) -> String {
    bounded(&[deployment, service, version], LONGEST)
}

/// Resources that a version of a service may have: its templates and its target groups.
pub(super) fn versioned(world: &World) -> impl Iterator<Item = (&Address<Kind>, &Found<Kind>)> {
    let of = |kind| world.resources.of_kind(kind);
    of(Kind::LaunchTemplate).chain(of(Kind::TargetGroup))
}

/// A group with what is counted of it once.
pub(super) struct Part<'a> {
    pub(super) name: &'a str,
    pub(super) group: &'a Group,
    /// Healthy instances.
    pub(super) healthy: u32,
    /// The same, by zone.
    pub(super) zones: BTreeMap<&'a str, u32>,
    /// Its weight in the rule; `None` when no rule names it.
    pub(super) weight: Option<u16>,
}

impl<'a> Part<'a> {
    fn new(name: &'a str, group: &'a Group, world: &World) -> Self {
        let zones = world.healthy_by_zone(group);
        let healthy = zones.values().copied().fold(0, u32::saturating_add);
        let route = world.routes.get(&group.service);
        let weight = group.target_group.as_ref().and_then(|name| route?.weights.get(name)).copied();
        Self { name, group, healthy, zones, weight }
    }

    /// Whether it gets requests.
    pub(super) fn is_live(&self) -> bool {
        self.weight.is_some_and(|weight| weight > 0)
    }

    /// Whether requests could go to it again: it has not begun to go.
    pub(super) fn is_whole(&self) -> bool {
        self.group.desired > 0 && !self.group.deleting
    }
}

/// One service and all groups of it.
pub(super) struct View<'a> {
    pub(super) service: &'a str,
    pub(super) fleet: &'a Fleet,
    pub(super) world: &'a World,
    /// Name of the group that is wanted, and of its target group and template.
    pub(super) name: String,
    /// The group that is wanted, when it is there.
    pub(super) green: Option<Part<'a>>,
    /// All other groups of the service that belong to the deployment.
    pub(super) others: Vec<Part<'a>>,
    pub(super) route: Option<&'a Route>,
    tags: &'a Tags,
    /// What of the wanted name is there, or routes its requests, and belongs to somebody else.
    pub(super) foreign: Option<String>,
}

impl<'a> View<'a> {
    pub(super) fn new(desired: &'a Desired, service: &'a str, fleet: &'a Fleet, world: &'a World) -> Self {
        let name = group_name(&desired.deployment, service, &fleet.version);
        let ours = |group: &Group| is_ours(&desired.tags, &group.tags);
        let others = world.groups.iter().filter(|(other, group)| group.service == service && **other != name);
        let green = world.groups.get_key_value(&name);
        let route = world.routes.get(service);
        let foreign = green.filter(|(_, group)| !ours(group)).map(|(name, _)| format!("group/{name}"));
        let foreign_route = route.filter(|route| !is_ours(&desired.tags, &route.tags));
        let foreign = foreign.or_else(|| foreign_route.map(|_| format!("route/{service}")));
        Self {
            service,
            fleet,
            world,
            green: green.map(|(name, group)| Part::new(name, group, world)),
            others: others
                .filter(|(_, group)| ours(group))
                .map(|(name, group)| Part::new(name, group, world))
                .collect(),
            route,
            tags: &desired.tags,
            name,
            foreign,
        }
    }

    /// The requests of the service, shared like this.
    pub(super) fn share(&self, weights: BTreeMap<String, u16>) -> Action {
        Action::Share { service: self.service.to_owned(), weights, tags: self.tags.clone() }
    }

    /// The weight of the wanted version; `None` when no rule names it.
    pub(super) fn named(&self) -> Option<u16> {
        self.route?.weights.get(&self.name).copied()
    }

    /// The weight of the wanted version.
    pub(super) fn green_weight(&self) -> u16 {
        self.named().unwrap_or_default()
    }

    /// The sum of all weights.
    pub(super) fn all_weights(&self) -> u64 {
        self.route.map_or(0, |route| route.weights.values().map(|weight| u64::from(*weight)).sum())
    }

    /// Whether all requests go to the wanted version.
    pub(super) fn all_on_green(&self) -> bool {
        self.green_weight() > 0 && u64::from(self.green_weight()) == self.all_weights()
    }

    /// The other groups that get requests.
    pub(super) fn live(&self) -> impl Iterator<Item = &Part<'a>> + '_ {
        self.others.iter().filter(|part| part.is_live())
    }

    /// How many instances the wanted version must have: what the demand needs, what the group is set to, and no fewer than
    /// those that bear the load now. The old group is held from below while this is asked, so that the number only grows,
    /// and no further than the old group's most: the rounds of growing after it are bounded.
    pub(super) fn wanted(&self) -> u32 {
        let live = self.live().map(|part| part.group.desired.max(part.healthy)).max();
        self.least().max(live.unwrap_or_default())
    }

    /// The fewest instances that the service may ever have.
    pub(super) fn least(&self) -> u32 {
        self.fleet.load.needed().max(self.fleet.size.min)
    }

    /// Whether a group bears the whole demand by itself.
    pub(super) fn bears(&self, healthy: u32) -> bool {
        u128::from(healthy) * u128::from(self.fleet.load.each) >= u128::from(self.fleet.load.demand)
    }

    /// Whether an old group that is still whole bears the whole demand.
    pub(super) fn old_bears(&self) -> bool {
        self.others.iter().any(|part| part.is_whole() && part.weight.is_some() && self.bears(part.healthy))
    }

    /// Whether the template and the target group of the wanted version can be used.
    pub(super) fn parts_ready(&self) -> bool {
        let ready = |kind: Kind| {
            let found = self.world.resources.get(&Address::new(kind, self.name.clone()));
            found.is_some_and(|found| found.state == State::Ready)
        };
        ready(Kind::LaunchTemplate) && ready(Kind::TargetGroup)
    }
}
