//! The nodes of a cluster by the physical model, as lots on the machines of a cloud.

use super::of_servers::Part;
use crate::blueprint::tier::Environment;
use crate::catalog::Item;
use crate::size::placement::{Lot, Spread};
use crate::size::plan::Plan;
use crate::size::vectors::cluster::Role;
use crate::units::Count;

/// Every role of one cluster of the vector database with the disks of all of them, the components that the table gives no
/// size, and how many such clusters there are: each has machines of its own.
pub(super) fn parts(plan: &Plan) -> Option<(Vec<Part>, Vec<String>, u64)> {
    let cells = plan.cells.as_ref()?;
    let environment = plan.demand.environment.value;
    let parts = cells.each.deployment.roles.iter().map(|role| part(role, cells.count, environment)).collect();
    let without_size = plan.components.iter().filter(|part| !of_vectors(&part.name) && part.name != "control-plane");
    let missing = without_size.map(|part| format!("{}: the table gives it no size", part.component.title));
    Some((parts, missing.collect(), cells.count))
}

/// Whether a component of the table is one of the roles of the model.
fn of_vectors(name: &str) -> bool {
    name.starts_with("milvus") || name == "workers"
}

fn part(role: &Role, clusters: u64, environment: Environment) -> Part {
    let copies = u32::try_from(role.count).unwrap_or(u32::MAX);
    let production = environment == Environment::Prod;
    let lot = Lot {
        name: role.role.clone(),
        role: role.role.clone(),
        copies,
        each: role.each,
        arch: Vec::new(),
        spread: if production && copies > 1 { Spread::Zones } else { Spread::None },
        steady: production,
        machine: None,
    };
    let all = role.count.saturating_mul(clusters);
    let gb = |bytes: u64| bytes.div_ceil(1 << 30).saturating_mul(all);
    let disks = [
        (format!("disks of {} x {}", Count(all), role.role), Item::BlockSsd, gb(role.each.disk.0)),
        (format!("NVMe of {} x {}", Count(all), role.role), Item::LocalSsd, gb(role.local_disk.0)),
    ];
    Part { lot, disks: disks.into_iter().filter(|(.., gb)| *gb > 0).collect() }
}
