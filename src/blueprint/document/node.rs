//! The tree of a TOML file in which every key and value knows where it stands.

use std::ops::Range;

use indexmap::IndexMap;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::path::{FieldPath, Step};

/// A value and where it stands, in bytes. Of a table with a header it is the header that stands there.
#[derive(Debug, Clone)]
pub struct Node {
    /// The bytes of the value.
    pub span: Range<usize>,
    /// The value.
    pub value: Value,
}

/// A value of a TOML file.
#[derive(Debug, Clone)]
pub enum Value {
    /// A text.
    Text(String),
    /// A whole number; `None` when it is beyond 128 bits.
    Integer(Option<i128>),
    /// A number with a fraction; may be infinite or not a number.
    Float(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// A date, a time or both.
    Datetime,
    /// A list.
    Array(Vec<Node>),
    /// A table.
    Table(IndexMap<String, Entry>),
}

/// A key of a table with its value.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The bytes of the key.
    pub key: Range<usize>,
    /// Its value.
    pub node: Node,
}

impl Node {
    /// Copies the parser's tree. The parser bounds how deep a file may nest, so the recursion is bounded too.
    pub(super) fn table(span: Range<usize>, table: &DeTable<'_>) -> Self {
        let entries = table
            .iter()
            .map(|(key, value)| (key.get_ref().to_string(), Entry { key: key.span(), node: Self::value(value) }));
        Self { span, value: Value::Table(entries.collect()) }
    }

    fn value(value: &Spanned<DeValue<'_>>) -> Self {
        let span = value.span();
        let value = match value.get_ref() {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Integer(number) => Value::Integer(i128::from_str_radix(number.as_str(), number.radix()).ok()),
            DeValue::Float(number) => Value::Float(number.as_str().parse().unwrap_or(f64::NAN)),
            DeValue::Boolean(value) => Value::Boolean(*value),
            DeValue::Datetime(_) => Value::Datetime,
            DeValue::Array(items) => Value::Array(items.iter().map(Self::value).collect()),
            DeValue::Table(table) => return Self::table(span, table),
        };
        Self { span, value }
    }

    /// The value as a message names it: `an array`.
    pub fn type_name(&self) -> &'static str {
        match self.value {
            Value::Text(_) => "a string",
            Value::Integer(_) => "an integer",
            Value::Float(_) => "a number with a fraction",
            Value::Boolean(_) => "a boolean",
            Value::Datetime => "a date or time",
            Value::Array(_) => "an array",
            Value::Table(_) => "a table",
        }
    }

    /// The value at a path, when there is one.
    pub fn get(&self, path: &FieldPath) -> Option<&Self> {
        path.steps().iter().try_fold(self, |node, step| match (step, &node.value) {
            (Step::Key(name), Value::Table(table)) => table.get(name).map(|entry| &entry.node),
            (Step::Index(index), Value::Array(items)) => items.get(*index),
            _ => None,
        })
    }

    /// The key (when the last step is one) and the value at a path; as far as the path leads, when it leads nowhere.
    pub(super) fn follow<'a>(&'a self, path: &FieldPath) -> (Option<&'a Range<usize>>, &'a Self) {
        let (mut key, mut node) = (None, self);
        for step in path.steps() {
            match (step, &node.value) {
                (Step::Key(name), Value::Table(table)) => match table.get(name) {
                    Some(entry) => (key, node) = (Some(&entry.key), &entry.node),
                    None => break,
                },
                (Step::Index(index), Value::Array(items)) => match items.get(*index) {
                    Some(item) => (key, node) = (None, item),
                    None => break,
                },
                _ => break,
            }
        }
        (key, node)
    }
}
