//! Settings: flags, then `RAPPLAN_*`, then the project's file, the user's and the system's, then defaults.

pub mod env;
pub mod file;
pub mod flags;
pub mod origin;
pub mod project;
pub mod table;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use self::env::Env;
use self::file::FileLayer;
use self::flags::Flags;
pub use self::origin::{Origin, Setting};
use self::table::{KEYS, Key, OTHER_VARIABLES};
use super::files;
use crate::error::{Code, Problem, Result};
use crate::nearest::did_you_mean;
use crate::units::{Range, Unit};

/// All layers of settings.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    flags: Flags,
    env: Env,
    files: Vec<FileLayer>,
    /// What the last run of a deployment was told, with its number.
    kept: BTreeMap<&'static str, (String, u32)>,
}

/// What a deployment keeps of what it was told, until something else is said.
const KEPT: [&str; 4] = ["blueprint", "cloud.region", "cloud.purchase", "cloud.max-servers"];

/// Whether a setting says how much must be borne. What is kept of these is kept as a whole or not at all: partitions of one
/// day and requests of another are no demand.
fn is_demand(key: &str) -> bool {
    key.starts_with("demand.") || key == "render.tier"
}

impl Settings {
    /// Reads the layers; `config` is the project file that the user named, if any.
    ///
    /// # Errors
    /// `E0501` when a file cannot be read, and all faults of a file that is wrong.
    pub fn load(flags: Flags, env: Env, config: Option<&Path>) -> Result<Self> {
        let named = config.map(Path::to_path_buf).or_else(|| env.get("RAPPLAN_CONFIG").map(PathBuf::from));
        let mut layers = Vec::new();
        for path in FileLayer::candidates(named.clone().or_else(|| files::find_up("rapplan.toml")), &env) {
            let must_be_there = named.as_ref() == Some(&path);
            let text = if must_be_there { Some(files::read(&path)?) } else { files::read_if_there(&path)? };
            if let Some(text) = text {
                layers.push(FileLayer::parse(&path, &text)?);
            }
        }
        Ok(Self { flags, env, files: layers, kept: BTreeMap::new() })
    }

    /// The same, with what a run of a deployment was told where nobody says anything else.
    #[must_use]
    pub fn keeping(&self, said: &BTreeMap<String, String>, revision: u32) -> Self {
        let anew = KEYS.iter().filter(|key| is_demand(key.name));
        let anew = anew.filter_map(|key| self.resolve(key.name)).any(|setting| setting.origin != Origin::Default);
        let keys = KEYS.iter().filter(|key| KEPT.contains(&key.name) || (is_demand(key.name) && !anew));
        let kept = keys.filter_map(|key| Some((key.name, (said.get(key.name)?.clone(), revision)))).collect();
        Self { kept, ..self.clone() }
    }

    /// What [`Self::keeping`] keeps, from whatever layer.
    pub fn to_keep(&self) -> BTreeMap<String, String> {
        let keys = KEYS.iter().filter(|key| KEPT.contains(&key.name) || is_demand(key.name));
        let said = keys.filter_map(|key| self.resolve(key.name)).filter(|setting| setting.origin != Origin::Default);
        said.map(|setting| (setting.key.to_owned(), setting.text)).collect()
    }

    /// The demand that is kept, as flags, with the number of the run that was told it.
    pub fn kept_demand(&self) -> Option<(String, u32)> {
        let kept =
            KEYS.iter().filter(|key| is_demand(key.name)).filter_map(|key| Some((key, self.kept.get(key.name)?)));
        let flags: Vec<(String, u32)> =
            kept.map(|(key, (text, revision))| (format!("--{} {text}", key.flag), *revision)).collect();
        let revision = flags.first()?.1;
        Some((flags.into_iter().map(|(flag, _)| flag).collect::<Vec<_>>().join(" "), revision))
    }

    /// The layers without any file, for when a file is wrong and its message must still be printed.
    pub fn without_files(flags: Flags, env: Env) -> Self {
        Self { flags, env, files: Vec::new(), kept: BTreeMap::new() }
    }

    /// The files that were read, nearest first.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|layer| &*layer.file)
    }

    /// The value of a setting from the highest layer that has one.
    pub fn resolve(&self, name: &str) -> Option<Setting> {
        let key = Key::named(name)?;
        let setting = |text: &str, origin| Setting { key: key.name, text: text.to_owned(), origin };
        let flag = self.flags.get(key.name).map(|text| setting(text, Origin::Flag(key.flag)));
        let env = || self.env.get(key.env).map(|text| setting(text, Origin::Env(key.env)));
        let file = || self.files.iter().find_map(|layer| layer.get(key.name)).cloned();
        let kept = || self.kept.get(key.name).map(|(text, revision)| setting(text, Origin::Run(*revision)));
        flag.or_else(env).or_else(file).or_else(kept).or_else(|| key.default.map(|text| setting(text, Origin::Default)))
    }

    /// The value of a setting, checked against what the setting takes.
    ///
    /// # Errors
    /// `E0102` naming the flag, the variable or the line.
    pub fn checked(&self, name: &str) -> Result<Option<Setting>> {
        let Some(setting) = self.resolve(name) else { return Ok(None) };
        match Key::named(name).map_or(Ok(()), |key| key.takes.check(&setting.text)) {
            Ok(()) => Ok(Some(setting)),
            Err((why, hint)) => {
                Err(Problem::new(Code::BadValue, format!("{}: {why}", setting.name())).hint(hint).into())
            }
        }
    }

    /// The value of a setting as a quantity, with its origin.
    ///
    /// # Errors
    /// `E0102` naming the flag, the variable or the line.
    pub fn quantity<T: Unit>(&self, name: &str) -> Result<Option<(T, Origin)>> {
        let Some(setting) = self.resolve(name) else { return Ok(None) };
        match setting.text.parse::<T>() {
            Ok(value) => Ok(Some((value, setting.origin))),
            Err(error) => Err(Problem::from_unit(Code::BadValue, &setting.name(), &error).into()),
        }
    }

    /// The value of a setting as a range, with its origin; a plain value is a range of itself.
    ///
    /// # Errors
    /// `E0102` naming the flag, the variable or the line.
    pub fn range<T: Unit + Copy + PartialOrd>(&self, name: &str) -> Result<Option<(Range<T>, Origin)>> {
        let Some(setting) = self.resolve(name) else { return Ok(None) };
        match setting.text.parse::<Range<T>>() {
            Ok(value) => Ok(Some((value, setting.origin))),
            Err(error) => Err(Problem::from_unit(Code::BadValue, &setting.name(), &error).into()),
        }
    }

    /// The value of a setting that is one of a few words, such as `output.format`; the type's default without one.
    ///
    /// # Errors
    /// `E0102` naming the flag, the variable or the line.
    pub fn word<T: ValueEnum + Default>(&self, name: &str) -> Result<T> {
        let setting = self.checked(name)?;
        Ok(setting.and_then(|setting| T::from_str(&setting.text, true).ok()).unwrap_or_default())
    }

    /// The folder for data of the user: `$XDG_DATA_HOME`, or `~/.local/share`.
    pub fn data_home(&self) -> Option<PathBuf> {
        let home = || self.env.get("HOME").map(|home| Path::new(home).join(".local/share"));
        self.env.get("XDG_DATA_HOME").map(PathBuf::from).or_else(home).filter(|path| path.is_absolute())
    }

    /// A variable that is no setting.
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.env.get(name)
    }

    /// Warnings about `RAPPLAN_*` variables that nothing reads.
    pub fn unknown_variables(&self) -> Vec<String> {
        let other = OTHER_VARIABLES.iter().map(|(name, _)| *name).filter(|name| name.starts_with("RAPPLAN_"));
        let known: Vec<&str> = KEYS.iter().map(|key| key.env).chain(other).collect();
        let unknown = self.env.names("RAPPLAN_").filter(|name| !known.contains(name));
        unknown
            .map(|name| {
                let meant = did_you_mean(name, known.iter().copied());
                let meant = meant.unwrap_or_else(|| "`rapplan help environment` lists them all".to_owned());
                format!("the environment variable `{name}` is not one that rapplan reads; {meant}")
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(flags: &[(&'static str, &str)], env: &[(&str, &str)], files: &[(&str, &str)]) -> Settings {
        Settings {
            kept: BTreeMap::new(),
            flags: Flags::of(flags),
            env: Env::of(env),
            files: files.iter().map(|(path, text)| FileLayer::parse(Path::new(path), text).unwrap()).collect(),
        }
    }

    fn from(settings: &Settings) -> String {
        settings.resolve("demand.environment").unwrap().origin.to_string()
    }

    #[test]
    fn each_layer_goes_before_the_next() {
        let flag = [("demand.environment", "dev")];
        let env = [("RAPPLAN_ENVIRONMENT", "dev")];
        let text = "demand.environment = 'dev'";
        let all = [("rapplan.toml", text), ("/home/u/config.toml", text)];
        assert_eq!(from(&settings(&flag, &env, &all)), "flag --environment");
        assert_eq!(from(&settings(&[], &env, &all)), "environment RAPPLAN_ENVIRONMENT");
        assert_eq!(from(&settings(&[], &[("RAPPLAN_ENVIRONMENT", "")], &all)), "rapplan.toml:1:22");
        assert_eq!(from(&settings(&[], &[], &all[1..])), "/home/u/config.toml:1:22");
        assert_eq!(from(&settings(&[], &[], &[])), "default");
    }

    #[test]
    fn names_the_origin_of_a_bad_value() {
        let settings = settings(&[("output.color", "red")], &[("RAPPLAN_PARTITIONS", "-3")], &[]);
        let error = settings.quantity::<crate::units::Count>("demand.partitions").unwrap_err();
        assert!(error.to_string().contains("RAPPLAN_PARTITIONS"), "{error}");
        let error = settings.word::<super::super::color::When>("output.color").unwrap_err();
        assert!(error.to_string().contains("--color"), "{error}");
    }

    #[test]
    fn warns_of_variables_that_nothing_reads() {
        let warnings = settings(&[], &[("RAPPLAN_PARTITION", "3"), ("RAPPLAN_OUT", "x")], &[]).unknown_variables();
        assert_eq!(warnings.len(), 1);
        assert!(warnings[0].contains("did you mean `RAPPLAN_PARTITIONS`?"), "{warnings:?}");
    }
}
