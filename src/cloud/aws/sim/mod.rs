//! A simulated AWS: its clock is its own, it is the same for the same seed, and it has what emulators hide.
//!
//! What it does, with the source of each, and what is only assumed: `docs/design/simulated-clouds.md`. How long things take
//! is an assumption, in [`Timing`].

mod call;
mod groups;
mod happen;
mod health;
mod incident;
mod machines;
mod timing;

pub use timing::Timing;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Action, Aws, Kind, World};
use crate::chance::Chance;
use crate::cloud::image::Registry;
use crate::cloud::incident::Incident;
use crate::cloud::resource::Address;
use crate::cloud::sim::{Agenda, Faults, Look, Past, Simulated};
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
    /// Instances that do not answer.
    sick: BTreeSet<String>,
    /// Groups of which an instance has passed a check: only from then on a group replaces those that do not.
    proven: BTreeSet<String>,
    /// Names that somebody else has, and that looks do not show.
    taken: BTreeSet<String>,
    /// Zones that are lost.
    #[serde(default)]
    lost: BTreeSet<String>,
    /// Instances that the load of a service takes, where it was changed.
    #[serde(default)]
    loads: BTreeMap<String, u32>,
    /// Images whose instances never become healthy, with their service.
    #[serde(default)]
    bad_images: BTreeSet<(String, String)>,
    past: Past<World>,
    #[serde(default)]
    registry: Registry,
    /// Instances made so far, which number them.
    made: u64,
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
    /// The application of the instance at a place of its group stops answering, for so many milliseconds.
    SickensAt { group: String, place: usize, lasting: u64 },
    /// The application of an instance stops answering.
    Sickens { group: String, instance: String },
    /// It answers again.
    Recovers { group: String, instance: String },
    /// A group sees whether an instance passes the checks of the load balancer.
    Judged { group: String, instance: String },
    /// What an instance waits for before it goes into service has not come in time.
    Abandoned { group: String, instance: String },
    /// A group moves an instance to the zone that has fewest.
    Rebalances(String),
    /// The instance that a group has moved away from goes.
    Moved { group: String, instance: String },
    /// The clock sets the sizes of a group.
    Scheduled { group: String, min: u32, max: u32, desired: u32 },
    /// An alarm begins or ceases to fire.
    Alarm { name: String, fires: bool },
    /// Something befalls the world from outside.
    Befalls(Incident),
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
            sick: BTreeSet::new(),
            proven: BTreeSet::new(),
            taken: BTreeSet::new(),
            lost: BTreeSet::new(),
            loads: BTreeMap::new(),
            bad_images: BTreeSet::new(),
            past: Past::default(),
            registry: Registry::default(),
            made: 0,
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

    /// The same, in which calls do not fail, every version works, and nothing befalls it: what one can know of it. How much
    /// is in stock nobody tells; the quotas of an account can be asked for.
    #[must_use]
    pub fn without_faults(mut self) -> Self {
        self.faults = Faults::default();
        self.broken.clear();
        self.out_of_stock.clear();
        self.agenda.retain(|event| !matches!(event, Happening::Befalls(_)));
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
        if !self.broken.iter().any(|known| known == version) {
            self.broken.push(version.to_owned());
        }
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

    /// At that moment, an instance of a group stops answering, for some time: the one at this place among its instances.
    pub fn sicken_at(&mut self, at: Moment, group: &str, place: usize, lasting: Span) {
        self.agenda.plan(at, Happening::SickensAt { group: group.to_owned(), place, lasting: lasting.0 });
    }

    /// At that moment, a group moves an instance to the zone that has fewest, unless that is suspended.
    pub fn rebalance_at(&mut self, at: Moment, group: &str) {
        self.agenda.plan(at, Happening::Rebalances(group.to_owned()));
    }

    /// At that moment, the clock sets the sizes of a group, unless that is suspended.
    pub fn schedule_at(&mut self, at: Moment, group: &str, min: u32, max: u32, desired: u32) {
        self.agenda.plan(at, Happening::Scheduled { group: group.to_owned(), min, max, desired });
    }

    /// Somebody else has something of this name, which looks do not show.
    pub fn take_name(&mut self, name: &str) {
        self.taken.insert(name.to_owned());
    }

    /// The registry of images.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// From now on, the tag of an image means something else.
    pub fn move_tag(&mut self, image: &str) {
        self.registry.move_tag(image);
    }

    /// Changes something by hand, as a person at the console does.
    pub fn by_hand(&mut self, change: impl FnOnce(&mut World)) {
        change(&mut self.world);
        self.changed();
        self.take_up();
    }

    fn changed(&mut self) {
        self.past.changed(&self.world, self.now, &self.faults);
    }

    /// A time, give or take what it spreads by.
    fn about(&mut self, span: Span) -> Span {
        let spread = span.0.saturating_mul(u64::from(self.timing.spread_permille)) / 1000;
        Span(
            span.0.saturating_sub(spread).saturating_add(self.chance.below(spread.saturating_mul(2).saturating_add(1))),
        )
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

    fn look(&mut self, seen: Option<u64>) -> Result<Look<World>, Failure> {
        self.fault()?;
        Ok(self.past.look(&self.world, seen, self.now, &self.faults, &mut self.chance))
    }

    fn changes(&self) -> u64 {
        self.past.changes()
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
