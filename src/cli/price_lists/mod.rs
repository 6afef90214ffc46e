//! Asking providers for their price lists: the only part of the program that talks over a network.
//!
//! What is replied is read by `catalog/price_list`, which is pure. Nothing is written here.

mod aws;
mod gcp;

use std::collections::BTreeSet;
use std::fmt::Display;

use super::context::Context;
use crate::blueprint::platform::Provider;
use crate::catalog::price_list::{self, Row};
use crate::catalog::{Catalog, Machine};
use crate::error::{Code, Problem, Result};

/// Most replies of one list; AWS has about a dozen for a region and Google Cloud about eight in all.
const MOST_PAGES: usize = 500;

/// Prices of the machines of the catalogue in these regions, as the text of a file of prices.
///
/// # Errors
/// `E0504` when there are no credentials, when the provider does not answer or what it answers is not as documented.
pub fn read(
    provider: Provider,
    regions: &[String],
    url: Option<&str>,
    today: &str,
    context: &Context,
) -> Result<String> {
    let catalog = Catalog::embedded();
    let known = catalog.regions();
    let regions: Vec<&str> = match regions {
        [] => known.iter().filter(|(other, _)| *other == provider).map(|(_, region)| *region).collect(),
        named => named.iter().map(String::as_str).collect(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| fault("no list can be read").because(error.to_string()))?;
    let mut names = BTreeSet::new();
    let machines: Vec<&Machine> = catalog.all(provider).iter().filter(|machine| names.insert(&machine.name)).collect();
    let rows: Vec<Row> = match provider {
        Provider::Gcp => runtime.block_on(gcp::rows(&regions, &machines, url, context))?,
        _ => runtime.block_on(aws::rows(&regions, url, context))?,
    };
    let rows: Vec<Row> = rows.into_iter().filter(|row| row.purchase.is_empty() || names.contains(&row.name)).collect();
    for region in &regions {
        if !rows.iter().any(|row| row.region == *region) {
            return Err(fault(format!("the price list of {} has nothing for `{region}`", provider.word()))
                .hint("see that the region is written as the provider writes it")
                .into());
        }
    }
    Ok(price_list::file(provider.word(), today, rows))
}

fn fault(summary: impl Into<String>) -> Problem {
    Problem::new(Code::PriceList, summary)
}

fn not_read(provider: &str, why: impl Display) -> Problem {
    fault(format!("the price list of {provider} cannot be read"))
        .because(why.to_string())
        .hint("nothing was changed; the prices of before stand")
}
