//! JSON of which every value knows where it stands.

use indexmap::IndexMap;
use serde_json::value::RawValue;

use super::place::place;
use super::run::Latency;
use crate::error::{Code, Problem, Result};

/// A value of a JSON text.
#[derive(Debug, Clone)]
pub(super) struct Json<'a> {
    file: &'a str,
    text: &'a str,
    /// A part of `text`, which is how the place is known.
    raw: &'a str,
    path: String,
}

impl<'a> Json<'a> {
    /// Reads a text.
    ///
    /// # Errors
    /// `E0221` with the place at which it is not JSON.
    pub(super) fn parse(file: &'a str, text: &'a str) -> Result<Self> {
        let raw: &RawValue = serde_json::from_str(text).map_err(|error| {
            let line_start =
                text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
            let mut at = (line_start + error.column().saturating_sub(1)).min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            let message = error.to_string();
            let message = message.split(" at line").next().unwrap_or_default();
            Problem::new(Code::LoadTestFile, format!("`{file}` is not valid JSON: {message}"))
                .at(place(file, 1, text, &(at..at), "", "here"))
                .hint("write the file again; an interrupted run leaves half of one")
        })?;
        Ok(Self { file, text, raw: raw.get(), path: String::new() })
    }

    pub(super) fn is_object(&self) -> bool {
        self.raw.starts_with('{')
    }

    /// A field of an object; `None` when it is absent, `null`, or this is no object.
    ///
    /// # Errors
    /// `E0221` when the object cannot be read.
    pub(super) fn get(&self, key: &str) -> Result<Option<Self>> {
        if !self.is_object() {
            return Ok(None);
        }
        let fields: IndexMap<String, &'a RawValue> =
            serde_json::from_str(self.raw).map_err(|error| self.fault(&error.to_string()))?;
        let path = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        let found = fields.get(key).map(|raw| Self { raw: raw.get(), path, ..self.clone() });
        Ok(found.filter(|value| value.raw != "null"))
    }

    /// A field that must be there.
    ///
    /// # Errors
    /// `E0221` at the object that lacks it.
    pub(super) fn need(&self, key: &str) -> Result<Self> {
        Ok(self.get(key)?.ok_or_else(|| self.fault(&format!("`{key}` is missing")))?)
    }

    /// The items of an array.
    ///
    /// # Errors
    /// `E0221` when it is none.
    pub(super) fn items(&self) -> Result<Vec<Self>> {
        let items: Vec<&'a RawValue> =
            serde_json::from_str(self.raw).map_err(|_| self.fault("this should be an array"))?;
        let item = |(i, raw): (usize, &&'a RawValue)| Self {
            raw: raw.get(),
            path: format!("{}[{i}]", self.path),
            ..self.clone()
        };
        Ok(items.iter().enumerate().map(item).collect())
    }

    /// A number that is finite and not negative.
    ///
    /// # Errors
    /// `E0221` when it is none.
    pub(super) fn number(&self) -> Result<f64> {
        let number: f64 = serde_json::from_str(self.raw).map_err(|_| self.fault("this should be a number"))?;
        if number < 0.0 { Err(self.fault("this is negative, and nothing measured can be").into()) } else { Ok(number) }
    }

    /// A whole number.
    ///
    /// # Errors
    /// `E0221` when it is none.
    pub(super) fn count(&self) -> Result<u64> {
        let number = self.number()?;
        let whole = number.fract() == 0.0 && number < 9e15;
        if whole { Ok(number as u64) } else { Err(self.fault("this should be a whole number").into()) }
    }

    /// A response time in milliseconds.
    ///
    /// # Errors
    /// `E0221` when it is none.
    pub(super) fn ms(&self) -> Result<Latency> {
        Ok(Latency::from_ms(self.number()?).ok_or_else(|| self.fault("this is too long for a response time"))?)
    }

    /// A text.
    ///
    /// # Errors
    /// `E0221` when it is none.
    pub(super) fn text(&self) -> Result<String> {
        Ok(serde_json::from_str(self.raw).map_err(|_| self.fault("this should be a text"))?)
    }

    /// A fault at this value.
    pub(super) fn fault(&self, summary: &str) -> Problem {
        let start = (self.raw.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        let end = start + self.raw.lines().next().unwrap_or_default().len();
        let place = place(self.file, 1, self.text, &(start..end), &self.path, "here");
        Problem::new(Code::LoadTestFile, format!("`{}`: {summary}", self.file)).at(place)
    }
}
