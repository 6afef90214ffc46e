//! Checks the tree of a file against its shape and reports everything that does not fit.

use std::ops::Range;

use indexmap::IndexMap;

use super::document::{Document, Entry, FieldPath, Node, Value};
use super::schema::{Field, Shape, Shapes, Word};
use crate::error::{Code, Problem};
use crate::nearest;
use crate::units;

/// Everything in the file that does not fit its shape.
pub(super) fn problems(document: &Document, shapes: &Shapes) -> Vec<Problem> {
    let mut walk = Walk { document, shapes, path: Vec::new(), fields: Vec::new(), problems: Vec::new() };
    walk.value(document.root(), &shapes.root);
    walk.problems
}

/// A step of the path, borrowed: paths are walked everywhere and printed only where something is wrong.
#[derive(Clone, Copy)]
enum Key<'a> {
    Name(&'a str),
    Index(usize),
}

struct Walk<'a> {
    document: &'a Document,
    shapes: &'a Shapes,
    path: Vec<Key<'a>>,
    /// The steps of the path that are fields of the language, for `rapplan explain`.
    fields: Vec<&'a str>,
    problems: Vec<Problem>,
}

impl<'a> Walk<'a> {
    fn value(&mut self, node: &'a Node, shape: &'a Shape) {
        match (self.shapes.resolve(shape), &node.value) {
            (Shape::Any | Shape::Named(_), _) => self.free(node),
            (Shape::Struct { fields, open }, Value::Table(table)) => self.table(node, table, fields, *open),
            (Shape::Map(of), Value::Table(table)) => {
                for (key, entry) in table {
                    self.step(Key::Name(key), |walk| walk.value(&entry.node, of));
                }
            }
            (Shape::List(of), Value::Array(items)) => {
                for (i, item) in items.iter().enumerate() {
                    self.step(Key::Index(i), |walk| walk.value(item, of));
                }
            }
            (Shape::Words(words), Value::Text(text)) => self.word(node, words, text),
            (Shape::Unit { format, .. }, Value::Text(text)) => self.unit(node, format, text),
            (Shape::Unit { format, bare }, Value::Integer(Some(number))) => {
                self.number(node, format, *bare, &number.to_string());
            }
            (Shape::Unit { format, bare }, Value::Float(number)) => {
                self.number(node, format, *bare, &number.to_string());
            }
            (Shape::Integer { min, max }, Value::Integer(number)) => {
                if !number.is_some_and(|number| (*min..=*max).contains(&number)) {
                    self.range(node, *min, *max);
                }
            }
            (Shape::Text, Value::Text(_))
            | (Shape::Number, Value::Integer(_) | Value::Float(_))
            | (Shape::Boolean, Value::Boolean(_)) => {}
            (Shape::Either(all), _) => self.either(node, all),
            (shape, _) => self.wrong_type(node, shape),
        }
    }

    fn step(&mut self, step: Key<'a>, inside: impl FnOnce(&mut Self)) {
        self.path.push(step);
        inside(self);
        self.path.pop();
    }

    /// Where the walk is, as it is printed.
    fn path(&self) -> String {
        let mut path = FieldPath::default();
        for key in &self.path {
            match key {
                Key::Name(name) => path.push(*name),
                Key::Index(index) => path.push(*index),
            }
        }
        path.to_string()
    }

    fn report(&mut self, problem: Problem, span: &Range<usize>, label: &str) {
        self.problems.push(problem.at(self.document.place(span, self.path(), label)));
    }

    /// The last field on the path as a message names it.
    fn name(&self) -> String {
        self.fields.last().map_or_else(|| format!("the {}", self.shapes.name), |name| format!("`{name}`"))
    }

    /// The table on the path as a message names it.
    fn here(&self) -> String {
        if self.path.is_empty() { format!("a {}", self.shapes.name) } else { format!("`{}`", self.path()) }
    }

    fn explain(&self) -> String {
        let path: String = self.fields.iter().map(|name| format!(".{name}")).collect();
        format!("rapplan explain {}{path}", self.shapes.name)
    }

    fn table(
        &mut self,
        node: &'a Node,
        table: &'a IndexMap<String, Entry>,
        fields: &'a IndexMap<String, Field>,
        open: bool,
    ) {
        let mut meant = Vec::new();
        for (key, entry) in table {
            if let Some((name, field)) = fields.get_key_value(key) {
                self.fields.push(name);
                self.step(Key::Name(key), |walk| walk.value(&entry.node, &field.shape));
                self.fields.pop();
            } else if !open {
                meant.extend(self.unknown(key, entry, table, fields));
            }
        }
        for (name, field) in fields {
            // A required field under a slip of its name is one fault, not two.
            if field.required && !table.contains_key(name) && !meant.contains(&name.as_str()) {
                self.missing(node, name, field);
            }
        }
    }

    /// Reports a key that is not a field, and returns the field that was meant.
    fn unknown(
        &mut self,
        key: &str,
        entry: &'a Entry,
        table: &'a IndexMap<String, Entry>,
        fields: &'a IndexMap<String, Field>,
    ) -> Option<&'a str> {
        let absent = fields.keys().map(String::as_str).filter(|name| !table.contains_key(*name));
        let all = fields.keys().map(String::as_str);
        let meant = nearest::nearest(key, absent);
        let hint = match meant.or_else(|| nearest::nearest(key, all.clone())) {
            Some(meant) => Some(format!("did you mean `{meant}`?")),
            None => nearest::hint(key, all).map(|hint| hint.replace("known are", "its fields are")),
        };
        let problem = Problem::new(Code::UnknownField, format!("unknown field `{}`", shorten(key)))
            .hint_opt(hint)
            .hint(self.explain());
        let label = format!("not a field of {}", self.here());
        self.report(problem, &entry.key, &label);
        meant
    }

    fn missing(&mut self, node: &'a Node, name: &str, field: &Field) {
        let expected = self.shapes.expected(&field.shape);
        let what = expected.unwrap_or_else(|| format!("a {}", self.shapes.type_name(&field.shape)));
        let problem = Problem::new(Code::MissingField, format!("{} lacks `{name}`", self.here()))
            .hint(format!("add `{name}`: {}", field.description.trim_end_matches('.')))
            .hint(format!("it takes {}", what.replace("a any", "any").replace("a array", "an array")));
        self.report(problem, &node.span, &format!("`{name}` is missing"));
    }

    fn wrong_type(&mut self, node: &'a Node, shape: &'a Shape) {
        let found = node.type_name();
        let wanted = self.shapes.type_name(shape);
        let article = if wanted.starts_with(['a', 'i']) { "an" } else { "a" };
        let summary = match shape {
            Shape::Unit { .. } => format!("{} is {found}, not a quantity", self.name()),
            _ => format!("{} is {found}, not {article} {wanted}", self.name()),
        };
        let hint = self.shapes.expected(shape).map(|expected| format!("give {expected}"));
        let problem = Problem::new(Code::WrongType, summary).hint_opt(hint).hint(self.explain());
        self.report(problem, &node.span, &format!("{article} {wanted} is expected"));
    }

    fn word(&mut self, node: &'a Node, words: &'a [Word], text: &str) {
        if words.iter().any(|word| word.word == text) {
            return;
        }
        let known = words.iter().map(|word| word.word.as_str());
        let label = format!("not a word that {} takes", self.name());
        let summary = format!("{} does not take `{}`", self.name(), shorten(text));
        let problem = Problem::new(Code::BadField, summary).hint_opt(nearest::hint(text, known)).hint(self.explain());
        self.report(problem, &node.span, &label);
    }

    fn unit(&mut self, node: &'a Node, format: &str, text: &str) {
        if let Some(Err(mut error)) = units::check_format(format, text) {
            error.given = shorten(&error.given);
            let problem = Problem::from_unit(Code::BadField, &self.name(), &error);
            self.report(problem, &node.span, &error.problem);
        }
    }

    fn number(&mut self, node: &'a Node, format: &str, bare: bool, text: &str) {
        let before = self.problems.len();
        self.unit(node, format, text);
        if self.problems.len() == before && !bare {
            let expected = super::schema::expected_of(format).unwrap_or_default();
            let problem = Problem::new(Code::BadField, format!("{}: `{text}` has no unit", self.name()))
                .hint(format!("give {expected}"));
            self.report(problem, &node.span, "has no unit");
        }
    }

    fn range(&mut self, node: &'a Node, min: i128, max: i128) {
        let summary = format!("{} is outside {min} to {max}", self.name());
        let hint = format!("give a whole number from {min} to {max}");
        self.report(Problem::new(Code::BadField, summary).hint(hint), &node.span, "out of range");
    }

    /// Values that are passed on as they are must be such as JSON and YAML can hold.
    fn free(&mut self, node: &'a Node) {
        match &node.value {
            Value::Datetime => {
                let problem = Problem::new(Code::WrongType, format!("{} holds a date or time", self.name()))
                    .because("it is passed on as JSON or YAML, which have no such type")
                    .hint("put it in quotes");
                self.report(problem, &node.span, "a date or time");
            }
            Value::Float(number) if !number.is_finite() => {
                let problem = Problem::new(Code::BadField, format!("{} holds `{number}`", self.name()))
                    .because("it is passed on as JSON or YAML, and JSON has no such number")
                    .hint("give a finite number, or put it in quotes");
                self.report(problem, &node.span, "not a finite number");
            }
            Value::Integer(number) => {
                let range = i128::from(i64::MIN)..=i128::from(u64::MAX);
                if !number.is_some_and(|number| range.contains(&number)) {
                    self.range(node, *range.start(), *range.end());
                }
            }
            Value::Array(items) => {
                for (i, item) in items.iter().enumerate() {
                    self.step(Key::Index(i), |walk| walk.free(item));
                }
            }
            Value::Table(table) => {
                for (key, entry) in table {
                    self.step(Key::Name(key), |walk| walk.free(&entry.node));
                }
            }
            _ => {}
        }
    }

    /// Of several shapes the value must fit one; the complaints are those of the one that it fits best.
    fn either(&mut self, node: &'a Node, all: &'a [Shape]) {
        let before = std::mem::take(&mut self.problems);
        let mut best: Option<Vec<Problem>> = None;
        for shape in all {
            self.value(node, shape);
            let found = std::mem::take(&mut self.problems);
            if best.as_ref().is_none_or(|best| found.len() < best.len()) {
                best = Some(found);
            }
        }
        self.problems = before;
        self.problems.extend(best.unwrap_or_default());
    }
}

/// A word of the file as a message repeats it: long ones cut, on one line.
fn shorten(text: &str) -> String {
    let mut short: String = text
        .chars()
        .take(60)
        .flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] })
        .collect();
    if text.chars().nth(60).is_some() {
        short.push('…');
    }
    short
}
