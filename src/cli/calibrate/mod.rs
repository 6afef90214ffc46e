//! From files of load generators to a capacity, and into a blueprint.

mod read;
mod report;
mod write;

pub use read::{Source, read};
pub use report::{Calibration, Row, report};
pub use write::{rows, write};

use indexmap::IndexMap;

use crate::demand::capacity::Objective;
use crate::units::Count;

/// What the user says of the test beside its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Name of the scenario.
    pub scenario: String,
    /// The service that the requests went to.
    pub service: Option<String>,
    /// Machines that it ran on, by role.
    pub machines: IndexMap<String, String>,
    /// Services that took no part.
    pub excludes: Vec<String>,
    /// Users, for files that do not tell.
    pub users: Option<Count>,
    /// Day of the test, for files that do not tell.
    pub date: Option<String>,
    /// What must hold.
    pub objective: Objective,
}
