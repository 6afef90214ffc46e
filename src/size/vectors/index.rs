//! The vector indexes of Milvus by name.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::Serialize;

/// An index type of Milvus for float vectors; it reads in any case with `-` or `_`, and prints Milvus's own name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub enum Index {
    /// Every vector as it is; each search compares with all of them.
    #[serde(rename = "FLAT")]
    Flat,
    /// Vectors in clusters, as they are.
    #[serde(rename = "IVF_FLAT")]
    IvfFlat,
    /// Vectors in clusters, one byte per dimension.
    #[serde(rename = "IVF_SQ8")]
    IvfSq8,
    /// Vectors in clusters, product-quantised.
    #[serde(rename = "IVF_PQ")]
    IvfPq,
    /// Vectors in clusters, one bit per dimension, with finer copies for refinement if wanted.
    #[serde(rename = "IVF_RABITQ")]
    IvfRabitq,
    /// Vectors in clusters, product-quantised for vector instructions, with or without the raw data.
    #[serde(rename = "SCANN")]
    Scann,
    /// A layered graph over the vectors as they are.
    #[serde(rename = "HNSW")]
    Hnsw,
    /// A graph on local disk, with compressed vectors in memory.
    #[serde(rename = "DISKANN")]
    DiskAnn,
    /// A graph and compressed vectors, both on local disk.
    #[serde(rename = "AISAQ")]
    Aisaq,
}

impl Index {
    /// Every index, in the order of the official calculator.
    pub const ALL: [Self; 9] = [
        Self::Flat,
        Self::IvfFlat,
        Self::IvfSq8,
        Self::IvfPq,
        Self::IvfRabitq,
        Self::Scann,
        Self::Hnsw,
        Self::DiskAnn,
        Self::Aisaq,
    ];

    /// Every name, for lists and for suggesting the nearest one.
    pub const NAMES: [&'static str; 9] =
        ["FLAT", "IVF_FLAT", "IVF_SQ8", "IVF_PQ", "IVF_RABITQ", "SCANN", "HNSW", "DISKANN", "AISAQ"];

    /// Milvus's own name, as `index_type` takes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Flat => "FLAT",
            Self::IvfFlat => "IVF_FLAT",
            Self::IvfSq8 => "IVF_SQ8",
            Self::IvfPq => "IVF_PQ",
            Self::IvfRabitq => "IVF_RABITQ",
            Self::Scann => "SCANN",
            Self::Hnsw => "HNSW",
            Self::DiskAnn => "DISKANN",
            Self::Aisaq => "AISAQ",
        }
    }

    /// Whether Milvus can map the index from local disk instead of holding it in memory; the two that live on disk
    /// already cannot be mapped.
    pub const fn maps(self) -> bool {
        !matches!(self, Self::DiskAnn | Self::Aisaq)
    }
}

/// A name that is no index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownIndex {
    /// The name as it was given.
    pub given: String,
}

impl fmt::Display for UnknownIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no vector index; there are {}", self.given, Index::NAMES.join(", "))
    }
}

impl std::error::Error for UnknownIndex {}

impl FromStr for Index {
    type Err = UnknownIndex;

    fn from_str(text: &str) -> Result<Self, UnknownIndex> {
        let plain = |name: &str| name.replace(['-', '_', ' '], "").to_ascii_uppercase();
        let wanted = plain(text.trim());
        let found = Self::ALL.into_iter().find(|index| plain(index.name()) == wanted);
        found.ok_or_else(|| UnknownIndex { given: text.to_owned() })
    }
}

impl fmt::Display for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back() {
        for (index, name) in Index::ALL.into_iter().zip(Index::NAMES) {
            assert_eq!(index.name(), name);
            assert_eq!(index.to_string().parse(), Ok(index));
            assert_eq!(serde_json::to_value(index).unwrap(), name);
        }
    }

    #[test]
    fn case_and_separator_do_not_matter() {
        for text in ["IVF_FLAT", "ivf-flat", "ivf_flat", " IvfFlat "] {
            assert_eq!(text.parse(), Ok(Index::IvfFlat), "{text}");
        }
        assert_eq!("diskann".parse(), Ok(Index::DiskAnn));
    }

    #[test]
    fn other_names_are_refused_with_the_list() {
        for text in ["", "HNSWW", "flat2", "ivf"] {
            let error = text.parse::<Index>().unwrap_err();
            assert!(error.to_string().contains("IVF_RABITQ"), "{error}");
        }
    }
}
