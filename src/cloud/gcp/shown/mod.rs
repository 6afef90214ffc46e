//! What a deployment on Google Cloud is to people.

mod changes;
mod standing;

use std::collections::BTreeMap;

use super::sim::Sim;
use super::world::{Group, Power};
use super::{Desired, Gcp, World};
use crate::cloud::load::Load;
use crate::cloud::names::{DEPLOYMENT, hash};
use crate::cloud::resource::{Graph, holding_data};
use crate::cloud::shown::{Change, Leftover, Playable, Shown, Standing, Version, Way};
use crate::cloud::sim::Faults;
use crate::units::Moment;

impl Shown for Gcp {
    fn deployment(desired: &Desired) -> &str {
        &desired.deployment
    }

    fn versions(desired: &Desired) -> BTreeMap<String, Version> {
        let version = |hash: &String, label: &String| Version { hash: hash.clone(), label: label.clone() };
        let fleets = desired.fleets.iter().map(|(name, of)| (name.clone(), version(&of.version, &of.label)));
        let singles = desired.singles.iter().map(|(name, of)| (name.clone(), version(&of.version, &of.label)));
        fleets.chain(singles).collect()
    }

    fn changes(before: &World, after: &World) -> Vec<Change> {
        changes::changes(before, after)
    }

    fn lasting(world: &World) -> World {
        let group = |group: &Group| Group {
            instances: Vec::new(),
            trouble: None,
            // Any write changes it, also one of the group's own.
            fingerprint: 0,
            is_stable: true,
            is_reached: true,
            // A group that scales changes its size by itself.
            target_size: group.autoscaler.as_ref().map_or(group.target_size, |scaler| scaler.min),
            ..group.clone()
        };
        let mut lasting = world.clone();
        lasting.alarms = BTreeMap::new();
        lasting.lease = None;
        lasting.groups = world.groups.iter().map(|(name, found)| (name.clone(), group(found))).collect();
        for machine in lasting.machines.values_mut() {
            machine.healthy = machine.state == Power::Running;
        }
        lasting
    }

    fn standing(world: &World) -> Vec<Standing> {
        standing::standing(world)
    }

    fn leftovers(world: &World) -> Vec<Leftover> {
        standing::leftovers(world)
    }

    fn nothing(deployment: &str, world: &World, allow_data_loss: bool) -> Desired {
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

    fn next_release(desired: &Desired) -> Desired {
        let mut next = desired.clone();
        for fleet in next.fleets.values_mut() {
            fleet.version = hash(format!("after {}", fleet.version).as_bytes());
            fleet.label = format!("the version after {}", fleet.label);
            fleet.template.insert("release".to_owned(), fleet.version.as_str().into());
        }
        next
    }

    fn loads(desired: &Desired) -> BTreeMap<String, Load> {
        desired.fleets.iter().map(|(name, fleet)| (name.clone(), fleet.load)).collect()
    }

    fn eased(desired: &Desired, way: Way) -> Option<Desired> {
        let mut eased = desired.clone();
        for fleet in eased.fleets.values_mut() {
            match way {
                Way::SmallerSteps if fleet.release.steps.len() < Way::STEPS.len() => {
                    fleet.release.steps = Way::STEPS.to_vec();
                }
                Way::SmallerSteps => {}
                Way::MoreSurge => fleet.release.surge = fleet.release.surge.max(fleet.min),
                Way::Quieter(permille) => fleet.load = fleet.load.eased(permille),
            }
        }
        (eased != *desired).then_some(eased)
    }

    fn grown(standing: &Desired, wanted: &Desired) -> Option<Desired> {
        let mut grown = standing.clone();
        for (name, fleet) in &mut grown.fleets {
            let Some(other) = wanted.fleets.get(name).filter(|other| other.min > fleet.min) else { continue };
            (fleet.load, fleet.min, fleet.max) = (other.load, other.min, other.max);
        }
        (grown != *standing).then_some(grown)
    }

    fn interruptible(mut desired: Desired) -> Desired {
        for single in desired.singles.values_mut() {
            single.may_interrupt = true;
        }
        desired
    }

    fn count(world: &World) -> usize {
        world.resources.len() + world.groups.len() + world.machines.len()
    }
}

impl Playable for Sim {
    const NAME: &'static str = "gcp";

    fn empty(seed: u64) -> Self {
        Self::new(World::default(), Moment(0), seed)
    }

    fn reseeded(self, seed: u64) -> Self {
        self.with_seed(seed)
    }

    fn disturbed(self, faults: Faults) -> Self {
        self.with_faults(faults)
    }

    fn calm(self) -> Self {
        self.undisturbed().without_faults()
    }

    fn bad_images(&self) -> Vec<(String, String)> {
        Self::bad_images(self).cloned().collect()
    }

    fn spoil(&mut self, version: &str) {
        self.break_template(version);
    }
}
