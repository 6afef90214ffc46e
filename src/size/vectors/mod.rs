//! What a Milvus collection takes in memory and on local disk, index by index, and whether a machine can hold it.
//!
//! The formulas are those of the sizing calculator that the Milvus project publishes (milvus.io/tools/sizing; source
//! `milvus-io/milvus.io`, `src/utils/sizingTool.ts` and `sizingToolCommon.ts`, read at f57ab625 of 2026-08-21). It counts
//! the query nodes only: building indexes and holding fresh data come on top.

mod amount;
mod check;
mod index;
mod limits;
mod need;
mod nodes;
mod params;
mod preference;

pub use check::{MemoryCheck, Row, Verdict, check};
pub use index::{Index, UnknownIndex};
pub use limits::{Exceeded, exceeded, fits_standalone, raw};
pub use need::{Basis, Need, need};
pub use nodes::{Nodes, query_nodes, standalone_machine};
pub use params::{IndexParams, Refine, Segment};
pub use preference::{Candidate, Grounds, candidates};
