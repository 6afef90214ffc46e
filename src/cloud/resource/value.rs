//! What the fields of a resource hold.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::address::{Address, Kind};

/// The fields of a resource, by name.
pub type Fields<K> = BTreeMap<String, Value<K>>;

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", bound(serialize = "K: Kind", deserialize = "K: Kind"))]
pub enum Value<K> {
    /// Yes or no.
    Flag(bool),
    /// A number, in the unit that the provider has for the field.
    Number(i64),
    /// A text.
    Text(String),
    /// Another resource of the deployment.
    Of(Address<K>),
    /// Several, in order.
    List(Vec<Self>),
    /// Several, by name.
    Map(BTreeMap<String, Self>),
}

impl<K: Kind> Value<K> {
    /// Every resource that the value refers to.
    pub fn references(&self) -> Vec<&Address<K>> {
        let mut all = Vec::new();
        self.each_reference(&mut |address| all.push(address));
        all
    }

    /// Shows every resource that the value refers to.
    pub fn each_reference<'a>(&'a self, see: &mut dyn FnMut(&'a Address<K>)) {
        match self {
            Self::Of(address) => see(address),
            Self::List(items) => items.iter().for_each(|item| item.each_reference(see)),
            Self::Map(items) => items.values().for_each(|item| item.each_reference(see)),
            Self::Flag(_) | Self::Number(_) | Self::Text(_) => {}
        }
    }
}

impl<K> Value<K> {
    /// Every text in the value.
    pub fn texts(&self) -> Vec<&str> {
        match self {
            Self::Text(text) => vec![text],
            Self::List(items) => items.iter().flat_map(Self::texts).collect(),
            Self::Map(items) => items.values().flat_map(Self::texts).collect(),
            Self::Flag(_) | Self::Number(_) | Self::Of(_) => Vec::new(),
        }
    }
}

impl<K> From<bool> for Value<K> {
    fn from(value: bool) -> Self {
        Self::Flag(value)
    }
}

impl<K> From<i64> for Value<K> {
    fn from(value: i64) -> Self {
        Self::Number(value)
    }
}

impl<K> From<u16> for Value<K> {
    fn from(value: u16) -> Self {
        Self::Number(value.into())
    }
}

impl<K> From<&str> for Value<K> {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl<K> From<String> for Value<K> {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl<K> From<Address<K>> for Value<K> {
    fn from(value: Address<K>) -> Self {
        Self::Of(value)
    }
}

impl<K> From<Vec<Self>> for Value<K> {
    fn from(value: Vec<Self>) -> Self {
        Self::List(value)
    }
}

/// As a plan shows it.
impl<K: Kind> fmt::Display for Value<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
            Self::Of(address) => write!(f, "{address}"),
            Self::List(items) => {
                f.write_str("[")?;
                for (at, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if at == 0 { "" } else { ", " })?;
                }
                f.write_str("]")
            }
            Self::Map(items) => {
                f.write_str("{")?;
                for (at, (name, item)) in items.iter().enumerate() {
                    write!(f, "{}{name}: {item}", if at == 0 { "" } else { ", " })?;
                }
                f.write_str("}")
            }
        }
    }
}
