//! Comma-separated values (RFC 4180), with the place of each field.

use std::borrow::Cow;

/// One field of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field<'a> {
    /// Its text, without quotes and outer spaces.
    pub text: Cow<'a, str>,
    /// Line on which it begins, from 1.
    pub line: usize,
    /// Character at which it begins, from 1.
    pub column: usize,
}

/// One row.
pub type Row<'a> = Vec<Field<'a>>;

/// Reads all rows; empty lines and lines that begin with `#` are left out.
///
/// A quote that is never closed ends with the text, and anything after a closing quote belongs to the field: nothing
/// is refused here, since those who read the fields say better what is wrong with them.
pub fn rows(text: &str) -> Vec<Row<'_>> {
    let mut reader = Reader { rest: text.strip_prefix('\u{feff}').unwrap_or(text), line: 1, column: 1 };
    let mut rows = Vec::new();
    while !reader.rest.is_empty() {
        if reader.skip_comment() {
            continue;
        }
        let row = reader.row();
        if row.len() > 1 || row.first().is_some_and(|field| !field.text.is_empty()) {
            rows.push(row);
        }
    }
    rows
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
    column: usize,
}

impl<'a> Reader<'a> {
    fn skip_comment(&mut self) -> bool {
        let comment = self.rest.trim_start_matches([' ', '\t']).starts_with('#');
        if comment {
            let end = self.rest.find('\n').map_or(self.rest.len(), |at| at + 1);
            self.take(end);
        }
        comment
    }

    fn row(&mut self) -> Row<'a> {
        let mut row = Vec::new();
        loop {
            let blank = self.rest.len() - self.rest.trim_start_matches([' ', '\t']).len();
            self.take(blank);
            let (line, column) = (self.line, self.column);
            let text = if self.rest.starts_with('"') { self.quoted() } else { Cow::Borrowed(self.plain().trim_end()) };
            row.push(Field { text, line, column });
            match self.rest.as_bytes().first() {
                Some(b',') => {
                    self.take(1);
                }
                Some(_) => {
                    self.take(1);
                    return row;
                }
                None => return row,
            }
        }
    }

    /// Up to the next comma or end of line, which are left.
    fn plain(&mut self) -> &'a str {
        let end = self.rest.find([',', '\n']).unwrap_or(self.rest.len());
        self.take(end)
    }

    fn quoted(&mut self) -> Cow<'a, str> {
        self.take(1);
        let mut text = String::new();
        loop {
            let end = self.rest.find('"').unwrap_or(self.rest.len());
            text.push_str(self.take(end));
            self.take(1);
            if !self.rest.starts_with('"') {
                text.push_str(self.plain().trim_end());
                return Cow::Owned(text);
            }
            self.take(1);
            text.push('"');
        }
    }

    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(bytes.min(self.rest.len()));
        self.rest = rest;
        match taken.rsplit_once('\n') {
            Some((before, last)) => {
                self.line += before.matches('\n').count() + 1;
                self.column = last.chars().count() + 1;
            }
            None => self.column += taken.chars().count(),
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<Vec<String>> {
        rows(text).into_iter().map(|row| row.into_iter().map(|field| field.text.into_owned()).collect()).collect()
    }

    #[test]
    fn reads_plain_and_quoted_fields() {
        assert_eq!(
            texts("a, b ,c\r\n# no\n\n\"x, \"\"y\"\"\",,\"two\nlines\"\n"),
            [vec!["a", "b", "c"], vec!["x, \"y\"", "", "two\nlines"]]
        );
        assert_eq!(texts("\u{feff}a\n\"open,"), [["a"], ["open,"]]);
        assert!(texts("\n \n#\n").is_empty());
    }

    #[test]
    fn knows_the_place_of_each_field() {
        let read = rows("가나,b\n\"x\ny\", z\n");
        let places: Vec<_> = read.iter().flatten().map(|field| (field.line, field.column)).collect();
        assert_eq!(places, [(1, 1), (1, 4), (2, 1), (3, 5)]);
    }

    proptest::proptest! {
        #[test]
        fn never_fails_and_loses_no_line(text in "[a,\"\n #\r]{0,60}") {
            let lines = text.lines().count();
            proptest::prop_assert!(rows(&text).iter().flatten().all(|field| field.line <= lines + 1));
        }
    }
}
