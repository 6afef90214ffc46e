//! A plan, for people.

use super::forecast::Lowest;
use super::planned::{CostChange, Planned, PlannedChange, VersionChange};
use super::{clock, healthy, instances, lasting, percent};
use crate::cli::view::{Page, View};
use crate::cloud::shown::Verb;
use crate::units::{Span, Usd};

impl View for Planned {
    const KIND: &'static str = "plan";

    fn page(&self) -> Page {
        let world = if self.simulated { "simulated " } else { "" };
        let things = match self.observed.things {
            0 => "nothing is there yet".to_owned(),
            1 => "1 thing observed".to_owned(),
            many => format!("{many} things observed"),
        };
        let page = Page::new().text(format!("{} on {world}{}: {things}", self.deployment, self.cloud));
        if self.is_empty() {
            return page.text("Nothing to do: everything is as it is wanted.");
        }
        let page = match self.changes.is_empty() {
            true => page,
            false => page.code([legend(self)]).code(changes(&self.changes)),
        };
        let page = page.section("Versions", |page| page.table(["service", "now", "then"], versions(self)));
        let notes = |page: Page| page.section("Notes", |page| page.list(self.notes.iter().cloned()));
        let demand = |page: Page| {
            page.section("Demand", |page| {
                page.table(["service", "must bear", "an instance bears", "takes", "from"], demand_rows(&self.demand))
            })
        };
        match &self.refusal {
            // What cannot be done takes no time, and costs nothing.
            Some(refused) => notes(page)
                .section("This cannot be done", |page| page.text(refused.why.clone()))
                .section("Ways out", |page| page.list(refused.ways_out.iter().cloned())),
            None if self.drops().is_some() => notes(demand(page.facts(facts(self))))
                .section("Ways out", |page| page.list(ways(self)))
                .text(summary(self)),
            None => notes(demand(page.facts(facts(self)))).text(summary(self)),
        }
    }
}

/// The changes and how many they are; of very many, the first.
pub fn brief(plan: &Planned) -> Vec<String> {
    let mut lines = changes(&plan.changes);
    let more = lines.len().saturating_sub(MOST);
    lines.truncate(MOST);
    lines.extend((more > 0).then(|| format!("and {more} more: rapplan plan shows them")));
    lines.push(summary(plan));
    lines
}

/// Only the signs that the plan uses.
fn legend(plan: &Planned) -> String {
    let used = Verb::ALL.into_iter().filter(|verb| plan.counts.contains_key(verb));
    used.map(|verb| format!("{} {}", verb.sign(), verb.means())).collect::<Vec<_>>().join("   ")
}

/// More things of a kind than this that are made or deleted are told as one line: rules of firewalls come by the dozen.
const MANY: usize = 12;

/// Most lines of changes where the plan is not what was asked for.
const MOST: usize = 8;

fn changes(changes: &[PlannedChange]) -> Vec<String> {
    let kind = |one: &PlannedChange| one.change.subject.split('/').next().unwrap_or_default().to_owned();
    let alike = |one: &PlannedChange| {
        let same = |other: &&PlannedChange| other.change.verb == one.change.verb && kind(other) == kind(one);
        let plain = matches!(one.change.verb, Verb::Create | Verb::Delete) && kind(one) != "service";
        if plain { changes.iter().filter(same).count() } else { 1 }
    };
    let mut lines: Vec<(&PlannedChange, String, String)> = Vec::new();
    let mut folded: Vec<(Verb, String)> = Vec::new();
    for one in changes {
        let count = alike(one);
        if count <= MANY {
            lines.push((one, one.change.subject.clone(), one.reason.clone()));
        } else if !folded.contains(&(one.change.verb, kind(one))) {
            folded.push((one.change.verb, kind(one)));
            lines.push((one, format!("{}/...", kind(one)), format!("{count} of them; -o json lists them all")));
        }
    }
    let widest = lines.iter().map(|(_, subject, _)| subject.chars().count()).max().unwrap_or_default();
    let mut text = Vec::new();
    for (one, subject, reason) in lines {
        let line = format!("{:<3} {subject:<widest$}  wave {:<2}  {reason}", one.change.verb.sign(), one.wave);
        text.push(line.trim_end().to_owned());
        text.extend(fields(one));
    }
    text
}

/// What is made has all its fields in JSON; people see those that change.
fn fields(one: &PlannedChange) -> Vec<String> {
    if matches!(one.change.verb, Verb::Create | Verb::Delete) {
        return Vec::new();
    }
    let widest = one.change.fields.iter().map(|field| field.name.chars().count()).max().unwrap_or_default();
    let said = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
    let line = |field: &crate::cloud::shown::Field| {
        format!("      {:<widest$}  {} -> {}", field.name, said(&field.from), said(&field.to))
    };
    one.change.fields.iter().map(line).collect()
}

fn versions(plan: &Planned) -> Vec<[String; 3]> {
    let said = |version: &Option<crate::cloud::shown::Version>| {
        version.as_ref().map_or_else(|| "none".to_owned(), |version| version.label.clone())
    };
    let row = |(service, change): (&String, &VersionChange)| [service.clone(), said(&change.from), said(&change.to)];
    plan.versions.iter().map(row).collect()
}

/// What each service must bear, what an instance bears, how many that takes, and where the figures come from.
pub fn demand_rows(demand: &[super::demanded::Demanded]) -> Vec<[String; 5]> {
    let row = |one: &super::demanded::Demanded| {
        let takes = match one.spare {
            0 => format!("{}", one.takes),
            spare => format!("{} and {spare} spare", one.takes),
        };
        [
            one.service.clone(),
            one.demand.clone(),
            one.each.clone(),
            takes,
            format!("{}; an instance: {}", one.because, one.each_because),
        ]
    };
    demand.iter().map(row).collect()
}

fn facts(plan: &Planned) -> [(&'static str, String); 5] {
    let forecast = &plan.forecast;
    let time = format!(
        "about {}, in 95 of 100 cases no more than {}; from {} simulated runs",
        lasting(Span(forecast.p50_ms)),
        lasting(Span(forecast.p95_ms)),
        forecast.runs
    );
    let extra = plan.cost.rollout_usd;
    let extra = format!("${extra:.2} for what runs side by side meanwhile");
    [
        ("time", time),
        ("capacity", capacity(plan.lowest())),
        ("with a zone lost", plan.lowest_zone().map(zone).unwrap_or_default()),
        ("cost of the rollout", extra),
        ("machines a month", cost(&plan.cost)),
    ]
}

/// The lowest capacity in words.
pub fn capacity(lowest: Option<&Lowest>) -> String {
    let Some(low) = lowest else { return "no service bears requests yet".to_owned() };
    let when = clock(Span(low.at_ms));
    let share = percent(low.permille);
    let healthy = healthy(low.healthy);
    let few = format!("{healthy} where {} are needed", instances(low.takes_permille));
    if low.at_ms == 0 && low.permille < 1000 && low.before == Some(low.permille) {
        return format!("{share} of the demand before anything is changed, and never below: {}, {few}", low.service);
    }
    format!("never below {share} of the demand: {} at {when}, {few}", low.service)
}

/// The same, were a zone lost.
fn zone(low: &Lowest) -> String {
    let when = clock(Span(low.zone_at_ms.unwrap_or_default()));
    format!("never below {} of the demand: {} at {when}", percent(low.zone_lost.unwrap_or_default()), low.service)
}

/// A cost before and after, with the difference.
pub fn cost(cost: &CostChange) -> String {
    let cents = |usd: f64| (usd * 100.0).round().max(0.0) as u64;
    let (before, after) = (cents(cost.before_usd), cents(cost.after_usd));
    let sign = if after < before { "-" } else { "+" };
    let difference =
        if after == before { "no change".to_owned() } else { format!("{sign}{}", Usd(after.abs_diff(before))) };
    format!("{} -> {} ({difference}), at list prices", Usd(before), Usd(after))
}

/// The ways out that were tried, with their commands.
fn ways(plan: &Planned) -> Vec<String> {
    let way = |way: &super::ways::WayOut| match way.is_enough {
        true => format!("{}: {}", way.told(), way.commands.join(", then ")),
        false => format!("tried, and not enough: {}", way.told()),
    };
    let agreed = "if the drop is agreed to: --allow-capacity-drop".to_owned();
    plan.ways_out.iter().map(way).chain([agreed]).collect()
}

fn summary(plan: &Planned) -> String {
    let count = |verbs: &[Verb]| verbs.iter().filter_map(|verb| plan.counts.get(verb)).sum::<usize>();
    format!(
        "Plan: {} to create, {} to change, {} to replace, {} to delete.",
        count(&[Verb::Create]),
        count(&[Verb::Change]),
        count(&[Verb::Replace, Verb::Interrupt]),
        count(&[Verb::Delete]),
    )
}
