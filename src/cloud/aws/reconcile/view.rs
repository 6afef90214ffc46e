//! A service as it stands: the group that is wanted, the others, and how requests are shared.

use crate::cloud::aws::desired::Fleet;
use crate::cloud::aws::world::{Group, Route};
use crate::cloud::aws::{Desired, Kind, World};
use crate::cloud::names::bounded;
use crate::cloud::resource::{Address, State};

/// Longest name that a target group takes; its group and launch template bear the same one.
const LONGEST: usize = 32;

/// The name of the group of a version, which its target group and its launch template bear as well.
pub fn group_name(deployment: &str, service: &str, version: &str) -> String {
    bounded(&[deployment, service, version], LONGEST)
}

/// One service and all groups of it.
pub(super) struct View<'a> {
    pub(super) service: &'a str,
    pub(super) fleet: &'a Fleet,
    pub(super) world: &'a World,
    /// Name of the group that is wanted, and of its target group and template.
    pub(super) name: String,
    /// The group that is wanted, when it is there.
    pub(super) green: Option<&'a Group>,
    /// All other groups of the service, by name.
    pub(super) others: Vec<(&'a String, &'a Group)>,
    pub(super) route: Option<&'a Route>,
}

impl<'a> View<'a> {
    pub(super) fn new(desired: &Desired, service: &'a str, fleet: &'a Fleet, world: &'a World) -> Self {
        let name = group_name(&desired.deployment, service, &fleet.version);
        let others = world.groups.iter().filter(|(other, group)| group.service == service && **other != name);
        Self {
            service,
            fleet,
            world,
            green: world.groups.get(&name),
            others: others.collect(),
            route: world.routes.get(service),
            name,
        }
    }

    /// The weight of a target group; `None` when no rule names it.
    pub(super) fn weight(&self, target_group: &str) -> Option<u16> {
        self.route?.weights.get(target_group).copied()
    }

    /// The weight of the wanted version.
    pub(super) fn green_weight(&self) -> u16 {
        self.weight(&self.name).unwrap_or_default()
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
    pub(super) fn live(&self) -> impl Iterator<Item = (&'a String, &'a Group)> + '_ {
        self.others.iter().copied().filter(|(_, group)| self.world.weight(group) > 0)
    }

    /// How many instances the wanted version must have: what the demand needs, what the group is set to, and no fewer than
    /// those that bear the load now.
    pub(super) fn wanted(&self) -> u32 {
        let live = self.live().map(|(_, group)| group.desired.max(self.world.healthy(group))).max();
        self.fleet.load.needed().max(self.fleet.size.min).max(live.unwrap_or_default())
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
