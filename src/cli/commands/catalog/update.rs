//! `rapplan catalog update`.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use crate::blueprint::platform::Provider;
use crate::catalog::overlay::{self, Overlay};
use crate::catalog::{Catalog, Machine, Purchase};
use crate::cli::context::Context;
use crate::cli::price_lists;
use crate::cli::view::{Page, View};
use crate::cli::{clock, files, prices};
use crate::error::{Code, Problem, Result};
use crate::exit::Exit;
use crate::units::Price;

const EXAMPLES: &str = "\
Examples:
  rapplan catalog update --from prices.csv --dry-run
  rapplan catalog update --from prices.csv
  rapplan catalog update --cloud aws --region eu-west-1     with credentials of AWS
  GOOGLE_API_KEY=... rapplan catalog update --cloud gcp

A file of prices:
  provider,region,name,usd,unit,purchase,date,note
  aws,us-east-1,m7g.large,0.07,hour,on-demand,2026-10-01,private price
  aws,*,m7g.*,-12%
  gcp,asia-northeast3,block-ssd,0.11,GB-month";

/// Read prices of your own, or the price list of a provider, into the catalogue
///
/// A file is checked as a whole before anything is written; every command uses it from then on. A row sets a price or
/// changes what stands (`-12%`); later rows and files go before earlier ones, price lists of providers before files of
/// your own. Files are kept in the folder of --catalog-dir: delete one there to undo it.
///
/// Price lists need credentials: those that the AWS CLI would use (environment, profile, SSO, role of the machine);
/// for Google Cloud an API key in GOOGLE_API_KEY, or application default credentials.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
#[command(group(clap::ArgGroup::new("origin").required(true).args(["from", "cloud"])))]
pub struct Args {
    /// A file of prices in CSV; `-` is standard input
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// The provider whose price list is read
    #[arg(long, value_name = "CLOUD", value_parser = ["aws", "gcp"])]
    cloud: Option<String>,
    /// Region to read prices of; may be given more than once [default: those of the catalogue]
    #[arg(long, value_name = "REGION", requires = "cloud")]
    region: Vec<String>,
    /// Ask this address instead of the provider's
    #[arg(long, value_name = "URL", requires = "cloud")]
    endpoint_url: Option<String>,
    /// Say what would change and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// What an update changed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Updated {
    /// The file that holds the prices.
    file: String,
    /// Whether nothing was written.
    dry_run: bool,
    /// How many rows it has.
    rows: usize,
    /// Machine prices that changed.
    changes: Vec<Change>,
}

/// A price before and after.
#[derive(Debug, Serialize, JsonSchema)]
struct Change {
    /// Whose machine.
    provider: Provider,
    /// Where.
    region: String,
    /// Which machine or item.
    name: String,
    /// For which way of paying; absent for items.
    purchase: Option<Purchase>,
    /// The price before, if there was one.
    before_usd: Option<Price>,
    /// The price now, if there is one.
    after_usd: Option<Price>,
}

/// Most changes that people are shown; programs get all.
const MOST_SHOWN: usize = 40;

impl View for Updated {
    const KIND: &'static str = "catalog-update";

    fn page(&self) -> Page {
        let count = |number: usize, what: &str| format!("{number} {what}{}", if number == 1 { "" } else { "s" });
        let rows = count(self.rows, "row");
        let changes = count(self.changes.len(), "price");
        let page = Page::new().text(match self.dry_run {
            true => format!("{}: {rows} would change {changes}; nothing was written", self.file),
            false => format!("{}: {rows} written, {changes} changed", self.file),
        });
        let price = |price: Option<Price>| price.map_or_else(|| "not known".to_owned(), |price| price.to_string());
        let shown = self.changes.iter().take(MOST_SHOWN).map(|change| {
            let paid = change.purchase.map(Purchase::word).unwrap_or_default().to_owned();
            [change.name.clone(), change.region.clone(), paid, price(change.before_usd), price(change.after_usd)]
        });
        let page = page.table(["name", "region", "paid", "before", "after"], shown);
        match self.changes.len().checked_sub(MOST_SHOWN) {
            Some(more @ 1..) => page.text(format!("and {more} more: `-o json` has them all")),
            _ => page,
        }
    }
}

/// Reads, checks, writes.
///
/// # Errors
/// All faults of the file; `E0504` for a price list that cannot be read; `E0501` when nothing can be written.
pub fn run(args: &Args, context: &Context) -> Result<Exit> {
    let folder = prices::folder(context.settings()?)?;
    let today = clock::today();
    let (name, shown, text) = match (&args.from, args.cloud.as_deref()) {
        (Some(path), _) => own(path)?,
        (None, cloud) => {
            let provider = if cloud == Some("gcp") { Provider::Gcp } else { Provider::Aws };
            let text = price_lists::read(provider, &args.region, args.endpoint_url.as_deref(), &today, context)?;
            let name = format!("{}{}.csv", prices::FETCHED, provider.word());
            (name, format!("price list of {}", provider.word()), text)
        }
    };
    let others = prices::overlays(&folder, Some(&name))?;
    let overlay = overlay::read(&shown, &text, &today, &Catalog::with(others))?;
    let target = folder.join(&name);
    let rows = overlay.rows.len();
    let changes = changes(context.catalog()?, &after(&folder, &name, overlay)?);
    if !args.dry_run {
        prices::keep(&target, &text, &today)?;
    }
    context.show(&Updated { file: target.display().to_string(), dry_run: args.dry_run, rows, changes })
}

/// A file of the user: the name that it is kept under, how messages name it, and its text.
fn own(path: &Path) -> Result<(String, String, String)> {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).filter(|stem| *stem != "-").unwrap_or("own");
    if stem.starts_with(prices::FETCHED) || stem.starts_with('.') {
        return Err(Problem::new(Code::BadValue, format!("a file of prices cannot be named `{stem}`"))
            .because(format!("names that begin with `{}` are those of providers' price lists", prices::FETCHED))
            .hint("give it another name")
            .into());
    }
    let shown = if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() };
    Ok((format!("{stem}.csv"), shown, files::read(path)?))
}

/// The catalogue as it will be, with the file at its place in the order.
fn after(folder: &Path, name: &str, overlay: Overlay) -> Result<Catalog> {
    let kept = |name: &str| format!("yours, {}", folder.join(name).display());
    let new = Overlay { file: kept(name), ..overlay };
    let mut all = prices::overlays(folder, Some(name))?;
    let rank = |file: &str| (!file.starts_with(&kept(prices::FETCHED)), file.to_owned());
    let at = all.partition_point(|other| rank(&other.file) < rank(&new.file));
    all.insert(at, new);
    Ok(Catalog::with(all))
}

fn changes(before: &Catalog, after: &Catalog) -> Vec<Change> {
    let mut out = Vec::new();
    for (_, provider) in Provider::ALL {
        for machine in after.all(provider) {
            let old = before.machine(provider, &machine.region, &machine.name);
            out.extend(Purchase::ALL.into_iter().filter_map(|(_, purchase)| machine_change(old, machine, purchase)));
        }
    }
    for price in after.unit_prices() {
        let old = before.unit_price(price.provider, &price.region, price.item).map(|old| old.quote.price);
        if old != Some(price.quote.price) {
            out.push(Change {
                provider: price.provider,
                region: price.region.clone(),
                name: price.item.word().to_owned(),
                purchase: None,
                before_usd: old,
                after_usd: Some(price.quote.price),
            });
        }
    }
    out
}

fn machine_change(old: Option<&Machine>, new: &Machine, purchase: Purchase) -> Option<Change> {
    let price = |machine: &Machine| machine.prices.of(purchase).map(|quote| quote.price);
    let (before_usd, after_usd) = (old.and_then(price), price(new));
    (before_usd != after_usd).then(|| Change {
        provider: new.provider,
        region: new.region.clone(),
        name: new.name.clone(),
        purchase: Some(purchase),
        before_usd,
        after_usd,
    })
}
