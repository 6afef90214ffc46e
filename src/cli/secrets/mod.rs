//! Making the secrets of a deployment at random; the only random thing in the program.
//!
//! A secret that is there is never replaced and never printed. One that several servers need has the same value on
//! all of them.

mod places;
#[cfg(test)]
mod tests;
mod value;

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::render_write::disk::{self, Disk, Found, RealDisk};
use crate::design::topology::SecretDesign;
use crate::error::{Code, Error, Problem, Result};
use crate::secret::Secret;
use places::{Place, places};

/// What was done, by path relative to the output folder, each list sorted; never a value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SecretsReport {
    /// Files that were made.
    pub made: Vec<String>,
    /// Files that were there and are as they were.
    pub kept: Vec<String>,
    /// Files that an operator has to supply: they cannot be made at random.
    pub to_supply: Vec<String>,
    /// Files or folders of secrets that others than the owner may read.
    pub open_to_others: Vec<String>,
}

/// Makes every secret that can be made at random and is not there, in files with mode 0600 in folders with mode 0700.
///
/// # Errors
/// `E0404` when two servers hold different values of one secret or a secret is empty, `E0501` when the disk refuses;
/// nothing is made when anything is wrong with what is there.
pub fn generate(secrets: &[SecretDesign], out: &Path) -> Result<SecretsReport> {
    generate_on(&RealDisk, secrets, out)
}

fn generate_on(disk: &dyn Disk, secrets: &[SecretDesign], out: &Path) -> Result<SecretsReport> {
    let mut problems = Vec::new();
    let mut found = Vec::new();
    for secret in secrets {
        match places(disk, secret, out) {
            Ok(places) => found.push((secret, places)),
            Err(error) => problems.extend(error.problems().iter().cloned()),
        }
    }
    Error::check(problems)?;
    let mut report = SecretsReport::default();
    for (secret, places) in &found {
        let known = places.iter().find_map(|place| place.value.clone());
        let value = match known {
            Some(value) => Some(value),
            None if secret.generated => Some(value::random()?),
            None => None,
        };
        for place in places {
            settle(disk, out, place, value.as_ref(), &mut report)?;
        }
    }
    for list in [&mut report.made, &mut report.kept, &mut report.to_supply, &mut report.open_to_others] {
        list.sort();
        list.dedup();
    }
    Ok(report)
}

/// Makes one file of a secret, unless it is there or nobody has its value.
fn settle(
    disk: &dyn Disk,
    out: &Path,
    place: &Place,
    value: Option<&Secret<String>>,
    report: &mut SecretsReport,
) -> Result<()> {
    match value {
        None => report.to_supply.push(place.path.clone()),
        Some(_) if place.value.is_some() => {
            clear_new(disk, &out.join(&place.path))?;
            report.kept.push(place.path.clone());
        }
        Some(value) => {
            make(disk, &out.join(&place.path), value)?;
            report.made.push(place.path.clone());
        }
    }
    let folder = place.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    for path in [folder, &place.path] {
        if let Ok(Found::File(mode) | Found::Folder(mode)) = disk.look(&out.join(path))
            && mode & 0o077 != 0
        {
            report.open_to_others.push(path.to_owned());
        }
    }
    Ok(())
}

/// Writes a value under another name first, then gives it its own: there is never half a secret, and `link` fails
/// where a name is taken, so that no secret is ever replaced.
fn make(disk: &dyn Disk, path: &Path, value: &Secret<String>) -> Result<()> {
    let fault = |error: std::io::Error| disk::fault("cannot make the secret", path, &error);
    let folder = path.parent().unwrap_or(Path::new("."));
    if let Some(stack) = folder.parent() {
        disk.make_folders(stack).map_err(fault)?;
    }
    if disk.look(folder).map_err(fault)? == Found::Nothing {
        disk.make_folder(folder, 0o700).map_err(fault)?;
    }
    let new = clear_new(disk, path)?;
    let made = disk.create(&new, value.reveal().as_bytes(), 0o600).and_then(|()| disk.link(&new, path));
    let removed = disk.remove_file(&new);
    made.and(removed).and_then(|()| disk.sync_folder(folder)).map_err(fault)?;
    Ok(())
}

/// The name under which a secret is written first, free of what a killed run left.
fn clear_new(disk: &dyn Disk, path: &Path) -> Result<PathBuf> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let new = path.with_file_name(format!(".{name}.rapplan-new"));
    let fault = |error: std::io::Error| disk::fault("cannot remove", &new, &error);
    if disk.look(&new).map_err(fault)? != Found::Nothing {
        disk.remove_file(&new).map_err(fault)?;
    }
    Ok(new)
}

/// A problem with a secret that is there.
fn wrong(path: &str, why: &str) -> Problem {
    Problem::new(Code::BadOutput, format!("the secret `{path}` cannot be used")).because(why)
}
