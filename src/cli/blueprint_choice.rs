//! Which blueprint is meant: a built-in one by name, or a file.

use std::path::Path;

use super::files;
use super::settings::{Origin, Setting, Settings};
use crate::blueprint::Blueprint;
use crate::blueprint::builtin::BUILTIN;
use crate::error::{Code, Problem, Result};
use crate::nearest::did_you_mean;

/// The text of a blueprint, not read yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// The name of a built-in one.
    pub builtin: Option<&'static str>,
    /// The file as messages name it.
    pub file: String,
    /// The text.
    pub text: String,
}

impl Chosen {
    /// The blueprint that the settings name.
    ///
    /// # Errors
    /// `E0104` for an unknown name, `E0501` and `E0502` for a file that cannot be read.
    pub fn of_settings(settings: &Settings) -> Result<Self> {
        settings.checked("blueprint")?.map_or_else(|| Self::named("chatty"), |setting| Self::of_setting(&setting))
    }

    /// The blueprint of this name, or in this file relative to the current folder.
    ///
    /// # Errors
    /// As [`Chosen::of_settings`].
    pub fn named(name: &str) -> Result<Self> {
        Self::of_setting(&Setting { key: "blueprint", text: name.to_owned(), origin: Origin::Default })
    }

    fn of_setting(setting: &Setting) -> Result<Self> {
        let name = &*setting.text;
        if let Some((name, file, text)) = BUILTIN.iter().find(|(builtin, ..)| *builtin == name) {
            return Ok(Self { builtin: Some(name), file: (*file).to_owned(), text: (*text).to_owned() });
        }
        if !is_file(name) {
            return Err(Problem::new(Code::UnknownName, format!("there is no blueprint `{name}`"))
                .hint_opt(did_you_mean(name, BUILTIN.iter().map(|(name, ..)| *name)))
                .hint("`rapplan blueprints` lists those that are built in")
                .hint(format!("for a file write `./{name}.toml`"))
                .into());
        }
        Self::at(&setting.path())
    }

    /// The blueprint in this file; `-` is stdin.
    ///
    /// # Errors
    /// `E0501` and `E0502` for a file that cannot be read.
    pub fn of_file(path: &str) -> Result<Self> {
        Self::at(Path::new(path))
    }

    fn at(path: &Path) -> Result<Self> {
        let file = if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() };
        Ok(Self { builtin: None, text: files::read(path)?, file })
    }

    /// Reads and checks it.
    ///
    /// # Errors
    /// All faults of the blueprint, each with its line and column.
    pub fn load(&self) -> Result<Blueprint> {
        // The built-in ones are checked by the tests of the program, so at run time reading them is enough.
        if self.builtin.is_some()
            && let Ok(blueprint) = toml::from_str(&self.text)
        {
            return Ok(blueprint);
        }
        Ok(Blueprint::parse(&self.file, &self.text)?.blueprint)
    }
}

/// Names have neither slashes nor dots, so whatever has one is a file; `-` is stdin.
fn is_file(name: &str) -> bool {
    name == "-" || name.contains(['/', '\\']) || Path::new(name).extension().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_names_from_files() {
        assert!(is_file("./chatty") && is_file("mine.toml") && is_file("-"));
        assert!(!is_file("chatty"));
        assert_eq!(Chosen::named("chaty").unwrap_err().problems()[0].code, Code::UnknownName);
    }
}
