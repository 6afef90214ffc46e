//! Results, shown as a table for people, as Markdown, or as JSON or YAML for programs.

pub mod calibration;
mod cells;
mod comparison;
pub mod envelope;
mod forecast;
mod machines;
mod markdown;
mod page;
pub mod size;
mod terminal;
mod uncertainty;

use clap::ValueEnum;
use serde::Serialize;

pub use page::{Block, Page};
pub use terminal::visible;

use super::ui::Ui;
use crate::error::{Code, Problem, Result};

/// How a result is printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Tables for people.
    #[default]
    Table,
    /// JSON for programs, with `schema_version` and `kind`.
    Json,
    /// The same as YAML.
    Yaml,
    /// Tables in Markdown, to paste into a page.
    Markdown,
    /// Comma-separated values; only where a result is one long table.
    Csv,
}

impl Format {
    /// The names, as `--output` takes them.
    pub const NAMES: &[&str] = &["table", "json", "yaml", "markdown", "csv"];
}

/// A result that can be shown.
pub trait View: Serialize {
    /// What the result is, in the envelope of JSON and YAML: `size`, `blueprints`.
    const KIND: &'static str;

    /// The result for people.
    fn page(&self) -> Page;
}

/// Prints a result as data.
///
/// # Errors
/// `E0102` for `csv`, which only long tables have; `E0501` when stdout cannot be written.
pub fn show<V: View>(ui: &Ui, format: Format, view: &V) -> Result<()> {
    ui.data(&render(format, view, ui.width())?)
}

/// A result as text; `width` is where table cells are wrapped.
///
/// # Errors
/// As [`show`].
pub fn render<V: View>(format: Format, view: &V, width: Option<u16>) -> Result<String> {
    match format {
        Format::Table => Ok(terminal::render(&view.page(), width)),
        Format::Markdown => Ok(markdown::render(&view.page())),
        Format::Json => envelope::json(V::KIND, view),
        Format::Yaml => envelope::yaml(V::KIND, view),
        Format::Csv => Err(Problem::new(Code::BadValue, "this result cannot be printed as `csv`")
            .because("csv is for results that are one long table")
            .hint("use `-o table`, `-o json`, `-o yaml` or `-o markdown`")
            .into()),
    }
}

/// A page of text for people that no program reads, such as help.
pub fn page_text(page: &Page, format: Format, width: Option<u16>) -> String {
    if format == Format::Markdown { markdown::render(page) } else { terminal::render(page, width) }
}
