//! What keeps data: disks, addresses that stay with it, and registries of images.

use super::layout::{Layout, Server};
use super::made::{Made, fields};
use crate::cloud::aws::Kind;
use crate::cloud::resource::Value;
use crate::error::{Code, Error, Problem, Result};

/// Largest disk of this kind, in GiB (EBS user guide: 64 TiB for gp3 since September 2025; read 2026-11-21).
const LARGEST: u64 = 65_536;

/// Wants disks and addresses of single machines, and a registry for each image of one's own.
///
/// # Errors
/// A disk is larger than there are.
pub(super) fn add(layout: &Layout<'_>, made: &mut Made<'_>) -> Result<()> {
    let mut problems = Vec::new();
    for server in layout.servers.iter().filter(|server| !server.is_fleet) {
        let Some(place) = layout.place(&server.role) else { continue };
        let Some(subnet) = place.subnets.first() else { continue };
        let own = fields([("subnet", subnet.value.clone()), ("address", place.address().into())]);
        let because = format!("others reach {} there, whichever machine it is", server.stack);
        made.add(Kind::PrivateAddress, &[&server.stack], &server.role, own, because);
        problems.extend(volume(made, server, &subnet.zone));
    }
    Error::check(problems)?;
    let mut services: Vec<&str> =
        layout.servers.iter().flat_map(|server| crate::cloud::desire::images::own(layout, server)).collect();
    services.sort_unstable();
    services.dedup();
    for service in services {
        let own = fields([
            // A tag that was pushed means the same for ever: whatever is rolled back to is what it was.
            ("tag-mutability", "IMMUTABLE".into()),
            ("scan", true.into()),
            ("encryption", "AES256".into()),
        ]);
        let name = format!("{}/{service}", layout.options.deployment);
        made.add_named(Kind::Repository, name, "", own, format!("images of {service} are kept in it"));
    }
    Ok(())
}

fn volume(made: &mut Made<'_>, server: &Server, zone: &str) -> Option<Problem> {
    let disk = server.disk.as_ref()?;
    let size = disk.size.0.div_ceil(1 << 30).max(1);
    if size > LARGEST {
        let what = format!("the disk of `{}` would have {size} GiB", server.stack);
        return Some(Problem::new(Code::BadValue, what).because(format!("AWS has disks of up to {LARGEST} GiB")));
    }
    let own = fields([
        ("zone", zone.into()),
        ("size", Value::Number(i64::try_from(size).unwrap_or(i64::MAX))),
        ("type", "gp3".into()),
        ("encrypted", true.into()),
    ]);
    made.add(
        Kind::Volume,
        &[&server.stack],
        &server.role,
        own,
        format!("the data of {} outlives its machines", server.stack),
    );
    None
}
