//! The `rapplan` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    #[allow(clippy::disallowed_methods, reason = "main.rs reads the arguments")]
    let args = std::env::args_os();
    rapplan::cli::run(args)
}
