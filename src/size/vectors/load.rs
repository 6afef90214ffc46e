//! What a vector store has to hold, and how it is run.

use schemars::JsonSchema;
use serde::Serialize;

use super::amount::{product, to_bytes};
use super::node_table::Release;
use super::{Engine, Index, IndexParams, Queue};
use crate::size::component::{Need, Reckoning, Resources};
use crate::size::plan::Warning;
use crate::units::{Bytes, Cores, Count};

/// How finely a store other than Milvus keeps vectors in memory.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Quantisation {
    /// 32 bits per dimension.
    #[default]
    None,
    /// 16 bits per dimension.
    Half,
    /// 8 bits per dimension.
    Int8,
    /// One bit per dimension.
    Binary,
}

impl Quantisation {
    /// Bytes of one vector.
    pub(super) fn bytes(self, dims: u32) -> u128 {
        let dims = u128::from(dims);
        match self {
            Self::None => 4 * dims,
            Self::Half => 2 * dims,
            Self::Int8 => dims,
            Self::Binary => dims.div_ceil(8),
        }
    }

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "float32",
            Self::Half => "float16",
            Self::Int8 => "int8",
            Self::Binary => "binary",
        }
    }
}

/// What a vector store has to hold, and how it is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// The store.
    pub engine: Engine,
    /// Vectors.
    pub vectors: Count,
    /// Dimensions of each.
    pub dims: u32,
    /// Index of Milvus; HNSW when nobody chose. The other stores are modelled with HNSW.
    pub index: Option<Index>,
    /// Parameters of the index of Milvus.
    pub params: IndexParams,
    /// Copies of all vectors; 0 counts as 1.
    pub replicas: u32,
    /// Milvus: a cluster rather than one server.
    pub distributed: bool,
    /// Machines that one copy is spread over, for Qdrant and Weaviate; 0 counts as 1.
    pub shards: u32,
    /// Bytes stored with each vector: text, metadata. For Milvus see the scalars of `params`.
    pub payload: Bytes,
    /// How finely vectors are kept in memory; for Milvus the index says it.
    pub quantisation: Quantisation,
    /// Queue of a Milvus cluster.
    pub queue: Queue,
    /// Release of Milvus.
    pub release: Release,
}

impl Load {
    /// Vectors of a size in a store, everything else as usual.
    pub fn new(engine: Engine, vectors: Count, dims: u32) -> Self {
        Self {
            engine,
            vectors,
            dims,
            index: None,
            params: IndexParams::default(),
            replicas: 1,
            distributed: false,
            shards: 1,
            payload: Bytes(0),
            quantisation: Quantisation::None,
            queue: Queue::default(),
            release: Release::default(),
        }
    }
}

/// Memory of one core, in GiB: as the calculator of Milvus gives its machines. For the other stores an assumption.
const GIB_PER_CORE: u64 = 4;

/// A store in which every instance is like every other: memory and disk of one whole copy, in bytes.
pub(super) struct Copy {
    pub memory: u128,
    pub memory_formula: String,
    pub disk: u128,
    pub disk_formula: String,
    pub source: &'static str,
}

/// The need of a store whose copies are spread over `shards` machines each.
pub(super) fn spread(load: &Load, copy: Copy, shards: u32, warnings: Vec<Warning>) -> Need {
    let shards = shards.max(1);
    let part = |amount: u128| to_bytes(amount.div_ceil(shards.into())).0;
    let (memory, disk) = (part(copy.memory), part(copy.disk));
    let cores = memory.0.div_ceil(GIB_PER_CORE << 30).max(2);
    let inputs = vec![
        ("vectors".to_owned(), load.vectors.to_string()),
        ("dimensions".to_owned(), load.dims.to_string()),
        ("kept as".to_owned(), load.quantisation.word().to_owned()),
        ("machines per copy".to_owned(), shards.to_string()),
    ];
    let say = |figure: &str, value: String, formula: String, source: &str| Reckoning {
        figure: format!("{} {figure}", load.engine.word()),
        value,
        formula,
        inputs: inputs.clone(),
        source: source.to_owned(),
    };
    Need {
        instances: load.replicas.max(1).saturating_mul(shards),
        each: Resources { cpu: Cores(cores.saturating_mul(1000)), memory, disk, gpu_memory: Bytes(0) },
        settings: Vec::new(),
        why: vec![
            say("memory", memory.approx(), copy.memory_formula, copy.source),
            say("disk", disk.approx(), copy.disk_formula, copy.source),
            say(
                "cores",
                cores.to_string(),
                "a core for each 4 GiB, at least 2".to_owned(),
                "assumption: the ratio of the Milvus calculator; measure under your requests",
            ),
        ],
        warnings,
    }
}

/// `vectors x each` in bytes.
pub(super) fn all(load: &Load, each: u128) -> u128 {
    product(&[load.vectors.0.into(), each])
}

/// A quantisation that the store does not have: reckoned without it.
pub(super) fn unsupported(load: &Load, has: &str) -> Warning {
    Warning {
        id: "quantisation-not-available".to_owned(),
        severe: true,
        text: format!("{} does not keep vectors as {}; sized as float32", load.engine, load.quantisation.word()),
        hint: Some(format!("{} has {has}", load.engine)),
    }
}
