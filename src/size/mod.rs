//! From a demand to a sized deployment: one pure model per component family.

pub mod coordination;
pub mod objects;
pub mod plan;
pub mod sql;
pub mod vectors;
pub mod web;
