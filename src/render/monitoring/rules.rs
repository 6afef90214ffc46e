//! The alerts as rules of Prometheus.

use serde_json::{Map, Value, json};

use super::measured::Measured;
use super::promql::template;
use super::watch::{Watch, Watched};
use crate::blueprint::operations::Severity;
use crate::design::topology::AlertDesign;
use crate::units::Span;

/// An alert goes on for so long after its condition ended, lest one that flickers is sent again and again.
const KEEP_FIRING: Span = Span::seconds(300);

pub(super) fn file(measured: &Measured, watched: &[Watched]) -> Value {
    let rules: Vec<Value> = watched.iter().filter_map(|item| Some(rule(item.alert, item.watch.as_ref()?))).collect();
    if rules.is_empty() {
        return json!({ "groups": [] });
    }
    json!({ "groups": [{ "name": format!("rapplan {}", measured.topology.blueprint), "rules": rules }] })
}

fn rule(alert: &AlertDesign, watch: &Watch) -> Value {
    let mut rule = Map::new();
    rule.insert("alert".to_owned(), json!(alert.name));
    rule.insert("expr".to_owned(), json!(watch.expr));
    if alert.lasting.0 > 0 {
        rule.insert("for".to_owned(), json!(alert.lasting.to_string()));
        rule.insert("keep_firing_for".to_owned(), json!(KEEP_FIRING.to_string()));
    }
    rule.insert("labels".to_owned(), json!({ "severity": severity(alert.severity) }));
    let annotations: Map<String, Value> =
        annotations(alert, watch).into_iter().map(|(name, text)| (name.to_owned(), json!(text))).collect();
    rule.insert("annotations".to_owned(), annotations.into());
    rule.into()
}

/// Annotations as templates of Go.
pub(super) fn annotations(alert: &AlertDesign, watch: &Watch) -> Vec<(&'static str, String)> {
    let mut all = vec![
        ("summary", format!("{}: {}", watch.subject, template(&condition(alert, watch)))),
        ("description", template(&alert.means)),
        ("action", template(&alert.action)),
        ("runbook_url", format!("RUNBOOKS.md#{}", anchor(&alert.name))),
    ];
    if let Some(value) = watch.value {
        all.push(("value", value.to_owned()));
    }
    all
}

/// The condition for people.
pub(super) fn condition(alert: &AlertDesign, watch: &Watch) -> String {
    if alert.lasting.0 == 0 { watch.says.clone() } else { format!("{} for {}", watch.says, alert.lasting) }
}

/// Where a heading is found in a page, as GitHub and GitLab make it.
pub(super) fn anchor(heading: &str) -> String {
    heading
        .chars()
        .filter(|c| c.is_alphanumeric() || " -_".contains(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

/// A severity as the label has it.
pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Critical => "critical",
    }
}
