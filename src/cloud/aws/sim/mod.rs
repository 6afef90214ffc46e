//! A simulated AWS: its clock is its own, it is the same for the same seed, and it has what emulators hide.
//!
//! What it does as the documentation has it: a target group that no rule names is never checked; the first check that passes
//! makes a target healthy, later ones take as many as the threshold; a group's own `Healthy` is no evidence; a target that
//! is taken out is shown as draining until the delay is over; a group with instances cannot be deleted; a target group that
//! a rule names cannot be deleted; names are unique; looks lag behind. (User guides of Elastic Load Balancing and EC2 Auto
//! Scaling, service models of both; read 2026-11-21.) How long things take is an assumption, in [`Timing`].

mod call;
mod groups;
mod happen;
mod machines;
mod timing;

pub use timing::Timing;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Action, Aws, Kind, World};
use crate::chance::Chance;
use crate::cloud::resource::Address;
use crate::cloud::sim::{Agenda, Faults, Simulated};
use crate::cloud::{Cloud, Failure, Trouble};
use crate::units::{Moment, Span};

/// A simulated AWS.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sim {
    now: Moment,
    world: World,
    agenda: Agenda<Happening>,
    timing: Timing,
    faults: Faults,
    chance: Chance,
    /// Versions whose instances never answer as they should.
    broken: Vec<String>,
    /// Zones of each group.
    zones: BTreeMap<String, Vec<String>>,
    /// Zones without machines to be had, until when.
    out_of_stock: BTreeMap<String, Moment>,
    /// Most instances of the account at once.
    quota: u32,
    /// Worlds as they were, for looks that lag behind.
    past: Vec<(Moment, World)>,
    /// Instances made so far, which number them.
    made: u64,
    /// Raised by every change of the world.
    changes: u64,
}

/// What happens by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Happening {
    /// A resource can be used, or is gone.
    Settles(Address<Kind>),
    /// A group sees whether it has the instances it wants.
    Tend(String),
    /// An instance has booted.
    Booted { group: String, instance: String },
    /// An instance is gone.
    Ended { group: String, instance: String },
    /// The load balancer checks a target.
    Checked { group: String, instance: String },
    /// A group is gone.
    GroupGone(String),
    /// A machine without a group has booted.
    MachineBooted(String),
    /// The service of a machine without a group answers.
    MachineAnswers(String),
    /// A machine without a group is shut down.
    MachineStopped(String),
    /// A machine without a group is gone.
    MachineGone(String),
    /// The load makes a group scale.
    Scales { group: String, desired: u32 },
    /// A zone is lost with all that runs in it.
    ZoneLost(String),
    /// An alarm begins or ceases to fire.
    Alarm { name: String, fires: bool },
}

impl Sim {
    /// A world as it was observed, or an empty one, from a moment on.
    pub fn new(world: World, now: Moment, seed: u64) -> Self {
        let mut sim = Self {
            now,
            world,
            agenda: Agenda::default(),
            timing: Timing::default(),
            faults: Faults::default(),
            chance: Chance::new(seed),
            broken: Vec::new(),
            zones: BTreeMap::new(),
            out_of_stock: BTreeMap::new(),
            quota: u32::MAX,
            past: Vec::new(),
            made: 0,
            changes: 0,
        };
        sim.take_up();
        sim
    }

    /// The same with other times.
    #[must_use]
    pub fn with_timing(mut self, timing: Timing) -> Self {
        self.timing = timing;
        self
    }

    /// The same with faults.
    #[must_use]
    pub fn with_faults(mut self, faults: Faults) -> Self {
        self.faults = faults;
        self
    }

    /// The same, in which calls do not fail and every version works.
    #[must_use]
    pub fn without_faults(mut self) -> Self {
        self.faults = Faults::default();
        self.broken.clear();
        self
    }

    /// The same, in which chance goes on from another seed.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.chance = Chance::new(seed);
        self
    }

    /// The same, with no more instances than this in the account.
    #[must_use]
    pub fn with_quota(mut self, quota: u32) -> Self {
        self.quota = quota;
        self
    }

    /// From now on, instances of this version never answer as they should.
    pub fn break_version(&mut self, version: &str) {
        self.broken.push(version.to_owned());
    }

    /// Until then, a zone has no machines to be had.
    pub fn run_out(&mut self, zone: &str, until: Moment) {
        self.out_of_stock.insert(zone.to_owned(), until);
    }

    /// At that moment, the load makes a group want so many instances.
    pub fn scale_at(&mut self, at: Moment, group: &str, desired: u32) {
        self.agenda.plan(at, Happening::Scales { group: group.to_owned(), desired });
    }

    /// At that moment, a zone is lost with all that runs in it.
    pub fn lose_zone_at(&mut self, at: Moment, zone: &str) {
        self.agenda.plan(at, Happening::ZoneLost(zone.to_owned()));
    }

    /// At that moment, an alarm begins or ceases to fire.
    pub fn alarm_at(&mut self, at: Moment, name: &str, fires: bool) {
        self.agenda.plan(at, Happening::Alarm { name: name.to_owned(), fires });
    }

    /// Changes something by hand, as a person at the console does.
    pub fn by_hand(&mut self, change: impl FnOnce(&mut World)) {
        change(&mut self.world);
        self.changed();
        self.take_up();
    }

    /// How often the world has changed: where that is the same, a look shows the same.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    fn changed(&mut self) {
        self.changes += 1;
        if self.faults.stale > 0 {
            let (now, lag) = (self.now, self.faults.lag);
            self.past.retain(|(at, _)| *at + lag >= now);
            self.past.push((now, self.world.clone()));
        }
    }

    /// Somewhere between three quarters and five quarters of a time.
    fn about(&mut self, span: Span) -> Span {
        Span(span.0 - span.0 / 4 + self.chance.below(span.0 / 2 + 1))
    }
}

impl Simulated for Sim {
    type Cloud = Aws;

    fn now(&self) -> Moment {
        self.now
    }

    fn next_change(&self) -> Option<Moment> {
        self.agenda.next()
    }

    fn advance(&mut self, to: Moment) {
        while let Some((at, event)) = self.agenda.take(to) {
            self.now = self.now.max(at);
            self.happen(event);
        }
        self.now = self.now.max(to);
    }

    fn truth(&self) -> &World {
        &self.world
    }

    fn observe(&mut self) -> Result<World, Failure> {
        self.fault()?;
        if self.chance.happens(self.faults.stale) && !self.past.is_empty() {
            let len = u64::try_from(self.past.len()).unwrap_or_default();
            let at = usize::try_from(self.chance.below(len)).unwrap_or_default();
            if let Some((_, world)) = self.past.get(at) {
                return Ok(world.clone());
            }
        }
        Ok(self.world.clone())
    }

    fn perform(&mut self, action: &Action, generation: Option<u64>) -> Result<(), Failure> {
        self.fault()?;
        self.fence(action, generation)?;
        self.check(action)?;
        Aws::apply(&mut self.world, action, self.now);
        self.follow(action);
        self.changed();
        if self.chance.happens(self.faults.lost) {
            return Err(Failure::new(Trouble::Unknown, "the connection was closed before the reply"));
        }
        Ok(())
    }

    fn latency(&mut self) -> Span {
        let call = self.timing.call;
        self.about(call)
    }
}
