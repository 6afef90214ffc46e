//! `rapplan completions`.

use clap_complete::Shell;

use crate::cli::context::Context;
use crate::error::Result;
use crate::exit::Exit;

const EXAMPLES: &str = "\
Examples:
  rapplan completions bash > ~/.local/share/bash-completion/completions/rapplan
  rapplan completions zsh > \"${fpath[1]}/_rapplan\"
  rapplan completions fish > ~/.config/fish/completions/rapplan.fish
  rapplan completions powershell >> $PROFILE
  rapplan completions elvish >> ~/.config/elvish/rc.elv";

/// Print the completion script of a shell
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The shell
    shell: Shell,
}

/// Prints the script.
///
/// # Errors
/// `E0501` when stdout cannot be written.
pub fn run(args: Args, context: &Context) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut crate::cli::command(), "rapplan", &mut script);
    context.ui.data(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Ok)
}
