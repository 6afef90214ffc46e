//! rapplan takes a RAG or LLM application from "how much machine do I need?" to files that run it.
//!
//! The modules form a pipeline: [`blueprint`] and [`demand`] feed [`size`], which feeds [`design`], which feeds
//! [`render`]. Everything but [`cli`] is pure: no files, no clock, no environment, no randomness.

pub mod blueprint;
pub mod catalog;
pub mod chance;
pub mod cli;
pub mod cloud;
pub mod demand;
pub mod design;
pub mod engine;
pub mod error;
pub mod error_codes;
pub mod exit;
pub mod nearest;
pub mod render;
pub mod secret;
pub mod size;
pub mod units;

// The fixtures in tests/support are used by unit tests and by integration tests, and name the crate as the latter do.
#[cfg(test)]
extern crate self as rapplan;
