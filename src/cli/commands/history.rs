//! `rapplan history`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::context::Context;
use crate::cli::rollout::forecast::Outcome;
use crate::cli::rollout::history::Entry;
use crate::cli::rollout::records::Records;
use crate::cli::rollout::{lasting, wanted};
use crate::cli::view::{Page, View};
use crate::error::Result;
use crate::exit::Exit;
use crate::units::Span;

const EXAMPLES: &str = "\
Examples:
  rapplan history                        who did what to the deployment, when, and how it ended
  rapplan history --deployment shop
  rapplan history -o json                with the versions and what had changed
  rapplan rollback --simulate --to 3     back to revision 3 of it";

/// List what was done to a deployment: who, when, what, how it ended
///
/// Kept in `.rapplan/history` of the current folder, one line of JSON for the beginning and one for the end of each run, and
/// beside it each state that was wanted. A run without an end is at work, or it died. No secret is in it.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Name of the deployment [default: the blueprint's name]
    #[arg(long, value_name = "NAME")]
    deployment: Option<String>,
    /// Read the history of a simulated cloud, where it is kept in a bucket
    #[arg(long)]
    simulate: bool,
    /// Bucket that it is kept in, such as s3://acme-releases/rapplan
    #[arg(long, value_name = "URL")]
    history_bucket: Option<String>,
}

/// The history of a deployment.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Shown {
    /// Name of the deployment.
    pub deployment: String,
    /// The runs, newest first.
    pub runs: Vec<Entry>,
}

/// Prints the history.
///
/// # Errors
/// A damaged file.
pub fn run(args: &Args, context: &Context) -> Result<Exit> {
    let settings = context.settings()?;
    let deployment = wanted::name(settings)?;
    let history = Records::of(settings, &deployment, args.simulate)?.history()?;
    let runs = history.runs().iter().rev().cloned().collect();
    context.show(&Shown { deployment, runs })
}

impl View for Shown {
    const KIND: &'static str = "history";

    fn page(&self) -> Page {
        if self.runs.is_empty() {
            return Page::new().text(format!("Nothing was done to {} yet.", self.deployment));
        }
        let took = |entry: &Entry| entry.took_ms.map(|took| lasting(Span(took))).unwrap_or_default();
        // Only the newest run can still be at work: the others did not come to their end.
        let newest = self.runs.first().map(|entry| entry.revision);
        let outcome = |entry: &Entry| match entry.outcome {
            Outcome::Started if Some(entry.revision) != newest => "cut short".to_owned(),
            outcome => outcome.word().to_owned(),
        };
        let row = |entry: &Entry| {
            [
                entry.revision.to_string(),
                entry.at.clone(),
                entry.by.clone(),
                entry.command.clone(),
                outcome(entry),
                took(entry),
                what(entry),
            ]
        };
        Page::new().table(["revision", "at", "by", "command", "outcome", "took", "what"], self.runs.iter().map(row))
    }
}

/// More services than this that have the same happen to them are told by their number.
const FEW: usize = 2;

/// A few services by name, all else by number: a first deployment has dozens of changes.
fn what(entry: &Entry) -> String {
    let (services, rest): (Vec<&String>, Vec<&String>) = entry.what.iter().partition(|line| line.contains(" service/"));
    let mut by_sign: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
    for line in services {
        by_sign.entry(line.split(' ').next().unwrap_or_default()).or_default().push(line);
    }
    let mut words: Vec<String> = Vec::new();
    for (sign, lines) in by_sign {
        match lines.len() > FEW {
            true => words.push(format!("{sign} {} services", lines.len())),
            false => words.extend(lines.into_iter().cloned()),
        }
    }
    if !rest.is_empty() {
        words.push(format!("{} more", rest.len()));
    }
    let agreed = entry.agreed.iter().map(|agreed| format!("agreed: {agreed}"));
    std::iter::once(words.join(", ")).chain(agreed).collect::<Vec<_>>().join("; ")
}
