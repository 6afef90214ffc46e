//! The AWS Price List: entries of `GetProducts` for Amazon EC2.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Row;
use crate::units::Price;

/// Hours in the three years of a commitment: 3 x 365 x 24.
const HOURS_OF_TERM: u64 = 26_280;

/// What an entry must be so that its price is that of a Linux machine shared with no one's licence: field and value of
/// the filters of `GetProducts`.
pub const FILTERS: [(&str, &str); 4] =
    [("operatingSystem", "Linux"), ("tenancy", "Shared"), ("preInstalledSw", "NA"), ("capacitystatus", "Used")];

#[derive(Debug, Deserialize)]
struct Entry {
    product: Product,
    #[serde(default)]
    terms: Terms,
}

#[derive(Debug, Deserialize)]
struct Product {
    attributes: BTreeMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
struct Terms {
    #[serde(default, rename = "OnDemand")]
    on_demand: BTreeMap<String, Term>,
    #[serde(default, rename = "Reserved")]
    reserved: BTreeMap<String, Term>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Term {
    price_dimensions: BTreeMap<String, Dimension>,
    #[serde(default)]
    term_attributes: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Dimension {
    unit: String,
    price_per_unit: BTreeMap<String, String>,
}

/// The prices of one entry in a region: on demand, and for three years paid at the start.
///
/// # Errors
/// Why the entry is not one of a price list.
pub fn rows(region: &str, entry: &str) -> Result<Vec<Row>, String> {
    let entry: Entry =
        serde_json::from_str(entry).map_err(|error| format!("an entry is not as documented: {error}"))?;
    let attribute = |name: &str| entry.product.attributes.get(name).map(String::as_str);
    let name = attribute("instanceType").ok_or("an entry has no instanceType")?;
    let elsewhere = attribute("regionCode").is_some_and(|code| code != region);
    let other = FILTERS.iter().any(|(field, value)| attribute(field).is_some_and(|given| given != *value));
    if elsewhere || other {
        return Ok(Vec::new());
    }
    let row = |purchase, price, note: &str| Row {
        region: region.to_owned(),
        name: name.to_owned(),
        purchase,
        price,
        note: note.to_owned(),
    };
    let mut out = Vec::new();
    for term in entry.terms.on_demand.values() {
        out.extend(price(term, "Hrs")?.map(|price| row("on-demand", price, "")));
    }
    let upfront = |term: &&Term| {
        let is = |name: &str, value: &str| term.term_attributes.get(name).is_some_and(|given| given == value);
        is("LeaseContractLength", "3yr") && is("PurchaseOption", "All Upfront") && is("OfferingClass", "standard")
    };
    for term in entry.terms.reserved.values().filter(upfront) {
        let note = "3 years; all of it paid at the start and spread over 26280 hours";
        let hourly = |fee: Price| Price(fee.0.saturating_add(HOURS_OF_TERM / 2) / HOURS_OF_TERM);
        out.extend(price(term, "Quantity")?.map(|fee| row("committed", hourly(fee), note)));
    }
    Ok(out)
}

/// The price of the dimension with this unit; none where it is zero, which stands for what is not sold.
fn price(term: &Term, unit: &str) -> Result<Option<Price>, String> {
    let Some(dimension) = term.price_dimensions.values().find(|dimension| dimension.unit == unit) else {
        return Ok(None);
    };
    let Some(usd) = dimension.price_per_unit.get("USD") else { return Ok(None) };
    let price: Price = usd.parse().map_err(|_| format!("`{usd}` is no price"))?;
    Ok(Some(price).filter(|price| price.0 > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The shape of an entry of 2020-07-09 with the prices of m5.large, shortened to what is read.
    const ENTRY: &str = include_str!("../../../tests/data/price_lists/aws_entry.json");

    #[test]
    fn an_entry_gives_both_prices() {
        let rows = rows("us-east-1", ENTRY).unwrap();
        let told: Vec<_> = rows.iter().map(|row| (row.name.as_str(), row.purchase, row.price)).collect();
        // 1,015 dollars at the start / 26,280 hours.
        assert_eq!(told, [("m5.large", "on-demand", Price(96_000)), ("m5.large", "committed", Price(38_623))]);
    }

    #[test]
    fn what_is_not_wanted_or_free_is_left_out() {
        assert!(
            rows("eu-west-1", &ENTRY.replace("\"vcpu\"", "\"regionCode\": \"us-east-1\", \"vcpu\""))
                .unwrap()
                .is_empty()
        );
        assert!(rows("us-east-1", &ENTRY.replace("\"Linux\"", "\"Windows\"")).unwrap().is_empty());
        assert_eq!(rows("us-east-1", &ENTRY.replace("0.0960000000", "0.0000000000")).unwrap().len(), 1);
    }

    #[test]
    fn what_is_no_entry_is_refused() {
        for (from, to) in [("\"instanceType\"", "\"x\""), ("0.0960000000", "much"), ("\"priceDimensions\"", "\"x\"")] {
            assert!(ENTRY.contains(from) && rows("us-east-1", &ENTRY.replace(from, to)).is_err(), "{to}");
        }
        for at in 0..ENTRY.trim_end().len() {
            assert!(rows("us-east-1", &ENTRY[..at]).is_err(), "cut at {at}");
        }
    }
}
