//! The exit statuses, in one table.

/// What the process ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Done, or nothing to do.
    Ok,
    /// Failed.
    Failed,
    /// Changes are present (only with `--detailed-exitcode`).
    Changes,
    /// A policy forbids it.
    Policy,
    /// Needs a login.
    Login,
    /// Another run holds the lock.
    Locked,
    /// Stopped part-way; run the same command again to go on.
    Stopped,
    /// The rollout failed and was rolled back.
    RolledBack,
    /// The command line is wrong.
    Usage,
    /// A fault in rapplan itself.
    Internal,
    /// Interrupted.
    Interrupted,
}

/// Every status with its number and meaning; `rapplan help exit-codes` and the reference page print this table.
pub const TABLE: [(Exit, u8, &str); 11] = [
    (Exit::Ok, 0, "done, or nothing to do"),
    (Exit::Failed, 1, "failed: the message says what, where, why and how to mend it"),
    (Exit::Changes, 2, "changes are present (only with `--detailed-exitcode`)"),
    (Exit::Policy, 3, "a policy forbids it, such as the one that the capacity stays above the demand"),
    (Exit::Login, 4, "no valid credentials"),
    (Exit::Locked, 5, "another run holds the lock"),
    (Exit::Stopped, 6, "stopped part-way; the same command goes on from there"),
    (Exit::RolledBack, 7, "the rollout failed and was rolled back"),
    (Exit::Usage, 64, "the command line or an input value is wrong"),
    (Exit::Internal, 70, "a fault in rapplan itself"),
    (Exit::Interrupted, 130, "interrupted"),
];

impl Exit {
    /// The number that the process ends with.
    pub fn number(self) -> u8 {
        TABLE.iter().find(|(exit, ..)| *exit == self).map_or(70, |(_, number, _)| *number)
    }
}
