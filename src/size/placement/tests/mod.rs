mod brute;
mod cases;
mod laws;
mod limits;

use super::types::{Lot, Rules, Spread};
use crate::blueprint::platform::Provider;
use crate::blueprint::service::Arch;
use crate::catalog::{Gpu, Machine, Prices, Purchase, Quote};
use crate::size::component::Resources;
use crate::units::{Bytes, Cores, Price};

/// A machine on demand: cores, GiB, millionths of a dollar an hour.
pub(super) fn machine(name: &str, cores: u64, gib: u64, price: u64) -> Machine {
    Machine {
        provider: Provider::Aws,
        region: "us-east-1".to_owned(),
        name: name.to_owned(),
        family: name.split('.').next().unwrap_or(name).to_owned(),
        cpu: Cores::whole(cores),
        memory: Bytes::gib(gib),
        arch: Arch::Arm64,
        burstable: false,
        gpu: None,
        local_disk: Bytes(0),
        prices: Prices { on_demand: Some(quote(price)), ..Prices::default() },
        note: None,
    }
}

pub(super) fn quote(price: u64) -> Quote {
    Quote { price: Price(price), date: "2026-11-21".to_owned(), source: "a test".to_owned(), note: None }
}

pub(super) fn x86(mut machine: Machine) -> Machine {
    machine.arch = Arch::Amd64;
    machine
}

pub(super) fn with_gpu(machine: Machine, model: &str, count: u32, gib: u64) -> Machine {
    Machine { gpu: Some(Gpu { model: model.to_owned(), count, memory: Bytes::gib(gib) }), ..x86(machine) }
}

/// A lot that may be on any machine: thousandths of a core, MiB.
pub(super) fn lot(name: &str, role: &str, copies: u32, cores: u64, mib: u64) -> Lot {
    Lot {
        name: name.to_owned(),
        role: role.to_owned(),
        copies,
        each: Resources { cpu: Cores(cores), memory: Bytes::mib(mib), ..Resources::default() },
        arch: Vec::new(),
        spread: Spread::None,
        steady: false,
        machine: None,
    }
}

pub(super) fn rules() -> Rules {
    Rules {
        separate_roles: false,
        max_machines: None,
        zones: 1,
        purchase: Purchase::OnDemand,
        system_memory: Bytes(0),
        runners_up: 0,
    }
}
