//! The graph while it is put together, with the kinds of Google Cloud.

pub(super) use crate::cloud::desire::made::{fields, map};
use crate::cloud::gcp::Kind;

/// The graph while it is put together.
pub(super) type Made<'a> = crate::cloud::desire::made::Made<'a, Kind>;
