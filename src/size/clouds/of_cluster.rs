//! The nodes of a cluster by the physical model, as lots on the machines of a cloud.

use super::of_servers::Part;
use crate::blueprint::tier::{Environment, Input};
use crate::catalog::Item;
use crate::size::outlook::Outlook;
use crate::size::placement::{Lot, Spread};
use crate::size::plan::Plan;
use crate::size::vectors::cluster::{Collection, Role, distributed};
use crate::size::vectors::{IndexParams, Queue, Release};
use crate::units::Count;

/// Every role of the vector database with its disks, and the components that the table gives no size.
///
/// The index is the one that was asked for, else the best that can be relied on.
pub(super) fn parts(plan: &Plan) -> Option<(Vec<Part>, Vec<String>)> {
    let check = plan.vectors.as_ref()?;
    let row = check.asked.as_ref().or(check.best.as_ref())?;
    let cluster = distributed(&Collection {
        index: row.index,
        vectors: Count(Outlook::planned(&plan.demand).value(Input::Vectors)),
        dims: plan.demand.dimensions(),
        params: IndexParams::default(),
        replicas: 1,
        release: Release::default(),
        queue: Queue::default(),
    });
    let environment = plan.demand.environment.value;
    let parts = cluster.roles.iter().map(|role| part(role, environment)).collect();
    let without_size = plan.components.iter().filter(|part| !of_vectors(&part.name) && part.name != "control-plane");
    let missing = without_size.map(|part| format!("{}: the table gives it no size", part.component.title));
    Some((parts, missing.collect()))
}

/// Whether a component of the table is one of the roles of the model.
fn of_vectors(name: &str) -> bool {
    name.starts_with("milvus") || name == "workers"
}

fn part(role: &Role, environment: Environment) -> Part {
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
    let gb = |bytes: u64| bytes.div_ceil(1 << 30).saturating_mul(copies.into());
    let disks = [
        (format!("disks of {copies} x {}", role.role), Item::BlockSsd, gb(role.each.disk.0)),
        (format!("NVMe of {copies} x {}", role.role), Item::LocalSsd, gb(role.local_disk.0)),
    ];
    Part { lot, disks: disks.into_iter().filter(|(.., gb)| *gb > 0).collect() }
}
