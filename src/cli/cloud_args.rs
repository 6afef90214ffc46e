//! The flags that say which machines and prices are taken.

use super::settings::{Origin, Settings};
use crate::blueprint::platform::Provider;
use crate::catalog::Purchase;
use crate::demand::Given;
use crate::error::{Code, Problem, Result};
use crate::size::clouds::{CloudChoice, Which};
use crate::units::Count;

/// Where it runs; all optional, since each has an environment variable and a place in rapplan.toml
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Machines and prices")]
pub struct CloudArgs {
    /// Cloud: aws, gcp, bare-metal, or cheapest, which compares them all
    #[arg(long, value_name = "NAME")]
    pub cloud: Option<String>,
    /// Region of that cloud, such as ap-northeast-2
    #[arg(long, value_name = "NAME")]
    pub region: Option<String>,
    /// How machines are paid for: on-demand, spot or committed [default: on-demand]
    #[arg(long, value_name = "NAME")]
    pub purchase: Option<String>,
    /// Most servers that there may be
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true)]
    pub max_servers: Option<String>,
}

/// What the settings say of the cloud, from whatever layer.
///
/// # Errors
/// Every value that is not what its setting takes.
pub fn choice(settings: &Settings) -> Result<CloudChoice> {
    let said = |key: &str| settings.checked(key).map(|found| found.filter(|one| one.origin != Origin::Default));
    let provider = said("cloud.provider")?.map(|setting| {
        let named = Provider::ALL.into_iter().find(|(word, _)| *word == setting.text);
        let value = named.map_or(Which::Cheapest, |(_, provider)| Which::One(provider));
        Given { value, origin: setting.origin.to_string() }
    });
    let region = said("cloud.region")?.map(|one| Given { value: one.text.clone(), origin: one.origin.to_string() });
    let purchase = settings.checked("cloud.purchase")?.map(|one| one.text);
    let purchase = Purchase::ALL.into_iter().find(|(word, _)| purchase.as_deref() == Some(word));
    let max = settings.quantity::<Count>("cloud.max-servers")?;
    if let Some((Count(0), origin)) = &max {
        return Err(Problem::new(Code::BadValue, "0 servers are allowed")
            .because(format!("said by {origin}"))
            .hint("allow at least 1, or leave it out")
            .into());
    }
    Ok(CloudChoice {
        provider,
        region,
        purchase: purchase.map(|(_, purchase)| purchase).unwrap_or_default(),
        max_servers: max
            .map(|(max, origin)| Given { value: u32::try_from(max.0).unwrap_or(u32::MAX), origin: origin.to_string() }),
    })
}
