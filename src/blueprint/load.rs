//! From the text of a file to its type, with everything that is wrong in one error.

use std::ops::Range;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use toml::de::{DeTable, Deserializer};

use super::document::Document;
use super::{Blueprint, check, repair, schema, walk};
use crate::error::{Code, Error, Problem, Result};

/// A blueprint that was read and found sound.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// What the file says.
    pub blueprint: Blueprint,
    /// The file, to show places in it.
    pub document: Document,
}

impl Blueprint {
    /// Reads and checks a blueprint; `file` names it in messages.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the file: errors of syntax, unknown keys, wrong types and values, and
    /// faults of meaning (see the pages of E0201 to E0212). The meaning of a file with errors of syntax is not judged.
    pub fn parse(file: &str, text: &str) -> Result<Loaded> {
        let (blueprint, document) = load::<Self>(file, text).map_err(|error| with_meaning(file, text, error))?;
        Error::check(in_order(check::problems(&blueprint, &document)))?;
        Ok(Loaded { blueprint, document })
    }
}

/// Adds the faults of meaning to the misfits of a blueprint.
fn with_meaning(file: &str, text: &str, error: Error) -> Error {
    if error.problems().iter().any(|problem| problem.code == Code::Syntax) {
        return error;
    }
    let (document, ..) = Document::parse(file, text);
    let mut problems = error.problems().to_vec();
    problems.extend(repair::meaning(&document, &schema::shapes::<Blueprint>(), &problems));
    all(problems)
}

/// Reads a TOML file into a type, checked against the schema of that type.
///
/// # Errors
/// All errors of syntax, unknown keys, and wrong types and values, in the order of the file.
pub fn load<T: DeserializeOwned + JsonSchema + 'static>(file: &str, text: &str) -> Result<(T, Document)> {
    let (document, table, syntax) = Document::parse(file, text);
    let misfits = walk::problems(&document, &schema::shapes::<T>());
    if !syntax.is_empty() {
        let mut problems = outside_damage(text, &syntax, misfits);
        problems.extend(syntax);
        return Err(all(problems));
    }
    Error::check(in_order(misfits))?;
    Ok((deserialize(&document, table)?, document))
}

/// What the walk let through, serde should take; should it not, its own complaint is passed on.
fn deserialize<T: DeserializeOwned>(document: &Document, table: toml::Spanned<DeTable<'_>>) -> Result<T> {
    T::deserialize(Deserializer::from(table)).map_err(|error| {
        let span = error.span().unwrap_or(0..0);
        let message = error.message().lines().collect::<Vec<_>>().join(" ");
        Problem::new(Code::WrongType, message).at(document.place(&span, String::new(), "here")).into()
    })
}

/// What can be said of the fields of a file whose syntax is broken somewhere.
///
/// What stands between an error of syntax and the next table header may have been read as what it is not, and what
/// seems to be missing may stand there; nothing is said of either.
fn outside_damage(text: &str, syntax: &[Problem], misfits: Vec<Problem>) -> Vec<Problem> {
    let line_of = |problem: &Problem| problem.place.as_ref().map_or(1, |place| place.line);
    let headers: Vec<usize> =
        text.lines().enumerate().filter(|(_, line)| line.starts_with('[')).map(|(i, _)| i + 1).collect();
    let damaged = |error: &Problem| -> Range<usize> {
        let start = line_of(error);
        let end = headers.get(headers.partition_point(|header| *header <= start)).copied();
        start..end.unwrap_or(usize::MAX)
    };
    let damaged: Vec<_> = syntax.iter().map(damaged).collect();
    let sound = |problem: &Problem| {
        problem.code != Code::MissingField && !damaged.iter().any(|lines| lines.contains(&line_of(problem)))
    };
    misfits.into_iter().filter(sound).collect()
}

fn all(problems: Vec<Problem>) -> Error {
    match Error::check(in_order(problems)) {
        Err(error) => error,
        Ok(()) => Problem::new(Code::Internal, "a file was refused without a reason").into(),
    }
}

/// By line and column; what has no place comes last.
fn in_order(mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort_by_key(|problem| problem.place.as_ref().map_or((usize::MAX, 0), |place| (place.line, place.column)));
    problems
}
