//! A service on one machine: its disk and its address move from the old machine to the new one, and the service is away
//! meanwhile.
//!
//! Two machines must never write to the same disk, so that there is no Blue/Green here: the old machine stops, its disk is
//! taken from it and given to the new one. The new machine is started first, so that only the move interrupts.

use super::release::version_tags;
use super::view::group_name;
use crate::cloud::Next;
use crate::cloud::aws::desired::Single;
use crate::cloud::aws::world::{Machine, Power};
use crate::cloud::aws::{Action, Desired, Kind, World};
use crate::cloud::names::{SERVICE, VERSION};
use crate::cloud::resource::{Address, Found, Graph, Rules, State, Wanted, next as next_resources};
use crate::cloud::step::{Invariant, Refusal, Undo};

/// What is next for a single machine.
pub(super) fn single(desired: &Desired, service: &str, single: &Single, world: &World) -> Next<Action> {
    let name = group_name(&desired.deployment, service, &single.version);
    let template = Address::new(Kind::LaunchTemplate, name.clone());
    let mut next = parts(desired, service, single, &template, world);
    if world.resources.get(&template).is_none_or(|found| found.state != State::Ready) {
        return next;
    }
    let ready = |address: &Address<Kind>| world.resources.get(address).is_some_and(|found| found.state == State::Ready);
    if let Some(missing) = single.parts().find(|part| !ready(part)) {
        next.wait(format!("machine/{name}"), format!("{missing} must be there first"));
        return next;
    }
    let others: Vec<(&String, &Machine)> =
        world.machines.iter().filter(|(other, machine)| machine.service == service && **other != name).collect();
    let Some(machine) = world.machines.get(&name) else {
        if !others.is_empty() && !single.may_interrupt {
            next.refused.push(interrupts(service, single));
            return next;
        }
        start(desired, service, single, &name, &mut next);
        return next;
    };
    if machine.state != Power::Running {
        next.wait(format!("machine/{name}"), "it boots");
        return next;
    }
    take_over(&name, machine, &others, single, &mut next);
    next
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
    let used = world.machines.iter().filter(|(_, machine)| machine.service == service);
    let in_use = used.map(|(name, _)| Address::new(Kind::LaunchTemplate, name.clone())).collect();
    let rules = Rules { ours: &desired.tags, mine: &mine, in_use, allow_data_loss: desired.allow_data_loss };
    let graph = Graph::from([(template.clone(), wanted)]);
    next_resources(&graph, &world.resources, &rules).map(Action::Resource)
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
            format!("leave {service} as it is and release the rest: --only"),
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

/// The disk, then the address, go from machine to machine; then what is left of the old one is deleted.
fn take_over(name: &str, machine: &Machine, others: &[(&String, &Machine)], single: &Single, next: &mut Next<Action>) {
    if let Some(part) = single.parts().find(|part| !machine.has(part)) {
        match others.iter().find(|(_, other)| other.has(&part)) {
            Some((old, holder)) => release(old, holder, part, next),
            None => {
                let reason = match part.kind {
                    Kind::Volume => "its data is on it",
                    _ => "the others reach it there",
                };
                let attach = Action::Attach { machine: name.to_owned(), part };
                next.act(attach, reason, Invariant::OnlyOurs, Undo::By("detached".into()));
            }
        }
        return;
    }
    if !machine.healthy {
        next.wait(format!("machine/{name}"), "its service answers").progress(0, 1);
        return;
    }
    for (old, other) in others {
        unwanted(old, other, next);
    }
}

/// The old machine gives a part up: a disk only once nothing writes to it any more, an address at any time.
fn release(old: &str, holder: &Machine, part: Address<Kind>, next: &mut Next<Action>) {
    let is_disk = part.kind == Kind::Volume;
    match holder.state {
        Power::Running | Power::Pending if is_disk => {
            let stop = Action::StopMachine { machine: old.to_owned() };
            let reason = "what is written must be on the disk before it moves: the interruption begins";
            next.act(stop, reason, Invariant::OnlyOurs, Undo::By("started again with its disk".into()));
        }
        Power::Stopping if is_disk => {
            next.wait(format!("machine/{old}"), "it shuts down");
        }
        _ => {
            let detach = Action::Detach { machine: old.to_owned(), part };
            next.act(detach, "the new machine needs it", Invariant::OnlyOurs, Undo::By("attached again".into()));
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
