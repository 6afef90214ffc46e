//! `rapplan help`.

use crate::cli::context::Context;
use crate::cli::topics::TOPICS;
use crate::cli::view::page_text;
use crate::error::{Code, Problem, Result};
use crate::exit::Exit;
use crate::nearest::did_you_mean;

const EXAMPLES: &str = "\
Examples:
  rapplan help blueprints show    the same as `rapplan blueprints show --help`
  rapplan help exit-codes         what the exit status says
  rapplan help environment        the environment variables that are read
  rapplan help files              the files that are read, and in which order
  rapplan help output             what goes where, and in which form";

/// Print the help of a command or of a topic
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// A command, or one of exit-codes, environment, files, output
    pub topic: Vec<String>,
}

/// Prints the help; without a topic, that of `rapplan` itself.
///
/// # Errors
/// `E0104` when there is neither a command nor a topic of this name.
pub fn run(args: Args, context: &Context) -> Result<Exit> {
    if let [name] = &*args.topic
        && let Some(topic) = TOPICS.iter().find(|topic| topic.name == name)
    {
        context.ui.data(&page_text(&(topic.page)(), context.format()?, context.ui.width()))?;
        return Ok(Exit::Ok);
    }
    let mut root = crate::cli::command();
    root.build();
    let mut command = root;
    for name in &args.topic {
        let known: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
        let Some(below) = command.find_subcommand(name).cloned() else {
            return Err(unknown(name, &known, command.get_bin_name().unwrap_or("rapplan")).into());
        };
        command = below;
    }
    let help = if args.topic.is_empty() { command.render_help() } else { command.render_long_help() };
    context.ui.data(&help.ansi().to_string())?;
    Ok(Exit::Ok)
}

fn unknown(name: &str, commands: &[String], of: &str) -> Problem {
    let topics = TOPICS.iter().map(|topic| topic.name).filter(|_| of == "rapplan");
    let names = commands.iter().map(String::as_str).chain(topics);
    Problem::new(Code::UnknownName, format!("there is no help on `{name}`"))
        .hint_opt(did_you_mean(name, names.clone()))
        .hint(format!("there is help on {}", names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")))
}
