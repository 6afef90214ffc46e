//! The vector stores there are models of, and how a service is recognised as one.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

/// A vector store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Engine {
    /// Milvus.
    Milvus,
    /// Qdrant.
    Qdrant,
    /// Weaviate.
    Weaviate,
    /// Chroma, on one node.
    Chroma,
    /// PostgreSQL with the extension pgvector.
    Pgvector,
}

impl Engine {
    /// All of them, with the word that a user writes.
    pub const ALL: [(&'static str, Self); 5] = [
        ("milvus", Self::Milvus),
        ("qdrant", Self::Qdrant),
        ("weaviate", Self::Weaviate),
        ("chroma", Self::Chroma),
        ("pgvector", Self::Pgvector),
    ];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Milvus => "milvus",
            Self::Qdrant => "qdrant",
            Self::Weaviate => "weaviate",
            Self::Chroma => "chroma",
            Self::Pgvector => "pgvector",
        }
    }

    /// The engine that a container image holds, by the last part of its name; registry, owner, tag and digest do not
    /// matter: `docker.io/milvusdb/milvus:v2.6.0`, `chromadb/chroma`, `pgvector/pgvector:pg17`.
    pub fn of_image(image: &str) -> Option<Self> {
        let without_digest = image.split('@').next().unwrap_or_default();
        let last = without_digest.rsplit('/').next().unwrap_or_default();
        let name = last.split(':').next().unwrap_or_default();
        Self::named(name)
    }

    /// The engine that a Helm chart installs, by the last part of its name: `milvus/milvus`,
    /// `oci://ghcr.io/zilliztech/charts/milvus`, `chromadb`.
    pub fn of_chart(chart: &str) -> Option<Self> {
        Self::named(chart.trim_end_matches('/').rsplit('/').next().unwrap_or_default())
    }

    fn named(name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_lowercase();
        match name.as_str() {
            "chromadb" | "chroma-server" => Some(Self::Chroma),
            "milvus-standalone" => Some(Self::Milvus),
            other => Self::ALL.into_iter().find(|(word, _)| *word == other).map(|(_, engine)| engine),
        }
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Milvus => "Milvus",
            Self::Qdrant => "Qdrant",
            Self::Weaviate => "Weaviate",
            Self::Chroma => "Chroma",
            Self::Pgvector => "pgvector",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_recognised() {
        for (image, engine) in [
            ("docker.io/milvusdb/milvus", Some(Engine::Milvus)),
            ("milvusdb/milvus:v2.6.0@sha256:ab", Some(Engine::Milvus)),
            ("localhost:5000/qdrant/qdrant:v1.15", Some(Engine::Qdrant)),
            ("cr.weaviate.io/semitechnologies/weaviate:1.33.0", Some(Engine::Weaviate)),
            ("ghcr.io/chroma-core/chroma", Some(Engine::Chroma)),
            ("pgvector/pgvector:pg17", Some(Engine::Pgvector)),
            ("milvusdb/milvus-operator", None),
            ("quay.io/coreos/etcd", None),
            ("postgres:16", None),
            ("milvus/backup", None),
            ("", None),
        ] {
            assert_eq!(Engine::of_image(image), engine, "{image}");
        }
    }

    #[test]
    fn charts_are_recognised() {
        assert_eq!(Engine::of_chart("milvus/milvus"), Some(Engine::Milvus));
        assert_eq!(Engine::of_chart("chromadb"), Some(Engine::Chroma));
        assert_eq!(Engine::of_chart("oci://ghcr.io/x/qdrant/"), Some(Engine::Qdrant));
        assert_eq!(Engine::of_chart("bitnami/redis"), None);
    }

    #[test]
    fn words_read_back() {
        for (word, engine) in Engine::ALL {
            assert_eq!(engine.word(), word);
        }
    }
}
