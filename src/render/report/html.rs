//! Pieces of HTML: sections, tables, lists, figures.

use super::escape::text;

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub(super) enum Column {
    /// Words, to the left.
    Words(&'static str),
    /// Numbers, to the right, digit under digit.
    Numbers(&'static str),
}

/// A part of the page under its heading; nothing when there is nothing to say.
pub(super) fn section(id: &str, title: &str, body: &str) -> String {
    if body.is_empty() {
        return String::new();
    }
    format!(
        "<section id=\"{id}\" aria-labelledby=\"{id}-h\">\n<h2 id=\"{id}-h\">{}</h2>\n{body}</section>\n",
        text(title)
    )
}

/// A heading within a section.
pub(super) fn heading(title: &str) -> String {
    format!("<h3>{}</h3>\n", text(title))
}

/// A paragraph of plain text; nothing when it is empty.
pub(super) fn paragraph(words: &str) -> String {
    if words.is_empty() { String::new() } else { format!("<p>{}</p>\n", text(words)) }
}

/// A list of plain texts; nothing when it is empty.
pub(super) fn list(items: impl IntoIterator<Item = String>) -> String {
    let items: String = items.into_iter().map(|item| format!("<li>{}</li>\n", text(&item))).collect();
    if items.is_empty() { items } else { format!("<ul>\n{items}</ul>\n") }
}

/// A table with a caption that scrolls by itself where it is too wide; nothing when it has no rows. Columns in which no
/// row says anything are left out.
pub(super) fn table<const N: usize>(
    caption: &str,
    columns: [Column; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let rows: Vec<[String; N]> = rows.into_iter().collect();
    if rows.is_empty() {
        return String::new();
    }
    let used: Vec<usize> = (0..N).filter(|at| *at == 0 || rows.iter().any(|row| !row[*at].is_empty())).collect();
    let rows: String = rows.iter().map(|row| table_row(&columns, row, &used)).collect();
    let head: String = used
        .iter()
        .map(|at| &columns[*at])
        .map(|column| match column {
            Column::Words(name) => format!("<th scope=\"col\">{}</th>", text(name)),
            Column::Numbers(name) => format!("<th scope=\"col\" class=\"n\">{}</th>", text(name)),
        })
        .collect();
    let caption = text(caption);
    format!(
        "<p class=\"caption\">{caption}</p>\n<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{caption}\">\n\
         <table aria-label=\"{caption}\">\n\
         <thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n</div>\n"
    )
}

fn table_row(columns: &[Column], cells: &[String], used: &[usize]) -> String {
    let cells: String = used
        .iter()
        .map(|at| (*at, &columns[*at], &cells[*at]))
        .map(|(at, column, cell)| match (at, column) {
            (0, _) => format!("<th scope=\"row\">{}</th>", text(cell)),
            (_, Column::Words(_)) => format!("<td>{}</td>", text(cell)),
            (_, Column::Numbers(_)) => format!("<td class=\"n\">{}</td>", text(cell)),
        })
        .collect();
    format!("<tr>{cells}</tr>\n")
}

/// What is shown only when it is asked for.
pub(super) fn details(summary: &str, body: &str) -> String {
    if body.is_empty() {
        return String::new();
    }
    format!("<details>\n<summary>{}</summary>\n{body}</details>\n", text(summary))
}

/// A picture drawn twice, for wide and for narrow screens, with what tells its lines apart above it and its figures
/// below.
pub(super) struct Figure {
    /// What it shows.
    pub caption: String,
    /// The drawing for wide screens.
    pub wide: String,
    /// The drawing for narrow screens.
    pub narrow: String,
    /// What the lines are: class of the line and its name.
    pub legend: Vec<(&'static str, String)>,
    /// HTML below the picture, before the figures.
    pub below: String,
    /// The figures as a table.
    pub figures: String,
}

impl Figure {
    /// The HTML of it.
    pub fn html(&self) -> String {
        let keys: String = self
            .legend
            .iter()
            .map(|(class, name)| format!("<li><span class=\"key {class}\"></span>{}</li>", text(name)))
            .collect();
        let legend = if keys.is_empty() { keys } else { format!("<ul class=\"legend\">{keys}</ul>\n") };
        format!(
            "<figure>\n<figcaption>{}</figcaption>\n{legend}<div class=\"wide\">{}</div>\n<div class=\"narrow\">{}</div>\n{}{}\
             </figure>\n",
            text(&self.caption),
            self.wide,
            self.narrow,
            self.below,
            details("The figures as a table", &self.figures)
        )
    }
}
