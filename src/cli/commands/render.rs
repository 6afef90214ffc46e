//! `rapplan render`.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::blueprint_choice::Chosen;
use crate::cli::context::Context;
use crate::cli::demand_args::{self, DemandArgs};
use crate::cli::files;
use crate::cli::render_write::{self, Options};
use crate::cli::secrets::{self, SecretsReport};
use crate::cli::view::{Page, View};
use crate::cli::{deployment, templates};
use crate::demand::Given;
use crate::design;
use crate::design::topology::SecretDesign;
use crate::error::Result;
use crate::exit::Exit;
use crate::render;
use crate::size::{Request, size};

const EXAMPLES: &str = "\
Examples:
  rapplan render --tier split                             files of the split tier, into ./deploy
  rapplan render --partitions 120 --out deploy            of the tier that this demand needs
  rapplan render --tier single --generate-secrets         with random passwords in files that only you can read
  rapplan render --tier split --force                     write over files that were edited since
  rapplan render --tier split --templates my-templates    with your own nginx.conf.tera and the like";

/// Render the files that run the application: Compose, gateway, monitoring, backup, storage and what to do with them
///
/// One folder for each kind of server, with a README that says what to run where and in which order. Rendering again
/// changes nothing; a file that you edited is never written over without `--force`, and the difference is shown.
/// Passwords are never rendered: files refer to them, and `--generate-secrets` makes them.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Tier to render [default: the smallest that bears the demand]
    #[arg(long, value_name = "NAME")]
    tier: Option<String>,
    /// Folder to write into [default: deploy]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Name of the deployment [default: the blueprint's name]
    #[arg(long, value_name = "NAME")]
    deployment: Option<String>,
    /// Folder with templates that replace the built-in ones of the same name
    #[arg(long, value_name = "DIR")]
    templates: Option<PathBuf>,
    /// Make the secrets that are missing, at random, in files that only the owner can read
    #[arg(long)]
    generate_secrets: bool,
    /// Write over files that were edited since they were rendered
    #[arg(long)]
    force: bool,
    /// What must be borne.
    #[command(flatten)]
    demand: DemandArgs,
}

/// What was rendered.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Rendered {
    /// Name of the deployment.
    pub deployment: String,
    /// Tier.
    pub tier: String,
    /// Rows of the tables that the sizes come from.
    pub rows: Vec<String>,
    /// The demand in a sentence.
    pub demand: String,
    /// Folder that was written into.
    pub out: String,
    /// What was done to the files.
    pub files: render_write::Report,
    /// What was done to the secrets, when they were asked for.
    pub secrets: Option<SecretsReport>,
    /// Loud warnings of the size, which the files cannot mend.
    pub warnings: Vec<String>,
    /// What an operator must know.
    pub notes: Vec<String>,
    /// What to do next.
    pub next: Vec<String>,
}

/// Renders the files.
///
/// # Errors
/// What is wrong with the inputs, the blueprint or a template; edited files in the way; a disk that refuses.
pub fn run(args: &Args, context: &Context) -> Result<Exit> {
    let settings = context.settings()?;
    let ask = demand_args::ask(settings)?;
    let blueprint = Chosen::of_settings(settings)?.load()?;
    let tier = settings.resolve("render.tier").map(|tier| Given { value: tier.text, origin: tier.origin.to_string() });
    let deployment = deployment::name(settings, &blueprint.name)?;
    let templates = templates::load(settings)?;
    let plan = size(&blueprint, &Request { ask, tier, ..Request::default() })?;
    let topology = design::build(&blueprint, &plan, &deployment)?;
    let tree = render::files(&topology, &templates)?;
    let out = settings.resolve("render.out").map_or_else(|| PathBuf::from("deploy"), |out| out.path());
    let files = render_write::write(&tree, &out, Options { force: args.force })?;
    let secrets = if args.generate_secrets { Some(secrets::generate(&topology.secrets, &out)?) } else { None };
    let readme = out.join("README.md").display().to_string();
    let rendered = Rendered {
        deployment,
        tier: topology.tier,
        rows: topology.rows,
        demand: topology.demand,
        out: out.display().to_string(),
        files,
        next: next(&readme, secrets.as_ref(), lacks_secrets(&topology.secrets, &out)),
        secrets,
        warnings: plan.warnings.iter().filter(|warning| warning.severe).map(|warning| warning.text.clone()).collect(),
        notes: topology.notes,
    };
    context.show(&rendered)
}

/// Whether a secret that can be made at random is not there yet for a server that reads it.
fn lacks_secrets(secrets: &[SecretDesign], out: &Path) -> bool {
    let there = |stack: &str, name: &str| files::exists(&out.join(stack).join("secrets").join(name));
    let made = secrets.iter().filter(|secret| secret.generated);
    made.into_iter().any(|secret| secret.readers.iter().any(|reader| !there(&reader.stack, &secret.name)))
}

fn next(readme: &str, secrets: Option<&SecretsReport>, lacking: bool) -> Vec<String> {
    let mut next = vec![format!("read {readme}: what to run on which server, in which order")];
    match secrets {
        None if lacking => next.push("make the secrets: run the same command with --generate-secrets".to_owned()),
        Some(report) if !report.to_supply.is_empty() => {
            next.push(format!("supply what cannot be made at random: {}", report.to_supply.join(", ")));
        }
        _ => {}
    }
    next
}

impl View for Rendered {
    const KIND: &'static str = "render";

    fn page(&self) -> Page {
        let files = &self.files;
        let counts = format!(
            "{} written, {} unchanged, {} removed, {} kept",
            files.written.len(),
            files.unchanged.len(),
            files.removed.len(),
            files.kept.len()
        );
        let kept =
            files.kept.iter().map(|path| format!("kept although no longer rendered, since it was edited: {path}"));
        let open = self.secrets.iter().flat_map(|report| &report.open_to_others);
        let open = open.map(|path| format!("others than its owner may read the secret {path}: chmod go= it"));
        let secrets = self.secrets.as_ref().map(|report| {
            format!("{} made, {} kept, {} to be supplied", report.made.len(), report.kept.len(), report.to_supply.len())
        });
        Page::new()
            .text(format!("{}: tier {} ({}), for {}", self.deployment, self.tier, self.rows.join(", "), self.demand))
            .section("Warnings", |page| page.list(self.warnings.iter().cloned().chain(kept).chain(open)))
            .facts([("files in", self.out.clone()), ("files", counts), ("secrets", secrets.unwrap_or_default())])
            .section("Written", |page| page.list(files.written.iter().cloned()))
            .section("Removed", |page| page.list(files.removed.iter().cloned()))
            .section("Next", |page| page.list(self.next.iter().cloned()))
    }
}
