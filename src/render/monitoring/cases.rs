//! Unit tests of the rules for `promtool test rules`.

use serde_json::{Map, Value, json};

use super::promql::BRACES;
use super::rules::{annotations, severity};
use super::watch::{Case, Watch, Watched};
use crate::design::topology::AlertDesign;

/// Minutes that rates need to begin with.
const WARM_UP: u64 = 7;

pub(super) fn file(watched: &[Watched]) -> Value {
    let mut tests = Vec::new();
    for item in watched {
        let Some(watch) = &item.watch else { continue };
        tests.extend(watch.cases.iter().map(|case| test(item.alert, watch, case)));
    }
    json!({ "rule_files": ["../rules/rapplan.rules.yml"], "evaluation_interval": "1m", "tests": tests })
}

fn test(alert: &AlertDesign, watch: &Watch, case: &Case) -> Value {
    let lasting = alert.lasting.0.div_ceil(60_000);
    let end = lasting + WARM_UP;
    let series = |(series, start, step): &(String, f64, f64)| json!({ "series": series, "values": format!("{start}+{step}x{end}") });
    let mut checks = Vec::new();
    if lasting > 1 && case.fires.is_some() {
        // Once the condition holds, but not yet for long enough.
        checks.push(check(alert, lasting - 1, &[]));
    }
    let alerts: Vec<Value> = case.fires.iter().map(|fires| fired(alert, watch, fires)).collect();
    checks.push(check(alert, end, &alerts));
    json!({
        "name": format!("{} {}", alert.name, case.when),
        "interval": "1m",
        "input_series": case.series.iter().map(series).collect::<Vec<_>>(),
        "alert_rule_test": checks,
    })
}

fn check(alert: &AlertDesign, minutes: u64, alerts: &[Value]) -> Value {
    json!({ "eval_time": format!("{minutes}m"), "alertname": alert.name, "exp_alerts": alerts })
}

fn fired(alert: &AlertDesign, watch: &Watch, (labels, value): &(Vec<(String, String)>, String)) -> Value {
    let mut all = Map::from_iter([("severity".to_owned(), json!(severity(alert.severity)))]);
    all.extend(labels.iter().map(|(name, value)| (name.clone(), json!(value))));
    let expected: Map<String, Value> = annotations(alert, watch)
        .into_iter()
        .map(|(name, text)| (name.to_owned(), json!(filled_in(&text, labels, value, watch))))
        .collect();
    json!({ "exp_labels": all, "exp_annotations": expected })
}

/// What Prometheus makes of a template of ours.
fn filled_in(text: &str, labels: &[(String, String)], value: &str, watch: &Watch) -> String {
    let mut subject = watch.subject.to_owned();
    for (name, value) in labels {
        subject = subject.replace(&format!("{{{{ $labels.{name} }}}}"), value);
    }
    if let Some((before, optional)) = subject.clone().split_once("{{ with $labels.instance }}") {
        let instance = labels.iter().find(|(name, _)| name == "instance");
        let optional = optional.replace("{{ end }}", "");
        subject = before.to_owned() + &instance.map_or(String::new(), |(_, value)| optional.replace("{{ . }}", value));
    }
    let text = text.replacen(watch.subject, &subject, 1);
    let text = watch.value.map_or(text.clone(), |template| text.replace(template, value));
    text.replace(BRACES, "{{")
}
