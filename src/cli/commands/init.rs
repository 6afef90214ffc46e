//! `rapplan init`.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::schema;
use crate::blueprint::Blueprint;
use crate::cli::blueprint_choice::Chosen;
use crate::cli::context::Context;
use crate::cli::files::{self, Mode};
use crate::cli::settings::table::{KEYS, Takes};
use crate::error::{Code, Error, Problem, Result};
use crate::exit::Exit;

const EXAMPLES: &str = "\
Examples:
  rapplan init                            write rapplan.toml for the default blueprint
  rapplan init --blueprint kag --schemas  for another one, with the schemas that editors use
  rapplan init --own                      also copy the blueprint into ./blueprint.toml, to change it
  rapplan blueprints                      which blueprints there are";

/// The folder's settings file.
const PROJECT: &str = "rapplan.toml";
const PROJECT_SCHEMA: &str = "rapplan.schema.json";
const BLUEPRINT: &str = "blueprint.toml";
const BLUEPRINT_SCHEMA: &str = "blueprint.schema.json";

/// Write rapplan.toml, the settings of a deployment
///
/// The file names the blueprint and lists every other setting with its meaning, commented out. Nothing is overwritten
/// without `--force`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Also copy the blueprint into ./blueprint.toml, to change it
    #[arg(long)]
    own: bool,
    /// Also write the JSON Schemas that the `#:schema` lines name
    #[arg(long)]
    schemas: bool,
    /// Overwrite files that are there
    #[arg(long)]
    force: bool,
}

/// Writes the files.
///
/// # Errors
/// `E0501` when a file is there already or cannot be written; the faults of a blueprint file.
pub fn run(args: Args, context: &Context) -> Result<Exit> {
    // The settings may be those that `--force` is to replace, so a fault in them is no hindrance.
    let chosen = match context.settings() {
        Ok(settings) => Chosen::of_settings(settings)?,
        Err(error) if args.force => {
            context.ui.warn(&format!("the settings are not used: {}", error.problems()[0].summary));
            Chosen::named("chatty")?
        }
        Err(error) => return Err(error),
    };
    let blueprint = chosen.load()?;
    let files = content(&args, &chosen, &blueprint)?;
    if !args.force {
        Error::check(files.iter().filter(|(path, _)| files::exists(path)).map(|(path, _)| there(path)).collect())?;
    }
    for (path, text) in &files {
        files::write(path, text.as_bytes(), Mode::Plain)?;
        context.ui.note(&format!("wrote {}", path.display()));
    }
    let fields = if args.own { "rapplan blueprints check blueprint.toml" } else { "rapplan blueprints show" };
    let next = [fields, "rapplan size --partitions 120", "rapplan render"];
    context.ui.note(&format!("\nnext:\n  {}", next.join("\n  ")));
    Ok(Exit::Ok)
}

fn there(path: &Path) -> Problem {
    Problem::new(Code::File, format!("`{}` is there already", path.display()))
        .hint("`--force` overwrites it")
        .hint("`-C DIR` writes to another folder")
}

fn content(args: &Args, chosen: &Chosen, blueprint: &Blueprint) -> Result<Vec<(PathBuf, String)>> {
    let name = match (args.own, chosen.builtin) {
        (true, _) => format!("./{BLUEPRINT}"),
        (false, Some(name)) => name.to_owned(),
        (false, None) => chosen.file.clone(),
    };
    let mut files = vec![(PathBuf::from(PROJECT), project(&name, blueprint))];
    if args.own {
        files.push((PathBuf::from(BLUEPRINT), own(&chosen.text)));
    }
    if args.schemas {
        files.push((PathBuf::from(PROJECT_SCHEMA), schema::text("project")? + "\n"));
    }
    if args.schemas && args.own {
        files.push((PathBuf::from(BLUEPRINT_SCHEMA), schema::text("blueprint")? + "\n"));
    }
    Ok(files)
}

/// The text of a blueprint as a file of this folder: the schema is the one beside it.
fn own(text: &str) -> String {
    let rest = match text.split_once('\n') {
        Some((first, rest)) if first.starts_with("#:schema") => rest,
        _ => text,
    };
    format!("#:schema {BLUEPRINT_SCHEMA}\n{rest}")
}

/// The settings file: what is chosen, and every other setting as a comment.
fn project(blueprint_name: &str, blueprint: &Blueprint) -> String {
    let mut text = format!(
        "#:schema {PROJECT_SCHEMA}\n# Settings of this deployment. Flags and RAPPLAN_* variables go before them.\n\
         # The schema for editors: rapplan schema project > {PROJECT_SCHEMA}\n\n\
         deployment = {}\nblueprint = {}\n",
        quoted(&blueprint.name),
        quoted(blueprint_name)
    );
    let mut section = "";
    for (key, place) in KEYS.iter().filter_map(|key| Some((key, key.name.split_once('.')?))) {
        if place.0 != section {
            section = place.0;
            let _ = write!(text, "\n[{section}]\n");
        }
        let value = from_blueprint(key.name, blueprint);
        let value = value.as_deref().or(key.default).unwrap_or(key.example);
        let value = match key.takes {
            Takes::SomeOf(_) => format!("[{}]", value.split(',').map(quoted).collect::<Vec<_>>().join(", ")),
            _ if value.parse::<u64>().is_ok() => value.to_owned(),
            _ => quoted(value),
        };
        let line = format!("# {} = {value}", place.1);
        let _ = writeln!(text, "{line:<36} # {}", key.means);
    }
    text
}

/// What the blueprint says where the user says nothing.
fn from_blueprint(key: &str, blueprint: &Blueprint) -> Option<String> {
    let partition = blueprint.workload.partition.as_ref()?;
    match key {
        "demand.vectors-per-partition" => Some(partition.vectors.to_string()),
        "demand.dims" => Some(partition.dims.to_string()),
        _ => None,
    }
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}
