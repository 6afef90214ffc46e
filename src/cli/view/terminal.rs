//! A page on a terminal.

use comfy_table::{ColumnConstraint, ContentArrangement, Table, presets};

use super::page::{Block, Page};
use crate::cli::ui::{BOLD, WARNING};

/// Where paragraphs are wrapped when nothing says how wide the terminal is.
const READABLE: u16 = 100;

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
    let whole = whole_columns(&table, width);
    for (column, whole) in table.column_iter_mut().zip(whole) {
        column.set_padding((0, 2));
        if whole {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    let text = table.trim_fmt();
    match (header, text.split_once('\n')) {
        (Some(_), Some((first, rest))) => format!("{BOLD}{first}{BOLD:#}\n{rest}"),
        _ => text,
    }
}

/// Which columns are kept unbroken: those of names, images and other cells without a space, which one wants to copy,
/// as long as they leave a fifth of the width to the rest.
fn whole_columns(table: &Table, width: Option<u16>) -> Vec<bool> {
    // Without a width nothing is broken at all.
    let mut left = usize::from(width.unwrap_or(0)) * 4 / 5;
    let cells = |index| table.column_cells_iter(index).flatten().map(|cell| cell.content());
    (0..table.column_iter().count())
        .map(|index| {
            let widest = cells(index).map(|cell| cell.chars().count()).max().unwrap_or(0) + 2;
            let whole = widest <= left && !cells(index).any(|cell| cell.contains(' '));
            left -= if whole { widest } else { 0 };
            whole
        })
        .collect()
}

/// The word that begins a severe warning is painted; it says by itself what it says.
fn alarming(item: &str) -> String {
    item.strip_prefix("  - WARNING:")
        .map_or_else(|| item.to_owned(), |rest| format!("  - {WARNING}WARNING:{WARNING:#}{rest}"))
}

/// A text from a file must not steer the terminal.
fn visible(text: &str) -> String {
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
    fn text_from_a_file_does_not_steer_the_terminal() {
        let page = Page::new().text("a\u{1b}[2Jb").facts([("x", "c\u{7}d".to_owned())]);
        assert!(!render(&page, None).contains(['\u{1b}', '\u{7}']));
    }

    #[test]
    fn wraps_between_words() {
        assert_eq!(wrapped("one two three", "- ", "  ", Some(9)), "- one two\n  three");
    }
}
