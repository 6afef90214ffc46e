//! A service on one machine: its disk and its address move from the old machine to the new one, and the service is away
//! meanwhile.
//!
//! Two machines must never write to the same disk, so that there is no Blue/Green here: the old machine stops, its disk is
//! taken from it and given to the new one. The new machine is started first, so that only the move interrupts.

use std::collections::BTreeMap;

use super::{Call, Machine, Parts, Power, Single};
use crate::cloud::Next;
use crate::cloud::names::{SERVICE, VERSION, is_ours};
use crate::cloud::resource::{Address, Change, Found, Inventory, Rules, State, Tags, Want, next_among};
use crate::cloud::step::{Invariant, Refusal, Undo};
use crate::units::Span;

/// How long a machine may run, with its disk, without its service answering, before it counts as failed. A choice: a database
/// that recovers after it was cut off may take minutes.
const PATIENCE: Span = Span::seconds(900);

/// What is done: to what a machine is made from, or to a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Did<K> {
    /// A resource is made, changed or deleted.
    Resource(Change<K>),
    /// A machine is changed.
    Machine(Call<K>),
}

/// What is observed, and what it is held against.
pub struct Now<'a, K> {
    /// Tags of every resource of the deployment.
    pub tags: &'a Tags,
    /// Whether what holds data may be deleted.
    pub allow_data_loss: bool,
    /// All machines, by name.
    pub machines: &'a BTreeMap<String, Machine<K>>,
    /// All resources.
    pub resources: &'a Inventory<K>,
    /// Whether a machine with this disk has run for so long without its service answering.
    pub silent: &'a dyn Fn(&str, &Option<String>, Span) -> bool,
}

/// What is next for a single machine, whose machine and template have this name.
pub fn next<K: Parts>(now: &Now<'_, K>, service: &str, single: &Single<K>, name: &str) -> Next<Did<K>> {
    let template = Address::new(K::TEMPLATE, name);
    let ours = |machine: &Machine<K>| is_ours(now.tags, &machine.tags);
    let others =
        now.machines.iter().filter(|(other, machine)| machine.service == service && *other != name && ours(machine));
    let others: Vec<(&String, &Machine<K>)> = others.collect();
    let machine = now.machines.get(name);
    if machine.is_some_and(|machine| !ours(machine)) {
        return Next { refused: vec![foreign(name)], ..Next::default() };
    }
    let serves = others.iter().any(|(_, other)| other.state != Power::ShuttingDown);
    if machine.is_none() && serves && !single.may_interrupt {
        return Next { refused: vec![interrupts(service, single)], ..Next::default() };
    }
    let mut next = parts(now, service, single, &template).map(Did::Resource);
    let ready = |address: &Address<K>| now.resources.get(address).is_some_and(|found| found.state == State::Ready);
    if !ready(&template) {
        return next;
    }
    if let Some(missing) = single.parts().find(|part| !ready(part)) {
        next.wait(format!("machine/{name}"), format!("{missing} must be there first")).order();
        return next;
    }
    let Some(machine) = machine else {
        start(now.tags, service, single, name, &mut next);
        return next;
    };
    match machine.state {
        Power::Running => {
            let of = Moving { service, name, machine, others: &others, single, now };
            of.go_on(&mut next);
        }
        Power::Stopped => {
            let on = Call::PowerOn { machine: name.to_owned() };
            next.act(Did::Machine(on), "it is wanted again", Invariant::OnlyOurs, Undo::By("stopped again".into()));
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

/// Tags of what belongs to one version of a service.
fn version_tags(service: &str, version: &str) -> Tags {
    BTreeMap::from([(SERVICE.to_owned(), service.to_owned()), (VERSION.to_owned(), version.to_owned())])
}

fn foreign(name: &str) -> Refusal {
    Refusal {
        subject: format!("machine/{name}"),
        why: "it exists already, and does not bear the tags of this deployment".to_owned(),
        ways_out: vec!["give the deployment another name, or delete what is there by hand".to_owned()],
        failed: false,
    }
}

fn parts<K: Parts>(now: &Now<'_, K>, service: &str, single: &Single<K>, template: &Address<K>) -> Next<Change<K>> {
    let tags = version_tags(service, &single.version);
    let wanted = Want { fields: &single.template, tags: &tags, because: "the machine is started from it" };
    let mine =
        |found: &Found<K>| found.tags.get(SERVICE).is_some_and(|of| of == service) && found.tags.contains_key(VERSION);
    let in_use = |address: &Address<K>| {
        address.kind == K::TEMPLATE && now.machines.get(&address.name).is_some_and(|machine| machine.service == service)
    };
    let rules = Rules { ours: now.tags, mine: &mine, in_use: &in_use, allow_data_loss: now.allow_data_loss };
    next_among([(template, wanted)], now.resources, now.resources.of_kind(K::TEMPLATE), &rules)
}

fn interrupts<K>(service: &str, single: &Single<K>) -> Refusal {
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

fn start<K>(ours: &Tags, service: &str, single: &Single<K>, name: &str, next: &mut Next<Did<K>>) {
    let mut tags = ours.clone();
    tags.extend(version_tags(service, &single.version));
    let start = Call::Start {
        machine: name.to_owned(),
        service: service.to_owned(),
        version: single.version.clone(),
        template: name.to_owned(),
        tags,
    };
    let reason = format!("{} runs on a machine of its own", single.label);
    next.act(Did::Machine(start), reason, Invariant::OnlyOurs, Undo::By("deleted when it is no longer wanted".into()));
}

/// A machine that runs and takes over from others.
struct Moving<'a, K> {
    service: &'a str,
    name: &'a str,
    machine: &'a Machine<K>,
    others: &'a [(&'a String, &'a Machine<K>)],
    single: &'a Single<K>,
    now: &'a Now<'a, K>,
}

impl<K: Parts> Moving<'_, K> {
    /// The disk, then the address, go from machine to machine; then what is left of the old one is deleted.
    fn go_on(&self, next: &mut Next<Did<K>>) {
        if let Some(part) = self.single.parts().find(|part| !self.machine.has(part)) {
            self.take(part, next);
            return;
        }
        if !self.machine.healthy {
            match (self.now.silent)(self.name, &self.machine.volume, PATIENCE) {
                true => next.refused.push(self.silent()),
                false => {
                    next.wait(format!("machine/{}", self.name), "its service answers").progress(0, 1);
                }
            }
            return;
        }
        for (old, other) in self.others {
            unwanted(old, other, next, Did::Machine);
        }
    }

    /// A part is taken from whichever machine has it: a disk only once nothing writes to it any more, an address at any time.
    fn take(&self, part: Address<K>, next: &mut Next<Did<K>>) {
        let mut holders = self.now.machines.iter().filter(|(_, other)| other.has(&part));
        let Some((old, holder)) = holders.next() else {
            let reason = match part.kind == K::DISK {
                true => "its data is on it",
                false => "the others reach it there",
            };
            let attach = Call::Attach { machine: self.name.to_owned(), part };
            next.act(Did::Machine(attach), reason, Invariant::OnlyOurs, Undo::By("detached".into()));
            return;
        };
        if !self.others.iter().any(|(name, _)| *name == old) && holder.state != Power::ShuttingDown {
            let why = format!("{part} is attached to {old}, which is no machine of this service");
            let ways_out = vec![format!("detach {part} from {old} by hand, and run this again")];
            next.refused.push(Refusal { subject: format!("machine/{}", self.name), why, ways_out, failed: false });
            return;
        }
        let is_disk = part.kind == K::DISK;
        match holder.state {
            Power::Running if holder.healthy && !self.single.may_interrupt => {
                next.refused.push(interrupts(self.service, self.single));
            }
            Power::Running | Power::Pending if is_disk => {
                let stop = Call::Stop { machine: old.clone() };
                let reason = "what is written must be on the disk before it moves: the interruption begins";
                next.act(
                    Did::Machine(stop),
                    reason,
                    Invariant::OnlyOurs,
                    Undo::By("started again with its disk".into()),
                );
            }
            Power::Stopping if is_disk => {
                next.wait(format!("machine/{old}"), "it shuts down");
            }
            Power::ShuttingDown => {
                next.wait(format!("machine/{old}"), "it shuts down for good");
            }
            _ => {
                let detach = Call::Detach { machine: old.clone(), part };
                next.act(
                    Did::Machine(detach),
                    "the new machine needs it",
                    Invariant::OnlyOurs,
                    Undo::By("attached again".into()),
                );
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
pub fn unwanted<K, A>(name: &str, machine: &Machine<K>, next: &mut Next<A>, act: impl Fn(Call<K>) -> A) {
    match machine.state {
        Power::ShuttingDown => {
            next.wait(format!("machine/{name}"), "it shuts down for good");
        }
        _ => {
            let delete = Call::Delete { machine: name.to_owned() };
            next.act(act(delete), "it is no longer wanted; its disk stays", Invariant::UsedStays, Undo::Final);
        }
    }
}
