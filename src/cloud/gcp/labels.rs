//! Tags as Google Cloud takes them: as labels, and in descriptions where a kind of resource has no labels.
//!
//! Labels have keys and values of at most 63 characters: lower-case letters, digits, `-` and `_`; a key begins with a letter
//! (Compute Engine, organize resources using labels; read 2026-11-21). Everywhere in rapplan a tag is `rapplan:deployment`, as
//! AWS has it; only who talks to Google Cloud writes it as the label `rapplan-deployment`, and reads it back. Networks,
//! subnetworks, firewall rules, routers, checks, backend services, URL maps, proxies, groups, templates and accounts have no
//! labels: their description ends in the tags.

use crate::cloud::resource::Tags;

/// Longest key and value.
const LONGEST: usize = 63;
/// How a tag of rapplan begins.
const TAG: &str = "rapplan:";
/// How its label begins.
const LABEL: &str = "rapplan-";
/// What stands before the tags in a description.
const IN_DESCRIPTION: &str = " [rapplan ";

/// The key of the label of a tag.
pub fn key(tag: &str) -> String {
    let tag = tag.strip_prefix(TAG).map_or_else(|| tag.to_owned(), |name| format!("{LABEL}{name}"));
    taken(&tag)
}

/// The value of a label. Names of deployments, services and roles, and versions, are taken as they are.
pub fn value(text: &str) -> String {
    taken(text)
}

fn taken(text: &str) -> String {
    let one = |c: char| match c.to_ascii_lowercase() {
        c if c.is_ascii_alphanumeric() || c == '-' || c == '_' => c,
        _ => '_',
    };
    text.chars().map(one).take(LONGEST).collect()
}

/// The tag of the key of a label: what [`key`] was made from, for tags of rapplan.
pub fn tag(key: &str) -> String {
    key.strip_prefix(LABEL).map_or_else(|| key.to_owned(), |name| format!("{TAG}{name}"))
}

/// A description that ends in tags, sorted by name.
pub fn describe(text: &str, tags: &Tags) -> String {
    let tags: Vec<String> = tags.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("{text}{IN_DESCRIPTION}{}]", tags.join(" "))
}

/// The tags at the end of a description; none where it was not written by [`describe`].
pub fn described(description: &str) -> Tags {
    let found = description.rsplit_once(IN_DESCRIPTION).and_then(|(_, tags)| tags.strip_suffix(']'));
    let pairs = found.into_iter().flat_map(|tags| tags.split(' ')).filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::names::{DEPLOYMENT, ROLE, SERVICE, VERSION};

    #[test]
    fn tags_come_back() {
        for name in [DEPLOYMENT, SERVICE, VERSION, ROLE] {
            assert_eq!(tag(&key(name)), name);
        }
        assert_eq!(key(DEPLOYMENT), "rapplan-deployment");
        assert_eq!(
            (tag("team"), value("in-memory"), value("Ärger/1")),
            ("team".into(), "in-memory".into(), "_rger_1".into())
        );
        assert_eq!(value(&"a".repeat(99)).len(), 63);
    }

    #[test]
    fn descriptions_carry_tags() {
        let tags = Tags::from([(DEPLOYMENT.to_owned(), "shop".to_owned()), (ROLE.to_owned(), "api".to_owned())]);
        let text = describe("what [it] is for", &tags);
        assert_eq!(text, "what [it] is for [rapplan rapplan:deployment=shop rapplan:role=api]");
        assert_eq!(described(&text), tags);
        assert!(described("made by hand").is_empty());
    }
}
