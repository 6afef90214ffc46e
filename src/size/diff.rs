//! What changed between two sizes, and why.
//!
//! Both are read as the JSON that `rapplan size -o json` printed, so that sizes of other versions of the program compare
//! as well: what one of them does not know is no change.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::units::{Bytes, Count, Usd};

/// The parts of a size that are compared, with their names for people.
const PARTS: [(&str, &str); 9] = [
    ("demand", "demand"),
    ("tier", "tier"),
    ("set", "servers of"),
    ("servers", "server"),
    ("services", "service"),
    ("components", "component"),
    ("clouds", "cloud"),
    ("cost", "cost"),
    ("vectors", "vectors"),
];

/// Keys that explain or repeat, and are no change of their own.
const EXPLANATIONS: [&str; 25] = [
    "index",
    "machine",
    "query_nodes",
    "because",
    "formula",
    "title",
    "why",
    "drivers",
    "forced",
    "when",
    "complexity",
    "up_to",
    "ports",
    "rows",
    "otherwise",
    "limits",
    "reason",
    "grounds",
    "basis",
    "note",
    "rejected",
    "runners_up",
    "typical_usd",
    "inputs",
    "source",
];

/// Keys whose value names an item of a list, the first that is there.
const NAMES: [&str; 9] = ["name", "service", "id", "what", "label", "machine", "provider", "purpose", "figure"];

/// Two sizes compared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SizeDiff {
    /// What was asked differently: the changes of demand that the user said.
    pub asked: Vec<Change>,
    /// What follows.
    pub changes: Vec<Change>,
    /// Warnings that are new.
    pub warnings_new: Vec<String>,
    /// Warnings that are gone.
    pub warnings_gone: Vec<String>,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Change {
    /// Where: `server milvus memory`.
    pub what: String,
    /// Before; absent when it is new.
    pub before: Option<String>,
    /// After; absent when it is gone.
    pub after: Option<String>,
    /// Why it is as it is now (or was, when it is gone).
    pub because: Option<String>,
}

/// Compares two sizes.
pub fn diff(before: &Value, after: &Value) -> SizeDiff {
    let mut out = SizeDiff::default();
    for (part, name) in PARTS {
        let (Some(old), Some(new)) = (before.get(part), after.get(part)) else { continue };
        let mut walk = Walk { changes: Vec::new() };
        walk.node(name, old, new, None);
        if part == "tier" || part == "set" {
            reasons(&mut walk.changes, part, new);
        }
        let (asked, follows) = walk.changes.into_iter().partition(|change| part == "demand" && was_said(change));
        out.asked.extend::<Vec<Change>>(asked);
        out.changes.extend::<Vec<Change>>(follows);
    }
    out.asked.extend(ranges(before, after));
    let (old, new) = (warnings(before), warnings(after));
    let only = |these: &BTreeMap<String, String>, others: &BTreeMap<String, String>| {
        these.iter().filter(|(id, _)| !others.contains_key(*id)).map(|(_, text)| text.clone()).collect()
    };
    out.warnings_new = only(&new, &old);
    out.warnings_gone = only(&old, &new);
    out
}

/// Inputs of which other ranges were given; a range is told by its ends, as the demand has only its middle.
fn ranges(before: &Value, after: &Value) -> Vec<Change> {
    let inputs = |size: &Value| -> BTreeMap<String, String> {
        let all = size.pointer("/uncertainty/inputs").and_then(Value::as_array).cloned().unwrap_or_default();
        all.iter().filter_map(|input| Some((text(input.get("variable"))?, text(input.get("range"))?))).collect()
    };
    // What one of the two programs does not know is no change.
    if before.get("uncertainty").is_none() || after.get("uncertainty").is_none() {
        return Vec::new();
    }
    let (old, new) = (inputs(before), inputs(after));
    let names: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let changed = names.into_iter().filter(|name| old.get(*name) != new.get(*name));
    changed
        .map(|name| Change {
            what: format!("range of {}", name.replace('-', " ")),
            before: old.get(name).cloned(),
            after: new.get(name).cloned(),
            because: None,
        })
        .collect()
}

fn was_said(change: &Change) -> bool {
    change.because.as_ref().is_some_and(|because| because.starts_with("given: "))
}

/// A tier is explained by what forced it, not by fields beside its name.
fn reasons(changes: &mut Vec<Change>, part: &str, new: &Value) {
    changes.retain(|change| change.what == format!("{} name", if part == "tier" { "tier" } else { "servers of" }));
    let drivers = new.get("drivers").and_then(Value::as_array);
    let drivers = drivers.map(|all| all.iter().filter_map(|driver| text(driver.get("because"))).collect::<Vec<_>>());
    for change in changes {
        change.what = part.replace("set", "server set");
        if let Some(drivers) = drivers.as_ref().filter(|drivers| !drivers.is_empty()) {
            change.because = Some(drivers.join("; "));
        }
    }
}

fn warnings(size: &Value) -> BTreeMap<String, String> {
    let all = size.get("warnings").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    // A warning is told apart by its id and what it is about, not by the figures in its text.
    all.iter().filter_map(|warning| Some((text(warning.get("id"))?, text(warning.get("text"))?))).collect()
}

struct Walk {
    changes: Vec<Change>,
}

impl Walk {
    fn node(&mut self, what: &str, old: &Value, new: &Value, because: Option<&str>) {
        match (old, new) {
            (Value::Object(old), Value::Object(new)) => self.object(what, old, new, because),
            (Value::Array(old), Value::Array(new)) if named(old) && named(new) => self.list(what, old, new, because),
            _ => {
                let (before, after) = (show(what, old), show(what, new));
                if before != after {
                    self.changes.push(Change { what: clean(what), before, after, because: because.map(str::to_owned) });
                }
            }
        }
    }

    fn object(&mut self, what: &str, old: &Map<String, Value>, new: &Map<String, Value>, because: Option<&str>) {
        let own = reason(new).or_else(|| reason(old));
        let because = own.as_deref().or(because);
        let keys = new.keys().chain(old.keys().filter(|key| !new.contains_key(*key)));
        for key in keys.filter(|key| !EXPLANATIONS.contains(&key.as_str())) {
            // A field that one side does not know is no change, but an input that one side lacks is.
            let pair = (old.get(key), new.get(key));
            let inner = if key == "value" { what.to_owned() } else { format!("{what} {key}") };
            match pair {
                (Some(old), Some(new)) => self.node(&inner, old, new, because),
                (None, Some(only)) if what == "demand" => self.node(&inner, &blank(only), only, because),
                (Some(only), None) if what == "demand" => self.node(&inner, only, &blank(only), because),
                _ => {}
            }
        }
    }

    fn list(&mut self, what: &str, old: &[Value], new: &[Value], because: Option<&str>) {
        let find = |all: &[Value], name: &str| all.iter().find(|item| name_of(item).as_deref() == Some(name)).cloned();
        for item in new {
            let name = name_of(item).unwrap_or_default();
            let inner = format!("{what} {name}");
            match find(old, &name) {
                Some(before) => self.node(&inner, &before, item, because),
                None => self.changes.push(Change {
                    what: clean(&inner),
                    before: None,
                    after: Some(summary(item)),
                    because: item.as_object().and_then(reason),
                }),
            }
        }
        for item in old {
            let name = name_of(item).unwrap_or_default();
            if find(new, &name).is_none() {
                self.changes.push(Change {
                    what: clean(&format!("{what} {name}")),
                    before: Some(summary(item)),
                    after: None,
                    because: item.as_object().and_then(reason),
                });
            }
        }
    }
}

/// The same shape with its value taken out, so that what is missing on one side shows as such.
fn blank(figure: &Value) -> Value {
    match figure {
        Value::Object(fields) => Value::Object(fields.keys().map(|key| (key.clone(), Value::Null)).collect()),
        _ => Value::Null,
    }
}

/// Whether the items of a list can be told apart by name.
fn named(items: &[Value]) -> bool {
    items.iter().all(|item| name_of(item).is_some())
}

fn name_of(item: &Value) -> Option<String> {
    let fields = item.as_object()?;
    NAMES.iter().find_map(|key| text(fields.get(*key)))
}

/// What explains an object: a sentence, or where a figure comes from.
fn reason(fields: &Map<String, Value>) -> Option<String> {
    match fields.get("because")? {
        Value::String(text) => Some(text.clone()),
        Value::Object(figure) => {
            let told = text(figure.get("formula")).or_else(|| text(figure.get("origin")))?;
            Some(format!("{}: {told}", text(figure.get("from"))?))
        }
        _ => None,
    }
}

/// An item that is new or gone, in a few words.
fn summary(item: &Value) -> String {
    let parts = item.as_object().map(|fields| {
        let telling = ["count", "replicas", "instances", "value", "cpu", "memory_bytes", "monthly_usd"];
        let shown = telling.iter().filter_map(|key| Some(format!("{} {}", clean(key), show(key, fields.get(*key)?)?)));
        shown.collect::<Vec<_>>().join(", ")
    });
    parts.filter(|text| !text.is_empty()).unwrap_or_else(|| "present".to_owned())
}

fn text(value: Option<&Value>) -> Option<String> {
    value.and_then(Value::as_str).map(str::to_owned)
}

/// A value for people by the unit that its key names; `None` for nothing.
fn show(what: &str, value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(items) if items.is_empty() => None,
        Value::Array(items) => Some(items.iter().filter_map(|item| show(what, item)).collect::<Vec<_>>().join(", ")),
        Value::Object(_) => Some(value.to_string()),
        Value::Bool(yes) => Some(if *yes { "yes" } else { "no" }.to_owned()),
        Value::Number(number) => Some(match (number.as_u64(), number.as_f64()) {
            (Some(bytes), _) if what.contains("_bytes") || what.ends_with(" size") => Bytes(bytes).short(),
            (_, Some(dollars)) if what.contains("usd") => Usd((dollars * 100.0).round() as u64).to_string(),
            (Some(count), _) => Count(count).to_string(),
            (_, Some(value)) => value.to_string(),
            _ => number.to_string(),
        }),
    }
}

/// A path of keys as words.
fn clean(what: &str) -> String {
    what.replace("_bytes", "").replace("_usd", "").replace('_', " ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn size(partitions: u64, tier: &str, memory: u64) -> Value {
        json!({
            "demand": {
                "partitions": { "value": partitions, "because": { "from": "given", "origin": "flag --partitions" } },
                "data_bytes": { "value": partitions * 50, "because": { "from": "derived", "formula": "x 50" } },
            },
            "tier": { "name": tier, "title": tier, "drivers": [{ "what": "partitions", "because": "too many" }] },
            "servers": [{ "name": "milvus", "memory_bytes": memory, "because": "S4.T2" }],
            "warnings": [{ "id": tier, "text": format!("{tier} warns") }],
        })
    }

    #[test]
    fn nothing_changed() {
        assert_eq!(diff(&size(1, "a", 5), &size(1, "a", 5)), SizeDiff::default());
    }

    #[test]
    fn what_was_asked_comes_before_what_follows() {
        let got = diff(&size(40, "single", 1 << 30), &size(120, "split", 2 << 30));
        let asked: Vec<_> = got.asked.iter().map(|change| change.what.as_str()).collect();
        assert_eq!(asked, ["demand partitions"]);
        let told: Vec<_> = got
            .changes
            .iter()
            .map(|change| (change.what.as_str(), change.after.as_deref().unwrap(), change.because.as_deref().unwrap()))
            .collect();
        assert_eq!(
            told,
            [
                ("demand data", "6 kB", "derived: x 50"),
                ("tier", "split", "too many"),
                ("server milvus memory", "2 GiB", "S4.T2")
            ]
        );
        assert_eq!(
            (got.warnings_new, got.warnings_gone),
            (vec!["split warns".to_owned()], vec!["single warns".to_owned()])
        );
    }

    #[test]
    fn a_wider_range_about_the_same_middle_is_a_change() {
        let with = |range: &str| {
            let mut size = size(40, "single", 1);
            size["uncertainty"] = json!({ "inputs": [{ "variable": "partitions", "range": range }] });
            size
        };
        let got = diff(&with("20..80@90%"), &with("10..160@90%"));
        let range = &got.asked[0];
        assert_eq!(
            (range.what.as_str(), range.before.as_deref(), range.after.as_deref()),
            ("range of partitions", Some("20..80@90%"), Some("10..160@90%"))
        );
        let mut certain = size(40, "single", 1);
        assert!(diff(&certain, &with("20..80@90%")).asked.is_empty());
        certain["uncertainty"] = Value::Null;
        assert_eq!(diff(&certain, &with("20..80@90%")).asked[0].before, None);
    }

    #[test]
    fn what_is_new_and_what_is_gone() {
        let mut after = size(40, "single", 1);
        after["servers"] = json!([{ "name": "api", "count": 2, "memory_bytes": 1u64 << 30, "because": "S4.T2" }]);
        after["demand"]["rps"] = json!({ "value": 800, "because": { "from": "given", "origin": "flag --rps" } });
        let got = diff(&size(40, "single", 1), &after);
        let rps = &got.asked[0];
        assert_eq!((rps.what.as_str(), rps.before.clone(), rps.after.as_deref()), ("demand rps", None, Some("800")));
        let ends: Vec<_> = got.changes.iter().map(|change| (change.before.is_some(), change.after.is_some())).collect();
        assert_eq!(ends, [(false, true), (true, false)]);
        assert_eq!(got.changes[0].after.as_deref(), Some("count 2, memory 1 GiB"));
    }
}
