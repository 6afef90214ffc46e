//! What a simulated Google Cloud refuses, and what follows from a call.

use super::{Happening, Sim};
use crate::cloud::gcp::world::Mode;
use crate::cloud::gcp::{Action, Kind};
use crate::cloud::resource::{Address, Change, Kind as _, Value};
use crate::cloud::{Failure, Trouble, lease};

impl Sim {
    /// A fault that hits any call before it has an effect.
    pub(super) fn fault(&mut self) -> Result<(), Failure> {
        if self.chance.happens(self.faults.throttled) {
            return Err(Failure::new(Trouble::Throttled, "403 rateLimitExceeded"));
        }
        if self.chance.happens(self.faults.unavailable) {
            return Err(Failure::new(Trouble::Unavailable, "503 Service Unavailable"));
        }
        Ok(())
    }

    /// What Google Cloud refuses.
    pub(super) fn check(&self, action: &Action, generation: Option<u64>) -> Result<(), Failure> {
        let change = match action {
            Action::Lease(change) => Some(change),
            _ => None,
        };
        lease::fence(self.world.lease.as_ref(), change, generation, self.now)?;
        let group = |name: &String| {
            self.world.groups.get(name).ok_or_else(|| Failure::new(Trouble::NotFound, format!("404 no group {name}")))
        };
        match action {
            Action::Resource(change) => self.check_resource(change),
            Action::CreateGroup(new) if self.taken.contains(&new.name) || self.world.groups.contains_key(&new.name) => {
                Err(Failure::new(Trouble::Conflict, format!("409 alreadyExists: {}", new.name)))
            }
            Action::CreateGroup(new) => self.present(&new.template),
            Action::PatchVersions { group: name, versions, max_surge, fingerprint } => {
                let found = group(name)?;
                if found.fingerprint != *fingerprint {
                    return Err(Failure::new(Trouble::Conflict, "412 conditionNotMet: the fingerprint is stale"));
                }
                let zones = u32::try_from(found.zones.len()).unwrap_or(u32::MAX);
                if *max_surge != 0 && *max_surge < zones {
                    let message = "400 Fixed updatePolicy.maxSurge for regional managed instance group has to be either 0 or \
                                   at least equal to the number of zones.";
                    return Err(Failure::new(Trouble::Invalid, message));
                }
                if versions.iter().filter(|version| version.size.is_none()).count() != 1 {
                    return Err(Failure::new(Trouble::Invalid, "400 exactly one version must have no targetSize"));
                }
                versions.iter().try_for_each(|version| self.present(&version.template))
            }
            Action::Resize { group: name, .. } => match &group(name)?.autoscaler {
                Some(scaler) if scaler.mode != Mode::Off => {
                    let message = "400 Resizing of autoscaled regional managed instance groups is not allowed.";
                    Err(Failure::new(Trouble::Invalid, message))
                }
                _ => Ok(()),
            },
            Action::CreateAutoscaler { group: name, .. } => match &group(name)?.autoscaler {
                Some(_) => Err(Failure::new(Trouble::Conflict, "409 alreadyExists")),
                None => Ok(()),
            },
            Action::PatchAutoscaler { group: name, .. } => group(name).map(|_| ()),
            Action::DeleteGroup { group: name } => {
                group(name)?;
                let names = |value: &Value<Kind>| value.texts().contains(&name.as_str());
                let mut backends = self.world.resources.iter().filter(|(of, _)| of.kind == Kind::BackendService);
                match backends.find(|(_, found)| found.fields.values().any(names)) {
                    Some((of, _)) => Err(Failure::new(
                        Trouble::NotReady,
                        format!("400 resourceInUseByAnotherResource: {name} by {of}"),
                    )),
                    None => Ok(()),
                }
            }
            Action::Lease(_) => Ok(()),
        }
    }

    fn present(&self, template: &str) -> Result<(), Failure> {
        match self.world.resources.contains_key(&Address::new(Kind::InstanceTemplate, template)) {
            true => Ok(()),
            false => Err(Failure::new(Trouble::NotFound, format!("404 no instance template {template}"))),
        }
    }

    fn check_resource(&self, change: &Change<Kind>) -> Result<(), Failure> {
        let address = change.address();
        let there = self.world.resources.contains_key(address);
        match change {
            Change::Create { .. } if there || self.taken.contains(&address.name) => {
                Err(Failure::new(Trouble::Conflict, format!("409 alreadyExists: {address}")))
            }
            Change::Create { .. } => Ok(()),
            _ if !there => Err(Failure::new(Trouble::NotFound, format!("404 no {address}"))),
            Change::Update { .. } => Ok(()),
            Change::Delete { .. } => {
                let refers = |value: &Value<Kind>| value.references().contains(&address);
                let by_resource = self.world.resources.values().any(|found| found.fields.values().any(refers));
                let uses = |group: &crate::cloud::gcp::world::Group| {
                    group.versions.iter().any(|version| version.template == address.name)
                        || group.instances.iter().any(|instance| instance.template == address.name)
                };
                let by_group = address.kind == Kind::InstanceTemplate && self.world.groups.values().any(uses);
                match by_resource || by_group {
                    true => {
                        Err(Failure::new(Trouble::NotReady, format!("400 resourceInUseByAnotherResource: {address}")))
                    }
                    false => Ok(()),
                }
            }
        }
    }

    /// Plans what a call sets going.
    pub(super) fn follow(&mut self, action: &Action) {
        match action {
            Action::Resource(Change::Create { address, .. }) => {
                let taken = self.about(address.kind.info().made_in);
                self.agenda.plan(self.now + taken, Happening::Settles(address.clone()));
            }
            Action::Resource(Change::Delete { address }) => {
                let taken = self.about(address.kind.info().gone_in);
                self.agenda.plan(self.now + taken, Happening::Settles(address.clone()));
            }
            Action::CreateGroup(new) => self.agenda.plan(self.now, Happening::Tend(new.name.clone())),
            Action::PatchVersions { group, .. } => {
                let wakes = self.about(self.timing.wakes);
                self.agenda.plan(self.now + wakes, Happening::Tend(group.clone()));
            }
            Action::Resize { group, .. } => self.agenda.plan(self.now, Happening::Tend(group.clone())),
            Action::DeleteGroup { group } => {
                let taken = self.about(self.timing.end);
                self.agenda.plan(self.now + taken, Happening::GroupGone(group.clone()));
            }
            _ => {}
        }
    }
}
