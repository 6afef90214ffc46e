//! The path of a field in a TOML file: `services.api.ports[0].port`.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Into a table.
    Key(String),
    /// Into an array, from 0.
    Index(usize),
}

/// Where a value is in the tree of a TOML file; empty for the whole file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldPath(Vec<Step>);

impl FieldPath {
    /// The steps from the root.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// The path through tables alone, written with dots: `demand.partitions`.
    pub fn of_keys(dotted: &str) -> Self {
        Self(dotted.split('.').map(Step::from).collect())
    }

    /// The path one step further.
    #[must_use]
    pub fn join(&self, step: impl Into<Step>) -> Self {
        let mut path = self.clone();
        path.push(step);
        path
    }

    /// Goes one step further.
    pub fn push(&mut self, step: impl Into<Step>) {
        self.0.push(step.into());
    }

    /// Goes one step back.
    pub fn pop(&mut self) {
        self.0.pop();
    }
}

/// Builds a [`FieldPath`] from its steps: `path!["services", name, "ports", 0]`.
#[macro_export]
macro_rules! path {
    ($($step:expr),* $(,)?) => {
        [$($crate::blueprint::document::Step::from($step)),*].into_iter().collect::<$crate::blueprint::document::FieldPath>()
    };
}

impl FromIterator<Step> for FieldPath {
    fn from_iter<I: IntoIterator<Item = Step>>(steps: I) -> Self {
        Self(steps.into_iter().collect())
    }
}

impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

impl From<&String> for Step {
    fn from(key: &String) -> Self {
        Self::Key(key.clone())
    }
}

impl From<usize> for Step {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// True for a key that TOML takes without quotes.
fn is_bare(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) => {
                    f.write_str(if i > 0 { "." } else { "" })?;
                    if is_bare(key) { f.write_str(key)? } else { write!(f, "{key:?}")? }
                }
            }
        }
        Ok(())
    }
}

impl FromStr for FieldPath {
    type Err = Infallible;

    /// Reads what `Display` writes, but for escapes in quoted keys. Every text is a path, if only to nothing.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        let mut path = Self::default();
        let mut rest = text;
        while !rest.is_empty() {
            rest = rest.strip_prefix('.').unwrap_or(rest);
            if let Some((key, after)) = rest.strip_prefix('"').and_then(|quoted| quoted.split_once('"')) {
                path.push(key);
                rest = after;
            } else if let Some((index, after)) = rest.strip_prefix('[').and_then(|index| index.split_once(']')) {
                match index.parse::<usize>() {
                    Ok(index) => path.push(index),
                    Err(_) => path.push(index),
                }
                rest = after;
            } else {
                let end =
                    rest.char_indices().skip(1).find(|(_, c)| matches!(c, '.' | '[')).map_or(rest.len(), |(i, _)| i);
                path.push(&rest[..end]);
                rest = &rest[end..];
            }
        }
        Ok(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_prints() {
        for text in ["", "name", "services.api.ports[0].port", "services.\"a.b\".env", "a[1][2]"] {
            let path: FieldPath = text.parse().unwrap();
            assert_eq!(path.to_string(), text);
        }
        assert_eq!(path!["tiers", 2, "up_to"].to_string(), "tiers[2].up_to");
    }

    #[test]
    fn any_text_is_a_path() {
        for text in ["..", "[", "\"", "a[x]", "a.", "[]", "ü[", "\"a"] {
            let _: FieldPath = text.parse().unwrap();
        }
    }
}
