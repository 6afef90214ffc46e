//! Where in a file something stands.

use std::ops::Range;

use crate::error::Place;

/// Most characters of a line that are shown, and how many of them before the place.
const SHOWN: usize = 120;
const BEFORE: usize = 40;

/// The place of a range of bytes of a text that begins in line `first_line` of a file.
pub(super) fn place(
    file: &str,
    first_line: usize,
    text: &str,
    range: &Range<usize>,
    field: &str,
    label: &str,
) -> Place {
    let before = text.get(..range.start).unwrap_or(text);
    let begin = before.rfind('\n').map_or(0, |at| at + 1);
    let line: Vec<char> = text[begin..].lines().next().unwrap_or_default().chars().collect();
    let column = text[begin..range.start.min(text.len())].chars().count();
    let from = if line.len() > SHOWN { column.saturating_sub(BEFORE).min(line.len() - SHOWN) } else { 0 };
    let shown: String = line.iter().skip(from).take(SHOWN).collect();
    let inside = text.get(range.clone()).unwrap_or_default().lines().next().unwrap_or_default();
    Place {
        file: file.to_owned(),
        line: first_line + before.matches('\n').count(),
        column: column + 1,
        field: field.to_owned(),
        width: inside.chars().count().clamp(1, (from + SHOWN).saturating_sub(column).max(1)),
        source: shown,
        caret: column - from + 1,
        label: label.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_shown_around_the_place() {
        let text = format!("a\n{}채{}", "x".repeat(500), "y".repeat(500));
        let at = 2 + 500;
        let place = place("f", 7, &text, &(at..at + 3), "", "");
        assert_eq!((place.line, place.column, place.width, place.caret), (8, 501, 1, 41));
        assert_eq!(place.source.chars().nth(place.caret - 1), Some('채'));
        assert_eq!(place.source.chars().count(), SHOWN);
    }
}
