//! Services that wait for each other.

use std::collections::BTreeSet;

use super::Checker;
use crate::error::{Code, Problem};
use crate::path;

pub(super) fn check(c: &mut Checker<'_>) {
    let mut waiting: BTreeSet<&str> = c.blueprint.services.keys().map(String::as_str).collect();
    loop {
        start_all_that_can(c, &mut waiting);
        let Some(cycle) = cycle(c, &waiting) else { return };
        let names: Vec<_> = cycle.iter().chain(cycle.first()).map(|name| format!("`{name}`")).collect();
        let first = cycle.first().copied().unwrap_or_default();
        let problem = Problem::new(Code::Cycle, format!("services wait for each other: {}", names.join(" -> ")))
            .because("none of them can be the first to start")
            .hint("take one out of `depends_on`; a service that retries its connections need not wait");
        c.at_value(&path!["services", first, "depends_on"], "closes the circle", problem);
        waiting.retain(|name| !cycle.contains(name));
    }
}

/// Takes out, round by round, the services that wait for none of the others.
fn start_all_that_can<'a>(c: &Checker<'a>, waiting: &mut BTreeSet<&'a str>) {
    loop {
        let can: Vec<_> = waiting.iter().copied().filter(|name| next(c, waiting, name).is_none()).collect();
        if can.is_empty() {
            return;
        }
        waiting.retain(|name| !can.contains(name));
    }
}

/// The first service that `name` waits for and that waits itself.
fn next<'a>(c: &Checker<'a>, waiting: &BTreeSet<&'a str>, name: &str) -> Option<&'a str> {
    let service = c.blueprint.services.get(name)?;
    service.depends_on.iter().map(String::as_str).find(|other| waiting.contains(other))
}

/// A circle among services that all wait: whoever follows the waiting comes back to where they were.
fn cycle<'a>(c: &Checker<'a>, waiting: &BTreeSet<&'a str>) -> Option<Vec<&'a str>> {
    let first = c.blueprint.services.keys().map(String::as_str).find(|name| waiting.contains(name))?;
    let mut trail = vec![first];
    while let Some(name) = trail.last().and_then(|last| next(c, waiting, last)) {
        if let Some(start) = trail.iter().position(|seen| *seen == name) {
            return Some(trail.split_off(start));
        }
        trail.push(name);
    }
    None
}
