//! A page in Markdown.

use super::page::{Block, Page};

/// Writes a page as Markdown, its headings at the second level.
pub fn render(page: &Page) -> String {
    let blocks: Vec<String> = page.blocks().iter().map(write).collect();
    format!("{}\n", blocks.join("\n\n"))
}

fn write(block: &Block) -> String {
    match block {
        Block::Heading(heading) => format!("## {heading}"),
        Block::Text(text) => text.clone(),
        Block::List(items) => items.iter().map(|item| format!("- {item}")).collect::<Vec<_>>().join("\n"),
        Block::Code(lines) => format!("```text\n{}\n```", lines.join("\n")),
        Block::Facts(facts) => {
            facts.iter().map(|(name, value)| format!("- {name}: {value}")).collect::<Vec<_>>().join("\n")
        }
        Block::Table { header, rows } => table(header, rows),
    }
}

/// Cells are not padded, so that a longer cell changes its own line only.
fn table(header: &[String], rows: &[Vec<String>]) -> String {
    let line =
        |cells: &[String]| format!("| {} |", cells.iter().map(|cell| escape(cell)).collect::<Vec<_>>().join(" | "));
    let rule = format!("|{}", " --- |".repeat(header.len()));
    [line(header), rule].into_iter().chain(rows.iter().map(|row| line(row))).collect::<Vec<_>>().join("\n")
}

/// A cell ends at a pipe or a line end, so neither may stay.
fn escape(cell: &str) -> String {
    cell.replace('\\', "\\\\").replace('|', "\\|").replace(['\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pipe_in_a_cell_does_not_end_it() {
        let page = Page::new().heading("T").table(["a", "b"], [["x|y".to_owned(), "1\n2".to_owned()]]);
        assert_eq!(render(&page), "## T\n\n| a | b |\n| --- | --- |\n| x\\|y | 1 2 |\n");
    }
}
