//! The `rapplan` command.

fn main() {}
