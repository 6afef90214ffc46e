//! What providers' price lists reply, as rows of a file of prices.
//!
//! Nothing here asks anyone; `cli/price_lists` does.

pub mod aws;
pub mod gcp;

use std::fmt::Write;

use crate::units::Price;

/// A price that a list gives.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// Where.
    pub region: String,
    /// Machine or item.
    pub name: String,
    /// `on-demand`, `spot`, `committed`; empty for items.
    pub purchase: &'static str,
    /// For one hour, or one unit of the item.
    pub price: Price,
    /// What the price rests on.
    pub note: String,
}

/// The rows as the text of a file of prices, sorted.
pub fn file(provider: &str, date: &str, mut rows: Vec<Row>) -> String {
    rows.sort();
    rows.dedup_by(|b, a| (&a.region, &a.name, a.purchase) == (&b.region, &b.name, b.purchase));
    let mut out = String::from("provider,region,name,usd,purchase,date,note\n");
    for row in rows {
        let usd = row.price.to_string().replace(['$', ','], "");
        let _ = writeln!(out, "{provider},{},{},{usd},{},{date},{}", row.region, row.name, row.purchase, row.note);
    }
    out
}
