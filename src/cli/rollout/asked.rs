//! What was asked beside the wanted state itself: what people are told with a plan, and what its ways out are made from.

use std::collections::BTreeMap;

use super::DesiredOf;
use super::demanded::Demanded;
use super::goal::Goal;
use super::history::Entry;
use super::planned::{Planned, Refused};
use super::ways;
use crate::blueprint::workload::ActiveHours;
use crate::cloud::shown::Playable;
use crate::error::{Code, Problem, Result};

/// What was asked.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The images of the user's own services, each with its digest.
    pub images: BTreeMap<String, String>,
    /// What was told of the demand, the blueprint and the machines, by setting.
    pub said: BTreeMap<String, String>,
    /// What one should know.
    pub notes: Vec<String>,
    /// The size in a few lines.
    pub size: Vec<String>,
    /// What must be borne, by service.
    pub demand: Vec<Demanded>,
    /// The hours in which traffic concentrates, where the blueprint names them.
    pub hours: Option<ActiveHours>,
    /// The hour at which it is carried out, when one was named.
    pub at: Option<At>,
    /// Flags that lead to the same wanted state; none where no flags do, as when a former state is gone back to.
    pub flags: Option<Flags>,
}

impl Asked {
    /// What a run asked, for another one that wants the same.
    pub fn again(entry: &Entry) -> Self {
        Self { images: entry.images.clone(), said: entry.said.clone(), ..Self::default() }
    }
}

/// Flags as they are written.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// Of the place and the demand.
    pub demand: String,
    /// Of the release: images, steps.
    pub release: String,
}

impl Flags {
    /// A command with all of them.
    pub fn of(&self, command: &str) -> String {
        [command, &self.demand, &self.release]
            .iter()
            .filter(|words| !words.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join(" ")
    }
}

impl Flags {
    /// The same without a flag of the release and its value.
    #[must_use]
    pub fn without(&self, flag: &str) -> Self {
        let mut words = self.release.split(' ');
        let mut kept = Vec::new();
        while let Some(word) = words.next() {
            if word == flag {
                words.next();
            } else {
                kept.push(word);
            }
        }
        Self { demand: self.demand.clone(), release: kept.join(" ") }
    }
}

/// An hour of the day, and what is demanded then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    /// Minute of the day.
    pub minute: u32,
    /// Thousandths of the demand of the busiest hour.
    pub permille: u64,
}

/// A minute of the day: `03:00`.
pub fn time(minute: u32) -> String {
    format!("{:02}:{:02}", minute / 60 % 24, minute % 60)
}

/// The hours in which traffic concentrates, in words.
pub fn busy(hours: &ActiveHours) -> String {
    let zone = hours.zone.as_ref().map(|zone| format!(" {zone}")).unwrap_or_default();
    format!("{:02}:00 to {:02}:00{zone}", hours.from, hours.to)
}

/// What is demanded at an hour of the day.
///
/// # Errors
/// `E0104` where the blueprint does not say how much is demanded when.
pub fn at(minute: u32, hours: Option<&ActiveHours>, blueprint: &str) -> Result<At> {
    match hours.filter(|hours| hours.outside.is_some()) {
        Some(hours) => Ok(At { minute, permille: hours.permille(minute, 0) }),
        None => {
            Err(Problem::new(Code::BadValue, format!("--at: blueprint {blueprint} does not say what is demanded when"))
                .hint("say how much is demanded then, with --rps or --ccu")
                .hint("or give `workload.active_hours` with `outside` in a blueprint of your own: rapplan init --own")
                .into())
        }
    }
}

impl Asked {
    /// Adds to a plan what was asked, and, where it would let the capacity fall below the demand, the ways out, each tried.
    ///
    /// # Errors
    /// As [`super::planned::plan`].
    pub fn complete<S: Playable>(&self, world: &S, goal: &Goal<DesiredOf<S>>, mut plan: Planned) -> Result<Planned> {
        plan.notes.extend(self.notes.iter().cloned());
        plan.demand.clone_from(&self.demand);
        if let (Some(at), Some(hours)) = (self.at, &self.hours) {
            plan.notes.push(told(at, hours));
            let minutes = u32::try_from(plan.forecast.p95_ms.div_ceil(60_000)).unwrap_or(u32::MAX);
            if plan.refusal.is_none() && hours.permille(at.minute, minutes) > at.permille {
                let ends = at.minute.saturating_add(minutes);
                let why = format!("begun at {} it lasts until {}, into the busy hours", time(at.minute), time(ends));
                let ways_out = hours.quietest().map(|quiet| format!("begin earlier: --at {}", time(quiet)));
                plan.refusal = Some(Refused { why, ways_out: ways_out.into_iter().collect() });
            }
        }
        if plan.refusal.is_none() && plan.drops().is_some() {
            plan.ways_out = ways::tried(world, goal, self)?;
        }
        Ok(plan)
    }
}

fn told(at: At, hours: &ActiveHours) -> String {
    let share = super::percent(at.permille);
    let outside = if at.permille < 1000 { "outside the hours" } else { "in the hours" };
    format!("at {} {share} of the demand of the busiest hour are asked: {outside} {}", time(at.minute), busy(hours))
}
