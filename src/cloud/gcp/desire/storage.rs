//! What keeps data: disks, addresses that stay with it, and the registry of images.

use super::layout::{Layout, Server};
use super::made::{Made, fields};
use super::template;
use crate::cloud::desire::images;
use crate::cloud::gcp::Kind;
use crate::cloud::resource::{Address, Value};
use crate::error::{Code, Error, Problem, Result};

/// Smallest and largest disk, in GiB (Compute Engine, Persistent Disk and Hyperdisk Balanced: 10 GiB and 64 TiB; read
/// 2026-11-21).
const SIZES: (u64, u64) = (10, 65_536);

/// The registry of the deployment's own images.
pub(super) fn repository(made: &Made<'_>) -> Address<Kind> {
    made.address(Kind::Repository, &[])
}

/// Wants disks and addresses of single machines, and a registry where there are images of one's own.
///
/// # Errors
/// A disk is larger than there are.
pub(super) fn add(layout: &Layout<'_>, made: &mut Made<'_>) -> Result<()> {
    let mut problems = Vec::new();
    for server in layout.servers.iter().filter(|server| !server.is_fleet) {
        let because = format!("others reach {} there, whichever machine it is", server.stack);
        address(layout, made, server, because);
        problems.extend(disk(layout, made, server));
    }
    Error::check(problems)?;
    if layout.servers.iter().any(|server| images::own(layout, server).next().is_some()) {
        let own = fields([
            ("format", "DOCKER".into()),
            ("region", layout.options.region.as_str().into()),
            // A tag that was pushed means the same for ever: whatever is rolled back to is what it was.
            ("immutable-tags", true.into()),
        ]);
        let name = repository(made).name;
        made.add_named(Kind::Repository, name, "", own, "the deployment's own images are kept in it");
    }
    Ok(())
}

/// Wants the address inside the network by which others reach a stack.
pub(super) fn address(
    layout: &Layout<'_>,
    made: &mut Made<'_>,
    server: &Server,
    because: String,
) -> Option<Address<Kind>> {
    let place = layout.place(&server.role)?;
    let own = fields([
        ("region", layout.options.region.as_str().into()),
        ("type", "INTERNAL".into()),
        // For machines, also as an alias that moves, and for load balancers inside (`Address.purpose`, Compute Engine API v1).
        ("purpose", "GCE_ENDPOINT".into()),
        ("subnetwork", place.subnetwork.clone()),
        ("address", place.address().into()),
    ]);
    Some(made.add(Kind::StaticAddress, &[&server.stack], &server.role, own, because))
}

fn disk(layout: &Layout<'_>, made: &mut Made<'_>, server: &Server) -> Option<Problem> {
    let disk = server.disk.as_ref()?;
    let size = disk.size.0.div_ceil(1 << 30).max(SIZES.0);
    if size > SIZES.1 {
        let what = format!("the disk of `{}` would have {size} GiB", server.stack);
        let because = format!("Google Cloud has disks of up to {} GiB", SIZES.1);
        return Some(Problem::new(Code::BadValue, what).because(because));
    }
    let own = fields([
        ("zone", layout.options.zones.first().map_or("", String::as_str).into()),
        ("size", Value::Number(i64::try_from(size).unwrap_or(i64::MAX))),
        ("type", template::disk_type(&server.machine.name).into()),
    ]);
    let because = format!("the data of {} outlives its machines", server.stack);
    made.add(Kind::Disk, &[&server.stack], &server.role, own, because);
    None
}
