//! A page in Markdown.

use comfy_table::{ContentArrangement, Table, presets};

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

fn table(header: &[String], rows: &[Vec<String>]) -> String {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN).force_no_tty();
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(header.iter().map(|cell| escape(cell)));
    table.add_rows(rows.iter().map(|row| row.iter().map(|cell| escape(cell)).collect::<Vec<_>>()));
    table.trim_fmt()
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
        assert_eq!(render(&page), "## T\n\n| a    | b   |\n|------|-----|\n| x\\|y | 1 2 |\n");
    }
}
