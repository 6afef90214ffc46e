//! `rapplan schema`.

use serde::Serialize;
use serde_json::Value;

use super::render::Rendered;
use super::report::Reported;
use super::{blueprints, catalog, doctor, explanation, history, rehearse, simulate, status, version};
use crate::blueprint::Blueprint;
use crate::blueprint::schema::{blueprint_schema, schema_of, schema_of_result};
use crate::cli::calibrate::Calibration;
use crate::cli::context::Context;
use crate::cli::rollout::events::Record;
use crate::cli::rollout::planned::Planned;
use crate::cli::rollout::summary::Summary;
use crate::cli::settings::project::Project;
use crate::cli::view::envelope::Envelope;
use crate::cli::view::{Page, View};
use crate::error::{Code, Problem, Result};
use crate::exit::Exit;
use crate::nearest::did_you_mean;
use crate::size::compare::Comparison;
use crate::size::diff::SizeDiff;
use crate::size::plan::Plan;

const EXAMPLES: &str = "\
Examples:
  rapplan schema                                   what has a schema
  rapplan schema blueprint > blueprint.schema.json for an editor: `#:schema blueprint.schema.json` in line 1
  rapplan schema project > rapplan.schema.json
  rapplan schema version                           of what `rapplan version -o json` prints";

/// Print the JSON Schema of a file or of a result
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// What the schema is of; without it, the list
    kind: Option<String>,
}

/// A kind of file or result that has a schema.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Kind {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub means: &'static str,
    /// Makes its schema.
    #[serde(skip)]
    pub schema: fn() -> Value,
}

/// Every kind that has a schema. A result has the envelope of `rapplan help output` around it.
pub const KINDS: &[Kind] = &[
    Kind { name: "blueprint", means: "a blueprint file", schema: blueprint_schema },
    Kind { name: "project", means: "rapplan.toml and config.toml", schema: schema_of::<Project> },
    Kind {
        name: "blueprints",
        means: "result of `blueprints list`",
        schema: schema_of_result::<Envelope<blueprints::List>>,
    },
    Kind {
        name: "blueprint-result",
        means: "result of `blueprints show`",
        schema: schema_of_result::<Envelope<Blueprint>>,
    },
    Kind {
        name: "explanation",
        means: "result of `explain`",
        schema: schema_of_result::<Envelope<explanation::Explanation>>,
    },
    Kind { name: "catalog", means: "result of `catalog list`", schema: schema_of_result::<Envelope<catalog::Listing>> },
    Kind { name: "machine", means: "result of `catalog show`", schema: schema_of_result::<Envelope<catalog::Shown>> },
    Kind {
        name: "catalog-update",
        means: "result of `catalog update`",
        schema: schema_of_result::<Envelope<catalog::Updated>>,
    },
    Kind { name: "size", means: "result of `size`", schema: schema_of_result::<Envelope<Plan>> },
    Kind {
        name: "comparison",
        means: "result of `size --compare` and `size --clouds`",
        schema: schema_of_result::<Envelope<Comparison>>,
    },
    Kind { name: "size-diff", means: "result of `size diff`", schema: schema_of_result::<Envelope<SizeDiff>> },
    Kind { name: "calibration", means: "result of `calibrate`", schema: schema_of_result::<Envelope<Calibration>> },
    Kind { name: "report", means: "result of `report`", schema: schema_of_result::<Envelope<Reported>> },
    Kind { name: "render", means: "result of `render`", schema: schema_of_result::<Envelope<Rendered>> },
    Kind { name: "plan", means: "result of `plan`", schema: schema_of_result::<Envelope<Planned>> },
    Kind {
        name: "apply",
        means: "result of `apply`, `rollback` and `destroy`",
        schema: schema_of_result::<Envelope<Summary>>,
    },
    Kind { name: "apply-event", means: "one line of `apply -o json`", schema: schema_of_result::<Record> },
    Kind {
        name: "rehearsal",
        means: "result of `rehearse`",
        schema: schema_of_result::<Envelope<rehearse::Rehearsed>>,
    },
    Kind { name: "simulate", means: "result of `simulate`", schema: schema_of_result::<Envelope<simulate::Happened>> },
    Kind { name: "status", means: "result of `status`", schema: schema_of_result::<Envelope<status::Status>> },
    Kind { name: "doctor", means: "result of `doctor`", schema: schema_of_result::<Envelope<doctor::Diagnosis>> },
    Kind { name: "history", means: "result of `history`", schema: schema_of_result::<Envelope<history::Shown>> },
    Kind { name: "version", means: "result of `version`", schema: schema_of_result::<Envelope<version::Version>> },
];

#[derive(Serialize)]
struct Kinds {
    kinds: &'static [Kind],
}

impl View for Kinds {
    const KIND: &'static str = "schemas";

    fn page(&self) -> Page {
        let rows = self.kinds.iter().map(|kind| [kind.name.to_owned(), kind.means.to_owned()]);
        Page::new().table(["schema", "of"], rows)
    }
}

/// Prints the schema, or the list of schemas.
///
/// # Errors
/// `E0104` when nothing of this name has a schema.
pub fn run(args: Args, context: &Context) -> Result<Exit> {
    let Some(name) = args.kind else { return context.show(&Kinds { kinds: KINDS }) };
    context.ui.data(&text(&name)?)?;
    Ok(Exit::Ok)
}

/// The schema of a kind as JSON text.
///
/// # Errors
/// `E0104` when nothing of this name has a schema.
pub fn text(name: &str) -> Result<String> {
    let Some(kind) = KINDS.iter().find(|kind| kind.name == name) else {
        return Err(Problem::new(Code::UnknownName, format!("there is no schema of `{name}`"))
            .hint_opt(did_you_mean(name, KINDS.iter().map(|kind| kind.name)))
            .hint("`rapplan schema` lists them")
            .into());
    };
    let text = serde_json::to_string_pretty(&(kind.schema)());
    Ok(text.map_err(|error| Problem::new(Code::Internal, "a schema cannot be written").because(error.to_string()))?)
}
