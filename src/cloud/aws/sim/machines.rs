//! Machines without a group, of a simulated AWS.

use super::{Happening, Sim};
use crate::cloud::aws::world::Power;

impl Sim {
    /// A machine has come from one state to the next.
    pub(super) fn machine(&mut self, name: &str, from: Power, to: Power) {
        let Some(machine) = self.world.machines.get_mut(name).filter(|machine| machine.state == from) else { return };
        machine.state = to;
        if to == Power::Running {
            let taken = self.about(self.timing.start);
            self.agenda.plan(self.now + taken, Happening::MachineAnswers(name.to_owned()));
        }
    }

    /// The service of a machine answers once it runs, unless it is broken or its zone is lost.
    pub(super) fn answers(&mut self, name: &str) {
        let cut_off = self.is_cut_off(name);
        let Some(machine) = self.world.machines.get_mut(name) else { return };
        machine.healthy = !cut_off && machine.state == Power::Running && !self.broken.contains(&machine.version);
    }
}
