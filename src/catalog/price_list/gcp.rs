//! The Cloud Billing Catalog: SKUs of Compute Engine.
//!
//! Google sells processors, memory and GPUs, not machines; the price of a machine is the sum of its parts. The words by
//! which SKUs are told apart are those of their descriptions ("N2D AMD Instance Core running in Americas").

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Row;
use crate::catalog::{Item, Machine};
use crate::units::Price;

/// Compute Engine in the catalog of services.
pub const SERVICE: &str = "6F81-5844-456A";

/// How the SKUs of each family begin, before ` Instance Core running` and ` Instance Ram running`.
const FAMILIES: &[(&str, &str)] = &[
    ("a2", "A2"),
    ("a3", "A3"),
    ("c3", "C3"),
    ("c3d", "C3D"),
    ("c4", "C4"),
    ("c4a", "C4A Arm"),
    ("e2", "E2"),
    ("g2", "G2"),
    ("n1", "N1 Predefined"),
    ("n2", "N2"),
    ("n2d", "N2D AMD"),
    ("n4", "N4"),
    ("t2a", "T2A Arm"),
];

/// How the SKUs of each GPU begin, before ` running` or ` attached to`.
const GPUS: &[(&str, &str)] = &[
    ("T4", "Nvidia Tesla T4 GPU"),
    ("L4", "Nvidia L4 GPU"),
    ("A100", "Nvidia Tesla A100 GPU"),
    ("A100-80GB", "Nvidia Tesla A100 80GB GPU"),
    ("H100", "Nvidia H100 80GB GPU"),
];

/// Disks, by how their SKUs begin.
const DISKS: &[(Item, &str)] = &[
    (Item::BlockSsd, "Balanced PD Capacity"),
    (Item::BlockSsdFast, "SSD backed PD Capacity"),
    (Item::BlockHdd, "Storage PD Capacity"),
    (Item::LocalSsd, "SSD backed Local Storage"),
];

/// One reply of `services.skus.list`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Page {
    /// What is sold.
    skus: Vec<Sku>,
    /// Where the list goes on; empty at its end.
    #[serde(default)]
    pub next_page_token: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sku {
    description: String,
    #[serde(default)]
    category: Category,
    #[serde(default)]
    service_regions: Vec<String>,
    #[serde(default)]
    pricing_info: Vec<PricingInfo>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Category {
    #[serde(default)]
    usage_type: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PricingInfo {
    pricing_expression: Expression,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Expression {
    #[serde(default)]
    tiered_rates: Vec<Rate>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rate {
    unit_price: Money,
}

/// Whole dollars, as text, and billionths.
#[derive(Debug, Deserialize)]
struct Money {
    #[serde(default)]
    units: Option<String>,
    #[serde(default)]
    nanos: u32,
}

/// One reply as data.
///
/// # Errors
/// Why it is not a reply of the catalog.
pub fn page(text: &str) -> Result<Page, String> {
    serde_json::from_str(text).map_err(|error| format!("the reply is not as documented: {error}"))
}

/// What the parts of machines cost, gathered from all replies.
#[derive(Debug, Default)]
pub struct Parts(BTreeMap<(String, &'static str, Part), u64>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Core(&'static str),
    Memory(&'static str),
    Gpu(&'static str),
    Disk(Item),
}

impl Parts {
    /// Takes what is wanted from a reply.
    ///
    /// # Errors
    /// What is wrong with a price.
    pub fn take(&mut self, page: &Page) -> Result<(), String> {
        for sku in &page.skus {
            let (paid, description) = match sku.description.strip_prefix("Spot Preemptible ") {
                Some(rest) => ("spot", rest.to_owned()),
                // GPUs have it in the middle: "Nvidia L4 GPU attached to Spot Preemptible VMs running in Americas".
                None if sku.description.contains("Spot Preemptible") => ("spot", sku.description.clone()),
                None => ("on-demand", sku.description.clone()),
            };
            let usage = if paid == "spot" { "Preemptible" } else { "OnDemand" };
            let Some(part) = part(&description).filter(|_| sku.category.usage_type == usage) else { continue };
            let Some(nanos) = nanos(sku)? else { continue };
            for region in &sku.service_regions {
                self.0.entry((region.clone(), paid, part)).or_insert(nanos);
            }
        }
        Ok(())
    }

    /// The prices of these machines, and of disks, in a region.
    pub fn rows(&self, region: &str, machines: &[&Machine]) -> Vec<Row> {
        let mut out = Vec::new();
        for (item, _) in DISKS {
            let price = self.get(region, "on-demand", Part::Disk(*item));
            out.extend(price.map(|nanos| row(region, item.word(), "", nanos, String::new())));
        }
        for machine in machines {
            for paid in ["on-demand", "spot"] {
                out.extend(self.machine(region, paid, machine));
            }
        }
        out
    }

    fn get(&self, region: &str, paid: &'static str, part: Part) -> Option<u128> {
        self.0.get(&(region.to_owned(), paid, part)).map(|nanos| u128::from(*nanos))
    }

    fn machine(&self, region: &str, paid: &'static str, machine: &Machine) -> Option<Row> {
        let series = machine.family.split('-').next()?;
        let (_, family) = FAMILIES.iter().find(|(name, _)| *name == series)?;
        let cores = self.get(region, paid, Part::Core(family))? * u128::from(machine.cpu.0) / 1_000;
        let memory = (self.get(region, paid, Part::Memory(family))? * u128::from(machine.memory.0)) >> 30;
        let gpus = match &machine.gpu {
            None => 0,
            Some(gpu) => {
                let (_, words) = GPUS.iter().find(|(model, _)| *model == gpu.model)?;
                self.get(region, paid, Part::Gpu(words))? * u128::from(gpu.count)
            }
        };
        // Some machines come with local SSD that is billed beside them, by the month.
        let gigabytes = u128::from(machine.local_disk.0 / 1_000_000_000);
        let disk = match gigabytes {
            0 => 0,
            _ => self.get(region, paid, Part::Disk(Item::LocalSsd))? * gigabytes / 730,
        };
        let note = if machine.gpu.is_some() { "processors; memory and GPUs together" } else { "processors and memory" };
        Some(row(region, &machine.name, paid, cores + memory + gpus + disk, note.to_owned()))
    }
}

fn row(region: &str, name: &str, purchase: &'static str, nanos: u128, note: String) -> Row {
    let price = Price(u64::try_from((nanos + 500) / 1_000).unwrap_or(u64::MAX));
    Row { region: region.to_owned(), name: name.to_owned(), purchase, price, note }
}

fn part(description: &str) -> Option<Part> {
    let after = |words: &str| description.strip_prefix(words);
    for (_, words) in FAMILIES {
        let Some(rest) = after(words) else { continue };
        if rest.starts_with(" Instance Core running") {
            return Some(Part::Core(words));
        }
        if rest.starts_with(" Instance Ram running") {
            return Some(Part::Memory(words));
        }
    }
    for (_, words) in GPUS {
        if after(words).is_some_and(|rest| rest.starts_with(" running") || rest.starts_with(" attached to")) {
            return Some(Part::Gpu(words));
        }
    }
    let disk = DISKS.iter().find(|(_, words)| {
        after(words).is_some_and(|rest| rest.is_empty() || rest.starts_with(" in ") || rest == " attached to VMs")
    });
    disk.map(|(item, _)| Part::Disk(*item))
}

/// The price of a unit in billionths of a dollar: that of the last step, since the first may be a free one.
fn nanos(sku: &Sku) -> Result<Option<u64>, String> {
    let Some(rate) = sku.pricing_info.first().and_then(|info| info.pricing_expression.tiered_rates.last()) else {
        return Ok(None);
    };
    let units: u64 = match rate.unit_price.units.as_deref() {
        None | Some("") => 0,
        Some(units) => units.parse().map_err(|_| format!("`{units}` is no price: {}", sku.description))?,
    };
    let nanos = units.checked_mul(1_000_000_000).and_then(|nanos| nanos.checked_add(u64::from(rate.unit_price.nanos)));
    nanos
        .map(|nanos| Some(nanos).filter(|nanos| *nanos > 0))
        .ok_or_else(|| format!("`{units}` is no price: {}", sku.description))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blueprint::platform::Provider;
    use crate::catalog::Catalog;

    const PAGE: &str = include_str!("../../../tests/data/price_lists/gcp_page.json");

    fn rows() -> BTreeMap<(String, &'static str), u64> {
        let page = page(PAGE).unwrap();
        assert_eq!(page.next_page_token, "next");
        let mut parts = Parts::default();
        parts.take(&page).unwrap();
        let machines: Vec<&Machine> = Catalog::embedded().machines(Provider::Gcp, "us-central1").iter().collect();
        let rows = parts.rows("us-central1", &machines);
        rows.into_iter().map(|row| ((row.name, row.purchase), row.price.0)).collect()
    }

    #[test]
    fn a_machine_costs_what_its_parts_cost() {
        let rows = rows();
        let of = |name: &str, purchase| rows.get(&(name.to_owned(), purchase)).copied();
        // 4 x 0.031611 + 16 x 0.004237 = 0.194236, as the table has it.
        assert_eq!(of("n2-standard-4", "on-demand"), Some(194_236));
        // 4 x 0.024988 + 16 x 0.002927 + 0.560040239 = 0.706824.
        assert_eq!(of("g2-standard-4", "on-demand"), Some(706_824));
        // 4 x 0.0099 + 16 x 0.0012 + 0.2231 = 0.2819.
        assert_eq!(of("g2-standard-4", "spot"), Some(281_900));
        assert_eq!(of("block-ssd", ""), Some(100_000));
        assert_eq!(of("n2-standard-4", "spot"), None, "a part without a price leaves the machine without one");
        assert_eq!(of("e2-micro", "on-demand"), None);
        assert_eq!(of("n1-standard-4 + 1 x T4", "on-demand"), None);
    }

    #[test]
    fn what_is_no_reply_is_refused() {
        for at in 0..PAGE.trim_end().len() {
            assert!(page(&PAGE[..at]).is_err(), "cut at {at}");
        }
        let wrong = page(&PAGE.replace("\"units\": \"0\"", "\"units\": \"much\"")).unwrap();
        assert!(Parts::default().take(&wrong).is_err());
        assert!(page("{\"error\": {\"code\": 403}}").is_err());
    }
}
