//! A service on one machine: its disk and its address move from the old machine to the new one, and the service is away
//! meanwhile.
//!
//! Two machines must never write to the same disk, so that there is no Blue/Green here: the old machine stops, its disk is
//! taken from it and given to the new one. The new machine is started first, so that only the move interrupts.

use super::Fact;
use super::release::version_tags;
use super::view::group_name;
use crate::cloud::aws::desired::Single;
use crate::cloud::aws::world::{Machine, Power};
use crate::cloud::aws::{Action, Desired, Kind, World};
use crate::cloud::names::{SERVICE, VERSION, is_ours};
use crate::cloud::resource::{Address, Found, Graph, Rules, State, Wanted, next_among};
use crate::cloud::step::{Invariant, Refusal, Undo};
use crate::cloud::{Next, Since};
use crate::units::{Moment, Span};

/// How long a machine may run, with its disk, without its service answering, before it counts as failed. A choice: a database
/// that recovers after it was cut off may take minutes.
const PATIENCE: Span = Span::seconds(900);

/// What is next for a single machine.
pub(super) fn single(
    desired: &Desired,
    service: &str,
    single: &Single,
    world: &World,
    since: &Since<Fact>,
    now: Moment,
) -> Next<Action> {
    let name = group_name(&desired.deployment, service, &single.version);
    let template = Address::new(Kind::LaunchTemplate, name.clone());
    let ours = |machine: &Machine| is_ours(&desired.tags, &machine.tags);
    let others =
        world.machines.iter().filter(|(other, machine)| machine.service == service && **other != name && ours(machine));
    let others: Vec<(&String, &Machine)> = others.collect();
    let machine = world.machines.get(&name);
    if machine.is_some_and(|machine| !ours(machine)) {
        return Next { refused: vec![foreign(&name)], ..Next::default() };
    }
    let serves = others.iter().any(|(_, other)| other.state != Power::ShuttingDown);
    if machine.is_none() && serves && !single.may_interrupt {
        return Next { refused: vec![interrupts(service, single)], ..Next::default() };
    }
    let mut next = parts(desired, service, single, &template, world);
    let ready = |address: &Address<Kind>| world.resources.get(address).is_some_and(|found| found.state == State::Ready);
    if !ready(&template) {
        return next;
    }
    if let Some(missing) = single.parts().find(|part| !ready(part)) {
        next.wait(format!("machine/{name}"), format!("{missing} must be there first")).order();
        return next;
    }
    let Some(machine) = machine else {
        start(desired, service, single, &name, &mut next);
        return next;
    };
    match machine.state {
        Power::Running => {
            let of = Moving { service, name: &name, machine, others: &others, single, world };
            of.go_on(since, now, &mut next);
        }
        Power::Stopped => {
            let on = Action::PowerOn { machine: name.clone() };
            next.act(on, "it is wanted again", Invariant::OnlyOurs, Undo::By("stopped again".into()));
        }
        Power::Pending => {
            next.wait(format!("machine/{name}"), "it boots");
        }
        Power::Stopping | Power::ShuttingDown => {
            next.wait(format!("machine/{name}"), "it shuts down, and is started again after that");
        }
    }
    next
}

fn foreign(name: &str) -> Refusal {
    Refusal {
        subject: format!("machine/{name}"),
        why: "it exists already, and does not bear the tags of this deployment".to_owned(),
        ways_out: vec!["give the deployment another name, or delete what is there by hand".to_owned()],
        failed: false,
    }
}

fn parts(desired: &Desired, service: &str, single: &Single, template: &Address<Kind>, world: &World) -> Next<Action> {
    let wanted = Wanted {
        fields: single.template.clone(),
        tags: version_tags(service, &single.version),
        because: "the machine is started from it".to_owned(),
    };
    let mine = |found: &Found<Kind>| {
        found.tags.get(SERVICE).is_some_and(|of| of == service) && found.tags.contains_key(VERSION)
    };
    let in_use = |address: &Address<Kind>| {
        address.kind == Kind::LaunchTemplate
            && world.machines.get(&address.name).is_some_and(|machine| machine.service == service)
    };
    let rules = Rules { ours: &desired.tags, mine: &mine, in_use: &in_use, allow_data_loss: desired.allow_data_loss };
    let graph = Graph::from([(template.clone(), wanted)]);
    next_among(&graph, &world.resources, world.resources.of_kind(Kind::LaunchTemplate), &rules).map(Action::Resource)
}

fn interrupts(service: &str, single: &Single) -> Refusal {
    Refusal {
        subject: format!("service/{service}"),
        why: format!(
            "{service} is one machine with data: replacing it interrupts it for about {}",
            single.interruption
        ),
        ways_out: vec![
            "agree to it, at an hour when it hurts least: --allow-interruption".to_owned(),
            format!("leave {service} as it is: put back what changed its machine, and run this again"),
        ],
        failed: false,
    }
}

fn start(desired: &Desired, service: &str, single: &Single, name: &str, next: &mut Next<Action>) {
    let mut tags = desired.tags.clone();
    tags.extend(version_tags(service, &single.version));
    let start = Action::StartMachine {
        machine: name.to_owned(),
        service: service.to_owned(),
        version: single.version.clone(),
        template: name.to_owned(),
        tags,
    };
    let reason = format!("{} runs on a machine of its own", single.label);
    next.act(start, reason, Invariant::OnlyOurs, Undo::By("deleted when it is no longer wanted".into()));
}

/// A machine that runs and takes over from others.
struct Moving<'a> {
    service: &'a str,
    name: &'a str,
    machine: &'a Machine,
    others: &'a [(&'a String, &'a Machine)],
    single: &'a Single,
    world: &'a World,
}

impl Moving<'_> {
    /// The disk, then the address, go from machine to machine; then what is left of the old one is deleted.
    fn go_on(&self, since: &Since<Fact>, now: Moment, next: &mut Next<Action>) {
        if let Some(part) = self.single.parts().find(|part| !self.machine.has(part)) {
            self.take(part, next);
            return;
        }
        if !self.machine.healthy {
            let silent = Fact::Silent { machine: self.name.to_owned(), volume: self.machine.volume.clone() };
            match since.has_held(&silent, PATIENCE, now) {
                true => next.refused.push(self.silent()),
                false => {
                    next.wait(format!("machine/{}", self.name), "its service answers").progress(0, 1);
                }
            }
            return;
        }
        for (old, other) in self.others {
            unwanted(old, other, next);
        }
    }

    /// A part is taken from whichever machine has it: a disk only once nothing writes to it any more, an address at any time.
    fn take(&self, part: Address<Kind>, next: &mut Next<Action>) {
        let mut holders = self.world.machines.iter().filter(|(_, other)| other.has(&part));
        let Some((old, holder)) = holders.next() else {
            let reason = match part.kind {
                Kind::Volume => "its data is on it",
                _ => "the others reach it there",
            };
            let attach = Action::Attach { machine: self.name.to_owned(), part };
            next.act(attach, reason, Invariant::OnlyOurs, Undo::By("detached".into()));
            return;
        };
        if !self.others.iter().any(|(name, _)| *name == old) && holder.state != Power::ShuttingDown {
            let why = format!("{part} is attached to {old}, which is no machine of this service");
            let ways_out = vec![format!("detach {part} from {old} by hand, and run this again")];
            next.refused.push(Refusal { subject: format!("machine/{}", self.name), why, ways_out, failed: false });
            return;
        }
        let is_disk = part.kind == Kind::Volume;
        match holder.state {
            Power::Running if holder.healthy && !self.single.may_interrupt => {
                next.refused.push(interrupts(self.service, self.single));
            }
            Power::Running | Power::Pending if is_disk => {
                let stop = Action::StopMachine { machine: old.clone() };
                let reason = "what is written must be on the disk before it moves: the interruption begins";
                next.act(stop, reason, Invariant::OnlyOurs, Undo::By("started again with its disk".into()));
            }
            Power::Stopping if is_disk => {
                next.wait(format!("machine/{old}"), "it shuts down");
            }
            Power::ShuttingDown => {
                next.wait(format!("machine/{old}"), "it shuts down for good");
            }
            _ => {
                let detach = Action::Detach { machine: old.clone(), part };
                next.act(detach, "the new machine needs it", Invariant::OnlyOurs, Undo::By("attached again".into()));
            }
        }
    }

    fn silent(&self) -> Refusal {
        let label = &self.single.label;
        let mend = "mend what keeps it from answering, and apply again".to_owned();
        Refusal {
            subject: format!("machine/{}", self.name),
            why: format!("{label} runs with its disk, and its service did not answer in {PATIENCE}"),
            ways_out: match self.others.is_empty() {
                true => vec!["see whether its zone is lost, and look at its log".to_owned(), mend],
                false => vec!["look at its log; go back to the old version with rapplan rollback".to_owned(), mend],
            },
            failed: !self.others.is_empty(),
        }
    }
}

/// A machine goes; its disk stays, as it is a resource of its own.
pub(super) fn unwanted(name: &str, machine: &Machine, next: &mut Next<Action>) {
    match machine.state {
        Power::ShuttingDown => {
            next.wait(format!("machine/{name}"), "it shuts down for good");
        }
        _ => {
            let delete = Action::DeleteMachine { machine: name.to_owned() };
            next.act(delete, "it is no longer wanted; its disk stays", Invariant::UsedStays, Undo::Final);
        }
    }
}
