//! Machines without a group, of a simulated Google Cloud.

use super::{Happening, Sim};
use crate::cloud::gcp::Kind;
use crate::cloud::gcp::world::Power;
use crate::cloud::machine::Call;

impl Sim {
    /// Plans what a call about a machine sets going.
    pub(super) fn follow_machine(&mut self, call: &Call<Kind>) {
        let name = call.machine().to_owned();
        let (taken, then) = match call {
            Call::Start { .. } | Call::PowerOn { .. } => (self.timing.boot, Happening::MachineBooted(name)),
            Call::Stop { .. } => (self.timing.end, Happening::MachineStopped(name)),
            Call::Delete { .. } => (self.timing.end, Happening::MachineGone(name)),
            Call::Attach { .. } => (self.timing.start, Happening::MachineAnswers(name)),
            Call::Detach { .. } => return,
        };
        let taken = self.about(taken);
        self.agenda.plan(self.now + taken, then);
    }

    /// A machine has come from one state to the next.
    pub(super) fn machine(&mut self, name: &str, from: Power, to: Power) {
        let Some(machine) = self.world.machines.get_mut(name).filter(|machine| machine.state == from) else { return };
        machine.state = to;
        if to == Power::Running {
            let taken = self.about(self.timing.start);
            self.agenda.plan(self.now + taken, Happening::MachineAnswers(name.to_owned()));
        }
    }

    /// The service of a machine answers once it runs, unless it is broken.
    pub(super) fn answers(&mut self, name: &str) {
        let Some(machine) = self.world.machines.get_mut(name) else { return };
        machine.healthy = machine.state == Power::Running && !self.broken.contains(&machine.version);
    }
}
