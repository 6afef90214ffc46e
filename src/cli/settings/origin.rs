//! Where the value of a setting comes from.

use std::fmt;
use std::path::PathBuf;

/// Where a value comes from; printed in words that lead the user to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A flag: `--partitions`.
    Flag(&'static str),
    /// An environment variable: `RAPPLAN_PARTITIONS`.
    Env(&'static str),
    /// A line of a settings file.
    File {
        /// The file as it is shown.
        file: String,
        /// The folder it is in; relative paths in it are relative to this.
        folder: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
    },
    /// The run that the deployment is as it is by: its number in the history.
    Run(u32),
    /// Nobody said anything.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => write!(f, "flag --{flag}"),
            Self::Env(name) => write!(f, "environment {name}"),
            Self::File { file, line, column, .. } => write!(f, "{file}:{line}:{column}"),
            Self::Run(revision) => write!(f, "revision {revision}"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// The value of a setting with its origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The key: `demand.partitions`.
    pub key: &'static str,
    /// The value as it was written; lists are joined by commas.
    pub text: String,
    /// Where it comes from.
    pub origin: Origin,
}

impl Setting {
    /// The value as a path: relative to the settings file that names it, else to the current folder.
    pub fn path(&self) -> PathBuf {
        match &self.origin {
            Origin::File { folder, .. } if self.text != "-" => folder.join(&self.text),
            _ => PathBuf::from(&self.text),
        }
    }

    /// How to name the value in a message: `--partitions`, `RAPPLAN_PARTITIONS`, `demand.partitions (rapplan.toml:4:1)`.
    pub fn name(&self) -> String {
        match &self.origin {
            Origin::Flag(flag) => format!("--{flag}"),
            Origin::Env(name) => (*name).to_owned(),
            Origin::File { .. } | Origin::Run(_) => format!("{} ({})", self.key, self.origin),
            Origin::Default => self.key.to_owned(),
        }
    }
}
