//! The scripts for operators do what they say, with a stand-in for Docker and a folder in place of the storage.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, reason = "tests run programs on files")]

mod backup;
mod chatty;
mod sandbox;
mod server;
