//! The commands, each in the file of its name.

pub mod apply;
pub mod blueprints;
pub mod calibrate;
pub mod catalog;
pub mod completions;
pub mod destroy;
pub mod doctor;
pub mod explain;
pub mod explanation;
pub mod help;
pub mod history;
pub mod init;
pub mod man;
pub mod plan;
pub mod rehearse;
pub mod render;
pub mod report;
pub mod rollback;
pub mod schema;
pub mod simulate;
pub mod size;
pub mod status;
pub mod version;
