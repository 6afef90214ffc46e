//! A machine to try fits on.

use crate::blueprint::platform::Provider;
use crate::blueprint::service::Arch;
use crate::catalog::{Machine, Prices};
use crate::units::{Bytes, Cores};

/// A plain machine with so many cores and so much memory in GiB.
pub(super) fn machine(name: &str, cores: u64, gib: u64) -> Machine {
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
        prices: Prices::default(),
        note: None,
    }
}
