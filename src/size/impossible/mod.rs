//! Input that cannot work, named with the way out. One file for each check; each is a function of plain inputs.

pub mod adapters;
pub mod arch_of_machine;
pub mod cache_too_small;
pub mod etcd_on_nfs;
mod families;
pub mod gpu_of_machine;
pub mod placed_model;
pub mod pool;
mod services;

pub use families::{Carries, Family, arch, carries, with_gpu};
pub use services::{Machines, Where, of_plan, of_services};

use crate::error::{Code, Problem};
use crate::size::plan::Warning;

/// Ids of what cannot run at all: the machine does not exist, or the program would not start.
const CANNOT_RUN: [&str; 3] = [gpu_of_machine::ID, arch_of_machine::ID, adapters::NO_ADAPTERS];

/// Whether a warning is of something that cannot run at all, as opposed to what runs badly.
pub fn cannot_run(warning: &Warning) -> bool {
    CANNOT_RUN.contains(&warning.id.as_str())
}

/// The warning as an error, for commands that would act on it.
pub fn problem(warning: &Warning) -> Problem {
    Problem::new(Code::Contradiction, warning.text.clone()).hint_opt(warning.hint.clone())
}

#[cfg(test)]
pub(in crate::size) mod tests;
