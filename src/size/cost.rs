//! What a deployment costs a month, line by line, each with the day of its price.

use schemars::JsonSchema;
use serde::Serialize;

use crate::blueprint::platform::Provider;
use crate::catalog::{Catalog, Item, Machine, Purchase, Quote, oldest};
use crate::units::{HOURS_A_MONTH, Price, Usd};

/// Something that is paid for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Charge<'a> {
    /// Machines that run all month.
    Machines {
        /// What they are.
        machine: &'a Machine,
        /// How many.
        count: u64,
        /// How they are paid.
        purchase: Purchase,
    },
    /// Anything beside machines.
    Item {
        /// Who has it.
        provider: Provider,
        /// Where.
        region: &'a str,
        /// What.
        item: Item,
        /// How many of it: GB, IOPS, gateways. Things that are billed by the hour are there all month.
        quantity: u64,
        /// What it is for: `milvus`, `all services`.
        what: &'a str,
    },
}

/// One line of a bill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CostLine {
    /// What is paid for.
    pub what: String,
    /// How many units a month.
    pub quantity: u64,
    /// What one unit is: `hour`, `GB-month`.
    pub unit: String,
    /// What one unit costs; absent when no source has a price.
    pub unit_price: Option<Price>,
    /// What the line costs a month; absent when no source has a price.
    pub monthly_usd: Option<Usd>,
    /// Day of the price.
    pub date: Option<String>,
    /// Where the price was seen.
    pub source: Option<String>,
    /// What the price rests on, such as the term of a commitment.
    pub note: Option<String>,
}

/// A bill.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Bill {
    /// Its lines, in the order of what was charged.
    pub lines: Vec<CostLine>,
    /// All lines that have a price, together.
    pub monthly_usd: Usd,
    /// The lines that have none: the total is without them.
    pub missing: Vec<String>,
    /// The oldest day among the prices; `undated` is older than any.
    pub oldest_date: Option<String>,
}

/// The bill for these charges, at the prices of a catalogue.
pub fn bill<'a>(catalog: &Catalog, charges: impl IntoIterator<Item = Charge<'a>>) -> Bill {
    let lines: Vec<CostLine> = charges.into_iter().map(|charge| line(catalog, &charge)).collect();
    let total = lines.iter().filter_map(|line| line.monthly_usd).fold(0, |sum, usd| usd.0.saturating_add(sum));
    let missing = lines.iter().filter(|line| line.monthly_usd.is_none()).map(|line| line.what.clone()).collect();
    let oldest_date = oldest(lines.iter().filter_map(|line| line.date.as_deref())).map(str::to_owned);
    Bill { monthly_usd: Usd(total), missing, oldest_date, lines }
}

impl Bill {
    /// The total for people: `$1,234 a month (oldest price: 2024-07-01), without ..., for which no price is known`.
    pub fn total(&self) -> String {
        let dates = match &self.oldest_date {
            Some(date) => format!(" (oldest price: {date})"),
            None => String::new(),
        };
        let without = match &*self.missing {
            [] => String::new(),
            missing => format!(", without {}, for which no price is known", missing.join(", ")),
        };
        format!("{} a month{dates}{without}", self.monthly_usd)
    }
}

fn line(catalog: &Catalog, charge: &Charge<'_>) -> CostLine {
    match *charge {
        Charge::Machines { machine, count, purchase } => {
            let paid = if purchase == Purchase::OnDemand { String::new() } else { format!(", {}", purchase.word()) };
            let what = format!("{count} x {} in {}{paid}", machine.name, machine.region);
            priced(what, count.saturating_mul(HOURS_A_MONTH), "hour", machine.prices.of(purchase))
        }
        Charge::Item { provider, region, item, quantity, what } => {
            let quote = catalog.unit_price(provider, region, item).map(|price| &price.quote);
            let hourly = matches!(item.unit(), "hour" | "unit-hour");
            let units = if hourly { quantity.saturating_mul(HOURS_A_MONTH) } else { quantity };
            priced(format!("{} of {what} in {region}", item.word()), units, item.unit(), quote)
        }
    }
}

fn priced(what: String, quantity: u64, unit: &str, quote: Option<&Quote>) -> CostLine {
    CostLine {
        what,
        quantity,
        unit: unit.to_owned(),
        unit_price: quote.map(|quote| quote.price),
        monthly_usd: quote.map(|quote| quote.price.times(quantity)),
        date: quote.map(|quote| quote.date.clone()),
        source: quote.map(|quote| quote.source.clone()),
        note: quote.and_then(|quote| quote.note.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AWS: Provider = Provider::Aws;

    fn machines(name: &str, count: u64, purchase: Purchase) -> Charge<'static> {
        let machine = Catalog::embedded().machine(AWS, "us-east-1", name).unwrap();
        Charge::Machines { machine, count, purchase }
    }

    fn item(region: &'static str, item: Item, quantity: u64) -> Charge<'static> {
        Charge::Item { provider: AWS, region, item, quantity, what: "all services" }
    }

    #[test]
    fn every_line_has_its_price_and_day() {
        let charges = [
            // 2 x 0.1632 x 730 = 238.272
            machines("m7g.xlarge", 2, Purchase::OnDemand),
            // 500 x 0.08 = 40
            item("us-east-1", Item::BlockSsd, 500),
            // 0.0225 x 730 = 16.425
            item("us-east-1", Item::LoadBalancer, 1),
        ];
        let bill = bill(Catalog::embedded(), charges);
        let amounts: Vec<_> = bill.lines.iter().map(|line| line.monthly_usd.unwrap().0).collect();
        assert_eq!(amounts, [23_827, 4_000, 1_643]);
        assert_eq!((bill.monthly_usd, bill.oldest_date.as_deref()), (Usd(29_470), Some("2024-07-01")));
        assert_eq!(bill.lines[0].what, "2 x m7g.xlarge in us-east-1");
        assert_eq!((bill.lines[0].quantity, bill.lines[2].quantity), (1_460, 730));
        assert!(bill.missing.is_empty() && !bill.total().contains("without"), "{}", bill.total());
    }

    #[test]
    fn a_missing_price_is_said_and_is_not_zero() {
        let charges = [machines("m7g.xlarge", 1, Purchase::Spot), item("ap-northeast-2", Item::BlockSsd, 100)];
        let bill = bill(Catalog::embedded(), charges);
        assert!(bill.lines.iter().all(|line| line.monthly_usd.is_none() && line.date.is_none()));
        assert_eq!(bill.missing.len(), 2);
        assert!(bill.total().contains("without 1 x m7g.xlarge in us-east-1, spot, block-ssd of all services"));
    }

    #[test]
    fn an_undated_price_is_the_oldest() {
        let bill = bill(Catalog::embedded(), [item("ap-northeast-2", Item::Nat, 1)]);
        assert_eq!(bill.oldest_date.as_deref(), Some("undated"));
    }

    #[test]
    fn the_largest_amounts_do_not_overflow() {
        let most = [machines("m7g.xlarge", u64::MAX, Purchase::OnDemand), item("us-east-1", Item::BlockSsd, u64::MAX)];
        assert!(bill(Catalog::embedded(), most).monthly_usd > Usd(1 << 60));
    }
}
