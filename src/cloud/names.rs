//! Names that are the same on every run, within the limits of each provider.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

/// Tag with the name of the deployment.
pub const DEPLOYMENT: &str = "rapplan:deployment";
/// Tag with the service that a resource is of, where it takes part in releases.
pub const SERVICE: &str = "rapplan:service";
/// Tag with the version that a resource is of, where it takes part in releases.
pub const VERSION: &str = "rapplan:version";
/// Tag with the role of what is in the network: what may call it, and what it may call.
pub const ROLE: &str = "rapplan:role";
/// Tag with the name of a resource; the providers' consoles show it too.
pub const NAME: &str = "Name";
/// Tag with the fewest instances that a group had before a release held them up.
pub const RESTORE_MIN: &str = "rapplan:restore-min";
/// Tag that says that a release suspended what the group does by itself.
pub const RESTORE_PROCESSES: &str = "rapplan:restore-processes";

/// Whether something that bears these tags belongs to the deployment that `ours` are the tags of.
///
/// Only the name of the deployment decides, so that another tag can be added later; where `ours` does not name it, all of
/// them do.
pub fn is_ours(ours: &BTreeMap<String, String>, tags: &BTreeMap<String, String>) -> bool {
    match ours.get(DEPLOYMENT) {
        Some(name) => tags.get(DEPLOYMENT) == Some(name),
        None => ours.iter().all(|(name, value)| tags.get(name) == Some(value)),
    }
}

/// Digits of a hash that a name carries.
const DIGITS: usize = 8;

/// The parts with hyphens between them; where that is too long, as much of it as fits with a hash of the whole at its end.
///
/// The same parts always give the same name, and different parts different names but for a chance of one in four billion.
pub fn bounded(parts: &[&str], longest: usize) -> String {
    let whole = parts.join("-");
    if whole.len() <= longest {
        return whole;
    }
    let kept: String = whole.chars().take(longest.saturating_sub(DIGITS + 1)).collect();
    format!("{}-{}", kept.trim_end_matches('-'), hash(whole.as_bytes()))
}

/// The first digits of the SHA-256 of some bytes.
pub fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(DIGITS / 2).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_end_in_a_hash() {
        assert_eq!(bounded(&["chatty", "api", "0a1b2c3d"], 32), "chatty-api-0a1b2c3d");
        let long = bounded(&["a-deployment-with-a-long-name", "backend", "0a1b2c3d"], 32);
        assert_eq!((long.len(), long.as_str()), (32, "a-deployment-with-a-lon-6bf5f0d0"));
        assert_ne!(long, bounded(&["a-deployment-with-a-long-name", "backend", "0a1b2c3e"], 32));
    }
}
