//! The templates of configuration files.

use std::collections::BTreeMap;
use std::path::Path;

use super::files;
use super::settings::{Origin, Settings};
use crate::error::{Code, Problem, Result};
use crate::render::templates::Templates;

/// The built-in templates, with those of the user in place of the ones of the same name.
///
/// # Errors
/// A folder without templates, or a file that cannot be read.
pub fn load(settings: &Settings) -> Result<Templates> {
    let Some(setting) = settings.resolve("render.templates").filter(|setting| setting.origin != Origin::Default) else {
        return Templates::embedded();
    };
    let folder = setting.path();
    let mut overrides = BTreeMap::new();
    for (name, path) in files::list(&folder)? {
        if Path::new(&name).extension().is_some_and(|end| end == "tera") {
            overrides.insert(name, files::read(&path)?);
        }
    }
    if overrides.is_empty() {
        return Err(Problem::new(
            Code::BadValue,
            format!("{}: no template is in `{}`", setting.name(), folder.display()),
        )
        .because("templates are files that end in `.tera`, in the same folders as the built-in ones")
        .hint("for example `nginx/nginx.conf.tera`")
        .into());
    }
    Templates::new(overrides)
}
