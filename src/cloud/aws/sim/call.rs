//! What a simulated AWS refuses, and what follows from a call.

use super::{Happening, Sim};
use crate::cloud::aws::world::Power;
use crate::cloud::aws::{Action, Kind};
use crate::cloud::resource::{Address, Change, Kind as _, Value, shrinks};
use crate::cloud::{Failure, Trouble, lease};

impl Sim {
    /// A fault that hits any call before it has an effect.
    pub(super) fn fault(&mut self) -> Result<(), Failure> {
        if self.chance.happens(self.faults.throttled) {
            return Err(Failure::new(Trouble::Throttled, "Rate exceeded"));
        }
        if self.chance.happens(self.faults.unavailable) {
            return Err(Failure::new(Trouble::Unavailable, "503 Service Unavailable"));
        }
        Ok(())
    }

    /// Calls of a run that another one has followed are refused.
    pub(super) fn fence(&self, action: &Action, generation: Option<u64>) -> Result<(), Failure> {
        let change = match action {
            Action::Lease(change) => Some(change),
            _ => None,
        };
        lease::fence(self.world.lease.as_ref(), change, generation, self.now)
    }

    /// What AWS refuses.
    pub(super) fn check(&self, action: &Action) -> Result<(), Failure> {
        match action {
            Action::Resource(change) => self.check_resource(change),
            Action::CreateGroup(new) if self.is_taken(&new.name) || self.world.groups.contains_key(&new.name) => {
                Err(Failure::new(Trouble::Conflict, format!("AlreadyExists: a group with the name {}", new.name)))
            }
            Action::CreateGroup(new) => {
                self.present(Kind::LaunchTemplate, &new.template)?;
                self.present(Kind::TargetGroup, &new.target_group)
            }
            Action::Resize { group, .. }
            | Action::TagGroup { group, .. }
            | Action::Suspend { group, .. }
            | Action::Resume { group, .. }
            | Action::PutPolicy { group, .. } => match self.world.groups.get(group) {
                None => Err(Failure::new(Trouble::NotFound, format!("no group {group}"))),
                Some(found) if found.deleting => {
                    Err(Failure::new(Trouble::NotReady, format!("ScalingActivityInProgress: {group} is being deleted")))
                }
                Some(_) => Ok(()),
            },
            Action::DeleteGroup { group } => match self.world.groups.get(group) {
                None => Err(Failure::new(Trouble::NotFound, format!("no group {group}"))),
                Some(found) if !found.instances.is_empty() => {
                    Err(Failure::new(Trouble::NotReady, format!("ResourceInUse: {group} still has instances")))
                }
                Some(_) => Ok(()),
            },
            Action::Share { weights, .. } => {
                if weights.len() > 5 {
                    return Err(Failure::new(Trouble::Invalid, "a forward action takes at most 5 target groups"));
                }
                weights.keys().try_for_each(|name| self.present(Kind::TargetGroup, name))
            }
            Action::Attach { part, .. } => match self.world.machines.values().any(|machine| machine.has(part)) {
                true => Err(Failure::new(Trouble::Conflict, format!("InUse: {part} is attached"))),
                false => self.present(part.kind, &part.name),
            },
            Action::StartMachine { machine, .. } if self.world.machines.contains_key(machine) => {
                Err(Failure::new(Trouble::Conflict, format!("a machine with the name {machine} exists")))
            }
            Action::Detach { machine, part } => match self.world.machines.get(machine).is_some_and(|of| of.has(part)) {
                true => Ok(()),
                false => {
                    let message = format!("IncorrectState: {part} is not attached to {machine}");
                    Err(Failure::new(Trouble::NotFound, message))
                }
            },
            Action::PowerOn { machine } | Action::StopMachine { machine } | Action::DeleteMachine { machine }
                if !self.world.machines.contains_key(machine) =>
            {
                Err(Failure::new(Trouble::NotFound, format!("no machine {machine}")))
            }
            Action::PowerOn { machine } => match self.world.machines[machine].state {
                Power::Stopped => Ok(()),
                _ => Err(Failure::new(Trouble::NotReady, format!("IncorrectInstanceState: {machine}"))),
            },
            _ => Ok(()),
        }
    }

    fn is_taken(&self, name: &str) -> bool {
        self.taken.contains(name)
    }

    fn present(&self, kind: Kind, name: &str) -> Result<(), Failure> {
        match self.world.resources.contains_key(&Address::new(kind, name)) {
            true => Ok(()),
            false => Err(Failure::new(Trouble::NotFound, format!("no {} {name}", kind.info().word))),
        }
    }

    fn check_resource(&self, change: &Change<Kind>) -> Result<(), Failure> {
        let address = change.address();
        let there = self.world.resources.get(address);
        match change {
            Change::Create { .. } if there.is_some() || self.is_taken(&address.name) => {
                Err(Failure::new(Trouble::Conflict, format!("Duplicate: {address} exists")))
            }
            Change::Create { fields, .. } => {
                let missing = |of: &&Address<Kind>| !self.world.resources.contains_key(of);
                match fields.values().flat_map(Value::references).find(missing) {
                    Some(of) => Err(Failure::new(Trouble::NotFound, format!("{of}, which {address} refers to"))),
                    None => Ok(()),
                }
            }
            Change::Update { .. } | Change::Delete { .. } if there.is_none() => {
                Err(Failure::new(Trouble::NotFound, format!("no {address}")))
            }
            Change::Update { fields, .. } => {
                let there = self.world.resources.get(address);
                let found = |name: &String| there.and_then(|there| there.fields.get(name));
                match fields.iter().any(|(name, value)| shrinks(address.kind, name, value, found(name))) {
                    true => Err(Failure::new(
                        Trouble::Invalid,
                        format!("InvalidParameterValue: {address} cannot become smaller"),
                    )),
                    false => Ok(()),
                }
            }
            Change::Delete { .. } => {
                let refers = |value: &Value<Kind>| value.references().contains(&address);
                let by_resource = self.world.resources.values().any(|found| found.fields.values().any(refers));
                let by_route = address.kind == Kind::TargetGroup
                    && self.world.routes.values().any(|route| route.weights.contains_key(&address.name));
                let by_machine = self.world.machines.values().any(|machine| machine.has(address));
                match by_resource || by_route || by_machine {
                    true => Err(Failure::new(Trouble::NotReady, format!("ResourceInUse: {address}"))),
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
            Action::CreateGroup(new) => {
                self.zones.insert(new.name.clone(), new.zones.clone());
                self.agenda.plan(self.now, Happening::Tend(new.name.clone()));
            }
            Action::Resize { group, .. } => self.agenda.plan(self.now, Happening::Tend(group.clone())),
            Action::DeleteGroup { group } => {
                let taken = self.about(self.timing.group_gone);
                self.agenda.plan(self.now + taken, Happening::GroupGone(group.clone()));
            }
            Action::Share { service, .. } | Action::DropRoute { service } => self.routes_changed(service),
            Action::PutPolicy { group, .. } => {
                if let Some(service) = self.world.groups.get(group).map(|group| group.service.clone()) {
                    self.follow_load(&service);
                }
            }
            Action::StartMachine { machine, .. } => {
                let taken = self.about(self.timing.boot);
                self.agenda.plan(self.now + taken, Happening::MachineBooted(machine.clone()));
            }
            Action::PowerOn { machine } => {
                let taken = self.about(self.timing.boot);
                self.agenda.plan(self.now + taken, Happening::MachineBooted(machine.clone()));
            }
            Action::StopMachine { machine } => {
                let taken = self.about(self.timing.end);
                self.agenda.plan(self.now + taken, Happening::MachineStopped(machine.clone()));
            }
            Action::DeleteMachine { machine } => {
                let taken = self.about(self.timing.end);
                self.agenda.plan(self.now + taken, Happening::MachineGone(machine.clone()));
            }
            Action::Attach { machine, .. } => {
                let taken = self.about(self.timing.start);
                self.agenda.plan(self.now + taken, Happening::MachineAnswers(machine.clone()));
            }
            _ => {}
        }
    }
}
