//! What every command is given.

use std::sync::OnceLock;

use super::prices;
use super::settings::table::{KEYS, Key};
use super::settings::{Origin, Settings};
use super::ui::Ui;
use super::view::{self, Format, View};
use crate::catalog::Catalog;
use crate::error::{Error, Result};
use crate::exit::Exit;

/// What every command is given: a terminal and the settings.
#[derive(Debug)]
pub struct Context {
    /// The terminal.
    pub ui: Ui,
    settings: Settings,
    catalog: OnceLock<Catalog>,
    broken: Option<Error>,
}

impl Context {
    /// With settings that may lack their files, and what was wrong with these.
    pub fn new(ui: Ui, settings: Settings, broken: Option<Error>) -> Self {
        Self { ui, settings, catalog: OnceLock::new(), broken }
    }

    /// The settings.
    ///
    /// # Errors
    /// What is wrong with a settings file. Commands that need no settings, such as `explain E0202`, work regardless.
    pub fn settings(&self) -> Result<&Settings> {
        self.broken.clone().map_or(Ok(&self.settings), Err)
    }

    /// The catalogue with the user's own prices in it.
    ///
    /// # Errors
    /// What is wrong with a settings file or with a file of prices.
    pub fn catalog(&self) -> Result<&Catalog> {
        if let Some(catalog) = self.catalog.get() {
            return Ok(catalog);
        }
        let settings = self.settings()?;
        // Without a home there is nothing of one's own, which is no fault unless something is to be written there.
        let overlays = match prices::folder(settings) {
            Ok(folder) => prices::overlays(&folder, None)?,
            Err(error) if settings.resolve("catalog.dir").is_some() => return Err(error),
            Err(_) => Vec::new(),
        };
        for overlay in &overlays {
            self.ui.verbose(&format!("prices: {}", overlay.file));
        }
        Ok(if overlays.is_empty() { Catalog::embedded() } else { self.catalog.get_or_init(|| Catalog::with(overlays)) })
    }

    /// How results are printed.
    ///
    /// # Errors
    /// `E0102` when `RAPPLAN_OUTPUT` is not a format.
    pub fn format(&self) -> Result<Format> {
        self.settings.word("output.format")
    }

    /// Who runs this: user and machine, as the environment tells them, else the system.
    pub fn who(&self) -> String {
        let said = |names: &[&str]| names.iter().find_map(|name| self.settings.variable(name)).map(str::to_owned);
        let user = said(&["USER", "LOGNAME", "USERNAME"]).or_else(|| whoami::username().ok());
        let host = said(&["HOSTNAME", "COMPUTERNAME"]).or_else(|| whoami::hostname().ok());
        let user = user.unwrap_or_else(|| "somebody".to_owned());
        host.map_or_else(|| user.clone(), |host| format!("{user}@{host}"))
    }

    /// The settings that were given as flags, as they are written on a command line.
    pub fn flags(&self) -> Vec<String> {
        let apart = ["output.format", "output.color", "render.out"];
        let keys = KEYS.iter().filter(|key| !apart.contains(&key.name));
        let flag = |key: &Key| {
            let setting =
                self.settings.resolve(key.name).filter(|setting| matches!(setting.origin, Origin::Flag(_)))?;
            let plain = setting.text.chars().all(|c| c.is_ascii_alphanumeric() || "./:@%_,-=+".contains(c));
            let text = if plain { setting.text } else { format!("'{}'", setting.text.replace('\'', "'\\''")) };
            Some(format!("--{} {text}", key.flag))
        };
        keys.filter_map(flag).collect()
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
