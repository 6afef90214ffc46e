//! A TOML file as text and tree, so that every complaint can show the line it is about.

mod lines;
mod node;
mod path;

use std::ops::Range;

use toml::de::DeTable;

pub use node::{Entry, Node, Value};
pub use path::{FieldPath, Step};

use crate::error::{Code, Place, Problem};
use lines::Lines;

/// A TOML file that was read: its name, its text and its tree.
#[derive(Debug, Clone)]
pub struct Document {
    file: String,
    text: String,
    lines: Lines,
    root: Node,
}

/// Which part of a field is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Its key; of an item of an array, the item.
    Key,
    /// Its value; of a table with a header, the header.
    Value,
}

impl Document {
    /// Reads a text. All errors of syntax are returned beside what could be read all the same.
    pub(super) fn parse<'t>(file: &str, text: &'t str) -> (Self, toml::Spanned<DeTable<'t>>, Vec<Problem>) {
        let (table, errors) = DeTable::parse_recoverable(text);
        let root = Node::table(0..0, table.get_ref());
        let document = Self { file: file.to_owned(), text: text.to_owned(), lines: Lines::of(text), root };
        let problems = errors.iter().map(|error| document.syntax_problem(error)).collect();
        (document, table, problems)
    }

    /// The file as the user named it.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The text of the file.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The tree of the file.
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// Where a field is; the nearest table around it when the file does not have it. `label` is written beside it.
    pub fn locate(&self, path: &FieldPath, part: Part, label: &str) -> Place {
        let (key, node) = self.root.follow(path);
        let span = key.filter(|_| part == Part::Key).unwrap_or(&node.span);
        self.place(span, path.to_string(), label)
    }

    /// The place of a span of bytes.
    pub(super) fn place(&self, span: &Range<usize>, field: String, label: &str) -> Place {
        let spot = self.lines.spot(&self.text, span);
        Place {
            file: self.file.clone(),
            line: spot.line,
            column: spot.column,
            field,
            source: spot.source,
            caret: spot.caret,
            width: spot.width,
            label: label.to_owned(),
        }
    }

    fn syntax_problem(&self, error: &toml::de::Error) -> Problem {
        let span = error.span().unwrap_or(0..0);
        let (message, hint) = match error.message() {
            message if message.contains("duplicate key") => {
                (message, Some("a key or a table header can be given once; merge the two or rename one"))
            }
            message if message.contains("string values must be quoted") && span.is_empty() => {
                ("a value is missing", Some("write a value after `=`, or remove the line"))
            }
            message if message.contains("string values must be quoted") => {
                ("this is not a value", Some("put texts in double quotes"))
            }
            message => {
                (message, Some("an open quote or bracket is often noticed late: look at the line above as well"))
            }
        };
        Problem::new(Code::Syntax, format!("not valid TOML: {message}"))
            .at(self.place(&span, String::new(), "here"))
            .hint_opt(hint.map(str::to_owned))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path;

    fn at(text: &str, path: &FieldPath, part: Part) -> (usize, usize, usize) {
        let (document, ..) = Document::parse("x.toml", text);
        let place = document.locate(path, part, "");
        (place.line, place.column, place.width)
    }

    #[test]
    fn finds_keys_values_and_headers() {
        let text = "name = \"x\"\n[services.api]\nports = [{ port = 80 },\n\t{ port = 81 }]\n[[tiers]]\nid = 1\n";
        assert_eq!(at(text, &path!["name"], Part::Key), (1, 1, 4));
        assert_eq!(at(text, &path!["name"], Part::Value), (1, 8, 3));
        assert_eq!(at(text, &path!["services", "api"], Part::Key), (2, 11, 3));
        assert_eq!(at(text, &path!["services", "api"], Part::Value), (2, 1, 14));
        assert_eq!(at(text, &path!["services", "api", "ports", 1, "port"], Part::Value), (4, 11, 2));
        assert_eq!(at(text, &path!["tiers", 0], Part::Value), (5, 1, 9));
        assert_eq!(at(text, &path!["tiers", 0, "id"], Part::Key), (6, 1, 2));
    }

    #[test]
    fn a_field_that_is_absent_is_placed_at_what_is_around_it() {
        assert_eq!(at("[a]\nb = 1", &path!["a", "c", "d"], Part::Key), (1, 2, 1));
        assert_eq!(at("b = 1", &path!["c"], Part::Value), (1, 1, 1));
        assert_eq!(at("", &path!["c"], Part::Value), (1, 1, 1));
    }

    #[test]
    fn columns_are_characters_whatever_the_text() {
        assert_eq!(at("\u{feff}a = 1", &path!["a"], Part::Value), (1, 5, 1));
        assert_eq!(at("a = 1\r\nb = 2\r\n", &path!["b"], Part::Value), (2, 5, 1));
        assert_eq!(at("a = { \"채팅\" = 1, b = 2 }", &path!["a", "b"], Part::Key), (1, 17, 1));
        assert_eq!(at("a = \"\"\"one\r\ntwo\"\"\"", &path!["a"], Part::Value), (1, 5, 6));
    }

    #[test]
    fn every_error_of_syntax_is_reported() {
        let (.., problems) = Document::parse("x.toml", "a = \nb = 1\nc = ]\nb = 2\n[d\n");
        let mut lines: Vec<_> = problems.iter().map(|problem| problem.place.as_ref().unwrap().line).collect();
        lines.sort_unstable();
        assert_eq!(lines, [1, 3, 4, 5], "{problems:?}");
    }
}
