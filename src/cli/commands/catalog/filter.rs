//! Which machines are meant.

use crate::blueprint::platform::Provider;
use crate::blueprint::service::Arch;
use crate::catalog::{Catalog, Machine};
use crate::error::{Code, Problem, Result};
use crate::nearest::did_you_mean;
use crate::units::{Bytes, Cores};

/// Where to look.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Place {
    /// Only machines of this cloud
    #[arg(long, value_name = "CLOUD", value_parser = ["aws", "gcp", "bare-metal"])]
    cloud: Option<String>,
    /// Only machines in this region
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
}

impl Place {
    /// The cloud that was asked for.
    fn provider(&self) -> Option<Provider> {
        let word = self.cloud.as_deref()?;
        Provider::ALL.into_iter().find(|(other, _)| *other == word).map(|(_, provider)| provider)
    }

    /// All machines there.
    ///
    /// # Errors
    /// `E0104` when no table has the region.
    pub fn machines<'a>(&self, catalog: &'a Catalog) -> Result<Vec<&'a Machine>> {
        let providers: Vec<Provider> = match self.provider() {
            Some(provider) => vec![provider],
            None => Provider::ALL.into_iter().map(|(_, provider)| provider).collect(),
        };
        let all = providers.iter().flat_map(|provider| catalog.all(*provider));
        let here: Vec<&Machine> = match &self.region {
            Some(region) => all.filter(|machine| machine.region == *region).collect(),
            None => all.collect(),
        };
        match &self.region {
            Some(region) if here.is_empty() => Err(no_region(catalog, region, &providers).into()),
            _ => Ok(here),
        }
    }
}

fn no_region(catalog: &Catalog, region: &str, providers: &[Provider]) -> Problem {
    let regions = catalog.regions();
    let known: Vec<&str> =
        regions.iter().filter(|(provider, _)| providers.contains(provider)).map(|(_, region)| *region).collect();
    Problem::new(Code::UnknownName, format!("no table has machines in `{region}`"))
        .hint_opt(did_you_mean(region, known.iter().copied()))
        .hint(format!("there are prices for {}", known.join(", ")))
        .hint("prices of another region are read with `rapplan catalog update`")
}

/// What the machines must have.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Wanted {
    /// Only machines of this architecture
    #[arg(long, value_name = "ARCH", value_parser = ["amd64", "arm64"])]
    arch: Option<String>,
    /// Only machines with GPUs
    #[arg(long)]
    gpu: bool,
    /// Only machines with at least as many processors
    #[arg(long, value_name = "CORES")]
    min_cpu: Option<Cores>,
    /// Only machines with at least as much memory
    #[arg(long, value_name = "SIZE")]
    min_memory: Option<Bytes>,
    /// Only machines of this family, such as m7g or n2-standard
    #[arg(long, value_name = "FAMILY")]
    family: Option<String>,
}

impl Wanted {
    /// Whether a machine is one of those that are wanted.
    pub fn fits(&self, machine: &Machine) -> bool {
        let arch = match machine.arch {
            Arch::Amd64 => "amd64",
            Arch::Arm64 => "arm64",
        };
        self.arch.as_deref().is_none_or(|wanted| wanted == arch)
            && (!self.gpu || machine.gpu.is_some())
            && self.min_cpu.is_none_or(|least| machine.cpu >= least)
            && self.min_memory.is_none_or(|least| machine.memory >= least)
            && self.family.as_deref().is_none_or(|family| machine.family == family)
    }
}
