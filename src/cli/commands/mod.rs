//! The commands, each in the file of its name.

pub mod blueprints;
pub mod calibrate;
pub mod catalog;
pub mod completions;
pub mod explain;
pub mod explanation;
pub mod help;
pub mod init;
pub mod man;
pub mod render;
pub mod report;
pub mod schema;
pub mod size;
pub mod version;
