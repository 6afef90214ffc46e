//! Where a secret lies, and what is there.

use std::collections::BTreeSet;
use std::path::Path;

use super::wrong;
use crate::cli::render_write::disk::{Disk, Found, fault};
use crate::design::topology::SecretDesign;
use crate::error::Result;
use crate::secret::Secret;

/// One file of a secret.
#[derive(Debug)]
pub struct Place {
    /// `<stack>/secrets/<name>`, relative to the output folder.
    pub path: String,
    /// What is in it; `None` when there is no such file.
    pub value: Option<Secret<String>>,
}

/// The files of a secret, one for each stack that reads it.
///
/// # Errors
/// `E0404` when they differ, are empty or lead elsewhere, `E0501` when one cannot be read.
pub fn places(disk: &dyn Disk, secret: &SecretDesign, out: &Path) -> Result<Vec<Place>> {
    let stacks: BTreeSet<&str> = secret.readers.iter().map(|reader| reader.stack.as_str()).collect();
    let mut places: Vec<Place> = Vec::new();
    for stack in stacks {
        for name in [stack, &secret.name] {
            if name.is_empty() || name.starts_with('.') || name.contains('/') {
                return Err(wrong(&format!("{stack}/secrets/{}", secret.name), "its name is no name of a file").into());
            }
        }
        let path = format!("{stack}/secrets/{}", secret.name);
        let value = value_at(disk, out, stack, &path)?;
        let other = places.iter().find(|place| match (&place.value, &value) {
            (Some(one), Some(another)) => one.reveal().trim_end() != another.reveal().trim_end(),
            _ => false,
        });
        if let Some(other) = other {
            return Err(wrong(&path, &format!("`{}` holds another value of it", other.path))
                .hint("copy the one that is in use over the other")
                .into());
        }
        places.push(Place { path, value });
    }
    Ok(places)
}

fn value_at(disk: &dyn Disk, out: &Path, stack: &str, path: &str) -> Result<Option<Secret<String>>> {
    for folder in [stack.to_owned(), format!("{stack}/secrets")] {
        let full = out.join(&folder);
        match disk.look(&full).map_err(|error| fault("cannot look at", &full, &error))? {
            Found::Nothing => return Ok(None),
            Found::Folder(_) => {}
            _ => return Err(wrong(path, &format!("`{folder}` is not a folder, or a link to one")).into()),
        }
    }
    let full = out.join(path);
    match disk.look(&full).map_err(|error| fault("cannot look at", &full, &error))? {
        Found::Nothing => Ok(None),
        Found::File(_) => {
            let content = disk.read(&full).map_err(|error| fault("cannot read", &full, &error))?;
            let text = String::from_utf8(content).map_err(|_| wrong(path, "it is not text"))?;
            if text.trim().is_empty() {
                return Err(wrong(path, "it is empty").hint("put the secret into it, or delete it").into());
            }
            Ok(Some(Secret::new(text)))
        }
        _ => Err(wrong(path, "it is not a plain file").into()),
    }
}
