//! The name of a deployment.

use super::settings::Settings;
use crate::error::{Code, Problem, Result};

/// The name of the deployment, which becomes part of file names, networks and volumes.
///
/// # Errors
/// `E0102` for a name that cannot be one.
pub fn name(settings: &Settings, blueprint: &str) -> Result<String> {
    let Some(setting) = settings.resolve("deployment") else { return Ok(blueprint.to_owned()) };
    let name = &setting.text;
    let begins = name.starts_with(|c: char| c.is_ascii_lowercase());
    let fits = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') && !name.ends_with('-');
    if begins && fits && name.len() <= 40 {
        return Ok(name.clone());
    }
    Err(Problem::new(Code::BadValue, format!("{}: `{name}` cannot name a deployment", setting.name()))
        .because("it becomes part of the names of files, networks, volumes and services")
        .hint("give lower-case letters, digits and hyphens, beginning with a letter, at most 40, such as `chatty-prod`")
        .into())
}
