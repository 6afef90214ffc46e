//! Releases on simulated clouds: stories, crashes, laws, and what must hold at every instant.
//!
//! A part of the crash matrix runs here; the whole of it by
//! `RAPPLAN_PROOFS=full cargo test --release --test releases -- --nocapture`, in some minutes.
//!
//! Another cloud joins by two traits: `support::Lab` (what is wrong with a world), and `blueprints::Drawn` (what the built-in
//! blueprints want of it); then `matrix`, `laws` and `together` take `Real<OnIt>` as they take `Real<OnAws>`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod alone;
mod aws;
mod blueprints;
mod clouds;
mod gcp;
mod judged;
mod laws;
mod matrix;
#[path = "../support/mod.rs"]
mod more;
mod on_aws;
mod on_gcp;
mod path;
mod singles;
mod speed;
mod support;
mod together;
mod worlds;
