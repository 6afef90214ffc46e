//! What every command is given.

use super::settings::Settings;
use super::ui::Ui;
use super::view::{self, Format, View};
use crate::error::{Error, Result};
use crate::exit::Exit;

/// What every command is given: a terminal and the settings.
#[derive(Debug)]
pub struct Context {
    /// The terminal.
    pub ui: Ui,
    settings: Settings,
    broken: Option<Error>,
}

impl Context {
    /// With settings that may lack their files, and what was wrong with these.
    pub fn new(ui: Ui, settings: Settings, broken: Option<Error>) -> Self {
        Self { ui, settings, broken }
    }

    /// The settings.
    ///
    /// # Errors
    /// What is wrong with a settings file. Commands that need no settings, such as `explain E0202`, work regardless.
    pub fn settings(&self) -> Result<&Settings> {
        self.broken.clone().map_or(Ok(&self.settings), Err)
    }

    /// How results are printed.
    ///
    /// # Errors
    /// `E0102` when `RAPPLAN_OUTPUT` is not a format.
    pub fn format(&self) -> Result<Format> {
        self.settings.word("output.format")
    }

    /// Prints a result as the user wants it.
    ///
    /// # Errors
    /// As [`view::show`].
    pub fn show<V: View>(&self, view: &V) -> Result<Exit> {
        view::show(&self.ui, self.format()?, view)?;
        Ok(Exit::Ok)
    }
}
