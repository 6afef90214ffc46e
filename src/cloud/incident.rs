//! What befalls a simulated world from outside: for drills, and for the stories that are told as tests.

use serde::{Deserialize, Serialize};

use super::resource::{Inventory, Kind, Tags, Value};
use super::sim::{Faults, Simulated};
use crate::units::{Moment, Span};

/// Something that befalls a world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Incident {
    /// The load of a service makes what scales by itself want so many instances, from now on.
    Load {
        /// Service.
        service: String,
        /// Instances.
        instances: u32,
    },
    /// A zone is lost with all that runs in it, and nothing can be had there.
    ZoneLost(String),
    /// It is back, and what can be had there can be had again.
    ZoneBack(String),
    /// A zone has no machines to be had, for so long, or until it is said to be over.
    StockOut {
        /// Zone.
        zone: String,
        /// How long.
        lasting: Option<Span>,
    },
    /// The account may have so many instances of groups at once; none is as many as it likes.
    Quota(Option<u32>),
    /// An alarm begins or ceases to fire.
    Alarm {
        /// Its name.
        name: String,
        /// Whether it fires.
        fires: bool,
    },
    /// Instances of a service that are started from this image from now on never become healthy, or do again.
    BadImage {
        /// Service.
        service: String,
        /// Its image, as it was named.
        image: String,
        /// Whether it is bad.
        bad: bool,
    },
    /// From now on, this goes wrong by chance.
    Faults(Faults),
    /// Somebody else's run takes the lease, and holds it for so long.
    OtherRun {
        /// Who: user and machine.
        owner: String,
        /// How long.
        lasting: Span,
    },
    /// Somebody changes something by hand, as at the provider's console.
    Drift {
        /// What: `group/…`, `security-group/…`.
        subject: String,
        /// How.
        change: Drift,
    },
}

/// A change by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Drift {
    /// A group is to have so many instances.
    Size(u32),
    /// It is deleted.
    Delete,
    /// A field has another value.
    Set {
        /// Its name.
        field: String,
        /// Its value.
        value: String,
    },
    /// A tag has another value, or is gone.
    Tag {
        /// Its name.
        name: String,
        /// Its value.
        value: Option<String>,
    },
}

/// Why something cannot befall a world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Impossible {
    /// What is wrong: `there is no zone`.
    pub what: String,
    /// The name that was given.
    pub name: String,
    /// The names that there are.
    pub known: Vec<String>,
}

/// A simulated world that things befall.
pub trait Exposed: Simulated {
    /// The zones in which anything is.
    fn zones(&self) -> Vec<String>;

    /// Services that run as several instances, and how many each wants now.
    fn fleets(&self) -> Vec<(String, u32)>;

    /// What can be changed by hand.
    fn subjects(&self) -> Vec<String>;

    /// Fields that something has, by which it can be changed by hand.
    fn fields(&self, subject: &str) -> Vec<String>;

    /// Lets it happen at a moment; at once when that has come.
    fn befall(&mut self, at: Moment, incident: Incident);

    /// Whether it can happen: what it is about is there. In a world without anything every name is taken as it is, since
    /// it may be that of something to come.
    ///
    /// # Errors
    /// What is not there, with what is.
    fn check(&self, incident: &Incident) -> Result<(), Impossible> {
        match incident {
            Incident::ZoneLost(zone) | Incident::ZoneBack(zone) | Incident::StockOut { zone, .. } => {
                known("there is no zone", zone, self.zones())
            }
            Incident::Load { service, .. } => {
                let fleets = self.fleets().into_iter().map(|(service, _)| service).collect();
                known("no service with several instances is called", service, fleets)
            }
            Incident::Drift { subject, change } => {
                known("there is nothing called", subject, self.subjects())?;
                match change {
                    Drift::Set { field, .. } => known(&format!("{subject} has no field"), field, self.fields(subject)),
                    Drift::Size(_) if !subject.starts_with("group/") => {
                        let groups = self.subjects().into_iter().filter(|name| name.starts_with("group/"));
                        known("only a group has a size, and this is none:", subject, groups.collect())
                    }
                    _ => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }
}

/// Changes a resource by hand.
pub fn drifts<K: Kind>(resources: &mut Inventory<K>, subject: &str, change: Drift) {
    let Some(address) = resources.keys().find(|known| known.to_string() == subject).cloned() else { return };
    if change == Drift::Delete {
        resources.remove(&address);
        return;
    }
    let Some(found) = resources.get_mut(&address) else { return };
    match change {
        Drift::Set { field, value } => {
            let value = match found.fields.get(&field) {
                Some(Value::Number(_)) => value.parse().map_or(Value::Text(value), Value::Number),
                Some(Value::Flag(_)) => value.parse().map_or(Value::Text(value), Value::Flag),
                _ => Value::Text(value),
            };
            found.fields.insert(field, value);
        }
        Drift::Tag { name, value } => set_tag(&mut found.tags, name, value),
        Drift::Size(_) | Drift::Delete => {}
    }
}

/// Sets a tag, or takes it away.
pub fn set_tag(tags: &mut Tags, name: String, value: Option<String>) {
    match value {
        Some(value) => drop(tags.insert(name, value)),
        None => drop(tags.remove(&name)),
    }
}

fn known(what: &str, name: &str, known: Vec<String>) -> Result<(), Impossible> {
    if known.is_empty() || known.iter().any(|one| one == name) {
        return Ok(());
    }
    Err(Impossible { what: what.to_owned(), name: name.to_owned(), known })
}
