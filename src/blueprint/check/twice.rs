//! Ids and names that are given more than once.

use std::collections::BTreeMap;

use super::Checker;
use crate::blueprint::document::{FieldPath, Part};
use crate::error::{Code, Problem};
use crate::path;

pub(super) fn check(c: &mut Checker<'_>) {
    let b = c.blueprint;
    let list = path!["tiers"];
    unique(c, &list, "name", "tier", b.tiers.iter().map(|tier| tier.name.as_str()));
    for (i, tier) in b.tiers.iter().enumerate() {
        let list = path!["tiers", i, "sizes"];
        unique(c, &list, "name", "server set", tier.sizes.iter().map(|set| set.name.as_str()));
        for (j, set) in tier.sizes.iter().enumerate() {
            let list = list.join(j).join("servers");
            unique(c, &list, "name", "server", set.servers.iter().map(|server| server.name.as_str()));
        }
    }
    for (_, service, at) in c.services() {
        unique(c, &at.join("ports"), "name", "port", service.ports.iter().map(|port| port.name.as_str()));
    }
    ids(c);
}

/// Results cite rows by their ids, so an id stands for one row of its kind; tiers and their server sets are one kind.
fn ids(c: &mut Checker<'_>) {
    let b = c.blueprint;
    let mut rows: Vec<(FieldPath, &str)> = Vec::new();
    for (i, tier) in b.tiers.iter().enumerate() {
        rows.push((path!["tiers", i, "id"], &tier.id));
        rows.extend(
            tier.sizes.iter().enumerate().map(|(j, set)| (path!["tiers", i, "sizes", j, "id"], set.id.as_str())),
        );
    }
    once(c, "row", rows);
    unique(c, &path!["triggers"], "id", "trigger", b.triggers.iter().map(|row| row.id.as_str()));
    unique(c, &path!["load_tests"], "id", "load test", b.load_tests.iter().map(|row| row.id.as_str()));
    unique(c, &path!["verdicts"], "id", "verdict", b.verdicts.iter().map(|row| row.id.as_str()));
    unique(c, &path!["scale_out"], "id", "rule", b.scale_out.iter().map(|row| row.id.as_str()));
    unique(c, &path!["playbooks"], "id", "playbook", b.playbooks.iter().map(|row| row.id.as_str()));
    unique(c, &path!["rulings"], "id", "ruling", b.rulings.iter().map(|row| row.id.as_str()));
}

/// Reports each item of a list whose `field` an earlier one has too.
fn unique<'a>(c: &mut Checker<'_>, list: &FieldPath, field: &str, what: &str, names: impl Iterator<Item = &'a str>) {
    let rows = names.enumerate().map(|(i, name)| (list.join(i).join(field), name)).collect();
    once(c, what, rows);
}

fn once(c: &mut Checker<'_>, what: &str, rows: Vec<(FieldPath, &str)>) {
    let mut seen: BTreeMap<&str, FieldPath> = BTreeMap::new();
    for (path, name) in rows {
        if let Some(first) = seen.get(name) {
            let line = c.document.locate(first, Part::Value, "").line;
            let problem = Problem::new(Code::NameTwice, format!("the {what} `{name}` is given twice"))
                .because(format!("`{first}` has it already, at line {line}"))
                .hint("rename one of them");
            c.at_value(&path, "given before", problem);
        } else {
            seen.insert(name, path);
        }
    }
}
