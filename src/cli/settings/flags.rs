//! The layer of flags, taken from what clap has read.

use std::collections::BTreeMap;

use clap::ArgMatches;
use clap::parser::ValueSource;

use super::table::KEYS;

/// The settings that were given as flags.
#[derive(Debug, Clone, Default)]
pub struct Flags(BTreeMap<&'static str, String>);

impl Flags {
    /// Takes every flag of the settings table that the user gave, whatever command it belongs to.
    pub fn of_matches(matches: &ArgMatches) -> Self {
        let mut flags = BTreeMap::new();
        let mut level = Some(matches);
        while let Some(matches) = level {
            for key in KEYS {
                if let Some(text) = given(matches, &key.arg_id()) {
                    flags.insert(key.name, text);
                }
            }
            level = matches.subcommand().map(|(_, below)| below);
        }
        Self(flags)
    }

    /// Flags made up for a test.
    pub fn of(flags: &[(&'static str, &str)]) -> Self {
        Self(flags.iter().map(|(key, text)| (*key, (*text).to_owned())).collect())
    }

    /// What a flag says.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }
}

/// The values of an argument that the user typed, joined by commas.
fn given(matches: &ArgMatches, id: &str) -> Option<String> {
    if !matches.try_contains_id(id).unwrap_or(false) || matches.value_source(id) != Some(ValueSource::CommandLine) {
        return None;
    }
    let values = matches.try_get_raw(id).ok()??;
    Some(values.map(|value| value.to_string_lossy()).collect::<Vec<_>>().join(","))
}
