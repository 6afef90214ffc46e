//! What is taken from the blueprint language until it has its own loader.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use crate::error::{Code, Error, Place, Problem, Result};

/// Reads and checks a TOML file.
///
/// # Errors
/// The first fault of the file with its line and column.
pub fn load<T: DeserializeOwned + JsonSchema>(file: &str, text: &str) -> Result<T> {
    toml::from_str(text).map_err(|error| syntax(file, text, &error))
}

/// A fault that the TOML reader found.
pub fn syntax(file: &str, text: &str, error: &toml::de::Error) -> Error {
    let span = error.span().unwrap_or(0..0);
    let (line, column) = line_column(text, span.start);
    let source = text.lines().nth(line - 1).unwrap_or_default().to_owned();
    let width = span.len().clamp(1, source.chars().count().saturating_sub(column - 1).max(1));
    let place =
        Place { file: file.to_owned(), line, column, field: String::new(), source, width, label: String::new() };
    Problem::new(Code::Syntax, error.message().lines().next().unwrap_or_default()).at(place).into()
}

/// Line and column in characters, both from 1, of a byte of a text.
pub fn line_column(text: &str, byte: usize) -> (usize, usize) {
    let before = &text[..byte.min(text.len())];
    let line = before.matches('\n').count() + 1;
    (line, before.rsplit('\n').next().unwrap_or_default().chars().count() + 1)
}

/// The built-in blueprints: name, file, text.
pub const BUILTIN: &[(&str, &str, &str)] = &[];

/// A field of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldDoc {
    /// Where it is; `*` stands for a name, `[]` for any item: `services.*.ports[].port`.
    pub path: String,
    /// Its type: `array of tables`, `bytes`, `word`.
    pub type_name: String,
    /// Whether it must be there, given that the table around it is.
    pub required: bool,
    /// What it means.
    pub description: String,
    /// What stands in for it, as JSON.
    pub default: Option<String>,
    /// What it takes, with examples, where the type does not say it all.
    pub expected: Option<String>,
    /// The words that it takes, each with its meaning.
    pub words: Vec<Word>,
}

/// A word that a field takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The word.
    pub word: String,
    /// What it means.
    pub description: String,
}

impl FieldDoc {
    /// The path as a user types it: names and items left out, `services.ports.port`.
    pub fn plain_path(&self) -> String {
        self.path.replace(".*", "").replace("[]", "")
    }
}

/// Every field of a blueprint.
pub fn blueprint_fields() -> Vec<FieldDoc> {
    Vec::new()
}

/// The JSON Schema of a type.
pub fn schema_of<T: JsonSchema>() -> serde_json::Value {
    schemars::schema_for!(T).to_value()
}

/// The JSON Schema of a blueprint.
pub fn blueprint_schema() -> serde_json::Value {
    schema_of::<crate::blueprint::Blueprint>()
}
