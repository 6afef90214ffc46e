//! Who runs, and how hard it tries.

use crate::chance::Chance;
use crate::units::Span;

/// Who runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// User, machine and process: `mina@build-7, pid 4411`.
    pub owner: String,
    /// The command: `rapplan apply`.
    pub command: String,
    /// Where the spread of waits begins; made from the deployment and the generation, not from chance.
    pub seed: u64,
}

/// How hard it tries. The defaults are choices of rapplan, each said where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Most calls on their way at once.
    pub parallel: usize,
    /// Times that a call which fails is sent in a row. With waits that double from a second to half a minute, ten of them
    /// last over three minutes, longer than a limit that is counted by the minute.
    pub tries: u32,
    /// Wait after the first failure; doubled with each further one.
    pub first_wait: Span,
    /// Longest wait.
    pub longest_wait: Span,
    /// Time between two looks while something is waited for. Shorter finds less and is throttled; longer adds to every wait.
    pub poll: Span,
    /// How long a look may miss what was just changed: reads of EC2 are consistent only eventually.
    pub settles: Span,
    /// How long the lease holds without being renewed. A run that dies keeps others out for so long.
    pub lease: Span,
    /// How long to wait for the lease of another run.
    pub lease_wait: Span,
    /// Whether to go back by itself when a release fails.
    pub rolls_back: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            parallel: 10,
            tries: 10,
            first_wait: Span::seconds(1),
            longest_wait: Span::seconds(30),
            poll: Span::seconds(3),
            settles: Span::seconds(5),
            lease: Span::seconds(120),
            lease_wait: Span(0),
            rolls_back: true,
        }
    }
}

impl Policy {
    /// How long to wait after so many failures in a row: anything up to a bound that doubles, so that runs which failed
    /// together do not come back together ("full jitter", AWS Architecture Blog, 2015-03-04); no less than half the first
    /// wait.
    pub fn backoff(&self, tries: u32, chance: &mut Chance) -> Span {
        let doubled = self.first_wait.0.saturating_mul(1 << tries.saturating_sub(1).min(20));
        let bound = doubled.min(self.longest_wait.0);
        Span((self.first_wait.0 / 2).max(chance.below(bound.saturating_add(1))))
    }
}
