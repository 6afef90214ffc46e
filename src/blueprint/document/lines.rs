//! From bytes to lines and columns.

use std::ops::Range;

/// Longest part of a line that is shown, in characters.
const SHOWN: usize = 160;

/// Characters shown before the column when a line is cut.
const BEFORE: usize = 60;

/// Where the lines of a text start, in bytes.
#[derive(Debug, Clone)]
pub(super) struct Lines(Vec<usize>);

/// A span of bytes as a reader sees it.
pub(super) struct Spot {
    pub line: usize,
    pub column: usize,
    pub width: usize,
    pub source: String,
    pub caret: usize,
}

impl Lines {
    /// Finds the lines. A byte order mark is before the first one.
    pub(super) fn of(text: &str) -> Self {
        let first = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let after_breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(i, _)| i + 1);
        Self(std::iter::once(first).chain(after_breaks).collect())
    }

    /// The line (from 1) in which a byte is.
    pub(super) fn line(&self, offset: usize) -> usize {
        self.0.partition_point(|start| *start <= offset).max(1)
    }

    /// Line, column and width of a span; only its first line counts.
    pub(super) fn spot(&self, text: &str, span: &Range<usize>) -> Spot {
        let line = self.line(span.start);
        let begin = self.0.get(line - 1).copied().unwrap_or(0);
        let end = self.0.get(line).map_or(text.len(), |next| next - 1);
        let source = text.get(begin..end).unwrap_or_default();
        let source = source.strip_suffix('\r').unwrap_or(source);
        let from = floor(source, span.start.saturating_sub(begin));
        let to = floor(source, span.end.saturating_sub(begin)).max(from);
        let before = source[..from].chars().count();
        let width = source[from..to].chars().count().max(1);
        let (source, caret) = cut(source, before);
        let room = (source.chars().count() + 1).saturating_sub(caret).max(1);
        Spot { line, column: before + 1, width: width.min(room), source, caret }
    }
}

/// The largest boundary of characters that is not above `offset`.
fn floor(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0)
}

/// The part of a line around a character, and which character of that part it is, from 1.
///
/// Control characters would act on the terminal, so their pictures are shown.
fn cut(line: &str, at: usize) -> (String, usize) {
    let skipped = if line.chars().nth(SHOWN).is_none() { 0 } else { at.saturating_sub(BEFORE) };
    let mut rest = line.chars().skip(skipped).map(picture);
    let mut shown: String = rest.by_ref().take(SHOWN).collect();
    if rest.next().is_some() {
        shown.push('…');
    }
    if skipped == 0 { (shown, at + 1) } else { (format!("…{shown}"), at - skipped + 2) }
}

fn picture(c: char) -> char {
    match c {
        '\t' => c,
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(c),
        '\u{7f}' => '\u{2421}',
        // Marks that turn the direction of what follows could make a line read as what it is not.
        '\u{80}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(text: &str, span: Range<usize>) -> Spot {
        Lines::of(text).spot(text, &span)
    }

    #[test]
    fn long_lines_are_cut_around_the_column() {
        let text = format!("a = \"{}\"; b", "x".repeat(1000));
        let at = text.len() - 1;
        let found = spot(&text, at..at + 1);
        assert_eq!((found.line, found.column, found.width), (1, text.len(), 1));
        assert_eq!(found.source.chars().nth(found.caret - 1), Some('b'));
        assert!(found.source.chars().count() < 170);
        let found = spot(&text, 4..text.len());
        assert_eq!((found.column, found.caret), (5, 5));
        assert!(found.source.ends_with('…') && found.width < 170);
    }

    #[test]
    fn the_end_of_the_text_is_a_place() {
        let found = spot("a = [", 5..5);
        assert_eq!((found.line, found.column, found.width, found.caret), (1, 6, 1, 6));
        let found = spot("a = [\n", 6..6);
        assert_eq!((found.line, found.column, found.source.as_str()), (2, 1, ""));
        let found = spot("a\r\n", 1..1);
        assert_eq!((found.line, found.column), (1, 2));
    }

    #[test]
    fn offsets_inside_characters_and_beyond_the_text_do_no_harm() {
        assert_eq!(spot("채팅", 1..2).column, 1);
        assert_eq!(spot("채팅", 90..95).column, 3);
    }

    #[test]
    fn control_characters_are_shown_as_pictures() {
        assert_eq!(spot("\u{1b}[31m", 0..1).source, "␛[31m");
    }
}
