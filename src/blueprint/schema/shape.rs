//! What a value may look like: a JSON Schema boiled down to what TOML files are checked by.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use crate::units;

/// The shape of a whole file, with the named shapes it refers to.
#[derive(Debug, Clone, PartialEq)]
pub struct Shapes {
    /// What the file is, in a word: `blueprint`. `rapplan explain` takes paths that begin with it.
    pub name: String,
    /// The shape of the root.
    pub root: Shape,
    /// The named shapes.
    pub named: BTreeMap<String, Shape>,
}

/// What a value may look like.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Anything that JSON can hold.
    Any,
    /// The shape of this name.
    Named(String),
    /// A table with known keys.
    Struct {
        /// The keys, in the order of the types.
        fields: IndexMap<String, Field>,
        /// Whether other keys are allowed.
        open: bool,
    },
    /// A table whose keys are free.
    Map(Box<Shape>),
    /// An array.
    List(Box<Shape>),
    /// One of some words.
    Words(Vec<Word>),
    /// A text.
    Text,
    /// A quantity, by the format of [`units`]; `bare` when a number without a unit is one.
    Unit {
        /// Name of the format.
        format: String,
        /// Whether a bare number is a complete value.
        bare: bool,
    },
    /// A whole number.
    Integer {
        /// Smallest.
        min: i128,
        /// Largest.
        max: i128,
    },
    /// Any number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// Any of several shapes.
    Either(Vec<Shape>),
}

/// A key of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// What it holds.
    pub shape: Shape,
    /// Whether it must be there.
    pub required: bool,
    /// What it means.
    pub description: String,
    /// What stands in for it, as JSON.
    pub default: Option<String>,
}

/// A word that a field takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The word.
    pub word: String,
    /// What it means.
    pub description: String,
}

impl Shapes {
    /// The shape behind a name; a name that is not known takes anything.
    pub fn resolve<'a>(&'a self, mut shape: &'a Shape) -> &'a Shape {
        while let Shape::Named(name) = shape {
            shape = self.named.get(name).unwrap_or(&Shape::Any);
        }
        shape
    }

    /// The type as a message or a reference page names it: `array of tables`.
    pub fn type_name(&self, shape: &Shape) -> String {
        match self.resolve(shape) {
            Shape::Any | Shape::Named(_) => "any value".to_owned(),
            Shape::Struct { .. } => "table".to_owned(),
            Shape::Map(of) => format!("table of {}", self.plural(of)),
            Shape::List(of) => format!("array of {}", self.plural(of)),
            Shape::Words(_) => "word".to_owned(),
            Shape::Text => "string".to_owned(),
            Shape::Unit { format, .. } => format.trim_start_matches("rapplan-").to_owned(),
            Shape::Integer { .. } => "integer".to_owned(),
            Shape::Number => "number".to_owned(),
            Shape::Boolean => "boolean".to_owned(),
            Shape::Either(of) => of.iter().map(|one| self.type_name(one)).collect::<Vec<_>>().join(" or "),
        }
    }

    fn plural(&self, shape: &Shape) -> String {
        match self.resolve(shape) {
            Shape::Any | Shape::Named(_) => "any values".to_owned(),
            Shape::Struct { .. } => "tables".to_owned(),
            Shape::Map(_) => "tables".to_owned(),
            Shape::List(_) => "arrays".to_owned(),
            Shape::Unit { format, .. } => format!("{} values", format.trim_start_matches("rapplan-")),
            other => format!("{}s", self.type_name(other)),
        }
    }

    /// What a value must be, with examples where there are some; `None` when the type says it all.
    pub fn expected(&self, shape: &Shape) -> Option<String> {
        match self.resolve(shape) {
            Shape::Unit { format, .. } => expected_of(format).map(str::to_owned),
            Shape::Words(words) => {
                let words: Vec<_> = words.iter().map(|word| format!("`{}`", word.word)).collect();
                Some(format!("one of {}", words.join(", ")))
            }
            Shape::Integer { min, max } => Some(format!("a whole number from {min} to {max}")),
            Shape::List(of) => self.expected(of),
            _ => None,
        }
    }
}

/// What the unit of a format expects; units say it in every error, so an empty text is asked about.
pub(in crate::blueprint) fn expected_of(format: &str) -> Option<&'static str> {
    units::check_format(format, "").and_then(Result::err).map(|error| error.expected)
}
