//! What a simulated Google Cloud refuses, and what follows from a call.

use super::{Happening, Sim};
use crate::cloud::gcp::reconcile::GROUPS;
use crate::cloud::gcp::world::{Mode, Power};
use crate::cloud::gcp::{Action, Kind};
use crate::cloud::machine::Call;
use crate::cloud::resource::{Address, Change, Fields, Kind as _, Value, shrinks};
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
            Action::CreateGroup(new) => {
                self.present(Kind::InstanceTemplate, &new.template)?;
                self.all_present(&new.settings)
            }
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
                versions.iter().try_for_each(|version| self.present(Kind::InstanceTemplate, &version.template))
            }
            Action::PatchSettings { group: name, settings, fingerprint } => {
                if group(name)?.fingerprint != *fingerprint {
                    return Err(Failure::new(Trouble::Conflict, "412 conditionNotMet: the fingerprint is stale"));
                }
                self.all_present(settings)
            }
            Action::Machine(call) => self.check_machine(call),
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

    fn present(&self, kind: Kind, name: &str) -> Result<(), Failure> {
        match self.world.resources.contains_key(&Address::new(kind, name)) {
            true => Ok(()),
            false => Err(Failure::new(Trouble::NotFound, format!("404 no {} {name}", kind.info().word))),
        }
    }

    fn all_present(&self, settings: &Fields<Kind>) -> Result<(), Failure> {
        settings.values().flat_map(Value::references).try_for_each(|of| self.present(of.kind, &of.name))
    }

    fn check_machine(&self, call: &Call<Kind>) -> Result<(), Failure> {
        let name = call.machine();
        let machine = self.world.machines.get(name);
        match (call, machine) {
            (Call::Start { template, .. }, None) if !self.taken.contains(name) => {
                self.present(Kind::InstanceTemplate, template)
            }
            (Call::Start { .. }, _) => Err(Failure::new(Trouble::Conflict, format!("409 alreadyExists: {name}"))),
            (_, None) => Err(Failure::new(Trouble::NotFound, format!("404 no instance {name}"))),
            (Call::Attach { part, .. }, _) => match self.world.machines.values().any(|machine| machine.has(part)) {
                true => {
                    let message = format!("400 RESOURCE_IN_USE_BY_ANOTHER_RESOURCE: {part}");
                    Err(Failure::new(Trouble::Conflict, message))
                }
                false => self.present(part.kind, &part.name),
            },
            (Call::Detach { part, .. }, Some(machine)) if !machine.has(part) => {
                Err(Failure::new(Trouble::NotFound, format!("400 {part} is not attached to {name}")))
            }
            (Call::PowerOn { .. }, Some(machine)) if machine.state != Power::Stopped => {
                Err(Failure::new(Trouble::NotReady, format!("400 resourceNotReady: {name}")))
            }
            _ => Ok(()),
        }
    }

    fn check_resource(&self, change: &Change<Kind>) -> Result<(), Failure> {
        let address = change.address();
        let there = self.world.resources.contains_key(address);
        match change {
            Change::Create { .. } if there || self.taken.contains(&address.name) => {
                Err(Failure::new(Trouble::Conflict, format!("409 alreadyExists: {address}")))
            }
            Change::Create { fields, .. } => {
                let groups = fields.get(GROUPS).filter(|_| address.kind == Kind::BackendService);
                let missing = groups
                    .and_then(|groups| groups.texts().into_iter().find(|name| !self.world.groups.contains_key(*name)));
                match missing {
                    Some(group) => Err(Failure::new(Trouble::NotFound, format!("404 no instance group {group}"))),
                    None => Ok(()),
                }
            }
            _ if !there => Err(Failure::new(Trouble::NotFound, format!("404 no {address}"))),
            Change::Update { fields, .. } => {
                let there = self.world.resources.get(address);
                let found = |name: &String| there.and_then(|there| there.fields.get(name));
                match fields.iter().any(|(name, value)| shrinks(address.kind, name, value, found(name))) {
                    true => {
                        Err(Failure::new(Trouble::Invalid, format!("400 invalid: {address} cannot become smaller")))
                    }
                    false => Ok(()),
                }
            }
            Change::Delete { .. } => {
                let refers = |value: &Value<Kind>| value.references().contains(&address);
                let by_resource = self.world.resources.values().any(|found| found.fields.values().any(refers));
                let by_group = self.world.groups.values().any(|group| group.uses(address));
                let by_machine = self.world.machines.values().any(|machine| machine.has(address));
                match by_resource || by_group || by_machine {
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
            Action::Machine(call) => self.follow_machine(call),
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
