//! What is chosen beside blueprint and size.

use std::collections::BTreeMap;

use super::layout::NAT;
use crate::blueprint::platform::Provider;
use crate::blueprint::service::Arch;
use crate::catalog::Catalog;
use crate::cloud::desire::machine::{MachineChoice, chosen};
use crate::size::plan::Plan;
use crate::units::Span;

/// The machine that translates addresses, where no other is named: little goes out (S5).
pub(super) const NAT_MACHINE: &str = "t4g.nano";

/// What is chosen beside blueprint and size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Name of the deployment: lower-case letters, digits and hyphens.
    pub deployment: String,
    /// Region.
    pub region: String,
    /// Zones, at least two where there is a load balancer. Machines with data are in the first one.
    pub zones: Vec<String>,
    /// Account, for the names of registries and of what machines may read; `None` leaves it open in policies.
    pub account: Option<String>,
    /// The network.
    pub network: Network,
    /// How private machines reach the internet.
    pub nat: Nat,
    /// Images of the user's own services, by service: `name@sha256:...`, or `name:tag` with a tag that never moves.
    pub images: BTreeMap<String, String>,
    /// Machines, by server of the tier or by service; [`machines`] takes them from a plan.
    pub machines: BTreeMap<String, MachineChoice>,
    /// Disk image by architecture: a name of a parameter, or an id that begins with `ami-`. Docker with Compose, the AWS CLI
    /// and the agent of Systems Manager must be in it.
    pub machine_images: BTreeMap<Arch, String>,
    /// Certificate of the load balancer, as its ARN; requests are taken in by HTTP without one.
    pub certificate: Option<String>,
    /// Shares of the traffic that a new version gets, one after the other; the last is 100.
    pub steps: Vec<u16>,
    /// How long each step before the last is watched.
    pub step_bake: Span,
    /// How long the old version is kept whole after the last step.
    pub bake: Span,
    /// Alarms that stop a release.
    pub alarms: Vec<String>,
    /// Whether what holds data may be deleted.
    pub allow_data_loss: bool,
    /// Whether the interruption by the replacement of a machine with data was agreed to.
    pub may_interrupt: bool,
}

/// The network that everything is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Network {
    /// One of its own.
    New {
        /// Its addresses, a `/16`: `10.0.0.0/16`.
        cidr: String,
    },
    /// One that is there. Its subnets, routes and network ACLs are left alone.
    Existing {
        /// Its id.
        vpc: String,
        /// Subnets, by role; `alb` for the load balancer, and `*` for every role that is not named.
        subnets: BTreeMap<String, Vec<Subnet>>,
    },
}

/// A subnet that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subnet {
    /// Its id.
    pub id: String,
    /// Its zone.
    pub zone: String,
    /// Its addresses: `10.1.4.0/24`.
    pub cidr: String,
}

/// How private machines reach the internet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nat {
    /// A machine that translates addresses: cheap, and a single point of failure.
    Instance,
    /// The provider's gateway.
    Gateway,
}

impl Options {
    /// The usual choices for a deployment in a region: a network of its own, a NAT instance, a release in one go.
    pub fn new(deployment: &str, region: &str, zones: &[&str]) -> Self {
        let image = |arch: Arch| format!("/rapplan/machine-image/{}", arch.word());
        Self {
            deployment: deployment.to_owned(),
            region: region.to_owned(),
            zones: zones.iter().map(|zone| (*zone).to_owned()).collect(),
            account: None,
            network: Network::New { cidr: "10.0.0.0/16".to_owned() },
            nat: Nat::Instance,
            images: BTreeMap::new(),
            machines: BTreeMap::new(),
            machine_images: [Arch::Amd64, Arch::Arm64].into_iter().map(|arch| (arch, image(arch))).collect(),
            certificate: None,
            steps: vec![100],
            step_bake: Span::seconds(0),
            bake: Span::seconds(300),
            alarms: Vec::new(),
            allow_data_loss: false,
            may_interrupt: false,
        }
    }
}

/// The machines of a plan on AWS, by server of the tier or by service, and the smallest one for `nat`; none where it was sized
/// without that cloud.
pub fn machines(plan: &Plan, catalog: &Catalog) -> BTreeMap<String, MachineChoice> {
    let mut found = chosen(plan, catalog, Provider::Aws);
    for cloud in plan.clouds.iter().filter(|cloud| cloud.chosen && cloud.provider == Provider::Aws) {
        if let Some(machine) = catalog.machine(cloud.provider, &cloud.region, NAT_MACHINE) {
            let hourly = machine.prices.on_demand.as_ref().map(|quote| quote.price.0);
            let nat = MachineChoice { name: machine.name.clone(), arch: machine.arch, gpu: None, hourly };
            found.entry(NAT.to_owned()).or_insert(nat);
        }
    }
    found
}
