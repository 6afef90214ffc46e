//! How a blueprint's own thresholds judge a load, and what its playbooks then say.
//!
//! Nothing is attributed beyond what the rows say: a row without a service blames none.

use schemars::JsonSchema;
use serde::Serialize;

use super::measured::Measured;
use super::objective::threshold;
use crate::blueprint::evidence::{Judgement, Playbook, Verdict};
use crate::units::Count;

/// A threshold that was crossed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Crossed {
    /// Id of the row.
    pub row: String,
    /// The service that the row is about, when it names one.
    pub service: Option<String>,
    /// What was measured.
    pub measured: String,
    /// The threshold.
    pub above: String,
    /// What the row then calls it.
    pub verdict: Judgement,
    /// What the row says to do.
    pub action: String,
}

/// The judgement of a load.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Judged {
    /// The worst that any row says; stable when none is crossed, absent when no row is on what was measured.
    pub verdict: Option<Judgement>,
    /// The rows that say so, worst first.
    pub crossed: Vec<Crossed>,
    /// Rows on what a load test does not measure, such as the processor of the database.
    pub unmeasured: Vec<String>,
}

/// Judges a load by the rows of a blueprint.
pub fn judge(verdicts: &[Verdict], point: &Measured) -> Judged {
    let mut judged = Judged { verdict: None, crossed: Vec::new(), unmeasured: Vec::new() };
    for row in verdicts {
        let Some((metric, above)) = threshold(row) else {
            judged.unmeasured.push(row.id.clone());
            continue;
        };
        judged.verdict = Some(Judgement::Stable);
        let Some(value) = point.value(metric).filter(|value| *value > above) else { continue };
        judged.crossed.push(Crossed {
            row: row.id.clone(),
            service: row.service.clone(),
            measured: metric.show(value),
            above: row.above.clone(),
            verdict: row.verdict,
            action: row.action.clone(),
        });
    }
    judged.crossed.sort_by_key(|crossed| std::cmp::Reverse(severity(crossed.verdict)));
    judged.verdict = judged.crossed.first().map(|crossed| crossed.verdict).or(judged.verdict);
    judged
}

fn severity(verdict: Judgement) -> u8 {
    match verdict {
        Judgement::Stable => 0,
        Judgement::Suspect => 1,
        Judgement::Bottleneck => 2,
    }
}

/// The bands of the playbooks that a number of users falls into, at most one a service. An upper end is inclusive, and
/// the lower band wins where two meet.
pub fn advice(playbooks: &[Playbook], users: Count) -> Vec<&Playbook> {
    let mut found: Vec<&Playbook> = Vec::new();
    for band in playbooks {
        let inside = band.from <= users && band.up_to.is_none_or(|up_to| users <= up_to);
        if inside && !found.iter().any(|other| other.service == band.service) {
            found.push(band);
        }
    }
    found
}
