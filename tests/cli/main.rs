//! Runs the real binary: one file per command, and one per matter that concerns all commands.

#[cfg(test)]
mod harness;
#[cfg(test)]
mod price_server;

#[cfg(test)]
mod blueprints;
#[cfg(test)]
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
#[cfg(test)]
mod kept;
#[cfg(test)]
mod man;
#[cfg(test)]
mod odd;
#[cfg(test)]
mod render;
#[cfg(test)]
mod report;
#[cfg(test)]
mod rollout;
#[cfg(test)]
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
