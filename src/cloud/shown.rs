//! What a cloud tells people of a deployment, beside what the engine needs of it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Cloud;
use super::image::Registry;
use super::load::Load;
use super::sim::{Faults, Simulated};
use crate::units::Moment;

/// A cloud whose states can be kept, compared and shown.
pub trait Shown: Cloud<Desired: Kept, World: Kept, Action: Send + Sync> {
    /// Name of the deployment that is wanted.
    fn deployment(desired: &Self::Desired) -> &str;

    /// The versions that are wanted, by service.
    fn versions(desired: &Self::Desired) -> BTreeMap<String, Version>;

    /// What differs between two worlds, by what people have names for: a service with all that is made for its version is
    /// one change.
    fn changes(before: &Self::World, after: &Self::World) -> Vec<Change>;

    /// What was observed without what changes by itself: health, instances, who holds the lease. Two worlds that are the
    /// same here lead to the same plan.
    fn lasting(world: &Self::World) -> Self::World;

    /// How each service stands.
    fn standing(world: &Self::World) -> Vec<Standing>;

    /// What a run that died left behind.
    fn leftovers(world: &Self::World) -> Vec<Leftover>;

    /// What is wanted when the deployment is to go: nothing, or only what holds data and what that needs.
    fn nothing(deployment: &str, world: &Self::World, allow_data_loss: bool) -> Self::Desired;

    /// The same with a next version of every service, as a release would want it.
    fn next_release(desired: &Self::Desired) -> Self::Desired;

    /// What each service that has a demand must bear, and what an instance of it bears.
    fn loads(_desired: &Self::Desired) -> BTreeMap<String, Load> {
        BTreeMap::new()
    }

    /// The same, reached in a gentler way; `None` where it is that gentle already, or the cloud has no such way.
    fn eased(_desired: &Self::Desired, _way: Way) -> Option<Self::Desired> {
        None
    }

    /// What stands, with the sizes of what is wanted: more instances of the versions that run now. `None` where the sizes are
    /// no larger.
    fn grown(_standing: &Self::Desired, _wanted: &Self::Desired) -> Option<Self::Desired> {
        None
    }

    /// The service whose requests, or whose instances, an action moves to another version.
    fn switches(_action: &Self::Action) -> Option<String> {
        None
    }

    /// The same, where services with data may be interrupted.
    fn interruptible(desired: Self::Desired) -> Self::Desired;

    /// How many things were observed.
    fn count(world: &Self::World) -> usize;
}

/// Can be written to a file and read back.
pub trait Kept: Serialize + DeserializeOwned + Clone + PartialEq + Send + Sync {}

impl<T: Serialize + DeserializeOwned + Clone + PartialEq + Send + Sync> Kept for T {}

/// A simulated cloud whose world lasts, and can be copied to try things in.
pub trait Playable: Simulated<Cloud: Shown> + Clone + Serialize + DeserializeOwned + Send + Sync {
    /// The name of the cloud: `aws`.
    const NAME: &'static str;

    /// A world without anything in it.
    fn empty(seed: u64) -> Self;

    /// The same world, in which chance goes on from another seed.
    #[must_use]
    fn reseeded(self, seed: u64) -> Self;

    /// The same world, in which this goes wrong from now on.
    #[must_use]
    fn disturbed(self, faults: Faults) -> Self;

    /// The same world without anything in it that goes wrong: what a plan reckons with.
    #[must_use]
    fn calm(self) -> Self;

    /// The image with the digest that its tag means now; one that has a digest stays as it is.
    fn resolved(&self, image: &str) -> String {
        Registry::default().resolve(image)
    }

    /// Images whose instances never become healthy, with their service.
    fn bad_images(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    /// From now on, instances of this version never answer as they should.
    fn spoil(&mut self, version: &str);
}

/// A gentler way to what is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The new version takes over in steps: 10, 25, 50 and 100 of 100.
    SmallerSteps,
    /// As many instances above the size as it has: none goes before another one is there.
    MoreSurge,
    /// At an hour at which so many thousandths of the demand are asked.
    Quieter(u64),
}

impl Way {
    /// The steps of [`Way::SmallerSteps`].
    pub const STEPS: [u16; 4] = [10, 25, 50, 100];
}

/// A version of a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Version {
    /// Hash of all that its machines are started from.
    pub hash: String,
    /// The version for people: an image.
    pub label: String,
}

/// What happens to something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    /// It is made.
    Create,
    /// It is changed in place.
    Change,
    /// A new one takes its place, and the old one goes after that.
    Replace,
    /// A new one takes its place, and nothing does its work in between.
    Interrupt,
    /// It is deleted.
    Delete,
}

impl Verb {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Create, Self::Change, Self::Replace, Self::Interrupt, Self::Delete];

    /// The sign that a plan has for it.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Create => "+",
            Self::Change => "~",
            Self::Replace => "+/-",
            Self::Interrupt => "-/+",
            Self::Delete => "-",
        }
    }

    /// What the sign means.
    pub fn means(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Change => "change in place",
            Self::Replace => "replace, the new one first",
            Self::Interrupt => "replace, with an interruption",
            Self::Delete => "delete",
        }
    }
}

/// Something that is different afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// What happens to it.
    pub verb: Verb,
    /// What: `service/api`, `volume/postgres`.
    pub subject: String,
    /// Its fields that are different, in the order of their names.
    pub fields: Vec<Field>,
    /// Why it happens like this, where that is known before the first step.
    pub because: Option<String>,
    /// What the steps that bring it about are about.
    pub of: Vec<String>,
    /// What it refers to, and what must be there first.
    pub needs: Vec<String>,
}

/// A field that is different afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it is; absent where it is not there.
    pub from: Option<String>,
    /// What it becomes; absent where it goes.
    pub to: Option<String>,
}

/// How a service stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Standing {
    /// Service.
    pub service: String,
    /// Hash of its version.
    pub version: String,
    /// Group or machine that runs it.
    pub runs_in: String,
    /// Instances that are healthy.
    pub healthy: u32,
    /// Instances that are wanted.
    pub wanted: u32,
    /// Share of the requests, in percent; absent where none are shared out.
    pub share: Option<u16>,
    /// What keeps it from being as it should.
    pub trouble: Option<String>,
}

/// Something that a run left behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Leftover {
    /// Where.
    pub subject: String,
    /// What is the matter.
    pub what: String,
    /// What mends it.
    pub mended_by: String,
}

/// Moments of a run are told from its beginning.
pub fn from_start(began: Moment, at: Moment) -> String {
    Moment(at.since(began).0).to_string()
}
