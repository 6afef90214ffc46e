//! What is paid for beside machines: disks, networks, load balancers.

use schemars::JsonSchema;
use serde::Serialize;

use super::Quote;
use crate::blueprint::platform::Provider;

macro_rules! items {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $unit:literal;)*) => {
        /// Something that is paid for beside machines.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum Item { $($(#[$doc])* $name,)* }

        impl Item {
            /// All of them, with the word that tables and users write.
            pub const ALL: &[(&'static str, Self)] = &[$(($word, Self::$name),)*];

            /// The word that tables and users write.
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// What one unit is: `GB-month`. A GB is 1024^3 bytes, as AWS and Google bill disks and objects; for
            /// traffic that is an assumption.
            pub fn unit(self) -> &'static str {
                match self { $(Self::$name => $unit,)* }
            }
        }
    };
}

items! {
    /// The usual network disk: gp3, pd-balanced.
    BlockSsd = "block-ssd", "GB-month";
    /// The fast network disk: io2, pd-ssd.
    BlockSsdFast = "block-ssd-fast", "GB-month";
    /// The slow network disk: st1, pd-standard.
    BlockHdd = "block-hdd", "GB-month";
    /// Operations a second beyond what the usual disk has.
    BlockIops = "block-iops", "IOPS-month";
    /// Operations a second of the fast disk.
    BlockIopsFast = "block-iops-fast", "IOPS-month";
    /// Throughput beyond what the usual disk has.
    BlockThroughput = "block-throughput", "MB/s-month";
    /// A disk in the machine that is ordered beside it.
    LocalSsd = "local-ssd", "GB-month";
    /// A snapshot of a disk.
    Snapshot = "snapshot", "GB-month";
    /// A file system over the network: EFS.
    File = "file", "GB-month";
    /// Object storage.
    Object = "object", "GB-month";
    /// An image registry.
    Registry = "registry", "GB-month";
    /// A load balancer for HTTP.
    LoadBalancer = "load-balancer", "hour";
    /// The capacity unit that AWS bills such a load balancer by.
    LoadBalancerUnit = "load-balancer-unit", "unit-hour";
    /// Data through a load balancer, where that is billed.
    LoadBalancerGb = "load-balancer-gb", "GB";
    /// A load balancer for TCP.
    NetworkLoadBalancer = "network-load-balancer", "hour";
    /// The capacity unit that AWS bills such a load balancer by.
    NetworkLoadBalancerUnit = "network-load-balancer-unit", "unit-hour";
    /// A NAT gateway; on Google Cloud for each machine behind it.
    Nat = "nat", "hour";
    /// Data through a NAT gateway.
    NatGb = "nat-gb", "GB";
    /// A public IPv4 address.
    PublicIpv4 = "public-ipv4", "hour";
    /// Data to the Internet.
    Egress = "egress", "GB";
    /// Data to another region of the same provider.
    InterRegion = "inter-region", "GB";
    /// Data to another zone of the same region.
    InterZone = "inter-zone", "GB";
    /// The control plane of a Kubernetes cluster.
    Cluster = "cluster", "hour";
}

impl Item {
    /// The item that a word names.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(other, _)| *other == word).map(|(_, item)| *item)
    }
}

/// What one unit of an item costs in a region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct UnitPrice {
    /// Who has it.
    pub provider: Provider,
    /// Region.
    pub region: String,
    /// What it is.
    pub item: Item,
    /// What one unit is: `GB-month`.
    pub unit: &'static str,
    /// The price, with its day and source.
    pub quote: Quote,
}
