//! Which resource is meant: its kind and its name in the deployment.

use std::fmt;

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::units::Span;

/// The kinds of resources of a cloud.
pub trait Kind: Copy + Ord + fmt::Debug + Serialize + DeserializeOwned + 'static {
    /// All of them.
    const ALL: &'static [Self];

    /// What is known of a kind.
    fn info(self) -> &'static KindInfo;
}

/// What is known of a kind of resource.
#[derive(Debug)]
pub struct KindInfo {
    /// The word for it: `security-group`.
    pub word: &'static str,
    /// Whether it holds data that is lost with it.
    pub holds_data: bool,
    /// The fields that can be changed in place. A change of any other one takes a new resource.
    pub changeable: &'static [&'static str],
    /// How long it usually takes until it can be used.
    pub made_in: Span,
    /// How long it usually takes until it is gone.
    pub gone_in: Span,
    /// The longest name that the provider takes.
    pub longest_name: usize,
}

/// A resource of the deployment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address<K> {
    /// Its kind.
    pub kind: K,
    /// Its name, which is also that in the cloud where the kind has names.
    pub name: String,
}

impl<K> Address<K> {
    /// The resource of a kind and a name.
    pub fn new(kind: K, name: impl Into<String>) -> Self {
        Self { kind, name: name.into() }
    }
}

impl<K: Kind> fmt::Display for Address<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind.info().word, self.name)
    }
}

impl<K: Kind> Serialize for Address<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, K: Kind> Deserialize<'de> for Address<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (word, name) = text.split_once('/').ok_or_else(|| D::Error::custom("no kind of resource"))?;
        let kind = K::ALL.iter().find(|kind| kind.info().word == word);
        let kind = kind.ok_or_else(|| D::Error::custom(format!("`{word}` is no kind of resource")))?;
        Ok(Self::new(*kind, name))
    }
}
