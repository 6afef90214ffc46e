//! What can be done with a machine that is not of a group.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Machine, Parts, Power};
use crate::cloud::resource::{Address, Kind, Tags};

/// A call that changes one machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", bound(serialize = "K: Kind", deserialize = "K: Kind"))]
pub enum Call<K> {
    /// Start it for the first time.
    Start {
        /// Its name.
        machine: String,
        /// Service.
        service: String,
        /// Version.
        version: String,
        /// Template.
        template: String,
        /// Its tags.
        tags: Tags,
    },
    /// Shut it down and keep it.
    Stop {
        /// Its name.
        machine: String,
    },
    /// Start it again.
    PowerOn {
        /// Its name.
        machine: String,
    },
    /// Delete it; its data disk stays.
    Delete {
        /// Its name.
        machine: String,
    },
    /// Take a disk or an address from it.
    Detach {
        /// Its name.
        machine: String,
        /// What is taken.
        part: Address<K>,
    },
    /// Give it a disk or an address.
    Attach {
        /// Its name.
        machine: String,
        /// What is given.
        part: Address<K>,
    },
}

impl<K> Call<K> {
    /// The machine that it is about.
    pub fn machine(&self) -> &str {
        match self {
            Self::Start { machine, .. }
            | Self::Stop { machine }
            | Self::PowerOn { machine }
            | Self::Delete { machine }
            | Self::Detach { machine, .. }
            | Self::Attach { machine, .. } => machine,
        }
    }
}

/// A line of a timeline.
impl<K: Kind> fmt::Display for Call<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start { machine, .. } => write!(f, "start machine {machine}"),
            Self::Stop { machine } => write!(f, "stop machine {machine}"),
            Self::PowerOn { machine } => write!(f, "start machine {machine} again"),
            Self::Delete { machine } => write!(f, "delete machine {machine}"),
            Self::Detach { machine, part } => write!(f, "detach {part} from {machine}"),
            Self::Attach { machine, part } => write!(f, "attach {part} to {machine}"),
        }
    }
}

/// Changes the machines as the cloud tells it right after the call.
pub fn apply<K: Parts>(machines: &mut BTreeMap<String, Machine<K>>, call: &Call<K>) {
    if let Call::Start { machine, service, version, tags, .. } = call {
        let new = || Machine {
            id: format!("machine/{machine}"),
            service: service.clone(),
            version: version.clone(),
            state: Power::Pending,
            healthy: false,
            volume: None,
            address: None,
            tags: tags.clone(),
        };
        machines.entry(machine.clone()).or_insert_with(new);
        return;
    }
    let Some(machine) = machines.get_mut(call.machine()) else { return };
    match call {
        Call::PowerOn { .. } => (machine.state, machine.healthy) = (Power::Pending, false),
        Call::Stop { .. } => (machine.state, machine.healthy) = (Power::Stopping, false),
        Call::Delete { .. } => (machine.state, machine.healthy) = (Power::ShuttingDown, false),
        Call::Detach { part, .. } if part.kind == K::DISK => machine.volume = None,
        Call::Detach { .. } => machine.address = None,
        Call::Attach { part, .. } if part.kind == K::DISK => machine.volume = Some(part.name.clone()),
        Call::Attach { part, .. } => machine.address = Some(part.clone()),
        Call::Start { .. } => {}
    }
}
