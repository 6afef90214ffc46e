//! Prices of one's own: what a file of a user, or of a provider's price list, changes in the catalogue.

mod apply;
mod discount;
mod read;

use crate::blueprint::platform::Provider;
use crate::blueprint::service::Arch;
use crate::units::{Bytes, Cores, Price};

use super::{Gpu, Item, Purchase};

pub use apply::{machines, unit_prices};
pub use discount::{Discount, matches};
pub use read::{COLUMNS, read};

/// A file that was read and found sound.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overlay {
    /// Its name, which the sources of its prices carry.
    pub file: String,
    /// Its rows, in order.
    pub rows: Vec<Change>,
}

/// What one row changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Whose price.
    pub provider: Provider,
    /// In which region; `*` stands for anything.
    pub region: String,
    /// A machine or an item; `*` stands for anything.
    pub name: String,
    /// For which way of paying; a discount without one holds for all.
    pub purchase: Option<Purchase>,
    /// The new price, or what is taken off.
    pub value: Value,
    /// Day of the price.
    pub date: String,
    /// What must be known beside it.
    pub note: Option<String>,
    /// A machine that no table has.
    pub machine: Option<Shape>,
}

/// What a row does to a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// Sets it; for machines an hour.
    Price(Price),
    /// Changes what stands.
    Discount(Discount),
}

/// What a machine of one's own has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// Processors.
    pub cpu: Cores,
    /// Memory.
    pub memory: Bytes,
    /// Architecture.
    pub arch: Arch,
    /// GPUs.
    pub gpu: Option<Gpu>,
    /// Disk that is in it.
    pub local_disk: Bytes,
}

impl Change {
    /// The item that the name is, if it is one.
    pub fn item(&self) -> Option<Item> {
        Item::named(&self.name)
    }

    fn is_for(&self, provider: Provider, region: &str, name: &str) -> bool {
        self.provider == provider && matches(&self.region, region) && matches(&self.name, name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    fn overlay(text: &str) -> Overlay {
        read("my.csv", text, "2026-11-21", Catalog::embedded()).unwrap_or_else(|error| panic!("{error}"))
    }

    fn faults(text: &str) -> Vec<String> {
        let error = read("my.csv", text, "2026-11-21", Catalog::embedded()).unwrap_err();
        let told = |problem: &crate::error::Problem| {
            let place = problem.place.as_ref().map(|place| format!("{}:{}", place.line, place.column));
            format!("{} {} {}", place.unwrap_or_default(), problem.code, problem.summary)
        };
        error.problems().iter().map(told).collect()
    }

    #[test]
    fn prices_discounts_and_machines_of_ones_own() {
        let text = "provider,region,name,usd,unit,purchase,date,note,cpu,memory,gpu,gpu_memory\n\
            aws,*,m7g.*,-12%,,,,agreement 7\n\
            aws,us-east-1,m7g.large,0.07,hour,,2026-10-01,\n\
            aws,us-east-1,m7g.large,365,month,committed,,3 years\n\
            aws,eu-west-1,m7g.large,0.09,,,,\n\
            aws,ap-northeast-2,block-ssd,0.0912,GB-month,,,\n\
            aws,*,block-*,-50%,,,,\n\
            bare-metal,own,rack-1,730,month,,,ours,64,512GiB,L40S,48GB\n";
        let catalog = Catalog::with(vec![overlay(text)]);
        let quote = |region, name, purchase| {
            let machine = catalog.machine(Provider::Aws, region, name).unwrap();
            machine.prices.of(purchase).cloned()
        };
        // 0.1632 - 12 % = 0.143616.
        let cut = quote("us-east-1", "m7g.xlarge", Purchase::OnDemand).unwrap();
        assert_eq!((cut.price, cut.source.as_str(), cut.date.as_str()), (Price(143_616), "my.csv", "2026-11-21"));
        assert_eq!(
            cut.note.as_deref(),
            Some("-12% on $0.1632 of 2026-07-20 (karpenter-provider-aws (price list of AWS)); agreement 7")
        );
        assert_eq!(quote("us-east-1", "m7g.xlarge", Purchase::Spot), None, "a share of what no one knows is unknown");
        let mine = quote("us-east-1", "m7g.large", Purchase::OnDemand).unwrap();
        assert_eq!((mine.price, mine.date.as_str()), (Price(70_000), "2026-10-01"));
        assert_eq!(quote("us-east-1", "m7g.large", Purchase::Committed).unwrap().price, Price(500_000));
        let elsewhere = catalog.machine(Provider::Aws, "eu-west-1", "m7g.large").unwrap();
        assert_eq!((elsewhere.cpu, elsewhere.prices.spot.is_none()), (Cores::whole(2), true));
        assert_eq!(catalog.machines(Provider::Aws, "eu-west-1").len(), 1);
        let unit = |region, item| catalog.unit_price(Provider::Aws, region, item).unwrap().quote.price;
        assert_eq!(
            (unit("ap-northeast-2", Item::BlockSsd), unit("us-east-1", Item::BlockSsd)),
            (Price(45_600), Price(40_000))
        );
        assert_eq!(unit("us-east-1", Item::BlockIops), Price(2_500));
        let own = catalog.machine(Provider::BareMetal, "own", "rack-1").unwrap();
        assert_eq!((own.memory, own.prices.on_demand.as_ref().unwrap().price), (Bytes::gib(512), Price(1_000_000)));
        assert_eq!(own.gpu.as_ref().unwrap().count, 1);
        let other = Catalog::embedded().machine(Provider::Gcp, "us-central1", "n2-standard-4");
        assert_eq!(catalog.machine(Provider::Gcp, "us-central1", "n2-standard-4"), other);
    }

    #[test]
    fn later_rows_change_what_stands() {
        let text = "provider,region,name,usd\naws,us-east-1,m7g.large,0.1\naws,us-east-1,m7g.large,-10%\n";
        let catalog = Catalog::with(vec![overlay(text), overlay("provider,region,name,usd\naws,*,*,-50%\n")]);
        let machine = catalog.machine(Provider::Aws, "us-east-1", "m7g.large").unwrap();
        assert_eq!(machine.prices.on_demand.as_ref().unwrap().price, Price(45_000));
    }

    #[test]
    fn every_fault_is_told_with_its_place() {
        assert_eq!(
            faults(
                "provider,region,name,usd,unit,purchase,date,cpu\n\
                azure,x,m7g.large,1,,,,\n\
                aws,us-east-1,m7g.lrge,0,,,,\n\
                aws,,block-ssd,-100%,hour,spott,2026-13-01,4\n\
                aws,us-east-1,block-ssd,1,hour,,,\n\
                aws,us-east-1,m7g.large,free,week,,21.11.2026,,,extra\n"
            ),
            [
                "2:1 E0205 `azure` is no provider",
                "3:24 E0205 `0` is no price",
                "4:1 E0204 the row has no region",
                "4:27 E0205 `spott` is no purchase",
                "4:16 E0205 `-100%` is no discount",
                "4:33 E0205 `2026-13-01` is no day",
                "4:44 E0205 `4` comes without memory",
                "5:27 E0205 `hour` is not its unit",
                "6:49 E0205 the row has 10 values and the header 8 columns",
                "6:25 E0205 `free` is not a number",
                "6:36 E0205 `21.11.2026` is no day",
            ]
        );
        assert_eq!(
            faults("provider,regoin,name\naws,x,y\n"),
            ["1:10 E0202 there is no column `regoin`", "1:1 E0204 the header lacks region, usd"]
        );
        assert_eq!(
            faults("provider,region,name,usd\naws,us-east-1,m7g.lrge,1\n"),
            ["2:15 E0208 `m7g.lrge` is neither a machine nor an item of aws"]
        );
        assert_eq!(faults(""), [" E0204 `my.csv` is empty"]);
        assert_eq!(faults("provider,region,name,usd\n"), [" E0204 `my.csv` has a header and no row"]);
    }

    proptest::proptest! {
        #[test]
        fn reading_never_fails_otherwise(text in "(provider,region,name,usd,date\n)?[aws*,\"\n0-9.%-]{0,80}") {
            let _ = read("my.csv", &text, "2026-11-21", Catalog::embedded());
        }
    }
}
