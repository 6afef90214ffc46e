//! What a run came to.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::forecast::{Lowest, Outcome, Rates, Trial};
use super::planned_view::capacity;
use super::{Story, lasting};
use crate::cli::view::{Page, View};
use crate::cloud::shown::{Playable, Version};
use crate::engine::Ending;
use crate::error::{Code, Error, Problem};
use crate::units::{Span, Usd};

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Summary {
    /// Name of the deployment.
    pub deployment: String,
    /// The cloud.
    pub cloud: String,
    /// Whether it was a simulated one.
    pub simulated: bool,
    /// Number of the run in the history.
    pub revision: u32,
    /// How it ended.
    pub outcome: Outcome,
    /// Why, where it did not end as wanted.
    pub why: Option<String>,
    /// How long it took on the clock of the cloud.
    pub took_ms: u64,
    /// Calls that were sent.
    pub calls: u32,
    /// Looks at the cloud.
    pub looks: u32,
    /// The lowest capacity of each service that was served when it began.
    pub lowest: Vec<Lowest>,
    /// What it cost beside what runs before and after, in dollars.
    pub extra_usd: Usd,
    /// The versions that run now, by service, as far as the run says.
    pub versions: BTreeMap<String, Version>,
    /// Commands to run next.
    pub next: Vec<String>,
}

impl Summary {
    /// Of a run; what it is about comes from whoever ran it.
    pub fn of<S: Playable>(deployment: &str, revision: u32, story: &Story<S>, rates: &Rates) -> Self {
        let trial = Trial::of::<S>(0, story, rates);
        Self {
            deployment: deployment.to_owned(),
            cloud: S::NAME.to_owned(),
            simulated: true,
            revision,
            outcome: trial.outcome,
            why: trial.why,
            took_ms: trial.took_ms,
            calls: story.calls,
            looks: story.looks,
            lowest: trial.lowest,
            extra_usd: trial.extra_usd,
            versions: BTreeMap::new(),
            next: Vec::new(),
        }
    }
}

impl View for Summary {
    const KIND: &'static str = "apply";

    fn page(&self) -> Page {
        let lowest = self.lowest.iter().min_by_key(|low| low.permille);
        let page = Page::new().facts([
            ("outcome", format!("{} (revision {} of {})", self.outcome.word(), self.revision, self.deployment)),
            ("why", self.why.clone().unwrap_or_default()),
            ("time", format!("{}, {} calls, {} looks", lasting(Span(self.took_ms)), self.calls, self.looks)),
            ("capacity", capacity(lowest)),
            ("cost", format!("{} for what ran side by side", self.extra_usd)),
        ]);
        page.section("Next", |page| page.list(self.next.iter().cloned()))
    }
}

/// What a run that did not end as wanted is told as.
pub fn trouble(ending: Option<&Ending>, command: &str) -> Option<Error> {
    let problem = match ending {
        Some(Ending::Converged { .. }) => return None,
        Some(Ending::RolledBack { why }) => {
            Problem::new(Code::RolledBack, "the release failed, and everything is as it was before")
                .because(why.clone())
                .hint(format!("mend that, and run it again: {command}"))
        }
        Some(Ending::Refused { why, ways_out }) => {
            let problem = Problem::new(Code::Unattainable, "what is wanted cannot be had").because(why.clone());
            ways_out.iter().fold(problem, |problem, way| problem.hint(way.clone()))
        }
        Some(Ending::Failed { why, ways_out }) => {
            let problem = Problem::new(Code::PartWay, "the run cannot go on").because(why.clone());
            ways_out.iter().fold(problem, |problem, way| problem.hint(way.clone()))
        }
        Some(Ending::Locked(lease)) => {
            Problem::new(Code::Leased, "another run works on this deployment").because(format!("it is {}", lease.owner))
        }
        Some(Ending::Fenced) => Problem::new(Code::PartWay, "a newer run has taken over")
            .because("somebody else's run has taken the lease, and the calls of this one are refused from then on")
            .hint(format!("when that run has ended, see what is still to do, and do it: {command}")),
        Some(Ending::Stopped { safe }) => Problem::new(Code::Interrupted, "the run was interrupted")
            .because(match safe {
                true => "every call that was sent is back, and its lease was given back",
                false => "it stopped at once: calls may have been on their way, and its lease was not given back",
            })
            .hint(format!("go on from there: {command}"))
            .hint("go back instead: rapplan rollback --simulate"),
        None => Problem::new(Code::PartWay, "the run stopped part-way")
            .hint(format!("go on from there: {command}"))
            .hint("see what it left: rapplan doctor --simulate"),
    };
    Some(problem.into())
}
