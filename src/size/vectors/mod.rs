//! What a Milvus collection takes in memory and on local disk, index by index, and whether a machine can hold it.
//!
//! The formulas are those of the sizing calculator that the Milvus project publishes (milvus.io/tools/sizing; source
//! `milvus-io/milvus.io`, `src/utils/sizingTool.ts` and `sizingToolCommon.ts`, read at f57ab625 of 2026-08-21). It takes
//! no load and no replicas into account.

mod amount;
mod cell_limits;
pub mod cells;
mod check;
pub mod chroma;
pub mod cluster;
mod engine;
pub mod family;
mod index;
mod limits;
mod load;
mod need;
mod node_table;
mod nodes;
mod params;
pub mod pgvector;
mod preference;
pub mod qdrant;
mod queue;
pub mod weaviate;

pub use cell_limits::CellLimit;
pub use check::{MemoryCheck, Row, Verdict, check};
pub use engine::Engine;
pub use index::{Index, UnknownIndex};
pub use limits::{Exceeded, exceeded, fits_standalone, raw};
pub use load::{Load, Quantisation};
pub use need::{Basis, Need, need};
pub use node_table::{NodeTable, Release, node_table};
pub use nodes::{Nodes, query_nodes, standalone_machine};
pub use params::{IndexParams, Refine, Scalars, Segment};
pub use preference::{Candidate, Grounds, candidates};
pub use queue::{Queue, QueueServers, journal, ledgers, servers};
