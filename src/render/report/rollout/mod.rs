//! Many rehearsals of a rollout as one page: capacity beside demand over time, how long it takes, what it costs, what failed.

mod curves;
mod spread;

use super::escape::text;
use super::html::{Column, heading, list, paragraph, table};
use super::{document, scripted};

/// What the rehearsals of a rollout came to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rollout {
    /// Name of the deployment.
    pub deployment: String,
    /// The cloud.
    pub cloud: String,
    /// What was tried.
    pub what: String,
    /// The main figures: name and value.
    pub facts: Vec<(String, String)>,
    /// Each service that has a demand.
    pub services: Vec<Service>,
    /// Moments at which requests or instances move to another version in the run that came lowest: seconds, service, what is
    /// sent.
    pub switches: Vec<(f64, String, String)>,
    /// Seeds of the run that came lowest and of the one of median length.
    pub seeds: (u64, u64),
    /// How long each run took, in seconds.
    pub seconds: Vec<f64>,
    /// What each run cost beside what runs before and after, in dollars.
    pub dollars: Vec<f64>,
    /// What each service must bear, row by row: service, must bear, an instance bears, takes, from.
    pub demand: Vec<[String; 5]>,
    /// The runs that failed: seed, outcome, why, and the command that runs it again.
    pub failures: Vec<[String; 4]>,
    /// The run that came lowest, line by line.
    pub timeline: Vec<String>,
    /// The command that made the page.
    pub command: String,
    /// What one should know.
    pub notes: Vec<String>,
}

/// A service over time: seconds from the beginning, and what is borne in percent of the demand from then on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// In the run that came lowest.
    pub lowest: Vec<(f64, f64)>,
    /// The same, had a zone been lost at that moment; empty where the design does not promise to bear that.
    pub zone_lost: Vec<(f64, f64)>,
    /// In the run of median length.
    pub median: Vec<(f64, f64)>,
}

/// The page of a rollout. The same rehearsals give the same bytes.
pub fn page(rollout: &Rollout) -> String {
    let parts = [
        ("failures", "Failures", failures(rollout)),
        ("capacity", "Capacity beside the demand", curves::html(rollout)),
        ("spread", "Time and cost of all runs", spread::html(rollout)),
        ("demand", "What must be borne", demand(rollout)),
        ("timeline", "The run that came lowest, step by step", timeline(rollout)),
        ("notes", "Notes", list(rollout.notes.iter().cloned())),
    ];
    let title = format!("{} - rehearsal", rollout.deployment);
    document(&title, &header(rollout), &parts, "rapplan rehearse")
}

fn header(rollout: &Rollout) -> String {
    let fact =
        |(name, value): &(String, String)| format!("<div><dt>{}</dt><dd>{}</dd></div>\n", text(name), text(value));
    let facts: String = rollout.facts.iter().filter(|(_, value)| !value.is_empty()).map(fact).collect();
    format!(
        "<header>\n<p class=\"soft\">Rehearsal on simulated {}</p>\n<h1>{}</h1>\n<p>{}</p>\n<dl class=\"facts\">\n{facts}</dl>\n\
         </header>\n",
        text(&rollout.cloud),
        text(&rollout.deployment),
        text(&rollout.what)
    )
}

fn failures(rollout: &Rollout) -> String {
    let columns = [Column::Words("seed"), Column::Words("outcome"), Column::Words("why")];
    let rows = rollout.failures.iter().map(|[seed, outcome, why, _]| [seed.clone(), outcome.clone(), why.clone()]);
    let told = table("Runs that did not end as wanted, or in which a service bore less than its demand", columns, rows);
    if told.is_empty() {
        return told;
    }
    let commands: Vec<String> = rollout.failures.iter().map(|[.., command]| command.clone()).collect();
    format!("{told}{}{}", heading("The same runs again, each with all that it does"), scripted(&commands))
}

fn demand(rollout: &Rollout) -> String {
    let columns = [
        Column::Words("service"),
        Column::Numbers("must bear"),
        Column::Numbers("an instance bears"),
        Column::Numbers("takes"),
        Column::Words("from"),
    ];
    table(
        "Instances that the demand takes: what must be borne by what an instance bears",
        columns,
        rollout.demand.clone(),
    )
}

fn timeline(rollout: &Rollout) -> String {
    if rollout.timeline.is_empty() {
        return String::new();
    }
    let seed = paragraph(&format!("With seed {}; the same seed always gives the same run.", rollout.seeds.0));
    let again = scripted(&[format!("{} --replay {}", rollout.command, rollout.seeds.0)]);
    format!("{seed}{again}{}", super::html::details("Every step", &scripted(&rollout.timeline)))
}
