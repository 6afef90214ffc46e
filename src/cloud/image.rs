//! Images: what their names say, and the registry of a simulated cloud.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Digits of a digest that people see: enough to tell the versions of a service apart.
const SEEN: usize = 6;

/// An image for people: `registry.example.com/api:1.4.2@sha256:ab12...` as `api:1.4.2 (sha256:ab12cd)`. One without a digest
/// stays as it is.
pub fn short(image: &str) -> String {
    let Some((name, digest)) = image.split_once('@') else { return image.to_owned() };
    let name = name.rsplit('/').next().unwrap_or(name);
    let (kind, digits) = digest.split_once(':').unwrap_or(("", digest));
    format!("{name} ({kind}:{})", digits.chars().take(SEEN).collect::<String>())
}

/// Whether a name that somebody writes means this image: the whole name, the one without the digest, the short one, or the
/// tag alone.
pub fn means(written: &str, image: &str) -> bool {
    let name = image.split_once('@').map_or(image, |(name, _)| name);
    let last = name.rsplit('/').next().unwrap_or(name);
    let tag = last.rsplit_once(':').map(|(_, tag)| tag);
    [image, name, last, &short(image)].contains(&written) || tag == Some(written)
}

/// A registry that has every image there could be, each under a digest that follows from its name, until its tag is moved.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registry {
    /// How often a tag was moved, by the name of the image.
    moved: BTreeMap<String, u32>,
}

impl Registry {
    /// The image with the digest that its tag means now. One that has a digest stays as it is.
    pub fn resolve(&self, image: &str) -> String {
        if image.contains('@') {
            return image.to_owned();
        }
        let moved = self.moved.get(image).copied().unwrap_or_default();
        let digest = Sha256::digest(format!("{image} {moved}").as_bytes());
        let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{image}@sha256:{digits}")
    }

    /// From now on, the tag means something else.
    pub fn move_tag(&mut self, image: &str) {
        let moved = self.moved.entry(image.to_owned()).or_default();
        *moved = moved.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_means_the_same_until_it_is_moved() {
        let (mut registry, tag) = (Registry::default(), "registry.example.com/api:1.4.2");
        let first = registry.resolve(tag);
        assert_eq!((first.len(), &registry.resolve(&first)), (tag.len() + 8 + 64, &first));
        assert_eq!(registry.resolve(tag), first);
        assert_ne!(registry.resolve("registry.example.com/api:1.4.3")[tag.len()..], first[tag.len()..]);
        registry.move_tag(tag);
        assert_ne!(registry.resolve(tag), first);
        assert_eq!(registry.resolve(&first), first, "a digest never moves");
    }

    #[test]
    fn people_see_little_of_a_digest() {
        let image = "localhost:5000/shop/api:1.4.2@sha256:ab12cd34ef";
        assert_eq!(short(image), "api:1.4.2 (sha256:ab12cd)");
        assert_eq!(short("localhost:5000/api"), "localhost:5000/api");
        assert_eq!(short("r/api@sha256:ab12cd34ef"), "api (sha256:ab12cd)");
        assert_eq!(short("r/api@odd"), "api (:odd)");
        for written in [image, "localhost:5000/shop/api:1.4.2", "api:1.4.2", "api:1.4.2 (sha256:ab12cd)"] {
            assert!(means(written, image), "{written}");
        }
        assert!(!means("api", image) && !means("api:1.4.3", image));
    }
}
