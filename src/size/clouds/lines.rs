//! What is paid a month, line by line, each with the day and the source of its price.

use super::types::{CostLine, Dates};
use crate::blueprint::platform::Provider;
use crate::catalog::{Catalog, Item, Machine};
use crate::size::placement::{Host, Placement};
use crate::units::{Bytes, HOURS_A_MONTH, Usd};

/// Lines, and what has no price or no size.
pub(super) struct Bill<'a> {
    catalog: &'a Catalog,
    provider: Provider,
    region: &'a str,
    pub lines: Vec<CostLine>,
    pub missing: Vec<String>,
}

impl<'a> Bill<'a> {
    pub fn new(catalog: &'a Catalog, provider: Provider, region: &'a str) -> Self {
        Self { catalog, provider, region, lines: Vec::new(), missing: Vec::new() }
    }

    /// The machines of a placement.
    pub fn machines(&mut self, placement: &Placement) {
        for host in &placement.hosts {
            let Some(machine) = self.catalog.machine(self.provider, self.region, &host.machine) else { continue };
            self.lines.push(machine_line(host, machine));
        }
    }

    /// `count` of one machine by its name, for what is no service.
    pub fn machine(&mut self, what: &str, machine: Option<&Machine>) {
        let quoted = machine.and_then(|machine| Some((machine, machine.prices.on_demand.as_ref()?)));
        let Some((machine, quote)) = quoted else {
            self.missing.push(format!("{what}: no price is known in {}", self.region));
            return;
        };
        self.lines.push(CostLine {
            what: format!("{what}: 1 x {}", machine.name),
            reckoned: format!("{HOURS_A_MONTH} h x {}", quote.price),
            monthly_usd: quote.price.monthly(),
            date: quote.date.clone(),
            source: quote.source.clone(),
        });
    }

    /// So many units of an item for each month; hourly items are counted for the whole month.
    pub fn item(&mut self, what: &str, item: Item, quantity: u64) {
        if quantity == 0 {
            return;
        }
        let Some(found) = self.catalog.unit_price(self.provider, self.region, item) else {
            let where_ = format!("{} {}", self.provider.word(), self.region);
            self.missing.push(format!("{what}: no price of it is known in {where_}"));
            return;
        };
        let hourly = item.unit().ends_with("hour");
        let units = if hourly { quantity.saturating_mul(HOURS_A_MONTH) } else { quantity };
        let counted = match hourly {
            true if quantity == 1 => format!("{HOURS_A_MONTH} h"),
            true => format!("{quantity} x {HOURS_A_MONTH} h"),
            false => format!("{quantity} {}", item.unit().trim_end_matches("-month")),
        };
        let quote = &found.quote;
        self.lines.push(CostLine {
            what: what.to_owned(),
            reckoned: format!("{counted} x {}", quote.price),
            monthly_usd: quote.price.times(units),
            date: quote.date.clone(),
            source: quote.source.clone(),
        });
    }

    /// Disks of the usual network kind, by their size.
    pub fn disk(&mut self, what: &str, size: Bytes, count: u32) {
        let each = size.0.div_ceil(1 << 30);
        self.item(&format!("{what} ({} x {each} GB)", count), Item::BlockSsd, each.saturating_mul(count.into()));
    }

    /// The sum of the lines.
    pub fn total(&self) -> Usd {
        Usd(self.lines.iter().map(|line| line.monthly_usd.0).fold(0, u64::saturating_add))
    }

    /// The oldest and the newest day of the prices.
    pub fn dates(&self) -> Dates {
        let days = || self.lines.iter().map(|line| line.date.as_str());
        Dates {
            oldest: days().min().unwrap_or_default().to_owned(),
            newest: days().max().unwrap_or_default().to_owned(),
        }
    }
}

fn machine_line(host: &Host, machine: &Machine) -> CostLine {
    let holds: Vec<&str> = host.holds.iter().map(|(lot, _)| lot.as_str()).collect();
    let quote = machine.prices.of(host.purchase);
    CostLine {
        what: format!("{} x {} ({})", host.count, host.machine, holds.join(", ")),
        reckoned: quote.map_or_else(String::new, |quote| {
            format!("{} x {HOURS_A_MONTH} h x {} {}", host.count, quote.price, host.purchase.word())
        }),
        monthly_usd: host.monthly_usd,
        date: quote.map(|quote| quote.date.clone()).unwrap_or_default(),
        source: quote.map(|quote| quote.source.clone()).unwrap_or_default(),
    }
}
