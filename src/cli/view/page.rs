//! A page for people, independent of whether it becomes a terminal table or Markdown.

/// Headings, texts and tables, one below the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page(Vec<Block>);

/// A part of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading.
    Heading(String),
    /// A paragraph.
    Text(String),
    /// A list.
    List(Vec<String>),
    /// Lines to be kept as they are, such as commands.
    Code(Vec<String>),
    /// Names with their values.
    Facts(Vec<(String, String)>),
    /// A table.
    Table {
        /// Names of the columns.
        header: Vec<String>,
        /// The rows.
        rows: Vec<Vec<String>>,
    },
}

impl Page {
    /// An empty page.
    pub fn new() -> Self {
        Self::default()
    }

    /// The parts, in order.
    pub fn blocks(&self) -> &[Block] {
        &self.0
    }

    /// Adds a heading.
    #[must_use]
    pub fn heading(self, text: impl Into<String>) -> Self {
        self.with(Block::Heading(text.into()))
    }

    /// Adds a paragraph.
    #[must_use]
    pub fn text(self, text: impl Into<String>) -> Self {
        self.with(Block::Text(text.into()))
    }

    /// Adds a list, if it has an item.
    #[must_use]
    pub fn list(self, items: impl IntoIterator<Item = String>) -> Self {
        let items: Vec<String> = items.into_iter().collect();
        if items.is_empty() { self } else { self.with(Block::List(items)) }
    }

    /// Adds lines to be kept as they are.
    #[must_use]
    pub fn code<T: Into<String>>(self, lines: impl IntoIterator<Item = T>) -> Self {
        self.with(Block::Code(lines.into_iter().map(Into::into).collect()))
    }

    /// Adds names with their values, leaving out those without a value.
    #[must_use]
    pub fn facts<'a>(self, facts: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        let facts: Vec<(String, String)> =
            facts.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, v)| (name.to_owned(), v)).collect();
        if facts.is_empty() { self } else { self.with(Block::Facts(facts)) }
    }

    /// Adds a table, if it has a row.
    #[must_use]
    pub fn table<const N: usize>(self, header: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> Self {
        let rows: Vec<Vec<String>> = rows.into_iter().map(Vec::from).collect();
        let header = header.map(str::to_owned).to_vec();
        if rows.is_empty() { self } else { self.with(Block::Table { header, rows }) }
    }

    /// Adds a table whose columns are known only when it is made, if it has a row.
    #[must_use]
    pub fn grid(self, header: Vec<String>, rows: impl IntoIterator<Item = Vec<String>>) -> Self {
        let rows: Vec<Vec<String>> = rows.into_iter().collect();
        if rows.is_empty() { self } else { self.with(Block::Table { header, rows }) }
    }

    /// Adds a heading and what follows, if anything follows.
    #[must_use]
    pub fn section(self, heading: &str, fill: impl FnOnce(Self) -> Self) -> Self {
        let inner = fill(Self::new());
        if inner.0.is_empty() { self } else { inner.0.into_iter().fold(self.heading(heading), Self::with) }
    }

    fn with(mut self, block: Block) -> Self {
        self.0.push(block);
        self
    }
}
