//! The tables that the program carries: which there are, and how their rows become machines and prices.
//!
//! Machines stand in `*_machines.csv` without a region; prices in `*_prices.csv` with one; each price names a row of
//! `sources.csv`, which has the day. A machine is offered where a price row names it, and a price row without an
//! amount says that no source with a day gives a price.

use super::csv::{Row, rows};
use super::item::{Item, UnitPrice};
use super::{Gpu, Machine, Prices, Purchase, Quote};
use crate::blueprint::platform::Provider;
use crate::blueprint::service::Arch;
use crate::units::{Bytes, Cores};

const SOURCES: &str = include_str!("tables/sources.csv");
const GPUS: &str = include_str!("tables/gpus.csv");
const UNITS: &str = include_str!("tables/units.csv");
const ATTACH: &str = include_str!("tables/attach.csv");
const ACCELERATORS: &str = include_str!("tables/gcp_accelerators.csv");

/// Machines and prices of one provider, as text.
fn texts(provider: Provider) -> (&'static str, &'static str) {
    match provider {
        Provider::Aws => (include_str!("tables/aws_machines.csv"), include_str!("tables/aws_prices.csv")),
        Provider::Gcp => (include_str!("tables/gcp_machines.csv"), include_str!("tables/gcp_prices.csv")),
        Provider::BareMetal => {
            (include_str!("tables/bare_metal_machines.csv"), include_str!("tables/bare_metal_prices.csv"))
        }
    }
}

/// Where prices were seen.
struct Sources<'a>(Vec<Row<'a>>);

impl Sources<'_> {
    fn read() -> Self {
        Self(rows(SOURCES))
    }

    /// The quote for an amount, the id of a source and the row's own note.
    fn quote(&self, usd: &str, id: &str, note: &str) -> Option<Quote> {
        let source = self.0.iter().find(|row| cell(row, 0) == id)?;
        let notes: Vec<&str> = [note, cell(source, 3)].into_iter().filter(|note| !note.is_empty()).collect();
        Some(Quote {
            price: usd.parse().ok()?,
            date: cell(source, 1).to_owned(),
            source: cell(source, 2).to_owned(),
            note: (!notes.is_empty()).then(|| notes.join("; ")),
        })
    }
}

fn cell<'a>(row: &'a Row<'_>, at: usize) -> &'a str {
    row.get(at).map(|field| field.text.as_ref()).unwrap_or_default()
}

/// The days of all sources that have one, `YYYY-MM-DD`.
pub fn days() -> Vec<String> {
    let full = |day: &&str| day.len() == 10 && day.starts_with(|c: char| c.is_ascii_digit());
    rows(SOURCES).iter().skip(1).map(|row| cell(row, 1)).filter(full).map(str::to_owned).collect()
}

/// All machines of a provider in all its regions, by region and in the order of the table; GPUs that are ordered
/// beside a machine stand behind those without.
pub fn machines(provider: Provider) -> Vec<Machine> {
    let (machines, prices) = texts(provider);
    let (specs, gpus, sources) = (rows(machines), rows(GPUS), Sources::read());
    let specs: Vec<Machine> = specs.iter().skip(1).filter_map(|row| machine(provider, row, &gpus)).collect();
    let index: std::collections::BTreeMap<&str, &Machine> =
        specs.iter().map(|machine| (machine.name.as_str(), machine)).collect();
    let mut out: Vec<Machine> = Vec::with_capacity(specs.len() * 2);
    for row in rows(prices).iter().skip(1) {
        let (region, name) = (cell(row, 0), cell(row, 1));
        if out.last().is_none_or(|last| last.name != name || last.region != region) {
            let Some(spec) = index.get(name) else { continue };
            out.push(Machine { region: region.to_owned(), ..(*spec).clone() });
        }
        if let (Some(machine), Some(purchase)) = (out.last_mut(), purchase(cell(row, 2))) {
            *machine.prices.of_mut(purchase) = sources.quote(cell(row, 3), cell(row, 4), cell(row, 5));
        }
    }
    if provider == Provider::Gcp {
        let attached = super::attach::all(&out, &accelerators(&gpus, &sources), &limits());
        out.extend(attached);
    }
    out.sort_by(|a, b| a.region.cmp(&b.region));
    out
}

fn purchase(word: &str) -> Option<Purchase> {
    Purchase::ALL.into_iter().find(|(other, _)| *other == word).map(|(_, purchase)| purchase)
}

fn machine(provider: Provider, row: &Row<'_>, gpus: &[Row<'_>]) -> Option<Machine> {
    let name = cell(row, 0);
    let gpu = match cell(row, 5) {
        "" => None,
        model => Some(gpu(gpus, model, cell(row, 6).parse().ok()?)?),
    };
    let arch = match cell(row, 3) {
        "arm64" => Arch::Arm64,
        _ => Arch::Amd64,
    };
    Some(Machine {
        provider,
        region: String::new(),
        name: name.to_owned(),
        family: family(provider, name).to_owned(),
        cpu: cell(row, 1).parse::<Cores>().ok()?,
        memory: gib(cell(row, 2))?,
        arch,
        burstable: cell(row, 4) == "burstable",
        gpu,
        local_disk: Bytes(cell(row, 7).parse::<u64>().unwrap_or(0).saturating_mul(1_000_000_000)),
        prices: Prices::default(),
        note: Some(cell(row, 8)).filter(|note| !note.is_empty()).map(str::to_owned),
    })
}

/// The family that a name tells: `m7g` of `m7g.xlarge`, `n2-standard` of `n2-standard-4`, `e2` of `e2-micro`.
pub fn family(provider: Provider, name: &str) -> &str {
    match provider {
        Provider::Aws => name.split('.').next().unwrap_or(name),
        Provider::Gcp => match name.match_indices('-').nth(1) {
            Some((at, _)) => &name[..at],
            None => name.split('-').next().unwrap_or(name),
        },
        Provider::BareMetal => name.split('-').next().unwrap_or(name),
    }
}

/// An amount in GiB with at most two decimals, exactly.
fn gib(text: &str) -> Option<Bytes> {
    format!("{text} GiB").parse().ok()
}

fn gpu(gpus: &[Row<'_>], model: &str, count: u32) -> Option<Gpu> {
    let row = gpus.iter().find(|row| cell(row, 0) == model)?;
    Some(Gpu { model: model.to_owned(), count, memory: Bytes::mib(cell(row, 1).parse().ok()?) })
}

fn accelerators(gpus: &[Row<'_>], sources: &Sources<'_>) -> Vec<super::attach::Accelerator> {
    let mut out: Vec<super::attach::Accelerator> = Vec::new();
    for row in rows(ACCELERATORS).iter().skip(1) {
        let (region, model) = (cell(row, 0), cell(row, 1));
        if out.last().is_none_or(|last| last.region != region || last.gpu.model != model) {
            let Some(gpu) = gpu(gpus, model, 1) else { continue };
            out.push(super::attach::Accelerator { region: region.to_owned(), gpu, prices: Prices::default() });
        }
        if let (Some(accelerator), Some(purchase)) = (out.last_mut(), purchase(cell(row, 2))) {
            *accelerator.prices.of_mut(purchase) = sources.quote(cell(row, 3), cell(row, 4), cell(row, 5));
        }
    }
    out
}

fn limits() -> Vec<super::attach::Limit> {
    let limit = |row: &Row<'_>| {
        Some(super::attach::Limit {
            model: cell(row, 0).to_owned(),
            count: cell(row, 1).parse().ok()?,
            max_cpu: cell(row, 2).parse().ok()?,
        })
    };
    rows(ATTACH).iter().skip(1).filter_map(limit).collect()
}

/// All prices beside machines.
pub fn unit_prices() -> Vec<UnitPrice> {
    let sources = Sources::read();
    let unit_price = |row: &Row<'_>| {
        let (_, provider) = Provider::ALL.into_iter().find(|(word, _)| *word == cell(row, 0))?;
        let item = Item::named(cell(row, 2))?;
        Some(UnitPrice {
            provider,
            region: cell(row, 1).to_owned(),
            item,
            unit: item.unit(),
            quote: sources.quote(cell(row, 3), cell(row, 4), cell(row, 5))?,
        })
    };
    rows(UNITS).iter().skip(1).filter_map(unit_price).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_every_table_is_read() {
        let sources = Sources::read();
        let gpus = rows(GPUS);
        for (word, provider) in Provider::ALL {
            let (machine_text, price_text) = texts(provider);
            let names: Vec<String> = rows(machine_text).iter().map(|row| cell(row, 0).to_owned()).collect();
            let unique: std::collections::BTreeSet<&String> = names.iter().collect();
            assert_eq!(unique.len(), names.len(), "{word}: a machine twice");
            for row in rows(machine_text).iter().skip(1) {
                assert_eq!(row.len(), 9, "{word} {row:?}");
                assert!(machine(provider, row, &gpus).is_some(), "{word} {row:?}");
                assert!(matches!(cell(row, 3), "amd64" | "arm64") && matches!(cell(row, 4), "" | "burstable"));
            }
            let mut seen = std::collections::BTreeSet::new();
            for row in rows(price_text).iter().skip(1) {
                assert_eq!(row.len(), 6, "{word} {row:?}");
                assert!(names.iter().any(|name| name == cell(row, 1)), "{word} {row:?}");
                let priced = purchase(cell(row, 2)).is_some()
                    && sources.quote(cell(row, 3), cell(row, 4), "").is_some_and(|quote| quote.price.0 > 0);
                assert!(priced || row.iter().skip(2).all(|field| field.text.is_empty()), "{word} {row:?}");
                assert!(seen.insert(format!("{}{}{}", cell(row, 0), cell(row, 1), cell(row, 2))), "twice: {row:?}");
            }
        }
        assert_eq!(unit_prices().len(), rows(UNITS).len() - 1);
        assert_eq!(accelerators(&gpus, &sources).len(), 2);
        assert_eq!(limits().len(), rows(ATTACH).len() - 1);
    }

    #[test]
    fn families_follow_the_names() {
        for (provider, name, expected) in [
            (Provider::Aws, "m7g.xlarge", "m7g"),
            (Provider::Gcp, "n2-standard-4", "n2-standard"),
            (Provider::Gcp, "c3-standard-192-metal", "c3-standard"),
            (Provider::Gcp, "e2-micro", "e2"),
            (Provider::BareMetal, "vbm-6c-128gb", "vbm"),
        ] {
            assert_eq!(family(provider, name), expected);
        }
    }
}
