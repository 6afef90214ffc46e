//! What is paid a month, line by line, each with the day and the source of its price.

use super::types::Dates;
use crate::blueprint::platform::Provider;
use crate::catalog::{Catalog, Item, Machine, Purchase, oldest};
use crate::size::cost::{Charge, CostLine, bill};
use crate::size::placement::{Host, Placement};
use crate::units::{Bytes, Count, Usd};

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
            let charge = Charge::Machines { machine, count: host.count.into(), purchase: host.purchase };
            self.charge(&machines_of(host), charge);
        }
    }

    /// One machine that no service runs on.
    pub fn machine(&mut self, what: &str, machine: Option<&Machine>) {
        match machine {
            Some(machine) => {
                let charge = Charge::Machines { machine, count: 1, purchase: Purchase::OnDemand };
                self.charge(&format!("1 x {} ({what})", machine.name), charge);
            }
            None => self.missing.push(format!("{what}: no price is known in {}", self.region)),
        }
    }

    /// So many units of an item a month; what is billed by the hour is there all month.
    pub fn item(&mut self, what: &str, item: Item, quantity: u64) {
        if quantity > 0 {
            let (provider, region) = (self.provider, self.region);
            self.charge(what, Charge::Item { provider, region, item, quantity, what });
        }
    }

    /// Disks of the usual network kind, by their size.
    pub fn disk(&mut self, what: &str, size: Bytes, count: u32) {
        let each = size.0.div_ceil(1 << 30);
        self.item(&format!("{what} ({count} x {each} GB)"), Item::BlockSsd, each.saturating_mul(count.into()));
    }

    fn charge(&mut self, what: &str, charge: Charge<'_>) {
        let place = format!("{} {}", self.provider.word(), self.region);
        for line in bill(self.catalog, [charge]).lines {
            if line.monthly_usd.is_none() {
                self.missing.push(format!("{what}: no price of it is known in {place}"));
            }
            self.lines.push(CostLine { what: what.to_owned(), ..line });
        }
    }

    /// The sum of the lines that have a price.
    pub fn total(&self) -> Usd {
        Usd(self.lines.iter().filter_map(|line| line.monthly_usd).fold(0, |sum, usd| usd.0.saturating_add(sum)))
    }

    /// The oldest and the newest day of the prices; a price without a day counts as older than any.
    pub fn dates(&self) -> Dates {
        let days = || self.lines.iter().filter_map(|line| line.date.as_deref());
        let dated = days().filter(|day| day.starts_with(|c: char| c.is_ascii_digit()));
        Dates {
            oldest: oldest(days()).unwrap_or_default().to_owned(),
            newest: dated.max().unwrap_or_default().to_owned(),
        }
    }
}

fn machines_of(host: &Host) -> String {
    let holds: Vec<&str> = host.holds.iter().map(|(lot, _)| lot.as_str()).collect();
    let paid = if host.purchase == Purchase::OnDemand { String::new() } else { format!(", {}", host.purchase.word()) };
    format!("{} x {} ({}{paid})", Count(host.count.into()), host.machine, holds.join(", "))
}
