//! Runs the real binary: one file per command, and one per matter that concerns all commands.

#[cfg(test)]
mod harness;
#[cfg(test)]
mod price_server;

#[cfg(test)]
mod blueprints;
mod calibrate;
#[cfg(test)]
mod capacity;
#[cfg(test)]
mod catalog;
#[cfg(test)]
mod completions;
#[cfg(test)]
mod explain;
#[cfg(test)]
mod help;
#[cfg(test)]
mod images;
#[cfg(test)]
mod init;
mod kept;
#[cfg(test)]
mod man;
#[cfg(test)]
mod render;
#[cfg(test)]
mod report;
#[cfg(test)]
mod rollout;
mod rollout_gcp;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod size;
#[cfg(test)]
mod streams;
#[cfg(test)]
mod usage;
#[cfg(test)]
mod version;
