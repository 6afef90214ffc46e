//! The `.env.example` of a stack: what an operator sets on the server.

use super::yaml::comment;
use crate::design::topology::{Stack, Topology};

/// Name of the file in the folder of its stack.
pub const FILE: &str = ".env.example";

/// The text of the file.
pub fn render(topology: &Topology, stack: &Stack) -> String {
    let head = format!(
        "{}: {}\nCopy this file to .env on the server and set the values; Compose reads .env by itself.\n\
         Passwords and keys are not here: they are files under secrets/.",
        topology.title, stack.title
    );
    let mut out = comment(&head, 0);
    if stack.variables.is_empty() {
        out.push_str("\n# Nothing is to be set on this server.\n");
    }
    for variable in &stack.variables {
        out.push('\n');
        out.push_str(&comment(&variable.means, 0));
        out.push_str(&format!("{}={}\n", variable.name, quoted(&variable.example)));
    }
    out
}

/// A value as Compose reads it back: plain where nothing in it has a meaning, else in double quotes.
pub fn quoted(text: &str) -> String {
    let harmless = |c: char| c.is_ascii_alphanumeric() || "/_.-+@=:,".contains(c);
    if text.chars().all(harmless) {
        return text.to_owned();
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' | '$' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
