//! The graph while it is put together, with the kinds of AWS.

use crate::cloud::aws::Kind;
pub(super) use crate::cloud::desire::made::{fields, map};

/// The graph while it is put together.
pub(super) type Made<'a> = crate::cloud::desire::made::Made<'a, Kind>;
