//! A page on a terminal.

use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width, presets};

use super::page::{Block, Page};
use crate::cli::ui::{BOLD, WARNING};

/// Where paragraphs are wrapped when nothing says how wide the terminal is.
const READABLE: u16 = 100;

/// Width that every column is left with, with its padding, however long the words of the others are.
const FEW_LETTERS: usize = 6;

/// Width up to which a column of text asks not to be broken within its words.
const LONG_WORD: usize = 26;

/// Lays a page out. Table cells are wrapped at `width`, and not at all without one, so that a row stays a line.
pub fn render(page: &Page, width: Option<u16>) -> String {
    let blocks: Vec<String> = page.blocks().iter().map(|block| lay_out(block, width)).collect();
    let mut text = String::new();
    for (i, block) in blocks.iter().enumerate() {
        let after_heading = i > 0 && matches!(page.blocks()[i - 1], Block::Heading(_));
        if i > 0 && !after_heading {
            text.push('\n');
        }
        text.push_str(block);
        text.push('\n');
    }
    text
}

fn lay_out(block: &Block, width: Option<u16>) -> String {
    match block {
        Block::Heading(heading) => format!("{BOLD}{heading}{BOLD:#}"),
        Block::Text(text) => wrapped(text, "", "", width),
        Block::List(items) => joined(items.iter().map(|item| alarming(&wrapped(item, "  - ", "    ", width)))),
        Block::Code(lines) => joined(lines.iter().map(|line| format!("  {line}").trim_end().to_owned())),
        Block::Facts(facts) => {
            let rows = facts.iter().map(|(name, value)| vec![name.clone(), value.clone()]);
            indented(&table(None, rows, width))
        }
        Block::Table { header, rows } => indented(&table(Some(header), rows.iter().cloned(), width)),
    }
}

/// Columns two spaces apart, without lines, so that text tools can work on it; the first line is the header.
fn table(header: Option<&[String]>, rows: impl Iterator<Item = Vec<String>>, width: Option<u16>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).force_no_tty();
    match width {
        Some(width) => table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width.saturating_sub(2)),
        None => table.set_content_arrangement(ContentArrangement::Disabled),
    };
    if let Some(header) = header {
        table.set_header(header.to_vec());
    }
    table.add_rows(rows.map(|row| row.iter().map(|cell| visible(cell)).collect::<Vec<_>>()));
    let constraints = constraints(&table, width);
    table.column_iter_mut().for_each(|column| {
        column.set_padding((0, 2));
    });
    for (column, constraint) in table.column_iter_mut().zip(constraints) {
        column.set_constraint(constraint);
    }
    let text = table.trim_fmt();
    match (header, text.split_once('\n')) {
        (Some(_), Some((first, rest))) => format!("{BOLD}{first}{BOLD:#}\n{rest}"),
        _ => text,
    }
}

/// How narrow columns may become. Those of names, images and other cells without a space, which one wants to copy, are kept
/// whole, and the others are not broken within a word, as long as there is room: the first columns go first, and each other
/// one keeps a few letters.
fn constraints(table: &Table, width: Option<u16>) -> Vec<ColumnConstraint> {
    // Without a width nothing is broken at all.
    let Some(width) = width.map(usize::from) else { return Vec::new() };
    let wanted: Vec<(bool, usize)> = (0..table.column_iter().count()).map(|index| wanted(table, index)).collect();
    let least: usize = wanted.iter().map(|(_, want)| *want.min(&FEW_LETTERS)).sum();
    let mut left = width.saturating_sub(2 + least);
    let constraint = |(whole, want): (bool, usize)| {
        let more = want.saturating_sub(FEW_LETTERS);
        let fits = more <= left;
        left -= if fits { more } else { 0 };
        let least = if fits { want } else { FEW_LETTERS };
        match whole && fits {
            true => ColumnConstraint::ContentWidth,
            false => ColumnConstraint::LowerBoundary(Width::Fixed(u16::try_from(least).unwrap_or(u16::MAX))),
        }
    };
    wanted.into_iter().map(constraint).collect()
}

/// Whether a column has no spaces, and the width that it wants with its padding: then that of its widest cell, else of its
/// longest word.
fn wanted(table: &Table, index: usize) -> (bool, usize) {
    let cells: Vec<String> = table.column_cells_iter(index).flatten().map(|cell| cell.content()).collect();
    let whole = !cells.iter().any(|cell| cell.contains(' '));
    let words = cells.iter().flat_map(|cell| cell.split_whitespace());
    let longest = words.map(|word| word.chars().count()).max().unwrap_or(0) + 2;
    // A path or an address within a text would leave the rest nothing.
    (whole, if whole || longest <= LONG_WORD { longest } else { FEW_LETTERS })
}

/// The word that begins a severe warning is painted; it says by itself what it says.
fn alarming(item: &str) -> String {
    item.strip_prefix("  - WARNING:")
        .map_or_else(|| item.to_owned(), |rest| format!("  - {WARNING}WARNING:{WARNING:#}{rest}"))
}

/// A text from outside, which must not steer the terminal.
pub fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}

fn indented(text: &str) -> String {
    joined(text.lines().map(|line| format!("  {line}").trim_end().to_owned()))
}

fn joined(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().join("\n")
}

fn wrapped(text: &str, first: &str, next: &str, width: Option<u16>) -> String {
    let text = visible(text);
    let most = usize::from(width.unwrap_or(READABLE));
    let mut lines = Vec::new();
    let mut line = first.to_owned();
    let mut empty = true;
    for word in text.split_whitespace() {
        if !empty && line.chars().count() + 1 + word.chars().count() > most {
            lines.push(std::mem::replace(&mut line, next.to_owned()));
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    lines.push(line);
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(page: &Page, width: Option<u16>) -> String {
        anstream::adapter::strip_str(&render(page, width)).to_string()
    }

    #[test]
    fn a_row_stays_a_line_without_a_width() {
        let long = "word ".repeat(60).trim().to_owned();
        let page = Page::new().heading("Tiers").table(["name", "when"], [["split".to_owned(), long.clone()]]);
        assert_eq!(plain(&page, None), format!("Tiers\n  name   when\n  split  {long}\n"));
        assert!(plain(&page, Some(40)).lines().all(|line| line.chars().count() <= 40));
        assert!(plain(&page, Some(40)).lines().count() > 5);
    }

    #[test]
    fn names_are_not_broken() {
        let image = "docker.io/library/postgres:15";
        let page = Page::new().table(["image", "what"], [[image.to_owned(), "a database of rows ".repeat(3)]]);
        assert!(plain(&page, Some(50)).contains(image));
        assert!(plain(&page, Some(50)).lines().all(|line| line.chars().count() <= 50));
    }

    #[test]
    fn names_with_spaces_in_other_rows_are_not_broken() {
        let row = |name: &str| {
            [name, "gcp", "us-central1", "amd64, burstable, 8 x V100", "a note on the price of it"].map(str::to_owned)
        };
        let rows = ["n2d-standard-224", "n1-standard-4 + 1 x T4"].map(row);
        let page = Page::new().table(["machine", "cloud", "region", "has", "note"], rows);
        for width in [60, 70, 80, 100] {
            let text = plain(&page, Some(width));
            assert!(text.contains("n2d-standard-224") && text.contains("burstable"), "{text}");
            assert!(text.lines().all(|line| line.chars().count() <= usize::from(width)), "{text}");
        }
    }

    #[test]
    fn text_from_a_file_does_not_steer_the_terminal() {
        let page = Page::new().text("a\u{1b}[2Jb").facts([("x", "c\u{7}d".to_owned())]);
        assert!(!render(&page, None).contains(['\u{1b}', '\u{7}']));
    }

    #[test]
    fn wraps_between_words() {
        assert_eq!(wrapped("one two three", "- ", "  ", Some(9)), "- one two\n  three");
    }
}
