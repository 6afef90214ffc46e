//! Comma-separated values (RFC 4180), one record at a time, each field with its place.
//!
//! Written here because a fault must name the column of a field in its line, which the parsers of others do not tell.

use std::borrow::Cow;
use std::io::{BufRead, Read};
use std::ops::Range;

use super::place::place;
use super::{not_utf8, unreadable};
use crate::error::{Code, Problem, Result};

/// Longest record in bytes. A record of k6 has its URL and tags in it, and is far shorter.
const LONGEST: usize = 1024 * 1024;

/// A file that is read record by record; memory holds one of them.
pub(super) struct Table<'a> {
    file: &'a str,
    source: &'a mut dyn BufRead,
    header: Vec<String>,
    /// The record, without its line end.
    record: String,
    fields: Vec<Range<usize>>,
    /// Line in which the record begins.
    line: usize,
    /// Line in which the next one begins.
    next_line: usize,
}

impl<'a> Table<'a> {
    /// Reads the header.
    ///
    /// # Errors
    /// As [`Table::next`].
    pub(super) fn open(file: &'a str, source: &'a mut dyn BufRead) -> Result<Self> {
        let (header, fields) = (Vec::new(), Vec::new());
        let mut table = Self { file, source, header, record: String::new(), fields, line: 1, next_line: 1 };
        table.advance()?;
        table.header = (0..table.fields.len()).map(|i| table.field(i).trim().to_owned()).collect();
        Ok(table)
    }

    /// Whether the header has all these columns.
    pub(super) fn has(&self, columns: &[&str]) -> bool {
        columns.iter().all(|column| self.header.iter().any(|name| name == column))
    }

    /// The index of a column.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column == name)
    }

    /// The index of a column that must be there.
    ///
    /// # Errors
    /// `E0221`.
    pub(super) fn need(&self, name: &str) -> Result<usize> {
        Ok(self.column(name).ok_or_else(|| {
            Problem::new(Code::LoadTestFile, format!("`{}` has no column `{name}`", self.file))
                .because(format!("the columns are {}", self.header.join(", ")))
        })?)
    }

    /// Goes to the next record; false at the end.
    ///
    /// # Errors
    /// `E0221` for a record that is too long or that has not as many fields as the header, `E0501`, `E0502`.
    pub(super) fn next(&mut self) -> Result<bool> {
        while self.advance()? {
            if self.record.is_empty() {
                continue;
            }
            if self.fields.len() != self.header.len() {
                let summary = format!("{} fields stand in a table of {} columns", self.fields.len(), self.header.len());
                let hint = "a run that was interrupted leaves half a line at the end: remove it";
                return Err(self.fault(self.fields.len() - 1, &summary).hint(hint).into());
            }
            return Ok(true);
        }
        Ok(false)
    }

    fn advance(&mut self) -> Result<bool> {
        self.line = self.next_line;
        let mut bytes = std::mem::take(&mut self.record).into_bytes();
        bytes.clear();
        loop {
            let left = (LONGEST + 1).saturating_sub(bytes.len()) as u64;
            let read = (&mut *self.source).take(left).read_until(b'\n', &mut bytes);
            if read.map_err(|error| unreadable(self.file, &error))? == 0 {
                break;
            }
            self.next_line += usize::from(bytes.ends_with(b"\n"));
            if bytes.len() > LONGEST {
                let summary = format!("`{}`: the record in line {} is longer than 1 MiB", self.file, self.line);
                return Err(Problem::new(Code::LoadTestFile, summary).hint("a quote may not be closed").into());
            }
            // A line end between quotes belongs to the field.
            if bytes.iter().filter(|byte| **byte == b'"').count() % 2 == 0 {
                break;
            }
        }
        let any = !bytes.is_empty();
        while bytes.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
            bytes.pop();
        }
        self.record =
            String::from_utf8(bytes).map_err(|error| not_utf8(self.file, error.utf8_error().valid_up_to()))?;
        if self.line == 1 && self.record.starts_with('\u{feff}') {
            self.record.remove(0);
        }
        self.split();
        Ok(any)
    }

    fn split(&mut self) {
        self.fields.clear();
        let (mut start, mut quoted) = (0, false);
        for (at, byte) in self.record.bytes().enumerate() {
            match byte {
                b'"' => quoted = !quoted,
                b',' if !quoted => {
                    self.fields.push(start..at);
                    start = at + 1;
                }
                _ => {}
            }
        }
        self.fields.push(start..self.record.len());
    }

    /// A field of the record, without the quotes around it.
    pub(super) fn field(&self, column: usize) -> Cow<'_, str> {
        let raw = self.fields.get(column).and_then(|range| self.record.get(range.clone())).unwrap_or_default();
        match raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            Some(inner) if inner.contains("\"\"") => Cow::Owned(inner.replace("\"\"", "\"")),
            Some(inner) => Cow::Borrowed(inner),
            None => Cow::Borrowed(raw),
        }
    }

    /// A number that is finite and not negative.
    ///
    /// # Errors
    /// `E0221` at the field.
    pub(super) fn number(&self, column: usize) -> Result<f64> {
        let text = self.field(column);
        let number = text.trim().parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0);
        Ok(number.ok_or_else(|| self.fault(column, &format!("`{text}` is not a number that can be measured")))?)
    }

    /// A whole number.
    ///
    /// # Errors
    /// `E0221` at the field.
    pub(super) fn count(&self, column: usize) -> Result<u64> {
        let number = self.number(column)?;
        let whole = number.fract() == 0.0 && number < 9e15;
        if whole { Ok(number as u64) } else { Err(self.fault(column, "this should be a whole number").into()) }
    }

    /// The file, for messages.
    pub(super) fn file(&self) -> &'a str {
        self.file
    }

    /// A fault at a field of the record.
    pub(super) fn fault(&self, column: usize, summary: &str) -> Problem {
        let range = self.fields.get(column).cloned().unwrap_or(0..0);
        let name = self.header.get(column).map_or("", String::as_str);
        let place = place(self.file, self.line, &self.record, &range, name, "here");
        Problem::new(Code::LoadTestFile, format!("`{}`: {summary}", self.file)).at(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_may_hold_commas_quotes_and_line_ends() {
        let mut source = "\u{feff}a,b\r\n\"x,\"\"y\"\"\",\"1\n2\"\r\n\n3,z".as_bytes();
        let mut table = Table::open("t.csv", &mut source).unwrap();
        assert!(table.has(&["a", "b"]));
        assert!(table.next().unwrap());
        assert_eq!((&*table.field(0), &*table.field(1)), ("x,\"y\"", "1\n2"));
        assert!(table.next().unwrap());
        assert_eq!(table.count(0).unwrap(), 3);
        let fault = table.number(1).unwrap_err().problems()[0].clone();
        let place = fault.place.unwrap();
        assert_eq!((place.line, place.column, &*place.field), (5, 3, "b"));
        assert!(!table.next().unwrap());
    }

    #[test]
    fn a_quote_that_is_never_closed_ends() {
        let text = format!("a,b\n1,\"{}", "x".repeat(LONGEST + 10));
        let mut source = text.as_bytes();
        let mut table = Table::open("t.csv", &mut source).unwrap();
        assert!(table.next().is_err());
    }
}
