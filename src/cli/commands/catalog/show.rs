//! `rapplan catalog show`.

use schemars::JsonSchema;
use serde::Serialize;

use super::filter::Place;
use super::list::traits;
use crate::catalog::{Machine, Purchase};
use crate::cli::context::Context;
use crate::cli::view::{Page, View};
use crate::error::{Code, Problem, Result};
use crate::exit::Exit;
use crate::nearest::did_you_mean;

const EXAMPLES: &str = "\
Examples:
  rapplan catalog show m7g.xlarge
  rapplan catalog show g2-standard-4 --region asia-northeast3
  rapplan catalog show 'n1-standard-4 + 1 x T4' -o json";

/// Show a machine: what it has, and every price with its day and source
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The machine, as its provider names it
    name: String,
    #[command(flatten)]
    place: Place,
}

/// A machine in every region that has it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Shown {
    /// Its name.
    name: String,
    /// The machine in each region.
    machines: Vec<Machine>,
}

impl View for Shown {
    const KIND: &'static str = "machine";

    fn page(&self) -> Page {
        let Some(machine) = self.machines.first() else { return Page::new() };
        let gpu = machine.gpu.as_ref().map(|gpu| format!("{} x {} with {} each", gpu.count, gpu.model, gpu.memory));
        let disk = (machine.local_disk.0 > 0).then(|| machine.local_disk.to_string());
        let page = Page::new().heading(&self.name).facts([
            ("cloud", machine.provider.word().to_owned()),
            ("family", machine.family.clone()),
            ("processors", machine.cpu.to_string()),
            ("memory", machine.memory.to_string()),
            ("has", traits(machine)),
            ("GPUs", gpu.unwrap_or_default()),
            ("disk in it", disk.unwrap_or_default()),
            ("note", machine.note.clone().unwrap_or_default()),
        ]);
        let rows = self.machines.iter().flat_map(|machine| {
            Purchase::ALL.into_iter().map(|(word, purchase)| {
                let quote = machine.prices.of(purchase);
                let text = |value: Option<String>| value.unwrap_or_default();
                [
                    machine.region.clone(),
                    word.to_owned(),
                    quote.map_or_else(|| "not known".to_owned(), |quote| quote.price.to_string()),
                    text(quote.map(|quote| quote.price.monthly().to_string())),
                    text(quote.map(|quote| quote.date.clone())),
                    text(quote.map(|quote| quote.source.clone())),
                    text(quote.and_then(|quote| quote.note.clone())),
                ]
            })
        });
        page.table(["region", "paid", "an hour", "a month", "price of", "source", "note"], rows)
    }
}

/// Prints the machine.
///
/// # Errors
/// `E0104` when no table has it.
pub fn run(args: &Args, context: &Context) -> Result<Exit> {
    let catalog = context.catalog()?;
    let there = args.place.machines(catalog)?;
    let machines: Vec<Machine> =
        there.iter().filter(|machine| machine.name == args.name).map(|machine| (*machine).clone()).collect();
    if machines.is_empty() {
        let known = there.iter().map(|machine| machine.name.as_str());
        return Err(Problem::new(Code::UnknownName, format!("there is no machine `{}`", args.name))
            .hint_opt(did_you_mean(&args.name, known))
            .hint("`rapplan catalog list` has them all")
            .into());
    }
    context.show(&Shown { name: args.name.clone(), machines })
}
