//! The files of a rendering, before they are written anywhere.

use std::collections::BTreeMap;

/// One rendered file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its text; ends with a newline.
    pub text: String,
    /// Whether it is run.
    pub executable: bool,
}

/// Rendered files by path, relative to the output folder, with `/` between folders.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    /// The files.
    pub files: BTreeMap<String, File>,
}

impl Tree {
    /// Adds a file.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) {
        self.files.insert(path.into(), File { text: text.into(), executable: false });
    }

    /// Adds a script.
    pub fn add_script(&mut self, path: impl Into<String>, text: impl Into<String>) {
        self.files.insert(path.into(), File { text: text.into(), executable: true });
    }

    /// Takes all files of another tree.
    pub fn extend(&mut self, other: Self) {
        self.files.extend(other.files);
    }
}
