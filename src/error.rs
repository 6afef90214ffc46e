//! One error type for the whole program: what, where, why, how to mend.

use std::fmt;

use unicode_width::UnicodeWidthChar;

pub use crate::error_codes::Code;
use crate::units::UnitError;

/// The result of anything that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One or more problems that stopped the work; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(Vec<Problem>);

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Its number, which `rapplan explain` has a page on.
    pub code: Code,
    /// What is wrong, in one line without a full stop.
    pub summary: String,
    /// Where it is wrong.
    pub place: Option<Box<Place>>,
    /// Why it is wrong.
    pub cause: Option<String>,
    /// How to mend it, most useful first.
    pub hints: Vec<String>,
    /// A longer text printed below, such as the difference between two files.
    pub detail: Option<String>,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file as the user named it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The path of the field, `services.api.ports[0]`, empty for a place without one.
    pub field: String,
    /// The source line; of a very long line, the part around the column.
    pub source: String,
    /// Character of `source` at which the column is, from 1; the same as `column` unless the line was cut.
    pub caret: usize,
    /// How many characters of the line are meant; at least 1.
    pub width: usize,
    /// What to write beside the carets.
    pub label: String,
}

impl Problem {
    /// A problem with no more than a summary.
    pub fn new(code: Code, summary: impl Into<String>) -> Self {
        Self { code, summary: summary.into(), place: None, cause: None, hints: Vec::new(), detail: None }
    }

    /// Says where.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(Box::new(place));
        self
    }

    /// Says why.
    #[must_use]
    pub fn because(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Says how to mend it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Says how to mend it, if there is something to say.
    #[must_use]
    pub fn hint_opt(mut self, hint: Option<String>) -> Self {
        self.hints.extend(hint);
        self
    }

    /// Adds a longer text.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// A value that is not the quantity it should be; `what` names the flag or field.
    pub fn from_unit(code: Code, what: &str, error: &UnitError) -> Self {
        Self::new(code, format!("{what}: `{}` {}", error.given, error.problem)).hint(format!("give {}", error.expected))
    }
}

impl Error {
    /// The problems, in the order in which they were found.
    pub fn problems(&self) -> &[Problem] {
        &self.0
    }

    /// `Ok` when there is no problem.
    pub fn check(problems: Vec<Problem>) -> Result<()> {
        if problems.is_empty() { Ok(()) } else { Err(Self(problems)) }
    }

    /// The exit status: that of the first problem.
    pub fn exit(&self) -> crate::exit::Exit {
        self.0.first().map_or(crate::exit::Exit::Internal, |problem| problem.code.exit())
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)?;
        if self.field.is_empty() { Ok(()) } else { write!(f, " ({})", self.field) }
    }
}

/// What stands below a character so that the carets come to stand below theirs.
fn blank(c: char) -> &'static str {
    match (c, c.width()) {
        // A tab is as wide as the terminal likes, so the line below repeats it.
        ('\t', _) => "\t",
        (_, Some(0)) => "",
        // Hangul and ideographs take two cells.
        (_, Some(2)) => "  ",
        _ => " ",
    }
}

/// Text from outside as a terminal may get it: a control character could move the cursor or change colours.
struct Harmless<'a>(&'a str);

impl fmt::Display for Harmless<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let replaced = |c: char| if c.is_control() && c != '\n' && c != '\t' { '\u{fffd}' } else { c };
        self.0.chars().try_for_each(|c| write!(f, "{}", replaced(c)))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error[{}]: {}", self.code, Harmless(&self.summary))?;
        if let Some(place) = &self.place {
            let number = place.line.to_string();
            let margin = " ".repeat(number.len());
            let mut shown = place.source.chars();
            let indent: String = shown.by_ref().take(place.caret - 1).map(blank).collect();
            let width: usize = shown.take(place.width).map(|c| c.width().unwrap_or(1)).sum();
            write!(f, "\n  at {}\n   {number} | {}", Harmless(&place.to_string()), Harmless(&place.source))?;
            write!(f, "\n   {margin} | {indent}{} {}", "^".repeat(width.max(1)), Harmless(&place.label))?;
        }
        if let Some(cause) = &self.cause {
            write!(f, "\n  cause: {}", Harmless(cause))?;
        }
        for hint in &self.hints {
            write!(f, "\n  hint: {}", Harmless(hint))?;
        }
        if let Some(detail) = &self.detail {
            write!(f, "\n\n{}", Harmless(detail.trim_end()))?;
        }
        Ok(())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.0.iter().enumerate() {
            write!(f, "{}{problem}", if i > 0 { "\n\n" } else { "" })?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        let place = Place {
            file: "a\u{1b}.toml".to_owned(),
            line: 1,
            column: 1,
            field: String::new(),
            source: "x = \"\u{1b}[31m\"".to_owned(),
            caret: 5,
            width: 7,
            label: "here".to_owned(),
        };
        let problem = Problem::new(Code::BadValue, "`5\u{1b}[31m` is wrong").at(place).because("\u{7}").hint("\u{9b}");
        let shown = problem.to_string();
        assert!(!shown.contains(['\u{1b}', '\u{7}', '\u{9b}']), "{shown:?}");
        assert!(shown.starts_with("error[E0102]: `5\u{fffd}[31m` is wrong\n"), "{shown:?}");
    }
}
