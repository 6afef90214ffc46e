//! What is chosen beside blueprint and size.

use std::collections::BTreeMap;

use crate::blueprint::platform::Provider;
use crate::blueprint::service::Arch;
use crate::catalog::Catalog;
use crate::cloud::desire::machine::{MachineChoice, chosen};
use crate::size::plan::Plan;
use crate::units::Span;

/// What is chosen beside blueprint and size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Name of the deployment: lower-case letters, digits and hyphens.
    pub deployment: String,
    /// Region.
    pub region: String,
    /// Zones that groups are spread over. Machines with data are in the first one.
    pub zones: Vec<String>,
    /// The network.
    pub network: Network,
    /// Images of the user's own services, by service: `name@sha256:...`, or `name:tag` with a tag that never moves.
    pub images: BTreeMap<String, String>,
    /// Machines, by server of the tier or by service; [`machines`] takes them from a plan.
    pub machines: BTreeMap<String, MachineChoice>,
    /// Disk image by architecture, or a family of them: `projects/p/global/images/family/f`. cloud-init, Docker with Compose,
    /// curl and `mkfs.xfs` must be in it, the driver of GPUs where there are any, and NFS where storage is shared.
    pub machine_images: BTreeMap<Arch, String>,
    /// Certificate of the load balancer, by its name; requests are taken in by HTTP without one.
    pub certificate: Option<String>,
    /// Addresses of roles that are on another cloud, by role: `backend` with `["192.0.2.0/24"]`.
    pub outside: BTreeMap<String, Vec<String>>,
    /// Shares of the instances that run a new version, one after the other; the last is 100.
    pub steps: Vec<u16>,
    /// How long each step before the last is watched.
    pub step_bake: Span,
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
    /// One that is there. Its subnetworks and its way out are left alone.
    Existing {
        /// Its name.
        name: String,
        /// Subnetworks of the region, by role; `*` for every role that is not named.
        subnetworks: BTreeMap<String, Subnetwork>,
    },
}

/// A subnetwork that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subnetwork {
    /// Its name.
    pub name: String,
    /// Its addresses: `10.1.4.0/24`.
    pub cidr: String,
}

impl Options {
    /// The usual choices for a deployment in a region: a network of its own, a release in one go.
    pub fn new(deployment: &str, region: &str) -> Self {
        let image = |arch: Arch| format!("global/images/family/rapplan-machine-{}", arch.word());
        Self {
            deployment: deployment.to_owned(),
            region: region.to_owned(),
            zones: zones(region),
            network: Network::New { cidr: "10.0.0.0/16".to_owned() },
            images: BTreeMap::new(),
            machines: BTreeMap::new(),
            machine_images: [Arch::Amd64, Arch::Arm64].into_iter().map(|arch| (arch, image(arch))).collect(),
            certificate: None,
            outside: BTreeMap::new(),
            steps: vec![100],
            step_bake: Span::seconds(0),
            alarms: Vec::new(),
            allow_data_loss: false,
            may_interrupt: false,
        }
    }
}

/// Three zones of a region. Nearly all regions have `a`, `b` and `c`; the others are named (Compute Engine, regions and
/// zones, read 2026-11-21).
pub fn zones(region: &str) -> Vec<String> {
    let letters = match region {
        "us-east1" | "europe-west1" => ["b", "c", "d"],
        _ => ["a", "b", "c"],
    };
    letters.map(|letter| format!("{region}-{letter}")).into()
}

/// The machines of a plan on Google Cloud, by server of the tier or by service; none where it was sized without that cloud.
pub fn machines(plan: &Plan, catalog: &Catalog) -> BTreeMap<String, MachineChoice> {
    chosen(plan, catalog, Provider::Gcp)
}
