//! The version of the language, and how names are written.

use super::Checker;
use crate::blueprint::document::{FieldPath, Part};
use crate::error::{Code, Problem};
use crate::path;

/// Longest name: a label of a host name (RFC 1123) has no more.
const LONGEST: usize = 63;

pub(super) fn check(c: &mut Checker<'_>) {
    let blueprint = c.blueprint;
    if blueprint.rapplan != 1 {
        c.bad_value(
            &path!["rapplan"],
            format!("version {} of the language is not known", blueprint.rapplan),
            "must be 1",
        );
    }
    name(c, &path!["name"], Part::Value, &blueprint.name);
    for (what, names) in [
        ("services", blueprint.services.keys().collect::<Vec<_>>()),
        ("networks", blueprint.networks.keys().collect()),
        ("clouds", blueprint.clouds.keys().collect()),
        ("memory_budgets", blueprint.memory_budgets.keys().collect()),
    ] {
        names.into_iter().for_each(|key| name(c, &path![what, key], Part::Key, key));
    }
    for key in blueprint.storage.iter().flat_map(|storage| storage.areas.keys()) {
        name(c, &path!["storage", "areas", key], Part::Key, key);
    }
    for (i, tier) in blueprint.tiers.iter().enumerate() {
        let at = path!["tiers", i];
        name(c, &at.join("name"), Part::Value, &tier.name);
        for (j, set) in tier.sizes.iter().enumerate() {
            let at = at.join("sizes").join(j);
            name(c, &at.join("name"), Part::Value, &set.name);
            for (k, server) in set.servers.iter().enumerate() {
                name(c, &at.join("servers").join(k).join("name"), Part::Value, &server.name);
            }
        }
        tier.components.keys().for_each(|key| name(c, &at.join("components").join(key), Part::Key, key));
    }
    for (_, service, at) in c.services() {
        for (i, secret) in service.secrets.iter().enumerate() {
            name(c, &at.join("secrets").join(i).join("name"), Part::Value, &secret.name);
        }
        for (i, port) in service.ports.iter().enumerate() {
            name(c, &at.join("ports").join(i).join("name"), Part::Value, &port.name);
        }
        for (i, volume) in service.volumes.iter().enumerate() {
            if let Some(volume) = &volume.volume {
                name(c, &at.join("volumes").join(i).join("volume"), Part::Value, volume);
            }
        }
    }
}

/// Names become host names, folders and file names, so they keep to what is one everywhere.
fn name(c: &mut Checker<'_>, path: &FieldPath, part: Part, name: &str) {
    let letters = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    let ends = name.starts_with(|c: char| c.is_ascii_lowercase()) && !name.ends_with('-');
    if letters && ends && name.len() <= LONGEST {
        return;
    }
    let suggestion = mended(name);
    let problem = Problem::new(Code::BadField, format!("`{name}` cannot be a name"))
        .because("names become host names, folders and variables")
        .hint("use lower-case letters, digits and hyphens, a letter first, at most 63 of them")
        .hint_opt(suggestion.map(|name| format!("such as `{name}`")));
    match part {
        Part::Key => c.at_key(path, "not a name", problem),
        Part::Value => c.at_value(path, "not a name", problem),
    }
}

/// The name that was probably meant.
fn mended(name: &str) -> Option<String> {
    let lower = name.trim().to_lowercase().replace(['_', ' ', '.'], "-");
    let mended: String = lower.chars().filter(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '-').collect();
    let mended = mended.trim_start_matches(|c: char| !c.is_ascii_lowercase()).trim_end_matches('-');
    (!mended.is_empty() && mended.len() <= LONGEST).then(|| mended.to_owned())
}
