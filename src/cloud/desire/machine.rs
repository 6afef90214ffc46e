//! The machines that a plan has chosen.

use std::collections::BTreeMap;

use crate::blueprint::platform::Provider;
use crate::blueprint::service::Arch;
use crate::catalog::Catalog;
use crate::size::plan::Plan;

/// The machine that a server or a service runs on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineChoice {
    /// Machine type: `m7g.large`.
    pub name: String,
    /// Its architecture.
    pub arch: Arch,
    /// Its GPUs, when it has any: the model and how many.
    pub gpu: Option<(String, u32)>,
    /// What it costs an hour, in millionths of a dollar, where a price is known.
    pub hourly: Option<u64>,
}

/// The machines of a plan on a cloud, by server of the tier or by service; none where it was sized without that cloud.
pub(in crate::cloud) fn chosen(plan: &Plan, catalog: &Catalog, provider: Provider) -> BTreeMap<String, MachineChoice> {
    let mut found = BTreeMap::new();
    for cloud in plan.clouds.iter().filter(|cloud| cloud.chosen && cloud.provider == provider) {
        for host in &cloud.placement.hosts {
            let Some(machine) = catalog.machine(cloud.provider, &cloud.region, &host.machine) else { continue };
            let hourly = machine.prices.of(host.purchase).map(|quote| quote.price.0);
            let gpu = machine.gpu.as_ref().map(|gpu| (gpu.model.clone(), gpu.count));
            for (lot, _) in &host.holds {
                let choice = MachineChoice { name: machine.name.clone(), arch: machine.arch, gpu: gpu.clone(), hourly };
                found.entry(lot.clone()).or_insert(choice);
            }
        }
    }
    found
}
