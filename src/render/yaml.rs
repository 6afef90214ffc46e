//! YAML that every parser reads alike, whether it follows version 1.1 or 1.2.
//!
//! Anything that serde can turn into JSON is written in block style. A string stands plain only when it is beyond doubt
//! a string; all others are in double quotes with JSON's escapes, which both versions share. Comments can be put before
//! any entry.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::error::{Code, Problem, Result};

/// Comments by the path of the entry they stand before, such as `["services", "milvus", "user"]`.
#[derive(Debug, Clone, Default)]
pub struct Comments(BTreeMap<Vec<String>, String>);

/// Words that YAML 1.1 or 1.2 parsers take for something other than a string, in lower case.
const RESERVED: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"];

/// Keys longer than this are written in the explicit form: parsers look no further than 1024 characters for the colon.
const LONGEST_KEY: usize = 512;

impl Comments {
    /// Puts a comment before the entry at a path.
    pub fn add<S: Into<String>>(&mut self, path: impl IntoIterator<Item = S>, text: impl Into<String>) {
        self.0.insert(path.into_iter().map(Into::into).collect(), text.into());
    }
}

/// Writes a value as a YAML document that ends with a newline.
///
/// # Errors
/// The value has no JSON form (a map whose keys are not strings, a number that is not finite).
pub fn to_string(value: &impl Serialize) -> Result<String> {
    with_comments(value, &Comments::default())
}

/// Writes a value with comments before its entries.
///
/// # Errors
/// As for [`to_string`].
pub fn with_comments(value: &impl Serialize, comments: &Comments) -> Result<String> {
    let value = serde_json::to_value(value)
        .map_err(|error| Problem::new(Code::Internal, format!("a value has no YAML form: {error}")))?;
    let mut writer = Writer { out: String::new(), comments, path: Vec::new() };
    match &value {
        Value::Object(map) if !map.is_empty() => writer.map(map, 0),
        Value::Array(list) if !list.is_empty() => writer.list(list, 0),
        scalar => {
            writer.out.push_str(&flow(scalar));
            writer.out.push('\n');
        }
    }
    Ok(writer.out)
}

/// A text as comment lines: a line break in it, or any other control character, cannot end the comment.
pub fn comment(text: &str, indent: usize) -> String {
    let clean = |line: &str| line.chars().map(|c| if needs_escape(c) { ' ' } else { c }).collect::<String>();
    let mut out = String::new();
    for line in text.lines() {
        let line = clean(line);
        let line = line.trim_end();
        out.push_str(&" ".repeat(indent));
        out.push_str(if line.is_empty() { "#" } else { "# " });
        out.push_str(line);
        out.push('\n');
    }
    out
}

struct Writer<'a> {
    out: String,
    comments: &'a Comments,
    path: Vec<String>,
}

impl Writer<'_> {
    fn map(&mut self, map: &serde_json::Map<String, Value>, indent: usize) {
        for (i, (key, value)) in map.iter().enumerate() {
            self.path.push(key.clone());
            // The first entry of a map in a list stands behind the dash, and so has no line before it for a comment.
            if let Some(text) = self.comments.0.get(&self.path).filter(|_| i > 0 || !self.out.ends_with("- ")) {
                self.out.push_str(&comment(text, indent));
            }
            if !(i == 0 && self.out.ends_with("- ")) {
                self.out.push_str(&" ".repeat(indent));
            }
            let key = scalar(key);
            if key.len() > LONGEST_KEY {
                self.out.push_str(&format!("? {key}\n{}:", " ".repeat(indent)));
            } else {
                self.out.push_str(&key);
                self.out.push(':');
            }
            self.value(value, indent);
            self.path.pop();
        }
    }

    fn value(&mut self, value: &Value, indent: usize) {
        match value {
            Value::Object(map) if !map.is_empty() => {
                self.out.push('\n');
                self.map(map, indent + 2);
            }
            Value::Array(list) if !list.is_empty() => {
                self.out.push('\n');
                self.list(list, indent + 2);
            }
            Value::String(text) if is_block(text) => {
                self.out.push_str(" |-\n");
                for line in text.lines() {
                    self.out.push_str(&format!("{}{line}\n", " ".repeat(indent + 2)));
                }
            }
            scalar => {
                self.out.push(' ');
                self.out.push_str(&flow(scalar));
                self.out.push('\n');
            }
        }
    }

    fn list(&mut self, list: &[Value], indent: usize) {
        for (i, item) in list.iter().enumerate() {
            self.path.push(i.to_string());
            if let Some(text) = self.comments.0.get(&self.path) {
                self.out.push_str(&comment(text, indent));
            }
            self.out.push_str(&" ".repeat(indent));
            match item {
                Value::Object(map) if !map.is_empty() => {
                    self.out.push_str("- ");
                    self.map(map, indent + 2);
                }
                Value::Array(list) if !list.is_empty() => {
                    self.out.push_str("-\n");
                    self.list(list, indent + 2);
                }
                scalar => {
                    self.out.push_str("- ");
                    self.out.push_str(&flow(scalar));
                    self.out.push('\n');
                }
            }
            self.path.pop();
        }
    }
}

/// A scalar or an empty container.
fn flow(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::String(text) => scalar(text),
        Value::Object(_) => "{}".to_owned(),
        Value::Array(_) => "[]".to_owned(),
        // JSON's numbers: a float always has a dot or an exponent with sign, as YAML 1.1 wants it.
        Value::Bool(_) | Value::Number(_) => number(&value.to_string()),
    }
}

/// YAML 1.1 reads an exponent only behind a dot and with its sign.
fn number(text: &str) -> String {
    let Some((mantissa, exponent)) = text.split_once('e').filter(|_| text != "true" && text != "false") else {
        return text.to_owned();
    };
    let mantissa = if mantissa.contains('.') { mantissa.to_owned() } else { format!("{mantissa}.0") };
    let exponent = if exponent.starts_with(['-', '+']) { exponent.to_owned() } else { format!("+{exponent}") };
    format!("{mantissa}e{exponent}")
}

/// A string as a YAML scalar: plain where it cannot be mistaken, else in double quotes.
pub fn scalar(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

/// Whether a text reads better as a block, as it stands, than with escapes; and whether every parser reads it back so: no
/// line is empty or begins with a space, and none has what a parser may refuse or fold.
fn is_block(text: &str) -> bool {
    let line = |line: &str| !line.starts_with([' ', '\t']) && !line.is_empty() && !line.contains(needs_escape);
    text.contains(['\n', '"']) && text.split('\n').all(line)
}

/// Whether every parser reads the text, unquoted, as this very string. It begins with a letter or a slash, so that it is
/// no number, date, time or sign of YAML's own, and has only characters without a meaning.
fn is_plain(text: &str) -> bool {
    let harmless = |c: char| c.is_ascii_alphanumeric() || "/_.-+@=:, ()".contains(c);
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        && text.chars().all(harmless)
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !RESERVED.contains(&text.to_ascii_lowercase().as_str())
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if needs_escape(c) => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Characters that a parser may refuse, fold or take for a line break: controls, Unicode's separators, the byte order
/// mark and what is no character.
fn needs_escape(c: char) -> bool {
    matches!(c, '\0'..='\x1f' | '\x7f'..='\u{a0}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// What parsers have been seen to change.
    pub const TRAPS: [&str; 40] = [
        "",
        " ",
        "no",
        "No",
        "ON",
        "n",
        "y",
        "yes",
        "off",
        "true",
        "~",
        "null",
        "0400",
        "1e3",
        "12:30",
        "0x1f",
        "1_000",
        "+1",
        "-",
        "--- ",
        ".inf",
        ".5",
        "2026-01-01",
        "<<",
        "=",
        "*a",
        "&a",
        "!a",
        "%a",
        "@a",
        "`a",
        "a: b",
        "a #b",
        "a:",
        "{{ x }}",
        "[x",
        "a\nb",
        "\u{85}\u{2028}\u{feff}\0",
        "trailing ",
        "\ttab",
    ];

    #[test]
    fn block_style_is_readable() {
        let value = json!({
            "name": "chatty",
            "services": { "api": { "image": "a/b:1@sha256:00", "command": ["x", "no"], "ports": [{ "target": 80 }], "env": {} } },
        });
        let mut comments = Comments::default();
        comments.add(["services", "api", "command"], "first\nsecond");
        let text = with_comments(&value, &comments).unwrap();
        let want = "name: chatty\nservices:\n  api:\n    image: a/b:1@sha256:00\n    # first\n    # second\n    command:\n      \
                    - x\n      - \"no\"\n    ports:\n      - target: 80\n    env: {}\n";
        assert_eq!(text, want);
    }

    #[test]
    fn traps_are_quoted() {
        for text in TRAPS {
            assert!(scalar(text).starts_with('"'), "{text:?}");
        }
    }

    #[test]
    fn comments_stay_comments() {
        assert_eq!(comment("a\nkey: value\r\u{85}b\n\nc", 2), "  # a\n  # key: value  b\n  #\n  # c\n");
    }

    #[test]
    fn numbers_survive() {
        for (value, text) in [(json!(1e300), "1.0e+300\n"), (json!(-5), "-5\n"), (json!(2.5e-9), "2.5e-9\n")] {
            assert_eq!(to_string(&value).unwrap(), text);
        }
    }

    fn trap() -> impl Strategy<Value = String> {
        prop_oneof![any::<String>(), proptest::sample::select(&TRAPS[..]).prop_map(str::to_owned), "[ -~\n\t]{0,12}"]
    }

    fn tree() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            trap().prop_map(Value::String),
            any::<i64>().prop_map(Value::from),
            any::<bool>().prop_map(Value::from),
            Just(Value::Null)
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
                proptest::collection::btree_map(trap(), inner, 0..6).prop_map(|map| map.into_iter().collect())
            ]
        })
    }

    proptest! {
        #[test]
        fn everything_comes_back(value in tree()) {
            let text = to_string(&value).unwrap();
            let back: Value = yaml_serde::from_str(&text).map_err(|e| TestCaseError::fail(format!("{e}\n{text}")))?;
            prop_assert_eq!(back, value, "{}", text);
        }
    }

    #[test]
    fn long_keys_come_back() {
        let value = json!({ "k".repeat(3000): { "a": 1 }, "no".repeat(2000): ["x"] });
        let back: Value = yaml_serde::from_str(&to_string(&value).unwrap()).unwrap();
        assert_eq!(back, value);
    }
}
