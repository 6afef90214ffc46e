//! Machines, GPUs, disks and networks with their prices: dated tables, never figures in code.

mod attach;
pub mod csv;
pub mod item;
pub mod machine;
pub mod overlay;
pub mod price_list;
mod tables;

use std::sync::OnceLock;

pub use item::{Item, UnitPrice};
pub use machine::{Gpu, Machine, Prices, Purchase, Quote, oldest};

use crate::blueprint::platform::Provider;
use overlay::Overlay;

/// Everything that can be rented or bought; each part is read when it is first asked for.
#[derive(Debug, Default)]
pub struct Catalog {
    overlays: Vec<Overlay>,
    aws: OnceLock<Vec<Machine>>,
    gcp: OnceLock<Vec<Machine>>,
    bare_metal: OnceLock<Vec<Machine>>,
    units: OnceLock<Vec<UnitPrice>>,
}

impl Catalog {
    /// The tables that the program carries.
    pub fn embedded() -> &'static Self {
        static EMBEDDED: OnceLock<Catalog> = OnceLock::new();
        EMBEDDED.get_or_init(Self::default)
    }

    /// The tables with the changes of these files laid over them, in order.
    pub fn with(overlays: Vec<Overlay>) -> Self {
        Self { overlays, ..Self::default() }
    }

    /// The files whose changes are in it.
    pub fn overlays(&self) -> &[Overlay] {
        &self.overlays
    }

    /// All machines of a provider, by region.
    pub fn all(&self, provider: Provider) -> &[Machine] {
        let part = match provider {
            Provider::Aws => &self.aws,
            Provider::Gcp => &self.gcp,
            Provider::BareMetal => &self.bare_metal,
        };
        part.get_or_init(|| match &*self.overlays {
            [] => tables::machines(provider),
            overlays => overlay::machines(provider, tables::machines(provider), overlays),
        })
    }

    /// The machines of a provider in a region; none where no table has the region. Another region is never taken
    /// in its place.
    pub fn machines(&self, provider: Provider, region: &str) -> &[Machine] {
        let all = self.all(provider);
        let start = all.partition_point(|machine| machine.region.as_str() < region);
        let end = all.partition_point(|machine| machine.region.as_str() <= region);
        &all[start..end]
    }

    /// One machine in a region.
    pub fn machine(&self, provider: Provider, region: &str, name: &str) -> Option<&Machine> {
        self.machines(provider, region).iter().find(|machine| machine.name == name)
    }

    /// Every region that has machines, by provider.
    pub fn regions(&self) -> Vec<(Provider, &str)> {
        let mut out: Vec<(Provider, &str)> = Vec::new();
        for (_, provider) in Provider::ALL {
            out.extend(self.all(provider).iter().map(|machine| (provider, machine.region.as_str())));
        }
        out.dedup();
        out
    }

    /// What one unit of an item costs; absent where no source with a day gives it.
    pub fn unit_price(&self, provider: Provider, region: &str, item: Item) -> Option<&UnitPrice> {
        self.unit_prices()
            .iter()
            .find(|price| price.provider == provider && price.region == region && price.item == item)
    }

    /// All prices beside machines.
    pub fn unit_prices(&self) -> &[UnitPrice] {
        self.units.get_or_init(|| overlay::unit_prices(tables::unit_prices(), &self.overlays))
    }

    /// The newest day of any source of the tables, `YYYY-MM-DD`.
    pub fn newest_date(&self) -> String {
        tables::days().into_iter().max().unwrap_or_default()
    }

    /// How many machines there are, each counted once for every region.
    pub fn count(&self) -> usize {
        Provider::ALL.into_iter().map(|(_, provider)| self.all(provider).len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blueprint::service::Arch;
    use crate::units::{Bytes, Cores, Price};

    fn quote(provider: Provider, region: &str, name: &str, purchase: Purchase) -> Option<(u64, String)> {
        let machine = Catalog::embedded().machine(provider, region, name).expect(name);
        machine.prices.of(purchase).map(|quote| (quote.price.0, quote.date.clone()))
    }

    #[test]
    fn figures_are_those_of_their_sources() {
        use Purchase::{Committed, OnDemand, Spot};
        for (provider, region, name, purchase, price, date) in [
            (Provider::Aws, "us-east-1", "m7g.xlarge", OnDemand, 163_200, "2026-07-20"),
            (Provider::Aws, "ap-northeast-2", "m7g.medium", OnDemand, 50_200, "2024-02-21"),
            // 896 a year / 8760 hours.
            (Provider::Aws, "us-east-1", "c6g.2xlarge", Committed, 102_283, "2026-10-14"),
            (Provider::Aws, "us-east-1", "t3.micro", Spot, 4_460, "2026-09-06"),
            (Provider::Gcp, "us-central1", "g2-standard-4", OnDemand, 706_832, "2026-02-24"),
            (Provider::Gcp, "asia-northeast3", "n2d-standard-2", Spot, 16_536, "2026-02-24"),
            (Provider::BareMetal, "vultr", "vbm-24c-256gb-amd", OnDemand, 993_000, "2026-07"),
        ] {
            assert_eq!(quote(provider, region, name, purchase), Some((price, date.to_owned())), "{name}");
        }
        assert_eq!(quote(Provider::Aws, "us-east-1", "m7g.xlarge", Spot), None, "a missing price is not zero");
    }

    #[test]
    fn a_machine_has_what_its_table_says() {
        let catalog = Catalog::embedded();
        let machine = catalog.machine(Provider::Aws, "us-east-1", "g5.xlarge").unwrap();
        assert_eq!((machine.cpu, machine.memory, machine.arch), (Cores::whole(4), Bytes::gib(16), Arch::Amd64));
        assert_eq!(machine.gpu, Some(Gpu { model: "A10G".to_owned(), count: 1, memory: Bytes::mib(22_888) }));
        assert_eq!((machine.family.as_str(), machine.local_disk), ("g5", Bytes(250_000_000_000)));
        let shared = catalog.machine(Provider::Gcp, "us-central1", "e2-micro").unwrap();
        assert!(shared.burstable && shared.cpu == Cores(250));
        let older = catalog.machine(Provider::Aws, "us-east-1", "p4d.24xlarge").unwrap();
        let note = older.prices.on_demand.as_ref().unwrap().note.clone().unwrap();
        assert_eq!(note, "was 32.7726 on 2024-02-21 (PyPI sparecores-data)");
    }

    #[test]
    fn a_t4_is_attached_to_n1() {
        let catalog = Catalog::embedded();
        for region in ["us-central1", "asia-northeast3"] {
            let base = catalog.machine(Provider::Gcp, region, "n1-standard-4").unwrap();
            let with = catalog.machine(Provider::Gcp, region, "n1-standard-4 + 2 x T4").unwrap();
            let t4 = if region == "us-central1" { 350_000 } else { 370_000 };
            let price = |machine: &Machine| machine.prices.on_demand.as_ref().unwrap().price;
            assert_eq!(price(with), Price(price(base).0 + 2 * t4));
            assert_eq!(with.gpu.as_ref().unwrap().count, 2);
            assert_eq!(with.family, "n1-standard");
        }
        let quote = catalog.machine(Provider::Gcp, "us-central1", "n1-standard-4 + 1 x T4").unwrap();
        let note = quote.prices.on_demand.as_ref().unwrap().note.clone().unwrap();
        assert!(note.starts_with("machine $0.189999 of 2026-02-24 + 1 x T4 at $0.35 of 2026-02-24"), "{note}");
        // Two T4 go with 48 processors at most.
        assert!(catalog.machine(Provider::Gcp, "us-central1", "n1-standard-64 + 2 x T4").is_none());
        assert!(catalog.machine(Provider::Gcp, "us-central1", "n1-standard-64 + 4 x T4").is_some());
    }

    #[test]
    fn regions_are_not_mixed() {
        let catalog = Catalog::embedded();
        assert_eq!(
            catalog.regions(),
            [
                (Provider::Aws, "ap-northeast-2"),
                (Provider::Aws, "us-east-1"),
                (Provider::Gcp, "asia-northeast3"),
                (Provider::Gcp, "us-central1"),
                (Provider::BareMetal, "own"),
                (Provider::BareMetal, "vultr"),
            ]
        );
        assert!(catalog.machines(Provider::Aws, "eu-west-1").is_empty());
        for (provider, region) in catalog.regions() {
            let machines = catalog.machines(provider, region);
            assert!(!machines.is_empty() && machines.iter().all(|machine| machine.region == region));
        }
        assert_eq!(catalog.unit_price(Provider::Aws, "ap-northeast-2", Item::BlockSsd), None);
        let gp3 = catalog.unit_price(Provider::Aws, "us-east-1", Item::BlockSsd).unwrap();
        assert_eq!((gp3.quote.price, gp3.unit, gp3.quote.date.as_str()), (Price(80_000), "GB-month", "2024-07-01"));
    }

    #[test]
    fn cheaper_ways_of_paying_are_cheaper() {
        let catalog = Catalog::embedded();
        for (_, provider) in Provider::ALL {
            for machine in catalog.all(provider) {
                let Some(on_demand) = &machine.prices.on_demand else { continue };
                for other in [&machine.prices.spot, &machine.prices.committed].into_iter().flatten() {
                    assert!(other.price < on_demand.price, "{} {}", machine.region, machine.name);
                }
            }
        }
    }

    #[test]
    fn the_newest_date_is_that_of_a_table() {
        assert_eq!(Catalog::embedded().newest_date(), "2026-10-27");
    }
}
