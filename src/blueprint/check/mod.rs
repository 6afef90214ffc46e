//! Faults of meaning: what the shape of a blueprint allows and its sense does not.
//!
//! Each file checks one matter. All faults are collected; none stops the search for others.

mod bounds;
mod capacity;
mod cycle;
mod host;
mod names;
mod operations;
mod ports;
mod ranges;
mod references;
mod service;
mod sizes;
mod tiers;
mod twice;
mod workload;

use super::Blueprint;
use super::document::{Document, FieldPath, Part};
use super::service::Service;
use crate::error::{Code, Problem};
use crate::nearest;
use crate::path;

/// Every fault of meaning, in no particular order.
pub(super) fn problems(blueprint: &Blueprint, document: &Document) -> Vec<Problem> {
    let mut checker = Checker { blueprint, document, problems: Vec::new() };
    let checks = [
        names::check,
        twice::check,
        workload::check,
        service::check,
        host::check,
        ports::check,
        references::services,
        references::others,
        cycle::check,
        tiers::check,
        sizes::check,
        capacity::check,
        ranges::check,
        operations::check,
    ];
    checks.into_iter().for_each(|check| check(&mut checker));
    checker.problems
}

/// What every check is given: the blueprint, the file, and where to put what it finds.
struct Checker<'a> {
    blueprint: &'a Blueprint,
    document: &'a Document,
    problems: Vec<Problem>,
}

impl<'a> Checker<'a> {
    /// Reports a fault at the value of a field.
    fn at_value(&mut self, path: &FieldPath, label: &str, problem: Problem) {
        self.problems.push(problem.at(self.document.locate(path, Part::Value, label)));
    }

    /// Reports a fault at the key of a field.
    fn at_key(&mut self, path: &FieldPath, label: &str, problem: Problem) {
        self.problems.push(problem.at(self.document.locate(path, Part::Key, label)));
    }

    /// Reports a value that its field does not take; `rule` says what it takes.
    fn bad_value(&mut self, path: &FieldPath, summary: impl Into<String>, rule: &str) {
        self.at_value(path, rule, Problem::new(Code::BadField, summary));
    }

    /// Reports a name that refers to nothing; `what` is what it should be the name of, `part` where it stands.
    fn refer(&mut self, path: &FieldPath, part: Part, name: &str, what: &str, known: &[&str]) {
        if known.contains(&name) {
            return;
        }
        let hint = match known {
            [] => Some(format!("this blueprint has no {what}")),
            _ => nearest::hint(name, known.iter().copied()),
        };
        let problem = Problem::new(Code::Dangling, format!("there is no {what} `{name}`")).hint_opt(hint);
        self.problems.push(problem.at(self.document.locate(path, part, &format!("no such {what}"))));
    }

    /// The services with their paths.
    fn services(&self) -> impl Iterator<Item = (&'a str, &'a Service, FieldPath)> + use<'a> {
        self.blueprint.services.iter().map(|(name, service)| (name.as_str(), service, path!["services", name]))
    }
}

#[cfg(test)]
mod tests;
