//! `rapplan man`.

use std::path::PathBuf;

use clap::Command;
use clap_mangen::Man;

use crate::cli::context::Context;
use crate::cli::files::{self, Mode};
use crate::error::{Code, Problem, Result};
use crate::exit::Exit;

const EXAMPLES: &str = "\
Examples:
  rapplan man | man -l -                      read the main page
  rapplan man --out ~/.local/share/man/man1   install a page for each command";

/// Print or write the manual pages
///
/// Without `--out` the main page goes to stdout; with it, one page per command goes to the folder.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Folder for one page per command
    #[arg(long = "out", value_name = "DIR")]
    folder: Option<PathBuf>,
}

/// Prints or writes the pages.
///
/// # Errors
/// `E0501` when the folder or stdout cannot be written.
pub fn run(args: Args, context: &Context) -> Result<Exit> {
    let Some(folder) = args.folder else {
        context.ui.data(&page(crate::cli::command())?)?;
        return Ok(Exit::Ok);
    };
    files::create_folder(&folder)?;
    let pages = pages(crate::cli::command())?;
    for (name, text) in &pages {
        files::write(&folder.join(name), text.as_bytes(), Mode::Plain)?;
    }
    context.ui.note(&format!("{} pages written to `{}`", pages.len(), folder.display()));
    Ok(Exit::Ok)
}

/// The page of every command, by file name.
fn pages(mut root: Command) -> Result<Vec<(String, String)>> {
    root.build();
    let mut waiting = vec![root];
    let mut pages = Vec::new();
    while let Some(command) = waiting.pop() {
        waiting.extend(command.get_subcommands().filter(|sub| !sub.is_hide_set()).cloned());
        pages.push((Man::new(command.clone()).get_filename(), page(command)?));
    }
    pages.sort();
    Ok(pages)
}

fn page(command: Command) -> Result<String> {
    let mut page = Vec::new();
    let rendered = Man::new(command.version(env!("CARGO_PKG_VERSION"))).manual("rapplan").render(&mut page);
    rendered
        .map_err(|error| Problem::new(Code::Internal, "a manual page cannot be made").because(error.to_string()))?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_page() {
        let names: Vec<String> = pages(crate::cli::command()).unwrap().into_iter().map(|(name, _)| name).collect();
        for name in ["rapplan.1", "rapplan-init.1", "rapplan-blueprints-show.1"] {
            assert!(names.iter().any(|page| page == name), "{name} not in {names:?}");
        }
    }
}
