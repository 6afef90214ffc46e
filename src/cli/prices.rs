//! The files of prices of one's own: where they are, and how they are read and written.

use std::path::{Path, PathBuf};

use super::files::{self, Mode};
use super::settings::Settings;
use crate::catalog::Catalog;
use crate::catalog::overlay::{self, Overlay};
use crate::error::{Code, Problem, Result};

/// What the names of files begin with that come from a provider's price list; these are laid over the tables first.
pub const FETCHED: &str = "fetched-";

/// The line that is put before a file that is kept; it carries the day of rows without one.
const DAY: &str = "# rapplan: rows without a date are of ";

/// The folder of the files.
///
/// # Errors
/// `E0102` when the setting is empty, `E0501` when there is no home folder to put it in.
pub fn folder(settings: &Settings) -> Result<PathBuf> {
    if let Some(setting) = settings.checked("catalog.dir")? {
        return Ok(setting.path());
    }
    settings.data_home().map(|home| home.join("rapplan/catalog")).ok_or_else(|| {
        Problem::new(Code::File, "there is no folder for prices of your own")
            .because("neither XDG_DATA_HOME nor HOME names a folder")
            .hint("name one: --catalog-dir, or RAPPLAN_CATALOG_DIR")
            .into()
    })
}

/// The catalogue with the files of the folder laid over it, leaving out one file.
///
/// # Errors
/// `E0501` for a file that cannot be read, and every fault of one that is not sound.
pub fn overlays(folder: &Path, without: Option<&str>) -> Result<Vec<Overlay>> {
    let mut overlays: Vec<Overlay> = Vec::new();
    if !files::exists(folder) {
        return Ok(overlays);
    }
    let mut found = files::list(folder)?;
    found.retain(|(name, _)| name.ends_with(".csv") && !name.starts_with('.') && Some(&**name) != without);
    found.sort_by_key(|(name, _)| (!name.starts_with(FETCHED), name.clone()));
    for (_, path) in found {
        let text = files::read(&path)?;
        let base = Catalog::with(overlays.clone());
        let overlay = overlay::read(&path.display().to_string(), &text, day(&text), &base)?;
        overlays.push(Overlay { file: format!("yours, {}", path.display()), ..overlay });
    }
    Ok(overlays)
}

/// Writes a file into the folder, which is made when it is not there.
///
/// # Errors
/// `E0501` when it cannot be written.
pub fn keep(path: &Path, text: &str, today: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        files::create_folder(folder)?;
    }
    files::write(path, kept(text, today).as_bytes(), Mode::Private)
}

fn kept(text: &str, today: &str) -> String {
    format!(
        "{DAY}{today}\n{}",
        text.strip_prefix(DAY).and_then(|rest| rest.split_once('\n')).map_or(text, |(_, rest)| rest)
    )
}

/// The day of rows without one.
fn day(text: &str) -> &str {
    text.strip_prefix(DAY).and_then(|rest| rest.lines().next()).unwrap_or("undated")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_of_the_update_is_kept_with_the_file() {
        let first = kept("provider\n", "2026-11-21");
        assert_eq!(first, "# rapplan: rows without a date are of 2026-11-21\nprovider\n");
        assert_eq!((day(&first), day("provider\n")), ("2026-11-21", "undated"));
        assert_eq!(kept(&first, "2026-12-01"), "# rapplan: rows without a date are of 2026-12-01\nprovider\n");
    }
}
