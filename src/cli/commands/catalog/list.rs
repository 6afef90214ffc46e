//! `rapplan catalog list`.

use std::fmt::Write;

use schemars::JsonSchema;
use serde::Serialize;

use super::filter::{Place, Wanted};
use crate::catalog::{Machine, Purchase, Quote};
use crate::cli::context::Context;
use crate::cli::view::{Format, Page, View};
use crate::error::{Code, Problem, Result};
use crate::exit::Exit;
use crate::units::Price;

const EXAMPLES: &str = "\
Examples:
  rapplan catalog list --cloud gcp --region asia-northeast3
  rapplan catalog list --gpu --sort price
  rapplan catalog list --arch arm64 --min-cpu 8 --min-memory 64GiB
  rapplan catalog list -o csv > machines.csv";

/// List machines with their prices and the days of these
///
/// Prices are for Linux in US dollars, on demand by the hour. A price that no source gives is left empty: it is not
/// zero. Burstable machines are throttled once their credits are used up, or share a core.
#[derive(Debug, Default, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    wanted: Wanted,
    /// What comes first: `price` puts the cheapest on demand first
    #[arg(long, value_name = "BY", value_parser = ["price", "memory", "cpu"])]
    sort: Option<String>,
}

/// Machines of the catalogue.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Listing {
    /// Newest day of the tables.
    date: String,
    /// The machines.
    machines: Vec<Machine>,
}

impl View for Listing {
    const KIND: &'static str = "catalog";

    fn page(&self) -> Page {
        let rows = self.machines.iter().map(|machine| {
            let quote = machine.prices.on_demand.as_ref();
            [
                machine.name.clone(),
                machine.provider.word().to_owned(),
                machine.region.clone(),
                machine.cpu.to_string(),
                machine.memory.to_string(),
                traits(machine),
                quote.map(|quote| quote.price.to_string()).unwrap_or_else(|| "not known".to_owned()),
                quote.map(|quote| quote.price.monthly().to_string()).unwrap_or_default(),
                quote.map(|quote| quote.date.clone()).unwrap_or_default(),
            ]
        });
        let header = ["machine", "cloud", "region", "cpu", "memory", "has", "an hour", "a month", "price of"];
        let place = |machine: &Machine| format!("{} {}", machine.provider.word(), machine.region);
        let first = self.machines.first().map(place).unwrap_or_default();
        // Where all are of one place it is said once, which leaves room for the rest.
        if self.machines.iter().any(|machine| place(machine) != first) {
            return Page::new().table(header, rows);
        }
        let without = |[machine, _, _, rest @ ..]: [String; 9]| [vec![machine], rest.to_vec()].concat();
        let header =
            header.into_iter().filter(|name| !matches!(*name, "cloud" | "region")).map(str::to_owned).collect();
        Page::new().heading(&first).grid(header, rows.map(without))
    }
}

/// Architecture, GPUs and whether it is burstable: `arm64, burstable`, `amd64, 4 x A10G`.
pub fn traits(machine: &Machine) -> String {
    let gpu = machine.gpu.as_ref().map(|gpu| format!("{} x {}", gpu.count, gpu.model));
    let burstable = machine.burstable.then(|| "burstable".to_owned());
    [Some(machine.arch.word().to_owned()), gpu, burstable].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Prints the machines that are wanted.
///
/// # Errors
/// `E0104` for a region that no table has, or when no machine is as wanted.
pub fn run(args: &Args, context: &Context) -> Result<Exit> {
    let catalog = context.catalog()?;
    let mut machines: Vec<&Machine> =
        args.place.machines(catalog)?.into_iter().filter(|machine| args.wanted.fits(machine)).collect();
    if machines.is_empty() {
        return Err(Problem::new(Code::UnknownName, "no machine of the catalogue is as wanted")
            .hint("ask for less, or leave out a filter")
            .into());
    }
    let price = |machine: &Machine| machine.prices.on_demand.as_ref().map_or(Price(u64::MAX), |quote| quote.price);
    match args.sort.as_deref() {
        Some("price") => machines.sort_by_key(|machine| price(machine)),
        Some("memory") => machines.sort_by_key(|machine| (machine.memory, price(machine))),
        Some(_) => machines.sort_by_key(|machine| (machine.cpu, price(machine))),
        None => {}
    }
    if context.format()? == Format::Csv {
        context.ui.data(&csv(&machines))?;
        return Ok(Exit::Ok);
    }
    let machines = machines.into_iter().cloned().collect();
    context.show(&Listing { date: catalog.newest_date(), machines })
}

fn csv(machines: &[&Machine]) -> String {
    let mut out = String::from(
        "provider,region,machine,family,cpu,memory_bytes,arch,burstable,gpu,gpus,gpu_memory_bytes,local_disk_bytes",
    );
    for (word, _) in Purchase::ALL {
        let word = word.replace('-', "_");
        let _ = write!(out, ",{word}_usd_hour,{word}_date");
    }
    for machine in machines {
        let gpu = machine.gpu.as_ref();
        let _ = write!(
            out,
            "\n{},{},{},{},{},{},{},{},{},{},{},{}",
            machine.provider.word(),
            quoted(&machine.region),
            quoted(&machine.name),
            quoted(&machine.family),
            machine.cpu,
            machine.memory.0,
            machine.arch.word(),
            machine.burstable,
            gpu.map(|gpu| quoted(&gpu.model)).unwrap_or_default(),
            gpu.map(|gpu| gpu.count.to_string()).unwrap_or_default(),
            gpu.map(|gpu| gpu.memory.0.to_string()).unwrap_or_default(),
            machine.local_disk.0,
        );
        for (_, purchase) in Purchase::ALL {
            let quote = machine.prices.of(purchase);
            let price = |quote: &Quote| quote.price.to_string().replace(['$', ','], "");
            let _ = write!(
                out,
                ",{},{}",
                quote.map(price).unwrap_or_default(),
                quote.map(|quote| quoted(&quote.date)).unwrap_or_default()
            );
        }
    }
    out
}

/// A text as one field: names of one's own may hold a comma.
fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}
