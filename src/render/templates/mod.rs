//! Templates of text formats: loops and ifs, no decisions.
//!
//! Values enter a rendered file only through the escaper of its language: `{{ path | shell }}`. A template that writes
//! a text without one is refused when it is filled in, and so is one that names a variable that is not there.
//! YAML and JSON have no templates: they are written by serializers.

mod embedded;
mod escape;

use std::collections::BTreeMap;
use std::io;

use serde::Serialize;
use tera::{Context, ErrorKind, Kwargs, ReportError, State, Tera};

use crate::error::{Code, Error, Place, Problem, Result};

/// Stands around a text that was written without an escaper.
const MARK: char = '\u{1}';

/// The templates: the embedded ones, and files of the user in place of some.
#[derive(Debug, Clone)]
pub struct Templates {
    tera: Tera,
    sources: BTreeMap<String, String>,
}

impl Templates {
    /// The embedded templates, with the user's own in place of those of the same name.
    ///
    /// # Errors
    /// `E0104` when nothing is named like an override, `E0403` when a template is not well formed.
    pub fn new(overrides: BTreeMap<String, String>) -> Result<Self> {
        let mut sources: BTreeMap<String, String> =
            embedded::ALL.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let unknown: Vec<Problem> =
            overrides.keys().filter(|name| !sources.contains_key(*name)).map(|name| unknown(name)).collect();
        Error::check(unknown)?;
        sources.extend(overrides);
        Self::compile(sources)
    }

    /// The embedded templates alone.
    ///
    /// # Errors
    /// `E0403` when one is not well formed, which tests rule out.
    pub fn embedded() -> Result<Self> {
        Self::new(BTreeMap::new())
    }

    /// Names of all templates that can be replaced.
    pub fn names() -> impl Iterator<Item = &'static str> {
        embedded::ALL.iter().map(|(name, _)| *name)
    }

    /// Fills in a template. The text ends with a newline.
    ///
    /// # Errors
    /// `E0403` with template, line and cause: a variable that is missing, a value that its language cannot hold, a
    /// text without an escaper.
    pub fn render(&self, name: &str, values: &impl Serialize) -> Result<String> {
        let context = Context::from_serialize(values).map_err(|error| self.problem(name, &error))?;
        let mut text = self.tera.render(name, &context).map_err(|error| self.problem(name, &error))?;
        if let Some(problem) = unescaped(name, &text) {
            return Err(problem.into());
        }
        if !text.ends_with('\n') {
            text.push('\n');
        }
        Ok(text)
    }

    fn compile(sources: BTreeMap<String, String>) -> Result<Self> {
        let mut tera = Tera::new();
        // Every file name ends with the empty suffix, so a text without an escaper is always noticed.
        tera.autoescape_on([""]);
        tera.set_escape_fn(mark);
        register(&mut tera);
        let mut this = Self { tera, sources };
        let pairs: Vec<_> = this.sources.iter().map(|(name, text)| (name.clone(), text.clone())).collect();
        this.tera.add_raw_templates(pairs).map_err(|error| this.problem("templates", &error))?;
        Ok(this)
    }

    fn problem(&self, name: &str, error: &tera::Error) -> Problem {
        match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => self.placed(report),
            other => Problem::new(Code::Template, format!("template `{name}` cannot be filled in")).because(
                std::error::Error::source(error)
                    .map_or_else(|| other.to_string(), |source| format!("{other}: {source}")),
            ),
        }
    }

    fn placed(&self, report: &ReportError) -> Problem {
        let (name, span) = (report.filename(), report.span());
        let summary = format!("template `{name}` cannot be filled in");
        let source = self.sources.get(name).and_then(|text| text.lines().nth(span.start_line.saturating_sub(1)));
        let Some(source) = source else { return Problem::new(Code::Template, summary).because(report.message()) };
        let width = if span.end_line == span.start_line { span.end_col.saturating_sub(span.start_col) } else { 1 };
        Problem::new(Code::Template, summary).because(report.message()).at(Place {
            file: name.to_owned(),
            line: span.start_line,
            column: span.start_col + 1,
            caret: span.start_col + 1,
            field: String::new(),
            source: source.to_owned(),
            width: width.max(1),
            label: String::new(),
        })
    }
}

/// Takes the place of an escaper: numbers and truth values pass, any other text is marked.
fn mark(text: &str, out: &mut dyn io::Write) -> io::Result<()> {
    if text == "true" || text == "false" || text.parse::<f64>().is_ok_and(f64::is_finite) {
        return out.write_all(text.as_bytes());
    }
    write!(out, "{MARK}{text}{MARK}")
}

fn unescaped(name: &str, text: &str) -> Option<Problem> {
    let (before, rest) = text.split_once(MARK)?;
    let value = rest.split(MARK).next().unwrap_or(rest);
    let line = before.lines().count().max(1);
    let start = before.rsplit('\n').next().unwrap_or_default().trim_start();
    Some(
        Problem::new(Code::Template, format!("template `{name}` writes `{value}` without an escaper"))
            .because(format!("line {line} of the rendered file, after `{start}`, takes the text as it is"))
            .hint("write it as `{{ value | shell }}`, or with the filter of the language of the file: nginx, systemd, markdown"),
    )
}

fn unknown(name: &str) -> Problem {
    Problem::new(Code::UnknownName, format!("there is no template `{name}`"))
        .hint_opt(crate::nearest::did_you_mean(name, embedded::ALL.iter().map(|(known, _)| *known)))
}

/// An escaper as a filter whose result needs no other.
struct Filter(&'static str, escape::Escaper);

impl tera::Filter<tera::Value, tera::TeraResult<tera::Value>> for Filter {
    fn call(&self, value: tera::Value, _: Kwargs, _: &State) -> tera::TeraResult<tera::Value> {
        if value.is_undefined() || value.is_none() {
            return Err(tera::Error::message(format!("nothing has this name, so `{}` has nothing to write", self.0)));
        }
        let text = value.to_string();
        let escaped =
            self.1(&text).map_err(|why| tera::Error::message(format!("`{text}` {why}, so `{}` refuses it", self.0)))?;
        Ok(tera::Value::safe_string(&escaped))
    }
}

fn register(tera: &mut Tera) {
    for (name, escaper) in escape::ALL {
        tera.register_filter(*name, Filter(name, *escaper));
    }
}

#[cfg(test)]
mod tests;
