//! What an application is: its services, the tables that say how much it needs, and how it is run.
//!
//! A blueprint is a TOML file. [`Blueprint`] is the only definition of the language: the JSON Schema, the check of
//! unknown keys and wrong types, the reference page and `rapplan explain` are all made from these types and their
//! comments.

pub mod builtin;
mod check;
pub mod document;
pub mod evidence;
pub mod load;
pub mod model;
pub mod operations;
pub mod platform;
pub mod record;
mod repair;
pub mod schema;
pub mod service;
pub mod tier;
mod walk;
pub mod workload;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use evidence::{LoadTest, MemoryBudget, Playbook, ScaleOut, Verdict};
use operations::{Backup, LogRotation, MigrationStep, Monitoring, Storage, Trigger, Volume};
use platform::{Cloud, Kubernetes, Network, Release, Toolchain};
use service::Service;
use tier::Tier;
use workload::Workload;

/// A whole application, as a blueprint file describes it.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Blueprint {
    /// Version of the blueprint language; 1 is the only one.
    pub rapplan: u32,
    /// Short name: lower-case letters, digits and hyphens; the default name of a deployment.
    pub name: String,
    /// Name for people.
    pub title: String,
    /// What the application does, in a sentence or two.
    pub summary: String,
    /// Where the figures come from; ids such as `S4.T1` in this file refer to these.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub sources: IndexMap<String, Source>,
    /// What demand is measured in, and the figures that stand in for what a user does not say.
    #[serde(default)]
    pub workload: Workload,
    /// Networks that services are members of.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub networks: IndexMap<String, Network>,
    /// Where data lives on disk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage: Option<Storage>,
    /// Plain named volumes that services use, where something is to be said of them.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub volumes: IndexMap<String, Volume>,
    /// How the logs of containers are kept; rapplan's own rotation unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_rotation: Option<LogRotation>,
    /// The services, by name.
    pub services: IndexMap<String, Service>,
    /// The tier table, smallest tier first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<Tier>,
    /// What to measure and where to look at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monitoring: Option<Monitoring>,
    /// Conditions that call for action; alert rules and scaling policies are made from them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub triggers: Vec<Trigger>,
    /// What is backed up, when, and how long it is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backup: Option<Backup>,
    /// How one moves from tier to tier.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub migration: Vec<MigrationStep>,
    /// Which tool does which job.
    #[serde(default)]
    pub toolchain: Toolchain,
    /// Clouds the application runs on, by name.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub clouds: IndexMap<String, Cloud>,
    /// How new versions go out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<Release>,
    /// What a Kubernetes deployment needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kubernetes: Option<Kubernetes>,
    /// Measured load tests.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub load_tests: Vec<LoadTest>,
    /// How a load test is judged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verdicts: Vec<Verdict>,
    /// At which load a service is scaled, and how.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scale_out: Vec<ScaleOut>,
    /// What to do to one service as its load grows, band by band.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub playbooks: Vec<Playbook>,
    /// How the memory of a service adds up.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub memory_budgets: IndexMap<String, MemoryBudget>,
    /// Where the source contradicts itself, and what was ruled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rulings: Vec<Ruling>,
    /// Notes for people that no other field holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// A document that figures come from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What it is.
    pub title: String,
    /// When it was read or written, as `YYYY-MM-DD` or a year.
    pub date: String,
}

/// A contradiction in the sources and the decision taken.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ruling {
    /// Id that results cite.
    pub id: String,
    /// What contradicts what.
    pub conflict: String,
    /// What holds.
    pub ruling: String,
}
