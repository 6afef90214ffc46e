//! How a machine without a group stands, for people.

use super::{Machine, Power};
use crate::cloud::shown::Standing;

/// How a machine stands.
pub fn standing<K>(name: &str, machine: &Machine<K>) -> Standing {
    let state = match machine.state {
        Power::Pending => Some("it boots"),
        Power::Running if machine.healthy => None,
        Power::Running => Some("its service does not answer"),
        Power::Stopping | Power::Stopped => Some("it is shut down"),
        Power::ShuttingDown => Some("it is being deleted"),
    };
    Standing {
        service: machine.service.clone(),
        version: machine.version.clone(),
        runs_in: format!("machine/{name}"),
        healthy: u32::from(machine.healthy),
        wanted: 1,
        share: None,
        trouble: state.map(str::to_owned),
    }
}
