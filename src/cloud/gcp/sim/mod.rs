//! A simulated Google Cloud: its clock is its own, and it is the same for the same seed.
//!
//! What it does, with the source of each, and what is only assumed: `docs/design/simulated-clouds.md`. How long things take
//! is an assumption, in [`Timing`].

mod call;
mod groups;
mod incident;
mod machines;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::world::Power;
use super::{Action, Gcp, Kind, World};
use crate::chance::Chance;
use crate::cloud::incident::Incident;
use crate::cloud::resource::{Address, settle};
use crate::cloud::sim::{Agenda, Faults, Look, Past, Simulated};
use crate::cloud::{Cloud, Failure, Trouble};
use crate::units::{Moment, Span, millis};

/// A simulated Google Cloud.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sim {
    now: Moment,
    world: World,
    agenda: Agenda<Happening>,
    timing: Timing,
    faults: Faults,
    chance: Chance,
    /// Templates and versions whose instances never answer as they should.
    broken: Vec<String>,
    /// Zones without machines to be had, until when.
    out_of_stock: BTreeMap<String, Moment>,
    /// Most instances of the project at once.
    quota: u32,
    /// Names that somebody else has, and that looks do not show.
    taken: BTreeSet<String>,
    /// Images whose instances never become healthy, with their service.
    #[serde(default)]
    bad_images: BTreeSet<(String, String)>,
    past: Past<World>,
    made: u64,
}

/// Times. Every default is an assumption, to be replaced by what past runs measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Timing {
    /// How far each time spreads to both sides, in thousandths.
    pub spread_permille: u32,
    /// A call, until its operation is done.
    #[serde(with = "millis")]
    pub call: Span,
    /// From a change of versions until the updater wakes.
    #[serde(with = "millis")]
    pub wakes: Span,
    /// From the start of an instance until it runs.
    #[serde(with = "millis")]
    pub boot: Span,
    /// From then until its application answers.
    #[serde(with = "millis")]
    pub start: Span,
    /// Until an instance that does not answer is made anew.
    #[serde(with = "millis")]
    pub repair: Span,
    /// How long an application that stops answering by chance does not.
    #[serde(with = "millis")]
    pub sick: Span,
    /// Until an instance is gone.
    #[serde(with = "millis")]
    pub end: Span,
    /// Between two attempts to make what could not be made.
    #[serde(with = "millis")]
    pub retry: Span,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            spread_permille: 250,
            call: Span(800),
            repair: Span::seconds(90),
            sick: Span::seconds(120),
            wakes: Span::seconds(8),
            boot: Span::seconds(60),
            start: Span::seconds(60),
            end: Span::seconds(30),
            retry: Span::seconds(60),
        }
    }
}

/// What happens by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Happening {
    /// A resource can be used, or is gone.
    Settles(Address<Kind>),
    /// A group's updater looks at what it has and what it wants.
    Tend(String),
    /// An instance runs.
    Runs { group: String, instance: String },
    /// The health check has an answer.
    Checked { group: String, instance: String },
    /// An instance is gone.
    Ended { group: String, instance: String },
    /// A group is gone.
    GroupGone(String),
    /// The load makes a group want so many instances.
    Scales { group: String, size: u32 },
    /// An instance no longer answers, or answers again.
    Health { group: String, instance: String, healthy: bool },
    /// The application of the instance at a place of its group stops answering, for so many milliseconds.
    SickensAt { group: String, place: usize, lasting: u64 },
    /// A group makes an instance that does not answer anew.
    Repairs { group: String, instance: String },
    /// A machine without a group has booted.
    MachineBooted(String),
    /// The service of a machine without a group answers.
    MachineAnswers(String),
    /// A machine without a group is shut down.
    MachineStopped(String),
    /// A machine without a group is gone.
    MachineGone(String),
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
            out_of_stock: BTreeMap::new(),
            quota: u32::MAX,
            taken: BTreeSet::new(),
            bad_images: BTreeSet::new(),
            past: Past::default(),
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

    /// The same, with no more instances than this in the project.
    #[must_use]
    pub fn with_quota(mut self, quota: u32) -> Self {
        self.quota = quota;
        self
    }

    /// From now on, instances of this template or version never answer as they should.
    pub fn break_template(&mut self, template: &str) {
        self.broken.push(template.to_owned());
    }

    /// Until then, a zone has no machines to be had.
    pub fn run_out(&mut self, zone: &str, until: Moment) {
        self.out_of_stock.insert(zone.to_owned(), until);
    }

    /// At that moment, the load makes a group want so many instances.
    pub fn scale_at(&mut self, at: Moment, group: &str, size: u32) {
        self.agenda.plan(at, Happening::Scales { group: group.to_owned(), size });
    }

    /// At that moment, an alarm begins or ceases to fire.
    pub fn alarm_at(&mut self, at: Moment, name: &str, fires: bool) {
        self.agenda.plan(at, Happening::Alarm { name: name.to_owned(), fires });
    }

    /// At that moment, an instance of a group stops answering, for some time: the one at this place among its instances.
    pub fn sicken_at(&mut self, at: Moment, group: &str, place: usize, lasting: Span) {
        self.agenda.plan(at, Happening::SickensAt { group: group.to_owned(), place, lasting: lasting.0 });
    }

    /// Somebody else has something of this name, which looks do not show.
    pub fn take_name(&mut self, name: &str) {
        self.taken.insert(name.to_owned());
    }

    /// Changes something by hand, as a person at the console does.
    pub fn by_hand(&mut self, change: impl FnOnce(&mut World)) {
        change(&mut self.world);
        for group in self.world.groups.values_mut() {
            group.fingerprint += 1;
        }
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

    fn happen(&mut self, event: Happening) {
        match event {
            Happening::Settles(address) => settle(&mut self.world.resources, &address),
            Happening::Tend(group) => self.tend(&group),
            Happening::Runs { group, instance } => self.runs(&group, &instance),
            Happening::Checked { group, instance } => self.checked(&group, &instance),
            Happening::Ended { group, instance } => self.ended(&group, &instance),
            Happening::GroupGone(group) => {
                self.world.groups.remove(&group);
            }
            Happening::Scales { group, size } => self.scales(&group, size),
            Happening::Health { group, instance, healthy } => {
                let group = self.world.groups.get_mut(&group);
                let found = group.and_then(|group| group.instances.iter_mut().find(|one| one.name == instance));
                if let Some(found) = found {
                    found.healthy = Some(healthy);
                }
            }
            Happening::SickensAt { group, place, lasting } => {
                let instance = self.world.groups.get(&group).and_then(|group| group.instances.get(place));
                if let Some(instance) = instance.map(|instance| instance.name.clone()) {
                    self.sickens(&group, &instance, Span(lasting));
                }
            }
            Happening::Repairs { group, instance } => self.repairs(&group, &instance),
            Happening::MachineBooted(name) => self.machine(&name, Power::Pending, Power::Running),
            Happening::MachineStopped(name) => self.machine(&name, Power::Stopping, Power::Stopped),
            Happening::MachineAnswers(name) => self.answers(&name),
            Happening::MachineGone(name) => {
                self.world.machines.remove(&name);
            }
            Happening::Befalls(incident) => self.befalls(incident),
            Happening::Alarm { name, fires } => {
                self.world.alarms.insert(name, fires);
            }
        }
        self.changed();
    }
}

impl Simulated for Sim {
    type Cloud = Gcp;

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
        self.check(action, generation)?;
        Gcp::apply(&mut self.world, action, self.now);
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
