//! A machine that can be rented or bought.

use schemars::JsonSchema;
use serde::Serialize;

use crate::blueprint::platform::Provider;
use crate::blueprint::service::Arch;
use crate::units::{Bytes, Cores, Price};

/// A machine type in one region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Machine {
    /// Who has it.
    pub provider: Provider,
    /// Region: `us-east-1`; for bare metal the place or market of the price.
    pub region: String,
    /// The provider's name for it: `m7g.xlarge`; with what is attached: `n1-standard-4 + 1 x T4`.
    pub name: String,
    /// The family: `m7g`, `n2-standard`.
    pub family: String,
    /// Virtual processors.
    pub cpu: Cores,
    /// Memory, in bytes.
    #[serde(rename = "memory_bytes")]
    pub memory: Bytes,
    /// Architecture.
    pub arch: Arch,
    /// Whether its processors are throttled once credits are used up.
    pub burstable: bool,
    /// GPUs in it.
    pub gpu: Option<Gpu>,
    /// Disk that is in the machine and lost with it, in bytes.
    #[serde(rename = "local_disk_bytes")]
    pub local_disk: Bytes,
    /// What it costs, by the way of paying; absent where no source gives a price.
    pub prices: Prices,
    /// What must be known beside the figures.
    pub note: Option<String>,
}

/// GPUs of a machine, all of one model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Gpu {
    /// Model: `T4`, `L4`, `A100`.
    pub model: String,
    /// How many.
    pub count: u32,
    /// Memory of each, in bytes.
    #[serde(rename = "memory_bytes")]
    pub memory: Bytes,
}

/// Ways of paying for a machine.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Purchase {
    /// By the hour, without a promise on either side.
    #[default]
    OnDemand,
    /// Cheap, and taken away when the provider needs it.
    Spot,
    /// Promised for a time; each price says which.
    Committed,
}

impl Purchase {
    /// All of them, with the word that a user writes.
    pub const ALL: [(&'static str, Self); 3] =
        [("on-demand", Self::OnDemand), ("spot", Self::Spot), ("committed", Self::Committed)];

    /// The word that a user writes.
    pub fn word(self) -> &'static str {
        match self {
            Self::OnDemand => "on-demand",
            Self::Spot => "spot",
            Self::Committed => "committed",
        }
    }
}

/// Prices of a machine.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Prices {
    /// On demand.
    pub on_demand: Option<Quote>,
    /// Spot.
    pub spot: Option<Quote>,
    /// Committed; the quote's note says for how long.
    pub committed: Option<Quote>,
}

impl Prices {
    /// The price for one way of paying.
    pub fn of(&self, purchase: Purchase) -> Option<&Quote> {
        match purchase {
            Purchase::OnDemand => self.on_demand.as_ref(),
            Purchase::Spot => self.spot.as_ref(),
            Purchase::Committed => self.committed.as_ref(),
        }
    }

    /// The place of the price for one way of paying.
    pub fn of_mut(&mut self, purchase: Purchase) -> &mut Option<Quote> {
        match purchase {
            Purchase::OnDemand => &mut self.on_demand,
            Purchase::Spot => &mut self.spot,
            Purchase::Committed => &mut self.committed,
        }
    }
}

/// A price with its day and its source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Quote {
    /// US dollars for one unit (for machines, an hour).
    pub price: Price,
    /// Day of the price, `YYYY-MM-DD`, or what the source says of it.
    pub date: String,
    /// Where it was seen.
    pub source: String,
    /// What the price rests on, such as the term of a commitment.
    pub note: Option<String>,
}

/// The oldest of some days, where what does not begin with a year counts as older than all that do.
pub fn oldest<'a>(dates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    dates.into_iter().min_by_key(|date| (date.starts_with(|c: char| c.is_ascii_digit()), *date))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_day_is_the_oldest() {
        assert_eq!(oldest(["2024-02-21", "undated", "2026-07"]), Some("undated"));
        assert_eq!(oldest(["2026-07-20", "2026-07"]), Some("2026-07"));
        assert_eq!(oldest([]), None);
    }
}
